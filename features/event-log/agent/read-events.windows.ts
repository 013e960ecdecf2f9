/** The event log of Windows, by wevtapi. Of each channel the place is kept up to which it was looked at. */
import type { NoDataCodeOf } from "@hauswart/protocol/check.ts";
import { OsError } from "@hauswart/agent/os/os.ts";
import type { WindowsEvent, WindowsEvents } from "@hauswart/agent/os/windows/calls.ts";
import { logPlaceFrom, newSince, readNew, type LogPlace, type LogReading } from "@hauswart/agent/readers/windows-log.ts";
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

type Places = Readonly<Record<string, LogPlace>>;

function placesFrom(kept: unknown): Places {
  const { channels } = (kept ?? {}) as { readonly channels?: unknown };
  if (typeof channels !== "object" || channels === null) return {};
  return Object.fromEntries(
    Object.entries(channels).flatMap(([channel, one]) => {
      const place = logPlaceFrom(one);
      return place ? [[channel, place] as const] : [];
    }),
  );
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

/** A channel that was never looked at is read from `sinceMs` on; after that only what is new counts, whatever the clock says. */
async function readChannel(
  events: WindowsEvents,
  channel: string,
  level: Level,
  place: LogPlace | undefined,
  { signal, withText, sinceMs }: { signal: AbortSignal; withText: boolean; sinceMs: number },
): Promise<LogReading> {
  const fresh = await newSince(events, channel, place);
  const query = queryOf(channel, level, place ? undefined : sinceMs);
  return readNew(events, channel, fresh, { query, limit: entriesOfChannel, atOnce: entriesAtOnce, withMessage: withText, signal });
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
  const before = placesFrom(request.bookmark);
  const wanted = channelsOf(request, await events.channels());
  if (wanted.size === 0) return { noData: "no-such-log" };
  const withText = request.ownRules.some((rule: OwnRule) => rule.texts.length > 0);
  const byOccurrence = new Map<Occurrence, WindowsEvent>();
  const channels: Record<string, LogPlace> = {};
  const problems: string[] = [];
  let unreadCount = 0;
  for (const [channel, level] of wanted) {
    const place = before[channel];
    try {
      const part = await readChannel(events, channel, level, place, { ...request, withText });
      unreadCount += part.unreadCount;
      for (const event of part.entries) byOccurrence.set(occurrenceOf(event), event);
      channels[channel] = part.place;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      if (place) channels[channel] = place;
      problems.push(`${channel}: ${error.message}`);
    }
  }
  if (problems.length === wanted.size) return { failed: "COLLECT_UNREADABLE", detail: { system: problems.join("; ") } };
  const occurrences = [...byOccurrence.keys()].sort((one, other) => one.at - other.at);
  return {
    ok: {
      occurrences,
      unreadCount,
      bookmark: { channels },
      problem: problems.join("; "),
      textOf: textOf(events, byOccurrence),
    },
  };
}

export const reader: EventReader = { curated: curatedOfWindows, read };
