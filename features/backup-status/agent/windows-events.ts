/** Backup programs that tell of their runs in the Windows event log: which entry means what. Pure. */
import type { WindowsEvent } from "@hauswart/agent/os/windows/calls.ts";
import type { FoundJob } from "./jobs.ts";

export interface EventRule {
  /** The job's name. */
  readonly name: string;
  readonly program: string;
  readonly channel: string;
  /** Source of the entries; empty where the log is the program's own. */
  readonly provider: string;
  /** By id, or by id and level where one id stands for every ending. */
  readonly started: readonly number[];
  readonly ended: readonly EndingRule[];
  /** Finds the job in the text of an entry, where the program runs several: group 1. */
  readonly jobIn?: RegExp;
  /** What is read of an entry, where that is not what its provider makes of it. */
  readonly textOf?: (event: WindowsEvent) => string;
  /** Finds the number that tells how a run ended in the text, where the entry's own id does not: group 1. */
  readonly idIn?: RegExp;
  /** Its log is on every Windows: without entries there is no backup in it, or this program, known by its services, was not told to write. */
  readonly whenSilent?: { readonly services: readonly string[]; readonly problem: string };
}

export interface EndingRule {
  readonly eventId: number;
  /** Level of the entry: 2 error, 3 warning, 4 information; left out where every level means the same. */
  readonly level?: number;
  readonly result: "success" | "partial" | "failed";
}

const all = (result: EndingRule["result"], ...ids: readonly number[]): EndingRule[] => ids.map((eventId) => ({ eventId, result }));

/**
 * Windows Server Backup: texts of blbevents.dll ("Backup finished successfully", "Backup started at … failed …"), levels of the provider's
 * manifest. 14 comes after every run and says nothing. Veeam Agent: "Veeam Agent events" of its user guide.
 *
 * Acronis (Backup, Cyber Backup, Cyber Protect) writes its own entry as text into Application when the plan's option "Windows event log" is on.
 * Its words are in the language of the program; its numbers are not: the first line ends with the event's number, as monitoring scripts in
 * the field read it (12 ended well, 14 failed, 29 was aborted), and the second names the task in quotes. Success is believed only where
 * the entry's level says so too.
 */
export const knownRules: readonly EventRule[] = [
  {
    name: "Windows Server Backup",
    program: "windows-server-backup",
    channel: "Microsoft-Windows-Backup",
    provider: "",
    whenSilent: { services: [], problem: "" },
    started: [1],
    ended: [
      ...all("success", 4),
      ...all("partial", 7, 13),
      ...all("failed", 5, 6, 8, 9, 15, 16, 17, 18, 19, 20, 21, 22, 49, 50, 52, 517, 518, 521, 527, 528, 544, 545, 546, 561, 564),
    ],
  },
  {
    name: "Veeam Agent",
    program: "veeam",
    channel: "Veeam Agent",
    provider: "Veeam Agent",
    started: [110, 115],
    // Veeam Agent speaks English alone.
    jobIn: /^Veeam Agent '?(.+?)'? (?:finished with|has been (?:started|resumed))/,
    ended: [
      { eventId: 190, level: 4, result: "success" },
      { eventId: 190, level: 3, result: "partial" },
      { eventId: 190, level: 2, result: "failed" },
    ],
  },
  {
    name: "Acronis",
    program: "acronis",
    channel: "Application",
    provider: "Acronis Backup and Recovery",
    whenSilent: {
      services: ["AcronisAgent", "MMS", "AcronisCyberProtectionService"],
      problem:
        'It has noted no run in the Windows event log. Switch on "Windows event log" in the options of its plan. True Image does not write there: name a file that it leaves.',
    },
    textOf: ({ data }) => data["0"] ?? "",
    idIn: /^[^:\n]*:[^:\n]*:\s*(\d{1,5})\s*(?::|\n|$)/,
    jobIn: /^[^\n]*\n[^'\n]*'([^'\n]+)'/,
    started: [],
    ended: [{ eventId: 12, level: 4, result: "success" }, { eventId: 12, level: 3, result: "partial" }, ...all("failed", 14, 29)],
  },
];

/** "name | log | source | ids of success | ids of failure | ids of partial success". undefined for what is no rule. */
export function parseRule(text: string): EventRule | undefined {
  const [name, channel, provider, success, failed, partial] = text.split("|").map((part) => part.trim());
  const ids = (list: string | undefined) =>
    (list ?? "")
      .split(/[\s,]+/)
      .filter((id) => /^\d{1,5}$/.test(id))
      .map(Number);
  if (!name || !channel || ids(success).length === 0) return undefined;
  const ended = [...all("success", ...ids(success)), ...all("failed", ...ids(failed)), ...all("partial", ...ids(partial))];
  return { name, program: provider || channel, channel, provider: provider ?? "", started: [], ended };
}

/** XPath of the event log: only these ids, of the last days; all of the source where its ids tell nothing. */
export function queryOf({ started, ended, provider, idIn }: EventRule, days: number): string {
  const ids = [...new Set([...started, ...ended.map(({ eventId }) => eventId)])].map((id) => `EventID=${id}`).join(" or ");
  const which = idIn === undefined ? `(${ids}) and ` : "";
  // A quote cannot be written within XPath's text; no source has one.
  const source = provider === "" ? "" : `Provider[@Name='${provider.replaceAll("'", "")}'] and `;
  return `*[System[${source}${which}TimeCreated[timediff(@SystemTime) <= ${days * 86_400_000}]]]`;
}

/** What is known of a job after entries were read, one after another. */
export interface EventState {
  readonly result: FoundJob["result"];
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly runningSince: number | null;
  readonly problem: string;
}

/** Of one rule, by job. */
export type EventStates = ReadonlyMap<string, EventState>;

export const noEvents: EventStates = new Map();

const noState: EventState = {
  result: "unknown",
  lastRunAt: null,
  lastSuccessAt: null,
  runningSince: null,
  problem: "",
};

/** Takes further entries in, oldest first. */
export function fold(rule: EventRule, before: EventStates, events: readonly WindowsEvent[]): EventStates {
  const jobs = new Map(before);
  for (const event of events) {
    const text = rule.textOf?.(event) ?? event.message;
    const job = rule.jobIn?.exec(text)?.[1];
    const name = job === undefined ? rule.name : `${rule.name} ${job}`;
    const id = rule.idIn === undefined ? event.eventId : Number(rule.idIn.exec(text)?.[1] ?? Number.NaN);
    const state = next(rule, jobs.get(name) ?? noState, event, id);
    if (state) jobs.set(name, state);
  }
  return jobs;
}

/** undefined for an entry that says nothing about a run. */
function next(rule: EventRule, state: EventState, event: WindowsEvent, id: number): EventState | undefined {
  if (rule.started.includes(id)) return { ...state, runningSince: event.at };
  const ending = rule.ended.find(({ eventId, level }) => eventId === id && (level === undefined || level === event.level));
  if (!ending) return undefined;
  return {
    result: ending.result,
    lastRunAt: event.at,
    lastSuccessAt: ending.result === "success" ? event.at : state.lastSuccessAt,
    runningSince: null,
    problem: ending.result === "success" ? "" : problemIn(event, id),
  };
}

function problemIn({ message, data }: WindowsEvent, id: number): string {
  const code = data["HRESULT"] ?? data["DetailedHRESULT"];
  const said = (data["ErrorMessage"] || message).trim();
  return [`event ${id}`, code, said].filter(Boolean).join(": ");
}
