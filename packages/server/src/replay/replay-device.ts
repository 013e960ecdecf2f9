/** What a rule would have done on one device, and what it does now. Pure: a child process works on it. */
import type { WorkingCalendar } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Damping } from "../evaluate/damping.ts";
import { freshForSeconds } from "../evaluate/effective-state.ts";
import { planDamping } from "../ingest/check-layout.ts";
import type { CompiledCheck } from "../ingest/compiled-checks.ts";
import { effectOf, isShort, shortMsOf, type Candidate, type CandidateEffect } from "./candidates.ts";
import { InstanceReplay, type ReplayRule } from "./instance-replay.ts";
import { isHeld, type QuietTime } from "./quiet-time.ts";
import { eachSample, type StoredInstance, type TimeRange } from "./stored-days.ts";
import type { WouldBeFinding } from "./trace.ts";

/** A rule as policies resolve it. */
export interface ReplaySettings {
  readonly everySeconds: number;
  readonly dailyAtHour: number | null;
  readonly failuresBeforeFinding: number;
  readonly judgement: Readonly<Record<string, unknown>>;
  readonly damping: Damping;
}

/** Rules that are replayed together. Devices with equal settings share one. */
export interface ReplaySpec {
  readonly draft: ReplaySettings;
  /** What is in force; null where the check does not run now. */
  readonly now: ReplaySettings | null;
  readonly candidates: readonly Candidate[];
  /** Samples from before `countFromMs` are judged so that what was open then is known, and not counted. */
  readonly range: TimeRange;
  readonly countFromMs: number;
}

export interface DeviceOutcome {
  readonly deviceId: Id;
  readonly samples: number;
  /** Milliseconds between samples that belong together; the rest of the time is a gap. */
  readonly coveredMs: number;
  readonly notJudged: number;
  /** By time; at most `mostListed`. */
  readonly listed: readonly WouldBeFinding[];
  /** Those that somebody would have been told of. */
  readonly findings: number;
  readonly short: number;
  /** Besides, those that a window or a cause would have held back until they were over. */
  readonly held: number;
  /** With the settings in force. */
  readonly findingsNow: number;
  readonly candidates: readonly (CandidateEffect & { readonly candidate: Candidate })[];
}

/** Findings of one device that are told one by one. */
const mostListed = 200;

/** Working time from a sample on. */
export interface CalendarThen {
  /** Samples measured after this, Unix milliseconds. */
  readonly afterMs: number;
  readonly calendar: WorkingCalendar;
}

/**
 * Judges all that is stored of the instance by the draft, by what is in force, and by the candidates.
 * @param calendars oldest first; the first holds from the beginning. @param quiet when nobody would have been told.
 */
export function replayDevice(
  check: CompiledCheck,
  spec: ReplaySpec,
  stored: StoredInstance,
  calendars: readonly [CalendarThen, ...CalendarThen[]],
  quiet: readonly QuietTime[],
): DeviceOutcome {
  const draft = ruleOf(check, spec.draft);
  const now = spec.now && (isSame(spec.now, spec.draft) ? draft : ruleOf(check, spec.now, draft));
  const candidates = spec.candidates.map(({ damping }) => candidateRule(check, spec.draft, draft, damping));
  const replay = new InstanceReplay(check, [draft, ...(now && now !== draft ? [now] : []), ...candidates], calendars[0].calendar);
  let following = 1;
  const longestStepMs = longestStepOf(spec.draft);
  let [samples, coveredMs, lastMs] = [0, 0, Number.NaN];
  eachSample(check, stored, spec.range, (sample) => {
    for (let then = calendars[following]; then && then.afterMs < sample.atMs; then = calendars[++following]) replay.workBy(then.calendar);
    replay.sample(sample);
    if (sample.atMs < spec.countFromMs) return;
    samples++;
    const stepMs = sample.atMs - lastMs;
    if (stepMs <= longestStepMs) coveredMs += stepMs;
    lastMs = sample.atMs;
  });
  const counted = replay.traces.map(({ findings }) => findings.filter(({ openedMs }) => openedMs >= spec.countFromMs));
  const traces = counted.map((findings) => findings.filter((finding) => !isHeld(finding, quiet)));
  const told = traces[0]!;
  const shortMs = shortMsOf(spec.draft.everySeconds);
  return {
    deviceId: stored.deviceId,
    samples,
    coveredMs,
    notJudged: replay.notJudged,
    listed: told.slice(0, mostListed),
    findings: told.length,
    short: told.filter((finding) => isShort(finding, shortMs)).length,
    held: counted[0]!.length - told.length,
    findingsNow: now === null ? 0 : now === draft ? told.length : traces[1]!.length,
    candidates: traces
      .slice(traces.length - candidates.length)
      .map((trace, index) => ({ candidate: spec.candidates[index]!, ...effectOf(told, trace, shortMs) })),
  };
}

const isSame = (one: ReplaySettings, other: ReplaySettings) => JSON.stringify(one) === JSON.stringify(other);

const longestStepOf = ({ everySeconds, dailyAtHour }: ReplaySettings) => freshForSeconds(everySeconds, dailyAtHour) * 1_000;

/** @param like whose judgement object is taken when it is the same, so that the verdicts are shared. */
function ruleOf(check: CompiledCheck, settings: ReplaySettings, like?: ReplayRule): ReplayRule {
  const parsed = (check.definition.judgement as z.ZodObject).parse(settings.judgement);
  const judgement = like && JSON.stringify(like.judgement) === JSON.stringify(parsed) ? like.judgement : parsed;
  return {
    judgement,
    failuresBeforeFinding: settings.failuresBeforeFinding,
    damping: dampingOf(check, judgement, settings, settings.damping),
  };
}

function candidateRule(check: CompiledCheck, settings: ReplaySettings, { judgement }: ReplayRule, damping: Damping): ReplayRule {
  return {
    judgement,
    failuresBeforeFinding: settings.failuresBeforeFinding,
    damping: dampingOf(check, judgement, settings, { ...settings.damping, ...damping }),
  };
}

const dampingOf = (check: CompiledCheck, judgement: ReplayRule["judgement"], settings: ReplaySettings, damping: Damping) =>
  planDamping(check, judgement, {
    damping: JSON.stringify(damping),
    every_seconds: settings.everySeconds,
    daily_at_hour: settings.dailyAtHour,
  });
