/** Backups of a Windows computer: event log and registry. */
import type { WindowsCalls } from "@hauswart/agent/os/windows/calls.ts";
import { newParts, newSince, type LogPlace } from "@hauswart/agent/readers/windows-log.ts";
import { fromFileTime } from "@hauswart/agent/readers/file-time.ts";
import { duplicati } from "./duplicati.ts";
import { nothing, type Adapter, type AdapterContext, type FoundJob, type FoundProgram } from "./jobs.ts";
import { readReflect } from "./macrium.ts";
import { restic } from "./repositories.ts";
import { stateFiles } from "./state-files.ts";
import { fold, knownRules, noEvents, parseRule, queryOf, type EventRule, type EventStates } from "./windows-events.ts";

/** How far back is looked when the agent starts. */
const lookBackDays = 60;
const batchLimit = 500;
const batches = 10;
const channelsLifeMs = 3_600_000;

/** The names of all logs are many, and seldom change. */
async function channelsOf(windows: WindowsCalls, { values, nowMs }: AdapterContext): Promise<ReadonlySet<string>> {
  const known = values.get("channels") as { readonly atMs: number; readonly names: ReadonlySet<string> } | undefined;
  if (known && Math.abs(nowMs - known.atMs) < channelsLifeMs) return known.names;
  const names = new Set(await windows.events.channels());
  values.set("channels", { atMs: nowMs, names });
  return names;
}

/** What a rule's jobs did, and up to where its log is part of it. */
interface RuleReading {
  readonly jobs: EventStates;
  readonly place: LogPlace;
}

async function readRule({ events }: WindowsCalls, rule: EventRule, { values }: AdapterContext): Promise<EventStates> {
  const key = `rule ${JSON.stringify(rule)}`;
  const before = values.get(key) as RuleReading | undefined;
  const fresh = await newSince(events, rule.channel, before?.place);
  let reading: RuleReading = { jobs: before?.jobs ?? noEvents, place: fresh.end };
  const wish = { query: queryOf(rule, lookBackDays), atOnce: batchLimit, withMessage: () => true };
  let batch = 0;
  for await (const { entries, place } of newParts(events, rule.channel, fresh, wish)) {
    reading = { jobs: fold(rule, reading.jobs, entries), place };
    if (++batch === batches) break;
  }
  values.set(key, reading);
  return reading.jobs;
}

/** The key of the first of these services that is there. */
async function installedAs({ registry }: WindowsCalls, services: readonly string[]): Promise<string | undefined> {
  for (const service of services) {
    const key = `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${service}`;
    if ((await registry.values(key)) !== undefined) return key;
  }
  return undefined;
}

/** Whoever wrote a rule of his own for a program knows that it is there. */
const hasRuleFor = ({ selection }: AdapterContext, program: string) =>
  selection.eventRules.some((rule) => rule.toLowerCase().includes(program));

const eventLog: Adapter = {
  program: "event-log",
  async read(context) {
    const windows = await context.os.windows();
    const channels = await channelsOf(windows, context);
    const own = context.selection.eventRules.map((text) => ({ text, rule: parseRule(text) }));
    const programs: FoundProgram[] = own.flatMap(({ text, rule }) =>
      rule
        ? []
        : [{ name: text.split("|")[0]!.trim() || text, evidence: "Rule in the settings.", problem: "The rule cannot be understood." }],
    );
    const jobs: FoundJob[] = [];
    for (const rule of [...knownRules, ...own.flatMap((one) => one.rule ?? [])]) {
      if (!channels.has(rule.channel)) continue;
      const found = await readRule(windows, rule, context);
      if (found.size === 0 && rule.whenSilent) {
        const { services, problem } = rule.whenSilent;
        const evidence = await installedAs(windows, services);
        if (evidence !== undefined)
          programs.push({ name: rule.program, evidence, problem: hasRuleFor(context, rule.program) ? "" : problem });
        continue;
      }
      for (const [name, state] of found) jobs.push({ name, program: rule.program, evidence: "event-log", ...state });
      programs.push({ name: rule.program, evidence: rule.channel, problem: found.size === 0 ? "Its log tells of no run." : "" });
    }
    return { jobs, programs };
  },
};

/** Accounts of people: of a domain or the computer itself (S-1-5-21), and of Microsoft Entra ID (S-1-12-1). */
const personForm = /^S-1-(?:5-21|12-1)-[\d-]+$/;
const fileHistoryKey = "Software\\Microsoft\\Windows\\CurrentVersion\\FileHistory";

/** File History belongs to people: up to when their files are saved stands in the registry of those who are signed in. */
const fileHistory: Adapter = {
  program: "file-history",
  async read({ os }) {
    const { registry } = await os.windows();
    const people = ((await registry.keys("HKU")) ?? []).filter((name) => personForm.test(name));
    const jobs: FoundJob[] = [];
    for (const person of people) {
      const value = await registry.value(`HKU\\${person}\\${fileHistoryKey}`, "ProtectedUpToTime");
      if (value === undefined) continue;
      const savedAt = fromFileTime(value);
      jobs.push({
        name: `File History ${person}`,
        program: "file-history",
        evidence: "settings",
        result: savedAt === null ? "unknown" : "success",
        lastRunAt: savedAt,
        lastSuccessAt: savedAt,
        runningSince: null,
        problem: "",
        owner: person,
      });
    }
    const programs = jobs.length === 0 ? [] : [{ name: "file-history", evidence: `HKU\\…\\${fileHistoryKey}`, problem: "" }];
    return { jobs, programs, signedIn: people };
  },
};

const macrium: Adapter = {
  program: "macrium",
  async read(context) {
    const { os, values, nowMs } = context;
    const windows = await os.windows();
    const evidence = await installedAs(windows, ["MacriumService", "ReflectService"]);
    if (evidence === undefined) return nothing;
    const jobs = await readReflect(windows.registry, values, nowMs);
    const isSilent = jobs.length === 0 && !hasRuleFor(context, "macrium");
    const problem = isSilent ? "Macrium Reflect has no backup in the Windows Task Scheduler. Name a file that it leaves." : "";
    return { jobs, programs: [{ name: "macrium", evidence, problem }] };
  },
};

export const adapters: readonly Adapter[] = [eventLog, fileHistory, macrium, duplicati, restic, stateFiles];
