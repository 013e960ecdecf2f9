/**
 * How runs of services ended, from systemd's own entries in the journal: systemd forgets a job that ended with success as soon as
 * nothing refers to it, and all of them when the computer is restarted.
 */
import { OsError, type Os } from "../../os/os.ts";

/** Ids of systemd's messages (sd-messages(3)): a unit went down with success, a unit failed, a process of it ended. */
const succeeded = "7ad2d189f7e94e70a38c781354912448";
const failed = "d9b373ed55a64feb8242e02dbe79a49c";
const processExit = "98e322203f7a4ed290d09fe03c09fe15";
const limits = { timeoutMs: 20_000, limitBytes: 4 * 1024 * 1024 };
const entryLimit = 2_000;

export interface UnitEnding {
  readonly result: "success" | "failed";
  /** Unix time in milliseconds. */
  readonly endedAtMs: number;
  /** systemd's word for what went wrong, with the status: exit-code 1; empty when nothing did. */
  readonly problem: string;
  readonly exitStatus: number;
}

/**
 * Runs journalctl once.
 * @param sinceMs only entries from then on, Unix time in milliseconds
 * @returns by unit, oldest first; empty where there is no journal
 * @throws OsError when the journal cannot be read
 */
async function unitEndings(os: Os, units: readonly string[], sinceMs: number): Promise<ReadonlyMap<string, readonly UnitEnding[]>> {
  const words = [
    "--quiet",
    "--no-pager",
    "--output=json",
    "--output-fields=UNIT,MESSAGE_ID,UNIT_RESULT,EXIT_STATUS",
    `--lines=${entryLimit}`,
    `--since=@${Math.max(0, Math.floor(sinceMs / 1_000))}`,
    "_PID=1",
    ...[succeeded, failed, processExit].map((id) => `MESSAGE_ID=${id}`),
    ...units.map((unit) => `UNIT=${unit}`),
  ];
  const { exitCode, stdout, stderr } = await os.run("journalctl", words, limits);
  if (exitCode !== 0) {
    // Nothing that fits is an error to some versions.
    if (stderr.trim() === "") return new Map();
    throw new OsError("COLLECT_UNREADABLE", stderr.trim().split("\n")[0]!);
  }
  return parseEndings(stdout);
}

/** Lines of `journalctl --output=json`. Pure. */
export function parseEndings(output: string): ReadonlyMap<string, readonly UnitEnding[]> {
  const endings = new Map<string, UnitEnding[]>();
  const statuses = new Map<string, number>();
  for (const line of output.split("\n")) {
    const entry = parseLine(line);
    const unit = entry?.["UNIT"];
    const endedAtMs = Math.round(Number(entry?.["__REALTIME_TIMESTAMP"]) / 1_000);
    if (!entry || unit === undefined || !Number.isFinite(endedAtMs)) continue;
    if (entry["MESSAGE_ID"] === processExit) {
      const status = Number(entry["EXIT_STATUS"]);
      if (Number.isInteger(status)) statuses.set(unit, status);
      continue;
    }
    const isSuccess = entry["MESSAGE_ID"] === succeeded;
    const exitStatus = isSuccess ? 0 : (statuses.get(unit) ?? 0);
    statuses.delete(unit);
    const problem = isSuccess ? "" : `${entry["UNIT_RESULT"] ?? "failed"}${exitStatus === 0 ? "" : ` ${exitStatus}`}`;
    const known = endings.get(unit) ?? [];
    endings.set(unit, [...known, { result: isSuccess ? "success" : "failed", endedAtMs, problem, exitStatus }]);
  }
  return endings;
}

/** Values that are no text (bytes, or a field that stands twice) are left out. */
function parseLine(line: string): Readonly<Record<string, string>> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(entry).filter((field): field is [string, string] => typeof field[1] === "string"));
  } catch {
    return undefined;
  }
}

/** What is known of units that were asked about, over measurements. */
export interface KnownEndings {
  /** Up to when the journal was asked, by unit: not all are asked about each time. Unix time in milliseconds. */
  readonly askedMs: ReadonlyMap<string, number>;
  /** The last ones at all, and the last ones with success, by unit. */
  readonly last: ReadonlyMap<string, UnitEnding>;
  readonly lastSuccess: ReadonlyMap<string, UnitEnding>;
}

/** How far back the journal is asked about a unit at first. */
const lookBackMs = 60 * 86_400_000;

/**
 * Asks the journal for what is new in it about these units, and puts it to what is known.
 * @param before the answer of the last time
 * @throws OsError
 */
export async function followEndings(
  os: Os,
  before: KnownEndings | undefined,
  units: readonly string[],
  nowMs: number,
): Promise<KnownEndings> {
  const known: KnownEndings = before ?? { askedMs: new Map(), last: new Map(), lastSuccess: new Map() };
  if (units.length === 0) return known;
  const sinceMs = Math.min(...units.map((unit) => known.askedMs.get(unit) ?? nowMs - lookBackMs));
  const endings = await unitEndings(os, units, sinceMs);
  const last = new Map(known.last);
  const lastSuccess = new Map(known.lastSuccess);
  for (const [unit, found] of endings) {
    last.set(unit, found.at(-1)!);
    const success = found.filter(({ result }) => result === "success").at(-1);
    if (success) lastSuccess.set(unit, success);
  }
  return { askedMs: new Map([...known.askedMs, ...units.map((unit) => [unit, nowMs] as const)]), last, lastSuccess };
}
