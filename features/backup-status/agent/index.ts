import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { OsError } from "@hauswart/agent/os/os.ts";
import type { PerSystem } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { backupStatus } from "../protocol.ts";
import { rememberedFrom, tell, type Adapter, type Findings, type Sample } from "./jobs.ts";

type Check = typeof backupStatus;

/** The table of supported programs, by system. */
const adapters = {
  linux: async () => (await import("./linux-adapters.linux.ts")).adapters,
  darwin: async () => (await import("./macos-adapters.macos.ts")).adapters,
  win32: async () => (await import("./windows-adapters.windows.ts")).adapters,
} satisfies PerSystem<() => Promise<readonly Adapter[]>>;

/** One program that cannot be read does not hide the others; when none can, that is the answer. */
async function collect({ system, os, selection, now }: CollectContext<Check>, memory: Memory): Promise<Collected<Sample>> {
  const nowMs = now();
  const found: Findings[] = [];
  const failures: OsError[] = [];
  for (const adapter of await adapters[system]()) {
    const key = `adapter ${adapter.program}`;
    const values = (memory.values.get(key) as Map<string, unknown> | undefined) ?? new Map<string, unknown>();
    memory.values.set(key, values);
    try {
      found.push(await adapter.read({ os, selection, nowMs, values }));
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      failures.push(error);
      found.push({ jobs: [], programs: [{ name: adapter.program, evidence: "", problem: error.message }] });
    }
  }
  if (failures.length > 0 && found.every(({ jobs }) => jobs.length === 0))
    return { failed: failures[0]!.code, detail: failures[0]!.said ?? { system: failures[0]!.message } };
  const signedIn = found.find((findings) => findings.signedIn)?.signedIn;
  const all: Findings = {
    jobs: found.flatMap(({ jobs }) => jobs),
    programs: found.flatMap(({ programs }) => programs),
    ...(signedIn && { signedIn }),
  };
  const { sample, remembered } = tell(all, rememberedFrom(memory.kept["jobs"]), selection, nowMs);
  memory.kept["jobs"] = remembered;
  return { ok: sample };
}

export default [collector<Check>({ check: "backup-status", version: 2, collect })];
