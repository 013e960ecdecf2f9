/**
 * What a check is. A feature calls `defineCheck` once, in its `protocol.ts`; agent, server, console, reference and mails
 * are all made from that one declaration.
 */
import type { Topic } from "./topics.ts";
import type { z } from "zod";
import type { Collected } from "./outcome.ts";

/** How bad a verdict is. `unknown` is never counted as `ok`. */
export type CheckState = "ok" | "warning" | "failure" | "unknown";

/**
 * How often a check measures: minutes, or once a day by the computer's own clock. `daily: true` is the daily safety check, whose hour
 * depends on what the computer is for (`dailyHours`); `dailyAtHour` (0-23) names one hour for all. A daily measurement that a
 * computer was off for is made up when it is on again; one that failed is tried again until it succeeds.
 */
export type Cycle = { everyMinutes: 1 | 5 | 15 | 30 | 60 } | { daily: true } | { dailyAtHour: number };

/** What a computer is for, as its device says. */
export type DeviceRole = "workstation" | "server";

/**
 * Local hours of daily safety checks when nobody named one: servers are done before work begins, workstations are on by then.
 */
export const dailyHours: Readonly<Record<DeviceRole, number>> = { server: 6, workstation: 10 };

/** One kind of problem that a check can raise. */
export interface FindingDefinition {
  /** Shown in lists of what can be raised; the text itself lives in the feature's message catalogue. */
  readonly description: string;
  /** States that this kind can take besides `ok` and `unknown`. */
  readonly raises: readonly ("warning" | "failure")[];
}

/** Which history a judge may look at. Declared, so that the server keeps that much and no more. */
export interface HistoryNeed {
  /** Series fields that are remembered per subject; inside a list by `list.field`, as the sample codec names them. */
  readonly fields: readonly string[];
  readonly hours: number;
  /** One remembered point per step. */
  readonly stepMinutes: number;
}

/** On each working day of a device's site its result is put on record, also when nothing is wrong. */
export interface RoundNeed {
  /** Local time, HH:MM. */
  readonly localTime: string;
  /** Of the verdicts with this code the record keeps these pieces of evidence, subject by subject. */
  readonly keeps: { readonly code: string; readonly evidence: readonly string[] };
}

export interface CheckDefinition<
  Sample extends z.ZodObject = z.ZodObject,
  Selection extends z.ZodObject = z.ZodObject,
  Judgement extends z.ZodObject = z.ZodObject,
  Code extends string = string,
  NeedsCalendar extends boolean = false,
  NoDataCode extends string = "",
> {
  /** Kebab-case, the same as the feature's folder. Never changes. */
  readonly id: string;
  /** Counts up with each change of the sample's shape; the diary stands beside the declaration. */
  readonly version: number;
  /**
   * The oldest version of the sample that is still read, where later ones have only added what may be left out: agents that are not yet
   * updated go on measuring. Left out: this version alone.
   */
  readonly readsFrom?: number;
  /** One sentence: what it watches. */
  readonly description: string;
  /** The group by which people choose what they are told; left out: `system`. */
  readonly topic?: Topic;
  /** The promises (MON-1 …) that this check keeps. */
  readonly promises: readonly string[];
  /** How often it measures when nobody said otherwise. */
  readonly cycle: Cycle;
  /** Consecutive bad samples before a finding opens, when nobody said otherwise. 1 raises at the first. */
  readonly failuresBeforeFinding: number;
  /** What the agent sends. A flat object of declared fields and at most a few `list`s of them. */
  readonly sample: Sample;
  /** What the agent reads and does: travels to the agent, holds offline too. */
  readonly selection: Selection;
  /** How the server decides: thresholds. Changing one holds at once, also for what was already measured. */
  readonly judgement: Judgement;
  readonly findings: Readonly<Record<Code, FindingDefinition>>;
  /** Why there may be nothing to measure. Each has its texts in the message catalogue. */
  readonly noData?: readonly NoDataCode[];
  readonly history?: HistoryNeed;
  /** The judge counts in working days or hours of the place where the device stands: it is then handed their calendar. */
  readonly needsCalendar?: NeedsCalendar;
  readonly round?: RoundNeed;
  /** Where the check is on without a click; a check that is off by default is offered in policies. */
  readonly onByDefault: boolean;
  /**
   * The server can measure it too, for a device without an agent: what it asks can be asked from anywhere. `target` names the
   * setting (in the selection) that says what is asked.
   */
  readonly fromServer?: { readonly target: string };
}

