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
 */
export const knownRules: readonly EventRule[] = [
  {
    name: "Windows Server Backup",
    program: "windows-server-backup",
    channel: "Microsoft-Windows-Backup",
    provider: "",
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

/** XPath of the event log: only these ids, of the last days. */
export function queryOf({ started, ended, provider }: EventRule, days: number): string {
  const ids = [...new Set([...started, ...ended.map(({ eventId }) => eventId)])].map((id) => `EventID=${id}`).join(" or ");
  // A quote cannot be written within XPath's text; no source has one.
  const source = provider === "" ? "" : `Provider[@Name='${provider.replaceAll("'", "")}'] and `;
  return `*[System[${source}(${ids}) and TimeCreated[timediff(@SystemTime) <= ${days * 86_400_000}]]]`;
}

/** What is known of a job after entries were read, one after another. */
export interface EventState {
  readonly result: FoundJob["result"];
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly runningSince: number | null;
  readonly problem: string;
}

/** Of one rule. */
export interface EventStates {
  readonly jobs: ReadonlyMap<string, EventState>;
  /** Record id of the last entry. */
  readonly after: bigint | undefined;
}

export const noEvents: EventStates = { jobs: new Map(), after: undefined };

const noState: EventState = {
  result: "unknown",
  lastRunAt: null,
  lastSuccessAt: null,
  runningSince: null,
  problem: "",
};

/** Takes further entries in, oldest first. */
export function fold(rule: EventRule, before: EventStates, events: readonly WindowsEvent[]): EventStates {
  const jobs = new Map(before.jobs);
  for (const event of events) {
    const job = rule.jobIn?.exec(event.message)?.[1];
    const name = job === undefined ? rule.name : `${rule.name} ${job}`;
    const state = next(rule, jobs.get(name) ?? noState, event);
    if (state) jobs.set(name, state);
  }
  return { jobs, after: events.at(-1)?.recordId ?? before.after };
}

/** undefined for an entry that says nothing about a run. */
function next(rule: EventRule, state: EventState, event: WindowsEvent): EventState | undefined {
  if (rule.started.includes(event.eventId)) return { ...state, runningSince: event.at };
  const ending = rule.ended.find(({ eventId, level }) => eventId === event.eventId && (level === undefined || level === event.level));
  if (!ending) return undefined;
  return {
    result: ending.result,
    lastRunAt: event.at,
    lastSuccessAt: ending.result === "success" ? event.at : state.lastSuccessAt,
    runningSince: null,
    problem: ending.result === "success" ? "" : problemIn(event),
  };
}

function problemIn({ eventId, message, data }: WindowsEvent): string {
  const code = data["HRESULT"] ?? data["DetailedHRESULT"];
  const said = (data["ErrorMessage"] || message).trim();
  return [`event ${eventId}`, code, said].filter(Boolean).join(": ");
}
