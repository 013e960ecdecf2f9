/** What systemd tells of its units over D-Bus (org.freedesktop.systemd1(5)), for checks that look at a few of them. */
import { OsError, type Os, type SystemBus } from "../../os/os.ts";
import { fitsAny } from "../names.ts";

const systemd = "org.freedesktop.systemd1";
const managerPath = "/org/freedesktop/systemd1";
const manager = `${systemd}.Manager`;

export interface LoadedUnit {
  readonly name: string;
  readonly path: string;
}

/** Properties as systemd names them; 64-bit numbers are bigint. */
export type UnitProperties = Readonly<Record<string, unknown>>;

/**
 * The units that fit the patterns.
 * @param kind the ending: ".service", ".timer". A name without it is taken to mean it.
 * @param patterns names, * for any characters. One without * is loaded when it is not; what does not exist is left out.
 * @throws OsError, also where systemd does not run
 */
export async function findUnits(os: Os, kind: ".service" | ".timer", patterns: readonly string[]): Promise<LoadedUnit[]> {
  const bus = await os.systemBus();
  const wanted = patterns.map((pattern) => (pattern.endsWith(kind) || pattern.endsWith("*") ? pattern : `${pattern}${kind}`));
  const [listed] = (await bus.call(systemd, managerPath, manager, "ListUnitsByPatterns", "asas", [[], [`*${kind}`]])) as [unknown[][]];
  const found = new Map<string, LoadedUnit>();
  for (const [name, , loadState, , , , path] of listed) {
    if (loadState !== "not-found" && fitsAny(wanted, String(name))) found.set(String(name), { name: String(name), path: String(path) });
  }
  for (const name of wanted.filter((one) => !one.includes("*") && !found.has(one))) {
    const path = await load(bus, name);
    if (path !== undefined) found.set(name, { name, path });
  }
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** @returns the path of a unit that exists on the disk; undefined when it does not */
async function load(bus: SystemBus, name: string): Promise<string | undefined> {
  try {
    const [path] = await bus.call(systemd, managerPath, manager, "LoadUnit", "s", [name]);
    const { LoadState } = await unitProperties(bus, String(path), "Unit");
    return LoadState === "not-found" ? undefined : String(path);
  } catch (error) {
    if (error instanceof OsError && /NoSuchUnit|UnknownObject|BadUnitSetting|LoadFailed|InvalidArgs/.test(error.message)) return undefined;
    throw error;
  }
}

/** All properties of one interface of a unit. Throws OsError. */
export async function unitProperties(bus: SystemBus, path: string, interfaceName: "Unit" | "Service" | "Timer"): Promise<UnitProperties> {
  const [properties] = await bus.call(systemd, path, "org.freedesktop.DBus.Properties", "GetAll", "s", [`${systemd}.${interfaceName}`]);
  return properties as UnitProperties;
}

/** Path of a unit's object on the bus: letters and digits stay, every other byte becomes _ and two hexadecimal digits. */
export function unitObjectPath(name: string): string {
  const escaped = Array.from(new TextEncoder().encode(name), (byte, index) => {
    const character = String.fromCharCode(byte);
    const stays = /[A-Za-z]/.test(character) || (/\d/.test(character) && index > 0);
    return stays ? character : `_${byte.toString(16).padStart(2, "0")}`;
  });
  return `/org/freedesktop/systemd1/unit/${escaped.join("")}`;
}

/** How the last run of a service went. */
export interface ServiceRun {
  readonly result: "success" | "failed" | "running" | "never";
  /** When it ended, Unix time in milliseconds; null while it runs and before its first run since the system's start. */
  readonly endedAtMs: number | null;
  /** Since when it runs, Unix time in milliseconds. */
  readonly runningSinceMs: number | null;
  /** systemd's word for what went wrong, with the status: exit-code 1; empty when nothing did. */
  readonly problem: string;
  readonly exitStatus: number;
  /** The program that it runs, without its folder; empty when not known. */
  readonly program: string;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** Understands the properties of a service that does a job and ends. */
export function serviceRunOf(unit: UnitProperties, service: UnitProperties): ServiceRun {
  const moment = (value: unknown) => {
    const microseconds = Number(value ?? 0);
    return Number.isFinite(microseconds) && microseconds > 0 ? Math.round(microseconds / 1_000) : null;
  };
  const activeState = String(unit["ActiveState"]);
  const result = text(service["Result"]) || "success";
  const exitStatus = Number(service["ExecMainStatus"] ?? 0);
  const execStart = (service["ExecStart"] as unknown[][] | undefined)?.at(-1);
  const program = text(execStart?.[0]).split("/").at(-1) ?? "";
  // A job of several commands has ended when the unit went down; what failed before its first command has no main process.
  const endedAtMs = moment(unit["InactiveEnterTimestamp"]) ?? moment(service["ExecMainExitTimestamp"]);
  const common = { exitStatus, program };
  if (activeState === "activating" || activeState === "active" || activeState === "reloading" || activeState === "deactivating")
    return { ...common, result: "running", endedAtMs: null, runningSinceMs: moment(unit["InactiveExitTimestamp"]), problem: "" };
  if (endedAtMs === null) return { ...common, result: "never", endedAtMs: null, runningSinceMs: null, problem: "" };
  const hasFailed = activeState === "failed" || result !== "success";
  const problem = hasFailed ? `${result}${exitStatus === 0 ? "" : ` ${exitStatus}`}` : "";
  return { ...common, result: hasFailed ? "failed" : "success", endedAtMs, runningSinceMs: null, problem };
}
