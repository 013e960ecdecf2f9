/** Tasks of the Windows Task Scheduler. */
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import { readTaskIds, readTaskRun, noTaskRun } from "@hauswart/agent/readers/windows-tasks.ts";
import type { FoundJob, ReadJobs } from "./jobs.ts";

export const readJobs: ReadJobs = async ({ os, selection, values, nowMs }) => {
  const { registry } = await os.windows();
  const wanted = selection.jobs.map((name) => (name.startsWith("\\") || name.startsWith("*") ? name : `\\${name}`));
  const isWanted = (path: string) => fitsAny(wanted, path) || wanted.some((name) => name.toLowerCase() === path.toLowerCase());
  const paths = [...(await readTaskIds(registry, values, nowMs))].filter(([path]) => isWanted(path));
  const jobs: FoundJob[] = [];
  for (const [name, id] of paths) jobs.push({ name, scheduler: "task-scheduler", ...(await readTaskRun(registry, id)) });
  const found = new Set(paths.map(([path]) => path.toLowerCase()));
  const missing = wanted.filter((name) => !name.includes("*") && !found.has(name.toLowerCase()));
  return { ok: [...jobs, ...missing.map((name): FoundJob => ({ name, scheduler: "task-scheduler", ...noTaskRun, state: "missing" }))] };
};
