/** Backups that run as services of systemd. */
import { OsError } from "@hauswart/agent/os/os.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import { followEndings, type KnownEndings } from "@hauswart/agent/readers/systemd/unit-endings.linux.ts";
import { findUnits, serviceRunOf, unitProperties, type LoadedUnit, type ServiceRun } from "@hauswart/agent/readers/systemd/units.linux.ts";
import { nothing, type Adapter, type AdapterContext, type FoundJob } from "./jobs.ts";

/** Exit codes by which programs say that they saved only a part: restic 3, borg 1 and from 100 to 127 (their manuals). */
function resultOf({ result, program, exitStatus }: Pick<ServiceRun, "program" | "exitStatus"> & { result: string }): FoundJob["result"] {
  if (result === "success") return "success";
  if (result !== "failed") return "unknown";
  if (program === "restic" && exitStatus === 3) return "partial";
  if (["borg", "borgmatic"].includes(program) && (exitStatus === 1 || (exitStatus >= 100 && exitStatus <= 127))) return "partial";
  return "failed";
}

export const services: Adapter = {
  program: "systemd",
  async read(context) {
    const { os, selection } = context;
    if (selection.services.length === 0) return nothing;
    const units = await findUnits(os, ".service", selection.services).catch((error: unknown) => {
      // No systemd here: then it runs no backups either.
      if (error instanceof OsError) return [];
      throw error;
    });
    const watched = units.filter(({ name }) => !fitsAny(selection.exclude, name));
    if (watched.length === 0) return nothing;
    const runs = await readRuns(context, watched);
    const endings = await readEndings(
      context,
      [...runs].filter(([, run]) => run.result === "never" || run.result === "running").map(([name]) => name),
    );
    const jobs = [...runs].map(([name, run]) => toJob(name, run, endings));
    return { jobs, programs: jobs.map(({ name }) => ({ name, evidence: "systemd", problem: "" })) };
  },
};

/** Services that keep running are no jobs that end, but servers that take backups, for example. */
async function readRuns({ os }: AdapterContext, units: readonly LoadedUnit[]): Promise<Map<string, ServiceRun>> {
  const bus = await os.systemBus();
  const runs = await Promise.all(
    units.map(async ({ name, path }) => {
      const [unit, service] = await Promise.all([unitProperties(bus, path, "Unit"), unitProperties(bus, path, "Service")]);
      const isServer = service["Type"] !== "oneshot" && unit["ActiveState"] === "active";
      return isServer ? undefined : ([name, serviceRunOf(unit, service)] as const);
    }),
  );
  return new Map(runs.filter((run) => run !== undefined));
}

/** systemd has forgotten how these ended; the journal is asked for what is new in it. */
async function readEndings({ os, values, nowMs }: AdapterContext, forgotten: readonly string[]): Promise<KnownEndings> {
  const endings = await followEndings(os, values.get("endings") as KnownEndings | undefined, forgotten, nowMs);
  values.set("endings", endings);
  return endings;
}

function toJob(name: string, run: ServiceRun, { last, lastSuccess }: KnownEndings): FoundJob {
  const isForgotten = run.result === "never" || run.result === "running";
  const ending = isForgotten ? last.get(name) : undefined;
  const { problem, exitStatus } = ending ?? run;
  const endedAtMs = ending?.endedAtMs ?? run.endedAtMs;
  const result = resultOf({ program: run.program, exitStatus, result: ending?.result ?? run.result });
  return {
    name,
    program: run.program || "systemd",
    evidence: "service",
    result,
    lastRunAt: endedAtMs,
    lastSuccessAt: result === "success" ? endedAtMs : (lastSuccess.get(name)?.endedAtMs ?? null),
    runningSince: run.runningSinceMs,
    problem,
  };
}
