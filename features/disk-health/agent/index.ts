import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { NoDataCodeOf, PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { diskHealth } from "../protocol.ts";
import { rememberedFrom, takeAttendance } from "./attendance.ts";
import type { Drive, ReadDrives } from "./health.ts";

type Check = typeof diskHealth;

/** Loaded when used: once an hour, and only the system's own. */
const readers = {
  linux: async (context) => (await import("./read-drives.linux.ts")).readDrives(context),
  darwin: async (context) => (await import("./read-drives.macos.ts")).readDrives(context),
  win32: async (context) => (await import("./read-drives.windows.ts")).readDrives(context),
} satisfies PerSystem<ReadDrives>;

const rowLimit = 100;
const dayMs = 86_400_000;

/** What a drive said the last time that it was awake, by its name: all of it, for as long as the agent runs. */
type LastSaid = Map<string, Drive>;

/** A sleeping drive is not woken; what it said before still holds. */
function rememberAwake(drive: Drive, last: LastSaid): Drive {
  if (drive.state === "measured") last.set(drive.drive, drive);
  const before = last.get(drive.drive);
  return drive.state === "asleep" && before ? { ...before, state: "asleep" } : drive;
}

/** Sorted by name; two drives that call themselves alike are told apart by their device. */
function asRows(drives: readonly Drive[]): Drive[] {
  const count = new Map<string, number>();
  for (const { drive } of drives) count.set(drive, (count.get(drive) ?? 0) + 1);
  const named = drives.map((drive) =>
    count.get(drive.drive)! > 1 ? { ...drive, drive: `${drive.drive.slice(0, 400)} (${drive.device.slice(0, 100)})` } : drive,
  );
  const byName = new Map(named.map((drive) => [drive.drive, drive]));
  return [...byName.values()].sort((one, other) => (one.drive < other.drive ? -1 : 1)).slice(0, rowLimit);
}

async function collect(context: CollectContext<Check>, memory: Memory): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  const { system, selection, signal, now } = context;
  const read = await readers[system](context);
  if (!("ok" in read)) return read;
  const { askSecondSource } = await import("./second-source.ts");
  const { environment, places, virtualCount } = read.ok;
  const found = virtualCount > 0 && read.ok.drives.length === 0 ? [] : await askSecondSource(context, read.ok.drives);
  // Who was interrupted has not looked at all of them.
  if (signal.aborted) return { failed: "COLLECT_TIMED_OUT", detail: "device-too-slow" };
  const isChosen = ({ drive, device }: Pick<Drive, "drive" | "device">) =>
    !fitsAny(selection.exclude, drive) && !fitsAny(selection.exclude, device);
  const { present, missing, remembered } = takeAttendance({
    drives: found,
    places,
    remembered: rememberedFrom(memory.kept["drives"]),
    isChosen,
    forgetAfterMs: selection.forgetMissingDays * dayMs,
    nowMs: now(),
  });
  memory.kept["drives"] = remembered;
  const last = (memory.values.get("last") as LastSaid | undefined) ?? new Map();
  memory.values.set("last", last);
  const chosen = asRows(present.filter(isChosen).map((drive) => rememberAwake(drive, last)));
  return { ok: { environment, physicalCount: chosen.length, virtualCount, drives: asRows([...chosen, ...missing]) } };
}

export default [collector<Check>({ check: "disk-health", version: 1, collect })];
