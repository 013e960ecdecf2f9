/**
 * How far an event log of Windows was read. The clock may be set back, entries need not be written in the order of their times, and a log
 * that was emptied counts from 1 again: so the place is the number of an entry together with the time that this very entry bears, and
 * whether it is still there is asked of the log itself.
 */
import type { WindowsEvent, WindowsEvents } from "../os/windows/calls.ts";

/** Survives restarts. */
export interface LogPlace {
  /** A decimal: record numbers have 64 bits. 0 stands before the first entry. */
  readonly record: string;
  /** The time of that entry, Unix time in milliseconds. */
  readonly at: number;
}

const start: LogPlace = { record: "0", at: 0 };

/** What was kept; undefined for anything that is no place. */
export function logPlaceFrom(kept: unknown): LogPlace | undefined {
  const { record, at } = (kept ?? {}) as Partial<LogPlace>;
  if (typeof record !== "string" || !/^\d{1,20}$/.test(record) || typeof at !== "number") return undefined;
  // An entry has a number from 1 on.
  return Number(record) === 0 && at !== start.at ? undefined : { record, at };
}

const placeOf = ({ recordId, at }: WindowsEvent): LogPlace => ({ record: recordId.toString(), at });
const further = (one: LogPlace, other: LogPlace) => (BigInt(other.record) > BigInt(one.record) ? other : one);

export interface NewInLog {
  readonly isUnchanged: boolean;
  /** Entries with higher numbers are new; undefined: all of the log is. */
  readonly after: bigint | undefined;
  /** Where the log ended when it was asked. */
  readonly end: LogPlace;
}

/** What a log holds since a place. @param place undefined at the first reading. Throws OsError. */
export async function newSince(events: WindowsEvents, channel: string, place: LogPlace | undefined): Promise<NewInLog> {
  const newest = await events.newest(channel);
  if (!newest) return { isUnchanged: true, after: undefined, end: start };
  const end = placeOf(newest);
  const record = BigInt(place?.record ?? start.record);
  if (!place || record === 0n || newest.recordId < record) return { isUnchanged: false, after: undefined, end };
  // Of a full log the oldest entries go: then the first that is left comes after it.
  const [first] = newest.recordId === record ? [newest] : await events.read(channel, "*", record - 1n, 1);
  const wasEmptied = first?.recordId === record && first.at !== place.at;
  return { isUnchanged: !wasEmptied && newest.recordId === record, after: wasEmptied ? undefined : record, end };
}

export interface LogPart {
  /** In the order in which they were written. */
  readonly entries: readonly WindowsEvent[];
  /** Up to where the log is done with now. */
  readonly place: LogPlace;
}

export interface LogWish {
  readonly query: string;
  /** They are taken in pieces, so that a storm does not fill the memory at once. */
  readonly atOnce: number;
  /** Whether the next piece needs its texts, which are made with effort. */
  readonly withMessage?: () => boolean;
}

/** What is new and fits, piece by piece: at least one, which may be empty. A log without anything new is not read. Throws OsError. */
export async function* newParts(events: WindowsEvents, channel: string, fresh: NewInLog, wish: LogWish): AsyncGenerator<LogPart> {
  const { isUnchanged, after, end } = fresh;
  if (isUnchanged) {
    yield { entries: [], place: end };
    return;
  }
  let last: LogPlace = { record: (after ?? 0n).toString(), at: start.at };
  for (;;) {
    const from = last.record === start.record ? undefined : BigInt(last.record);
    const entries = await events.read(channel, wish.query, from, wish.atOnce, wish.withMessage?.() ?? false);
    const lastOfPart = entries.at(-1);
    if (lastOfPart) last = placeOf(lastOfPart);
    const isAll = entries.length < wish.atOnce;
    yield { entries, place: isAll ? further(last, end) : last };
    if (isAll) return;
  }
}

export interface LogReading extends LogPart {
  /** Further ones that fit, which were only counted. */
  readonly unreadCount: number;
}

export interface BoundedWish extends Omit<LogWish, "withMessage"> {
  /** At most so many are kept. */
  readonly limit: number;
  readonly withMessage?: boolean;
  readonly signal: AbortSignal;
}

/** Reads what is new and fits. When it is called off it tells how far it came. Throws OsError. */
export async function readNew(events: WindowsEvents, channel: string, fresh: NewInLog, wish: BoundedWish): Promise<LogReading> {
  const { limit, signal, withMessage = false } = wish;
  const entries: WindowsEvent[] = [];
  let unreadCount = 0;
  let place = fresh.end;
  for await (const part of newParts(events, channel, fresh, { ...wish, withMessage: () => withMessage && unreadCount === 0 })) {
    for (const event of part.entries) {
      if (entries.length < limit) entries.push(event);
      else unreadCount++;
    }
    place = part.place;
    if (signal.aborted) break;
  }
  return { entries, unreadCount, place };
}
