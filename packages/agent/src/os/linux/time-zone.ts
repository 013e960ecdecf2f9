/**
 * The computer's time zone from /etc/localtime, read here because the runtime takes 3.7 MB for it (decision 0011).
 * The file's form: RFC 9636; the rule at its end: POSIX.1-2017, 8.3, TZ.
 */
import { readFileSync, statSync } from "node:fs";
import { runtimeOffset, type LocalOffset } from "../local-offset.ts";

const secondMs = 1_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** The offset of this computer, also after its zone was changed. Where TZ names another zone, or the file is none, the runtime is asked. */
export function linuxOffset(path = "/etc/localtime"): LocalOffset {
  if (process.env["TZ"]) return runtimeOffset;
  let known: { readonly file: string; readonly offset: LocalOffset } | undefined;
  return (atMs) => {
    const file = identityOf(path);
    if (known?.file !== file) known = { file, offset: readOffset(path) };
    return known.offset(atMs);
  };
}

/** Another file under the same name is another zone. */
function identityOf(path: string): string {
  const status = statSync(path, { throwIfNoEntry: false });
  return status ? `${status.dev} ${status.ino} ${status.mtimeMs}` : "";
}

function readOffset(path: string): LocalOffset {
  try {
    return parseTimeZone(readFileSync(path)) ?? runtimeOffset;
  } catch {
    // Not there: localtime(5) says UTC, and the runtime says so too.
    return runtimeOffset;
  }
}

/** @param bytes of a compiled time zone @returns undefined when it is something else, or of the first version, which nobody writes any more */
export function parseTimeZone(bytes: Uint8Array): LocalOffset | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    // The first block has moments of 32 bits, for old readers; the second one has them all.
    const block = blockAt(view, blockAt(view, 0, 4).endAt, 8);
    const rule = parseRule(new TextDecoder("latin1").decode(bytes.subarray(block.endAt)).trim());
    return (atMs) => offsetIn(view, block, rule, atMs);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Block {
  readonly transitions: number;
  /** Where the moments of the transitions stand; behind them the number of the type of time that begins with each. */
  readonly transitionsAt: number;
  readonly typesAt: number;
  readonly endAt: number;
}

const headerBytes = 44;
const typeBytes = 6;

/** Throws RangeError. */
function blockAt(view: DataView, at: number, momentBytes: 4 | 8): Block {
  if (view.getUint32(at) !== 0x54_5a_69_66 || view.getUint8(at + 4) < 0x32) throw new RangeError("no time zone");
  const count = (index: number) => view.getUint32(at + 20 + index * 4);
  const [utcMarks, standardMarks, leapSeconds, transitions, types, letters] = [count(0), count(1), count(2), count(3), count(4), count(5)];
  const transitionsAt = at + headerBytes;
  const typesAt = transitionsAt + transitions * (momentBytes + 1);
  const endAt = typesAt + types * typeBytes + letters + leapSeconds * (momentBytes + 4) + standardMarks + utcMarks;
  if (types === 0 || endAt > view.byteLength) throw new RangeError("cut off");
  return { transitions, transitionsAt, typesAt, endAt };
}

function offsetIn(view: DataView, block: Block, rule: LocalOffset | undefined, atMs: number): number {
  const { transitions, transitionsAt, typesAt } = block;
  const offsetOfType = (type: number) => view.getInt32(typesAt + type * typeBytes) * secondMs;
  let [low, high] = [0, transitions];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(view.getBigInt64(transitionsAt + middle * 8)) * secondMs <= atMs) low = middle + 1;
    else high = middle;
  }
  if (low === transitions && rule) return rule(atMs);
  return offsetOfType(low === 0 ? 0 : view.getUint8(transitionsAt + transitions * 8 + low - 1));
}

// --- the rule for all time after the last transition ---

const name = "(?:<[^>]+>|[A-Za-z]+)";
const time = String.raw`[+-]?\d+(?::\d+){0,2}`;
const change = String.raw`(?:M\d+\.\d+\.\d+|J?\d+)(?:/${time})?`;
const rulePattern = new RegExp(`^${name}(${time})(?:${name}(${time})?,(${change}),(${change}))?$`);

/** Throws RangeError for what is no rule. @returns undefined for none */
function parseRule(text: string): LocalOffset | undefined {
  if (text === "") return undefined;
  const [, standard, summer, start, end] = rulePattern.exec(text) ?? [];
  if (standard === undefined) throw new RangeError(`no rule: ${text}`);
  // West of Greenwich counts up there.
  const standardMs = 0 - timeMs(standard);
  if (start === undefined || end === undefined) return () => standardMs;
  const summerMs = summer === undefined ? standardMs + hourMs : 0 - timeMs(summer);
  return (atMs) => {
    const year = new Date(atMs + standardMs).getUTCFullYear();
    const startMs = changeMs(start, year) - standardMs;
    const endMs = changeMs(end, year) - summerMs;
    const isSummer = startMs < endMs ? atMs >= startMs && atMs < endMs : atMs >= startMs || atMs < endMs;
    return isSummer ? summerMs : standardMs;
  };
}

/** `[+-]hh[:mm[:ss]]` */
function timeMs(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, "").split(":").map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * secondMs * (text.startsWith("-") ? -1 : 1);
}

/** Local time of a change, as if it were UTC: `Mm.w.d`, week 5 being the last; `Jn`, without 29 February; `n`, from 0. */
function changeMs(text: string, year: number): number {
  const [date = "", at = "2"] = text.split("/");
  return dateMs(date, year) + timeMs(at);
}

function dateMs(date: string, year: number): number {
  if (date.startsWith("J")) {
    const day = Number(date.slice(1));
    const isAfterLeapDay = day >= 60 && new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
    return Date.UTC(year, 0, day) + (isAfterLeapDay ? dayMs : 0);
  }
  if (!date.startsWith("M")) return Date.UTC(year, 0, 1 + Number(date));
  const [month = 1, week = 1, weekday = 0] = date.slice(1).split(".").map(Number);
  const firstMs = Date.UTC(year, month - 1, 1);
  const day = 1 + ((weekday - new Date(firstMs).getUTCDay() + 7) % 7) + (week - 1) * 7;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return firstMs + (day > lastDay ? day - 8 : day - 1) * dayMs;
}
