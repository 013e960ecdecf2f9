/** An event log of Windows made of entries, which understands as much of XPath as the checks ask. */
import type { WindowsEvent, WindowsEvents } from "../os/windows/calls.ts";

/** An entry of System; what it does not say is of no matter. */
export const madeEvent = (recordId: number, changes: Partial<WindowsEvent>): WindowsEvent => ({
  channel: "System",
  provider: "",
  eventId: 0,
  level: 0,
  keywords: 0n,
  recordId: BigInt(recordId),
  at: 0,
  computer: "PC-7",
  userSid: null,
  data: {},
  message: "",
  ...changes,
});

function filterOf(query: string): (event: WindowsEvent) => boolean {
  const numbers = (name: string) => [...query.matchAll(new RegExp(`\\b${name}=(\\d+)`, "g"))].map(([, number]) => Number(number));
  const [levels, ids, records] = [numbers("Level"), numbers("EventID"), numbers("EventRecordID")];
  const since = /@SystemTime>='([^']+)'/.exec(query)?.[1];
  const data = [...query.matchAll(/Data\[@Name='([^']*)'\]='([^']*)'/g)].map(([, name, value]) => [name!, value!] as const);
  return (event) =>
    (levels.length + ids.length === 0 || levels.includes(event.level) || ids.includes(event.eventId)) &&
    (records.length === 0 || records.includes(Number(event.recordId))) &&
    (since === undefined || event.at >= Date.parse(since)) &&
    (data.length === 0 || data.some(([name, value]) => event.data[name] === value));
}

export interface MadeEventLog extends WindowsEvents {
  /** Queries of what was read, in order. */
  readonly asked: readonly string[];
}

/** @param log the entries as they stand when it is asked, in any order */
export function madeEventLog(log: () => readonly WindowsEvent[], channels: readonly string[]): MadeEventLog {
  const asked: string[] = [];
  const of = (channel: string) =>
    log()
      .filter((event) => event.channel === channel)
      .sort((one, other) => Number(one.recordId - other.recordId));
  return {
    asked,
    channels: async () => channels,
    newest: async (channel, query = "*") => of(channel).findLast(filterOf(query)),
    read: async (channel, query, after, limit, withMessage) => {
      asked.push(query);
      return of(channel)
        .filter((event) => (after === undefined || event.recordId > after) && filterOf(query)(event))
        .slice(0, limit)
        .map((event) => (withMessage && event.message === "" ? { ...event, message: `text of ${event.recordId}` } : event));
    },
  };
}
