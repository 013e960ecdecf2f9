/** The event log of Windows, by wevtapi. Each channel has a bookmark of its own: the number of the last entry that was looked at. */
import type { NoDataCodeOf } from "@hauswart/protocol/check.ts";
import { OsError } from "@hauswart/agent/os/os.ts";
import type { WindowsEvent, WindowsEvents } from "@hauswart/agent/os/windows/calls.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { Level, OwnRule } from "../protocol/own-rule.ts";
import type { EventReader, ReadRequest } from "./event-reader.ts";
import type { EventReading, Occurrence } from "./occurrence.ts";
import { applicationLog, curatedOfWindows, roleLogs, systemLog } from "./rules.windows.ts";
import { fitsAny } from "@hauswart/agent/readers/names.ts";
import type { eventLog } from "../protocol.ts";

const entriesOfChannel = 2_000;
/** Entries are taken in pieces, so that a storm does not fill the memory at once. */
const entriesAtOnce = 200;
const channelLimit = 30;
const levelNumbers: Readonly<Record<Level, readonly number[]>> = {
  critical: [1],
  error: [1, 2],
  warning: [1, 2, 3],
  information: [0, 1, 2, 3, 4],
};
/** Entries that say that a log was emptied are no errors: they carry the level of information. */
const clearedIds: Readonly<Record<string, number>> = { [systemLog]: 104, Security: 1102 };

interface ChannelBookmark {
  /** A decimal: record numbers have 64 bits. */
  readonly record: string;
  readonly at: number;
}
interface WindowsBookmark {
  readonly sinceMs: number;
  readonly channels: Readonly<Record<string, ChannelBookmark>>;
}

function bookmarkFrom(kept: unknown, sinceMs: number): WindowsBookmark {
  const { sinceMs: since, channels } = (kept ?? {}) as Partial<WindowsBookmark>;
  if (typeof since !== "number" || typeof channels !== "object" || channels === null) return { sinceMs, channels: {} };
  const known = Object.entries(channels).filter(([, mark]) => /^\d+$/.test(mark?.record) && typeof mark.at === "number");
  return { sinceMs: since, channels: Object.fromEntries(known) };
}

export const levelOf = (level: number): Level =>
  level === 1 ? "critical" : level === 2 ? "error" : level === 3 ? "warning" : "information";

/** Which channels are read, and from which level on. */
function channelsOf({ isCurated, ownRules }: ReadRequest, all: readonly string[]): Map<string, Level> {
  const wanted = new Map<string, Level>();
  const want = (channel: string, level: Level) => {
    const known = wanted.get(channel);
    if (!known || levelNumbers[level].length > levelNumbers[known].length) wanted.set(channel, level);
  };
  if (isCurated)
    for (const channel of [systemLog, applicationLog, "Security", ...roleLogs]) if (all.includes(channel)) want(channel, "warning");
  for (const rule of ownRules) {
    const patterns = rule.logs.length > 0 ? rule.logs : [systemLog, applicationLog];
    for (const channel of all.filter((name) => fitsAny(patterns, name)).slice(0, channelLimit)) want(channel, rule.level);
  }
  return wanted;
}

const isoOf = (atMs: number) => new Date(atMs).toISOString();
/** XPath as the event log knows it: levels, emptied logs, and a moment to begin at. */
function queryOf(channel: string, level: Level, sinceMs: number | undefined): string {
  const levelPart = levelNumbers[level].map((number) => `Level=${number}`).join(" or ");
  const cleared = clearedIds[channel];
  // Security knows no levels: everything in it is information, and there is far too much of it to look at.
  const wanted =
    channel === "Security" && level !== "information" ? `EventID=${cleared}` : cleared ? `${levelPart} or EventID=${cleared}` : levelPart;
  const since = sinceMs === undefined ? "" : ` and TimeCreated[@SystemTime>='${isoOf(sinceMs)}']`;
  return `*[System[(${wanted})${since}]]`;
}

interface ChannelReading {
  readonly events: readonly WindowsEvent[];
  readonly unreadCount: number;
  readonly bookmark: ChannelBookmark | undefined;
}

