import { collector, type CollectContext, type Memory, type Watcher } from "@hauswart/agent/collector.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { NoDataCodeOf, PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { services } from "../protocol.ts";
import { isDown } from "../protocol/is-down.ts";
import { settingsFor } from "../protocol/per-service.ts";
import { askWhenLate, forgetUntold, isUnderWay, restartAll, untoldAttempts, type Attempt } from "./restart-attempts.ts";
import { mayRestart, recordOf, recordsFrom, refresh, type RestartLimits, type RestartRecords } from "./restart-record.ts";
import type { ObservedService, OpenServiceManager, Row, Selection, ServiceManager } from "./service-manager.ts";

type Check = typeof services;
type Context = CollectContext<Check>;

/** Of three systems only one is loaded. */
const managers = {
  linux: async () => (await import("./read-services.linux.ts")).openServiceManager,
  darwin: async () => (await import("./read-services.macos.ts")).openServiceManager,
  win32: async () => (await import("./read-services.windows.ts")).openServiceManager,
} satisfies PerSystem<() => Promise<OpenServiceManager>>;
/** An update stops and starts services within seconds; what is down after this stays down. */
const secondLookMs = 3_000;

function managerOf({ system, os }: Pick<Context, "system" | "os">, { values }: Memory): Promise<ServiceManager> {
  const known = values.get("manager") as Promise<ServiceManager> | undefined;
  const manager = known ?? managers[system]().then((open) => open(os));
  values.set("manager", manager);
  return manager;
}

const namesOf = (rows: readonly ObservedService[]) => new Set(rows.map(({ name }) => name));

/** Reads, and looks again before it tells of a service that was not down at the last measurement. */
async function readTwice(
  manager: ServiceManager,
  { selection, now, signal }: Context,
  { values }: Memory,
): Promise<Collected<readonly ObservedService[], NoDataCodeOf<Check>>> {
  const first = await manager.read(selection, now());
  if (!("ok" in first)) return first;
  const downBefore = (values.get("down") as ReadonlySet<string> | undefined) ?? new Set<string>();
  const isNews = first.ok.some((row) => isDown(row) && !downBefore.has(row.name));
  if (!isNews || signal.aborted) return first;
  await new Promise((resolve) => setTimeout(resolve, secondLookMs));
  return manager.read(selection, now());
}

const limitsFor = ({ maximumConsecutiveRestarts, maximumRestartsIn24Hours, restartsOfServices }: Selection, name: string): RestartLimits =>
  settingsFor({ maximumConsecutiveRestarts, maximumRestartsIn24Hours }, restartsOfServices, name);

function mayTouch(selection: Selection, { name, state }: ObservedService): boolean {
  const { restart, restartOnly } = selection;
  if (!restart || state === "missing") return false;
  const { maximumConsecutiveRestarts, maximumRestartsIn24Hours } = limitsFor(selection, name);
  return (
    maximumConsecutiveRestarts > 0 &&
    maximumRestartsIn24Hours > 0 &&
    (restartOnly.length === 0 || fitsAny(restartOnly, name) || fitsAny(restartOnly, name.replace(/\.service$/, "")))
  );
}

/** What is to be restarted now, as far as the settings and the limits allow: one attempt at a time, and one for each sample. */
function dueRestarts(rows: readonly ObservedService[], records: RestartRecords, selection: Selection, memory: Memory): string[] {
  const untold = new Set(untoldAttempts(memory).map(({ service }) => service));
  return rows
    .filter((row) => isDown(row) && mayTouch(selection, row) && mayRestart(recordOf(records, row.name), limitsFor(selection, row.name)))
    .map(({ name }) => name)
    .filter((name) => !untold.has(name) && !isUnderWay(memory, name));
}

function toRow(service: ObservedService, selection: Selection, told: readonly Attempt[], records: RestartRecords, memory: Memory): Row {
  const attempt = told.findLast(({ service: name }) => name === service.name);
  const record = recordOf(records, service.name);
  return {
    ...service,
    restart: restartState(service, selection, attempt, memory),
    restartsIn24HoursCount: record.attempts.length,
    restartedAt: record.lastSucceeded ? (record.attempts.at(-1) ?? null) : null,
  };
}

function restartState(service: ObservedService, selection: Selection, attempt: Attempt | undefined, memory: Memory): Row["restart"] {
  if (!mayTouch(selection, service)) return "off";
  if (attempt) return attempt.succeeded ? "succeeded" : "failed";
  return isDown(service) && !isUnderWay(memory, service.name) ? "gave-up" : "not-needed";
}

async function collect(context: Context, memory: Memory): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  const { now } = context;
  const selection: Selection = { ...context.selection, restart: context.selection.restart && !context.onlyLook };
  const manager = await managerOf(context, memory);
  const before = await readTwice(manager, context, memory);
  if (!("ok" in before)) return before;
  const running = namesOf(before.ok.filter(({ state }) => state === "running"));
  const records = refresh(recordsFrom(memory.kept["restarts"]), running, now());
  memory.kept["restarts"] = records;
  const due = dueRestarts(before.ok, records, selection, memory);
  await restartAll(manager, due, now, memory);
  const after = due.length > 0 ? await manager.read(selection, now()) : before;
  if (!("ok" in after)) return after;
  memory.values.set("down", namesOf(after.ok.filter(isDown)));
  if (after.ok.length === 0) return { noData: "no-service-fits" };
  const told = untoldAttempts(memory);
  const known = recordsFrom(memory.kept["restarts"]);
  // After its time is up nobody takes the sample any more.
  if (!context.signal.aborted) forgetUntold(memory);
  return {
    ok: {
      watchedCount: after.ok.length,
      runningCount: after.ok.filter(({ state }) => state === "running").length,
      services: after.ok.map((service) => toRow(service, selection, told, known, memory)),
      restarts: [...told],
    },
  };
}

async function watch(context: Omit<Context, "signal">, memory: Memory, changed: () => void): Promise<Watcher> {
  askWhenLate(memory, changed);
  return (await managerOf(context, memory)).watch(changed);
}

export default [collector<Check>({ check: "services", version: 1, collect, watch })];
