/** Timers of systemd with the last result of what they start, and commands of cron. */
import { OsError } from "@hauswart/agent/os/os.ts";
import { followEndings, type KnownEndings } from "@hauswart/agent/readers/systemd/unit-endings.linux.ts";
import {
  findUnits,
  serviceRunOf,
  unitObjectPath,
  unitProperties,
  type LoadedUnit,
  type ServiceRun,
} from "@hauswart/agent/readers/systemd/units.linux.ts";
import { readCron } from "./cron.linux.ts";
import type { FoundJob, ReadContext, ReadJobs } from "./jobs.ts";

export const readJobs: ReadJobs = async (context) => {
  const [timers, commands] = await Promise.all([readTimers(context), readCron(context)]);
  return { ok: [...timers, ...commands] };
};

interface Timer {
  readonly name: string;
  readonly isActive: boolean;
  readonly service: string;
  readonly run: ServiceRun;
  /** When it last started its service, Unix time in milliseconds; null when it never did. Some timers remember it over restarts. */
  readonly lastTriggerMs: number | null;
}

const withEnding = (name: string) => (name.endsWith(".timer") || name.endsWith("*") ? name : `${name}.timer`);

async function readTimers(context: ReadContext): Promise<FoundJob[]> {
  const { os, selection, values, nowMs } = context;
  if (selection.jobs.length === 0) return [];
  const units = await findUnits(os, ".timer", selection.jobs);
  const timers = await Promise.all(units.map((unit) => readTimer(context, unit)));
  const forgotten = timers.filter(({ run }) => run.result === "never" || run.result === "running").map(({ service }) => service);
  const endings = await followEndings(os, values.get("endings") as KnownEndings | undefined, forgotten, nowMs);
  values.set("endings", endings);
  const found = new Set(units.map(({ name }) => name));
  const missing = selection.jobs.filter((name) => !name.includes("*") && !found.has(withEnding(name)));
  return [...timers.map((timer) => toJob(timer, endings)), ...missing.map((name) => missingJob(withEnding(name)))];
}

async function readTimer({ os }: ReadContext, { name, path }: LoadedUnit): Promise<Timer> {
  const bus = await os.systemBus();
  const [unit, timer] = await Promise.all([unitProperties(bus, path, "Unit"), unitProperties(bus, path, "Timer")]);
  const service = typeof timer["Unit"] === "string" ? timer["Unit"] : "";
  if (!service.endsWith(".service"))
    throw new OsError("COLLECT_UNSUPPORTED", `${name} starts ${service || "nothing"}, which is no service`);
  const servicePath = unitObjectPath(service);
  const run = serviceRunOf(await unitProperties(bus, servicePath, "Unit"), await unitProperties(bus, servicePath, "Service"));
  const lastTrigger = Number(timer["LastTriggerUSec"] ?? 0);
  return {
    name,
    isActive: unit["ActiveState"] === "active",
    service,
    run,
    lastTriggerMs: Number.isFinite(lastTrigger) && lastTrigger > 0 ? Math.round(lastTrigger / 1_000) : null,
  };
}

function toJob({ name, isActive, service, run, lastTriggerMs }: Timer, { last, lastSuccess }: KnownEndings): FoundJob {
  const isForgotten = run.result === "never" || run.result === "running";
  const ending = isForgotten ? last.get(service) : undefined;
  const { result, problem } = ending ?? run;
  const endedAtMs = ending?.endedAtMs ?? run.endedAtMs;
  return {
    name,
    scheduler: "systemd-timer",
    state: run.result === "running" ? "running" : isActive ? "waiting" : "inactive",
    // It was started once, and how that ended is lost.
    result: result === "running" ? "unknown" : result === "never" && lastTriggerMs !== null ? "unknown" : result,
    lastRunAt: endedAtMs ?? (isForgotten ? lastTriggerMs : null),
    lastSuccessAt: result === "success" ? endedAtMs : (lastSuccess.get(service)?.endedAtMs ?? null),
    runningSince: run.runningSinceMs,
    problem,
  };
}

const missingJob = (name: string): FoundJob => ({
  name,
  scheduler: "systemd-timer",
  state: "missing",
  result: "unknown",
  lastRunAt: null,
  lastSuccessAt: null,
  runningSince: null,
  problem: "",
});