async function readChannel(
  events: WindowsEvents,
  channel: string,
  level: Level,
  mark: ChannelBookmark | undefined,
  { nowMs, signal, withText, sinceMs }: { nowMs: number; signal: AbortSignal; withText: boolean; sinceMs: number },
): Promise<ChannelReading> {
  let after = mark && !(await wasEmptied(events, channel, mark)) ? BigInt(mark.record) : undefined;
  const query = queryOf(channel, level, after === undefined ? (mark?.at ?? sinceMs) : undefined);
  const found: WindowsEvent[] = [];
  let unreadCount = 0;
  for (;;) {
    const part = await events.read(channel, query, after, entriesAtOnce, withText && unreadCount === 0);
    for (const event of part) {
      if (found.length < entriesOfChannel) found.push(event);
      else unreadCount++;
    }
    after = part.at(-1)?.recordId ?? after;
    if (part.length < entriesAtOnce || signal.aborted) break;
  }
  const last = found.at(-1);
  return {
    events: found,
    unreadCount,
    bookmark: after === undefined ? undefined : { record: after.toString(), at: last?.at ?? mark?.at ?? nowMs },
  };
}

/** A log that was emptied counts from 1 again: then something newer than the bookmark has a smaller number. */
async function wasEmptied(events: WindowsEvents, channel: string, mark: ChannelBookmark): Promise<boolean> {
  const [first] = await events.read(channel, `*[System[TimeCreated[@SystemTime>'${isoOf(mark.at + 1)}']]]`, undefined, 1);
  return first !== undefined && first.recordId < BigInt(mark.record);
}

function occurrenceOf({ channel, provider, eventId, level, at, message }: WindowsEvent): Occurrence {
  return { at, log: channel, source: provider, eventId: String(eventId), level: levelOf(level), text: message };
}

/** A text of its own is made for the few entries that are shown. What no provider makes a text of shows its data. */
const textOf = (events: WindowsEvents, byOccurrence: ReadonlyMap<Occurrence, WindowsEvent>) => async (occurrence: Occurrence) => {
  const event = byOccurrence.get(occurrence);
  if (!event) return occurrence.text;
  const message =
    event.message ||
    (await events.read(event.channel, `*[System[(EventRecordID=${event.recordId})]]`, undefined, 1, true).then(
      ([read]) => read?.message ?? "",
      () => "",
    ));
  return (
    message ||
    Object.entries(event.data)
      .map(([name, value]) => `${name}: ${value}`)
      .join(", ")
  );
};

async function read(request: ReadRequest): Promise<Collected<EventReading, NoDataCodeOf<typeof eventLog>>> {
  const { events } = await request.os.windows();
  const before = bookmarkFrom(request.bookmark, request.sinceMs);
  const wanted = channelsOf(request, await events.channels());
  if (wanted.size === 0) return { noData: "no-such-log" };
  const withText = request.ownRules.some((rule: OwnRule) => rule.texts.length > 0);
  const byOccurrence = new Map<Occurrence, WindowsEvent>();
  const channels: Record<string, ChannelBookmark> = {};
  const problems: string[] = [];
  let unreadCount = 0;
  for (const [channel, level] of wanted) {
    const mark = before.channels[channel];
    try {
      const part = await readChannel(events, channel, level, mark, { ...request, withText, sinceMs: before.sinceMs });
      unreadCount += part.unreadCount;
      for (const event of part.events) byOccurrence.set(occurrenceOf(event), event);
      if (part.bookmark) channels[channel] = part.bookmark;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      if (mark) channels[channel] = mark;
      problems.push(`${channel}: ${error.message}`);
    }
  }
  if (problems.length === wanted.size) return { failed: "COLLECT_UNREADABLE", detail: { system: problems.join("; ") } };
  const occurrences = [...byOccurrence.keys()].sort((one, other) => one.at - other.at);
  return {
    ok: {
      occurrences,
      unreadCount,
      bookmark: { sinceMs: before.sinceMs, channels },
      problem: problems.join("; "),
      textOf: textOf(events, byOccurrence),
    },
  };
}

export const reader: EventReader = { curated: curatedOfWindows, read };