/** Any check, for the platform, which does not know their shapes. */
// oxlint-disable-next-line typescript/no-explicit-any -- the platform handles checks of every shape; each is parsed by its own schema
export type AnyCheck = CheckDefinition<any, any, any, string, any, any>;

export type SampleOf<Check extends AnyCheck> = z.infer<Check["sample"]>;
export type SelectionOf<Check extends AnyCheck> = z.infer<Check["selection"]>;
export type JudgementOf<Check extends AnyCheck> = z.infer<Check["judgement"]>;
/** Codes of why there may be nothing to measure; never for a check that always measures, or fails. */
export type NoDataCodeOf<Check extends AnyCheck> = Exclude<NonNullable<Check["noData"]>[number], "">;
export type CodeOf<Check extends AnyCheck> = keyof Check["findings"] & string;

/** Declares a check; see `CheckDefinition` for the fields. */
export function defineCheck<
  Sample extends z.ZodObject,
  Selection extends z.ZodObject,
  Judgement extends z.ZodObject,
  const Code extends string,
  const NeedsCalendar extends boolean = false,
  const NoDataCode extends string = "",
>(
  definition: CheckDefinition<Sample, Selection, Judgement, Code, NeedsCalendar, NoDataCode>,
): CheckDefinition<Sample, Selection, Judgement, Code, NeedsCalendar, NoDataCode> {
  return definition;
}

/** The values that a verdict rests on; they fill the texts of mail and console, so they carry units in their names. */
export type Evidence = Readonly<Record<string, string | number | boolean | null>>;

/** One judged thing: this code, for this subject, is in this state. A judge names every subject that it looked at, also the good ones. */
export interface Verdict<Code extends string = string> {
  readonly code: Code;
  /** Volume, service …; empty when the check has only one subject. */
  readonly subject: string;
  readonly state: CheckState;
  readonly evidence: Evidence;
  /**
   * What cannot be told because of what this verdict is about, although no verdict names it: these codes of the same subject, or
   * everything else of the check (`all`: who does not answer names none of its parts). What is open of it stays open, as unknown.
   */
  readonly hides?: "all" | readonly NoInfer<Code>[];
  /** Bad samples in a row that open a finding of this subject, where the settings have a number of its own for it; at least 1. */
  readonly failuresBeforeFinding?: number | undefined;
}

/** A remembered point of a series: Unix time in milliseconds and value. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** What a judge may know besides the sample. */
export interface Past {
  /** Remembered points of a declared history field (`field` or `list.field`), oldest first, the sample in hand not among them. */
  points(field: string, subject: string): readonly Point[];
}

/** Working days and service hours of a place, as far as judges ask; `WorkingTime` of packages/calendar is one. Dates are local, YYYY-MM-DD. */
export interface WorkingCalendar {
  dateOf(atMs: number): string;
  isWorkingDay(date: string): boolean;
  /** Working days after a date up to and including another; 0 when the second is not later. */
  workingDaysBetween(from: string, to: string): number;
  /** Milliseconds of service time between two moments; 0 when the second is not later. */
  elapsedMs(fromMs: number, toMs: number): number;
}

/** What a judge is handed. Evaluation, preview and replay hand in the same. */
export type JudgeInput<Check extends AnyCheck> = {
  readonly sample: SampleOf<Check>;
  readonly settings: JudgementOf<Check>;
  readonly past: Past;
  /** When the sample was taken, by the server's clock, Unix time in milliseconds. The moments in the sample are on that clock too. */
  readonly at: number;
} & (true extends NonNullable<Check["needsCalendar"]>
  ? {
      /** Of the place where the device stands, for service. */
      readonly calendar: WorkingCalendar;
    }
  : unknown);

/** Decides about one sample. Pure: no clock, no database, no memory of its own. */
export type Judge<Check extends AnyCheck> = (input: JudgeInput<Check>) => readonly Verdict<CodeOf<Check>>[];

/** Systems that an agent runs on, as `process.platform` says. */
export type SystemName = "linux" | "darwin" | "win32";

/** One implementation per system; a missing one does not compile. */
export type PerSystem<T> = Readonly<Record<SystemName, T>>;

export type { Collected };
