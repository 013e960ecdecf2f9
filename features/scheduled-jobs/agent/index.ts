import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import type { NoDataCodeOf, PerSystem } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { scheduledJobs } from "../protocol.ts";
import { rememberedFrom, tell, type ReadJobs, type Sample } from "./jobs.ts";

type Check = typeof scheduledJobs;

const readers = {
  linux: async () => (await import("./read-jobs.linux.ts")).readJobs,
  darwin: async () => (await import("./read-jobs.macos.ts")).readJobs,
  win32: async () => (await import("./read-jobs.windows.ts")).readJobs,
} satisfies PerSystem<() => Promise<ReadJobs>>;

async function collect(
  { system, os, selection, now }: CollectContext<Check>,
  memory: Memory,
): Promise<Collected<Sample, NoDataCodeOf<Check>>> {
  if (selection.jobs.length === 0 && selection.cronCommands.length === 0) return { noData: "no-job-chosen" };
  const nowMs = now();
  const readJobs = await readers[system]();
  const found = await readJobs({ os, selection, nowMs, values: memory.values });
  if (!("ok" in found)) return found;
  if (found.ok.length === 0) return { noData: "no-job-fits" };
  const { sample, remembered } = tell(found.ok, rememberedFrom(memory.kept["jobs"]), nowMs);
  memory.kept["jobs"] = remembered;
  return { ok: sample };
}

export default [collector<Check>({ check: "scheduled-jobs", version: 1, collect })];
