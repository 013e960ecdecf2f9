/**
 * Tasks of the Windows Task Scheduler, from where it keeps them itself (the registry's TaskCache): cheap, without a program, and what its
 * own window shows. Layout of DynamicInfo as forensic literature has it: version, registered, last started, state, result, last completed.
 */
import { OsError } from "@hauswart/agent/os/os.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { WindowsRegistry } from "@hauswart/agent/os/windows/calls.ts";
import type { FoundJob, ReadContext, ReadJobs } from "./jobs.ts";

const cache = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache";
const pathsLifeMs = 3_600_000;
const fileTimeOffsetMs = 11_644_473_600_000;

/** Results that say where a task stands and not how it ended (winerror.h, SCHED_S_…). */
const isRunning = 0x41301;
const hasNotRun = 0x41303;
const isQueued = 0x41325;

/** Ids by path: \Folder\Task. */
async function readPaths(registry: WindowsRegistry, { values, nowMs }: ReadContext): Promise<ReadonlyMap<string, string>> {
  const known = values.get("paths") as { readonly atMs: number; readonly paths: ReadonlyMap<string, string> } | undefined;
  if (known && Math.abs(nowMs - known.atMs) < pathsLifeMs) return known.paths;
  const ids = await registry.keys(`${cache}\\Tasks`);
  if (ids === undefined) throw new OsError("COLLECT_UNREADABLE", "the Task Scheduler's cache is not in the registry");
  const paths = new Map<string, string>();
  for (const id of ids) {
    const path = await registry.value(`${cache}\\Tasks\\${id}`, "Path");
    if (typeof path === "string" && path !== "") paths.set(path, id);
  }
  values.set("paths", { atMs: nowMs, paths });
  return paths;
}

export const readJobs: ReadJobs = async (context) => {
  const { os, selection } = context;
  const { registry } = await os.windows();
  const wanted = selection.jobs.map((name) => (name.startsWith("\\") || name.startsWith("*") ? name : `\\${name}`));
  const isWanted = (path: string) => fitsAny(wanted, path) || wanted.some((name) => name.toLowerCase() === path.toLowerCase());
  const paths = [...(await readPaths(registry, context))].filter(([path]) => isWanted(path));
  const jobs: FoundJob[] = [];
  for (const [path, id] of paths) {
    const info = await registry.value(`${cache}\\Tasks\\${id}`, "DynamicInfo");
    jobs.push(understand(path, info instanceof Uint8Array ? info : undefined));
  }
  const found = new Set(paths.map(([path]) => path.toLowerCase()));
  const missing = wanted.filter((name) => !name.includes("*") && !found.has(name.toLowerCase()));
  return { ok: [...jobs, ...missing.map((name): FoundJob => ({ ...unknownJob(name), state: "missing" }))] };
};

const unknownJob = (name: string): FoundJob => ({
  name,
  scheduler: "task-scheduler",
  state: "waiting",
  result: "unknown",
  lastRunAt: null,
  lastSuccessAt: null,
  runningSince: null,
  problem: "",
});

/** @param info value of DynamicInfo, of 28 bytes or, since Windows 10, of 36 */
export function understand(path: string, info: Uint8Array | undefined): FoundJob {
  const job = unknownJob(path);
  if (!info || info.length < 28) return { ...job, problem: "What the Task Scheduler knows of its last run cannot be read." };
  const view = new DataView(info.buffer, info.byteOffset, info.byteLength);
  const startedAt = moment(view.getBigUint64(12, true));
  const completedAt = info.length >= 36 ? moment(view.getBigUint64(28, true)) : null;
  const code = view.getUint32(24, true);
  if (startedAt === null || code === hasNotRun) return { ...job, result: "never" };
  if (code === isRunning) return { ...job, state: "running", runningSince: startedAt };
  if (code === isQueued) return job;
  const endedAt = completedAt !== null && completedAt >= startedAt ? completedAt : startedAt;
  if (code === 0) return { ...job, result: "success", lastRunAt: endedAt, lastSuccessAt: endedAt };
  // One that completed before this run began did so with success; of this run the result says that it did not.
  const lastSuccessAt = completedAt !== null && completedAt < startedAt ? completedAt : null;
  return { ...job, result: "failed", lastRunAt: endedAt, lastSuccessAt, problem: `0x${code.toString(16).padStart(8, "0")}` };
}

/** FILETIME, 100 ns since 1601. @returns Unix time in milliseconds */
function moment(ticks: bigint): number | null {
  const atMs = Number(ticks / 10_000n) - fileTimeOffsetMs;
  return ticks > 0n && atMs > 0 ? atMs : null;
}
