/**
 * Remembers which drives were there and what they said, over restarts of the agent: a drive that falls silent keeps its name, one
 * that sleeps what it said before, and one that is gone is told instead of forgotten. Pure: what is remembered goes in and comes out.
 */
import { keptRows, keptText, moment } from "@hauswart/agent/readers/kept-rows.ts";
import { makeDrive, unknownHealth, type Drive, type Health, type Place } from "./health.ts";

export interface RememberedDrive {
  readonly device: string;
  readonly kind: Drive["kind"];
  readonly capacityBytes: number | null;
  /** What the system calls it while it says nothing itself; empty where only smartctl sees it. */
  readonly systemName: string;
  /** loose: it comes and goes as people please; controller: it stands for the drives behind it. Both are never missed. */
  readonly standing: "fixed" | "loose" | "controller";
  /** Unix time in milliseconds; null while it is there. */
  readonly missingSince: number | null;
  /** Of a hard disk, which may sleep: what it said when it was last awake. */
  readonly said: Health | null;
}

export type RememberedDrives = Readonly<Record<string, RememberedDrive>>;

const kinds: readonly string[] = ["nvme", "ssd", "hard-disk", "emmc", "unknown"] satisfies Drive["kind"][];
const standings: readonly string[] = ["fixed", "loose", "controller"] satisfies RememberedDrive["standing"][];
const predictions: readonly string[] = ["healthy", "failing", "not-told"] satisfies Drive["prediction"][];
/** What the host keeps is small. */
const rememberedLimit = 100;
const saidLimit = 40;

/** What the host kept over a restart; anything that is not what was put there counts as nothing. */
export const rememberedFrom = (kept: unknown): RememberedDrives =>
  keptRows(kept, ({ kind, standing, said, ...rest }): RememberedDrive | undefined => {
    if (!kinds.includes(kind as string) || !standings.includes(standing as string)) return undefined;
    return {
      device: keptText(rest["device"]),
      kind: kind as Drive["kind"],
      capacityBytes: moment(rest["capacityBytes"]),
      systemName: keptText(rest["systemName"]),
      standing: standing as RememberedDrive["standing"],
      missingSince: moment(rest["missingSince"]),
      said: healthFrom(said),
    };
  });

function healthFrom(value: unknown): Health | null {
  if (typeof value !== "object" || value === null) return null;
  const said = value as Record<keyof Health, unknown>;
  const isWhole = Object.entries(unknownHealth).every(([name, none]) => {
    const given = said[name as keyof Health];
    if (name === "isReadOnly") return given === null || typeof given === "boolean";
    return none === null ? given === null || (typeof given === "number" && Number.isFinite(given)) : typeof given === typeof none;
  });
  return isWhole && kinds.includes(said.kind as string) && predictions.includes(said.prediction as string) ? (said as Health) : null;
}

export interface TakeAttendance {
  readonly drives: readonly Drive[];
  readonly places: ReadonlyMap<string, Place>;
  readonly remembered: RememberedDrives;
  /** Whether the settings still mean the drive. */
  readonly isChosen: (drive: Pick<Drive, "drive" | "device">) => boolean;
  readonly forgetAfterMs: number;
  readonly nowMs: number;
}

export interface Attendance {
  /** Those that are there, by the names that they have told before. */
  readonly present: readonly Drive[];
  readonly missing: readonly Drive[];
  readonly remembered: RememberedDrives;
}

