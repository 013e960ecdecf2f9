import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import type { NoDataCodeOf, PerSystem, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { eventLog } from "../protocol.ts";
import type { EventReader } from "./event-reader.ts";
import type { EventReading, Occurrence } from "./occurrence.ts";
import { isExcluded, ownRulesOf, rulesOf, type Rule } from "./rules.ts";
import { countNow, refresh, talliesFrom, withMatches, type Matched, type Tallies } from "./tally.ts";

type Check = typeof eventLog;
type Sample = SampleOf<Check>;

/** Loaded when it measures: of three systems only one. */
const readers = {
  linux: async () => (await import("./read-events.linux.ts")).reader,
  darwin: async () => (await import("./read-events.macos.ts")).reader,
  win32: async () => (await import("./read-events.windows.ts")).reader,
} satisfies PerSystem<() => Promise<EventReader>>;
const hourMs = 3_600_000;
const matchesOfSample = 50;
/** Short enough for a mail, long enough to tell what it is about. */
const shownText = 300;
/** Texts that are shown are read one by one where the system makes them with effort. */
const textsOfRule = 3;

interface Found {
  readonly rule: Rule;
  readonly matched: Matched[];
}

/** Each entry fits the first rule that takes it. */
function sort(reading: EventReading, rules: readonly Rule[], isOut: (occurrence: Occurrence) => boolean): Map<Rule, Occurrence[]> {
  const byRule = new Map<Rule, Occurrence[]>();
  for (const occurrence of reading.occurrences) {
    const rule = isOut(occurrence) ? undefined : rules.find(({ fits }) => fits(occurrence));
    if (!rule) continue;
    const known = byRule.get(rule);
    if (known) known.push(occurrence);
    else byRule.set(rule, [occurrence]);
  }
  return byRule;
}

/** With the texts that are shown: of each rule the last ones. */
async function withTexts(reading: EventReading, byRule: ReadonlyMap<Rule, readonly Occurrence[]>): Promise<Found[]> {
  const found: Found[] = [];
  for (const [rule, occurrences] of byRule) {
    const matched: Matched[] = [];
    for (const [index, occurrence] of occurrences.entries()) {
      const isShown = index >= occurrences.length - textsOfRule;
      const text = isShown && reading.textOf ? await reading.textOf(occurrence) : occurrence.text;
      matched.push({ ...occurrence, text: clip(text.replaceAll(/\s+/g, " ").trim(), shownText) });
    }
    found.push({ rule, matched });
  }
  return found;
}

function rowsOf(tallies: Tallies, rules: ReadonlyMap<string, Rule>, nowMs: number): Sample["rules"] {
  return Object.entries(tallies)
    .map(([name, tally]) => {
      const rule = rules.get(name)!;
      return {
        rule: name,
        isOwn: rule.isOwn,
        severity: rule.severity,
        windowCount: countNow(tally, rule, nowMs),
        windowMinuteCount: rule.withinMinutes,
        fromCount: rule.fromCount,
        lastAt: tally.lastAt,
        raisedAt: tally.raisedAt,
        source: clip(tally.source, textLimit),
        eventId: clip(tally.eventId, textLimit),
        texts: clip(tally.texts.join("\n"), textLimit),
      };
    })
    .sort((one, other) => (one.rule < other.rule ? -1 : 1));
}

async function collect(context: CollectContext<Check>, memory: Memory): Promise<Collected<Sample, NoDataCodeOf<Check>>> {
  const { system, selection, os, signal } = context;
  const nowMs = context.now();
  const reader = await readers[system]();
  const own = ownRulesOf(selection);
  const rules = rulesOf(selection, reader.curated, own);
  if (rules.length === 0) return { noData: "no-rule" };
  const read = await reader.read({
    os,
    ownRules: own,
    isCurated: selection.curated,
    bookmark: memory.kept["bookmark"],
    sinceMs: nowMs - selection.lookBackHours * hourMs,
    nowMs,
    memory,
    signal,
  });
  if (!("ok" in read)) return read;
  const reading = read.ok;
  const found = await withTexts(
    reading,
    sort(reading, rules, (occurrence) => isExcluded(selection, occurrence)),
  );
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const before = talliesFrom(memory.kept["rules"]);
  const added = Object.fromEntries(found.map(({ rule, matched }) => [rule.name, withMatches(before[rule.name], rule, matched, nowMs)!]));
  const tallies = refresh({ ...before, ...added }, (name) => byName.get(name), nowMs);
  // Together, so that a restart finds both as they were, or neither.
  memory.kept["rules"] = tallies;
  memory.kept["bookmark"] = reading.bookmark;
  return {
    ok: {
      matchedCount: found.reduce((sum, { matched }) => sum + matched.length, 0),
      readCount: reading.occurrences.length,
      unreadCount: reading.unreadCount,
      problem: clip(reading.problem, textLimit),
      rules: rowsOf(tallies, byName, nowMs),
      matches: found
        .flatMap(({ rule, matched }) => matched.slice(-matchesOfSample).map((one) => ({ rule: rule.name, one })))
        .sort((left, right) => left.one.at - right.one.at)
        .slice(-matchesOfSample)
        .map(({ rule, one }) => ({
          at: Math.max(0, one.at),
          rule,
          source: clip(one.source, shownText),
          eventId: one.eventId,
          text: one.text,
        })),
    },
  };
}

export default [collector<Check>({ check: "event-log", version: 1, collect })];
