/**
 * Judges the stored samples of one check instance again, by one or several rules at the same time: with the judge and the engine
 * that judged them when they came. Pure.
 *
 * Measurements without a sample, and times without measurements, are gaps: they neither open nor close anything.
 */
import type { Verdict, WorkingCalendar } from "@hauswart/protocol/check.ts";
import type { Fact, SeriesPosition } from "@hauswart/protocol/sample-codec.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { allWell, neverMeasured, type JudgedState } from "../evaluate/judged-state.ts";
import type { PlanDamping } from "../ingest/check-layout.ts";
import type { CompiledCheck } from "../ingest/compiled-checks.ts";
import { JudgeHistory, noPast } from "../ingest/judge-history.ts";
import { Trace } from "./trace.ts";

/** By what is judged. Rules with one and the same object as judgement share the verdicts. */
export interface ReplayRule {
  readonly judgement: Readonly<Record<string, unknown>>;
  readonly failuresBeforeFinding: number;
  readonly damping: PlanDamping | undefined;
}

interface Engine {
  rule: ReplayRule;
  state: JudgedState;
  readonly trace: Trace;
}

/** A sample as it was stored. */
export interface StoredSample {
  readonly atMs: number;
  readonly fact: Fact;
  /** Of the fact's series, in its order. Only read while the sample is judged. */
  readonly values: readonly (number | null)[];
}

export class InstanceReplay {
  private groups: { judgement: ReplayRule["judgement"]; engines: Engine[] }[] = [];
  private readonly engines: Engine[];
  private readonly history: JudgeHistory | undefined;
  private readonly joiners = new Map<Fact, (values: StoredSample["values"]) => Record<string, unknown>>();
  private readonly positions = new Map<Fact, SeriesPosition[]>();
  private readonly check: CompiledCheck;
  private calendar: WorkingCalendar;
  /** Samples that the judge could not judge. */
  notJudged = 0;

  /** @param calendar of the place where the device stands; see `workBy`. */
  constructor(check: CompiledCheck, rules: readonly ReplayRule[], calendar: WorkingCalendar) {
    this.check = check;
    this.calendar = calendar;
    this.engines = rules.map((rule) => ({ rule, state: neverMeasured, trace: new Trace() }));
    this.history = check.history ? new JudgeHistory() : undefined;
    this.regroup();
  }

  /** What came of each rule, in their order. */
  get traces(): readonly Trace[] {
    return this.engines.map(({ trace }) => trace);
  }

  sample({ atMs, fact, values }: StoredSample): void {
    let join = this.joiners.get(fact);
    if (!join) this.joiners.set(fact, (join = this.check.codec.joiner(fact)));
    const sample = join(values);
    for (const { judgement, engines } of this.groups) {
      const verdicts = this.judge(sample, judgement, atMs);
      if (!verdicts) continue;
      // What the engine answers first, without being asked: thousands of samples of which nothing comes.
      const isWell = verdicts.length > 0 && verdicts.every(({ state }) => state === "ok");
      for (const engine of engines) {
        if (isWell && engine.state.bad.length === 0) engine.state = allWell;
        else this.move(engine, sample, verdicts, atMs, false);
      }
    }
    this.remember(fact, values, atMs);
  }

  /** Another calendar from now on, for all rules. */
  workBy(calendar: WorkingCalendar): void {
    this.calendar = calendar;
  }

  /**
   * Other settings from now on, for the rule at this place. @param kind as in check_settings_period.
   * @param newest the newest sample before, which was judged again by the new settings if the kind says so.
   */
  change(place: number, rule: ReplayRule, kind: "started" | "continued" | "rejudged", newest: StoredSample | undefined): void {
    const engine = this.engines[place]!;
    engine.rule = rule;
    this.regroup();
    if (kind === "started") {
      engine.trace.end(newest?.atMs ?? 0);
      engine.state = neverMeasured;
    }
    if (kind !== "rejudged" || !newest) return;
    const sample = this.check.codec.join(newest.fact, newest.values);
    const verdicts = this.judge(sample, rule.judgement, newest.atMs);
    if (verdicts) this.move(engine, sample, verdicts, newest.atMs, true);
  }

  private regroup(): void {
    const groups = Map.groupBy(this.engines, ({ rule }) => rule.judgement);
    this.groups = [...groups].map(([judgement, engines]) => ({ judgement, engines }));
  }

  private judge(sample: Record<string, unknown>, settings: ReplayRule["judgement"], atMs: number): readonly Verdict[] | undefined {
    try {
      // The sample in hand may have become a point since it was judged first.
      const past = this.history ? pastBefore(this.history, atMs) : noPast;
      return this.check.judge({ sample, settings, past, at: atMs, calendar: this.calendar });
    } catch {
      this.notJudged++;
      return undefined;
    }
  }

  private move(engine: Engine, sample: Record<string, unknown>, verdicts: readonly Verdict[], atMs: number, isAgain: boolean): void {
    const { damping, failuresBeforeFinding } = engine.rule;
    const { next, changes } = evaluate({
      previous: engine.state,
      outcome: { kind: "measured", verdicts },
      failuresBeforeFinding,
      isAgain,
      damping: damping && {
        rule: damping.rule,
        atMs,
        longestStepMs: damping.longestStepMs,
        ...(damping.recovery && { recoveryVerdicts: () => this.judge(sample, damping.recovery!, atMs) ?? [] }),
      },
    });
    engine.state = next;
    for (const change of changes) engine.trace.note(change, atMs);
  }

  private remember(fact: Fact, values: readonly (number | null)[], atMs: number): void {
    const need = this.check.history;
    if (!need || !this.history?.isDue(need, atMs)) return;
    let positions = this.positions.get(fact);
    if (!positions) this.positions.set(fact, (positions = this.check.codec.describe(fact)));
    this.history.remember(need, positions, values, atMs);
  }
}

function pastBefore(history: JudgeHistory, atMs: number) {
  return history.newestMs < atMs
    ? history
    : { points: (field: string, subject: string) => history.points(field, subject).filter((point) => point.at < atMs) };
}