/** Compares who is there with who was. */
export function takeAttendance({ drives, places, remembered, isChosen, forgetAfterMs, nowMs }: TakeAttendance): Attendance {
  const present = drives.map((drive) => byItsName(drive, places.get(drive.device), remembered));
  const count = Map.groupBy(present, ({ drive }) => drive);
  // Without a name of its own nobody can say whether it is the same one.
  const known = present.filter(({ drive, device }) => count.get(drive)!.length === 1 && drive !== device);
  const next: Record<string, RememberedDrive> = {};
  for (const drive of known) next[drive.drive] = noted(drive, places.get(drive.device), remembered[drive.drive]);

  const systemNames = new Set([...places.values()].map(({ systemName }) => systemName));
  const gone = Object.entries(remembered)
    .filter(([name, { systemName }]) => !count.has(name) && !(systemName !== "" && systemNames.has(systemName)))
    .sort(([, one], [, other]) => (one.missingSince ?? nowMs) - (other.missingSince ?? nowMs));
  const newcomers = known.filter(({ drive }) => !Object.hasOwn(remembered, drive)).map(({ drive }) => next[drive]!);
  const left = withoutReplaced(gone, newcomers);
  const missing: Drive[] = [];
  for (const [name, drive] of left) {
    const missingSince = drive.missingSince ?? nowMs;
    if (nowMs - missingSince >= forgetAfterMs || !isChosen({ drive: name, device: drive.device })) continue;
    next[name] = { ...drive, missingSince };
    if (drive.standing === "fixed") missing.push(missingDrive(name, drive));
  }
  return { present, missing, remembered: inOrder(next) };
}

/** A drive that says nothing goes by what the system or smartctl calls it; it keeps the name that it gave itself before. */
function byItsName(drive: Drive, place: Place | undefined, remembered: RememberedDrives): Drive {
  const systemName = place?.systemName ?? "";
  const isNamed = drive.drive !== systemName && drive.drive !== drive.device;
  const [known, another] = Object.entries(remembered).filter(([name, before]) =>
    isNamed ? name === drive.drive : before.systemName === systemName && (systemName !== "" || before.device === drive.device),
  );
  if (!known || another) return drive;
  const [name, { said }] = known;
  return drive.state === "asleep" && said ? { ...drive, ...said, drive: name } : { ...drive, drive: name };
}

function noted(drive: Drive, place: Place | undefined, before: RememberedDrive | undefined): RememberedDrive {
  const { device, kind, capacityBytes, state } = drive;
  return {
    device,
    kind: kind === "unknown" ? (before?.kind ?? kind) : kind,
    capacityBytes: capacityBytes ?? before?.capacityBytes ?? null,
    systemName: place?.systemName ?? "",
    standing: state === "behind-controller" ? "controller" : place?.isLoose ? "loose" : "fixed",
    missingSince: null,
    said: kind === "hard-disk" && state === "measured" ? lasting(drive) : (before?.said ?? null),
  };
}

/** Without what changes from hour to hour, so that it need not be written down each time. */
function lasting(drive: Drive): Health {
  const names = Object.keys(unknownHealth) as (keyof Health)[];
  const said = Object.fromEntries(names.map((name) => [name, drive[name]])) as Health;
  return { ...said, temperatureCelsius: null, powerOnSeconds: null };
}

type Named = readonly [name: string, drive: RememberedDrive];

/**
 * A drive that was never seen before takes the place of one that is gone: of the one at the same device, else of the one that is gone
 * longest. A volume of a controller takes the place of all that the system itself saw: they are behind it now.
 */
function withoutReplaced(gone: readonly Named[], newcomers: readonly RememberedDrive[]): readonly Named[] {
  let left = gone;
  for (const { standing, device } of newcomers) {
    if (standing === "controller") left = left.filter(([, { systemName }]) => systemName === "");
    if (standing !== "fixed") continue;
    const fixed = left.filter(([, drive]) => drive.standing === "fixed");
    const replaced = fixed.find(([, drive]) => drive.device === device) ?? fixed[0];
    left = left.filter((one) => one !== replaced);
  }
  return left;
}

/** What only smartctl saw may be there all the same. */
function missingDrive(name: string, { device, kind, capacityBytes, systemName }: RememberedDrive): Drive {
  const about = { drive: name, device, kind, capacityBytes };
  return systemName === ""
    ? makeDrive({ ...about, state: "unreadable", problem: "smartctl does not tell of it any more." })
    : makeDrive({ ...about, state: "missing" });
}

/** In one order, so that what has not changed is not written again. */
function inOrder(drives: RememberedDrives): RememberedDrives {
  const sorted = Object.entries(drives)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .slice(0, rememberedLimit);
  return Object.fromEntries(sorted.map(([name, drive], index) => [name, index < saidLimit ? drive : { ...drive, said: null }]));
}
