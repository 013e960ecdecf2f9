/**
 * What a device runs, as ingest needs it. Plans (one check with its settings) and layouts (the plans of a device by number)
 * are shared between all devices for which they are equal.
 */
import { createHash } from "node:crypto";
import type { CheckInstance } from "@hauswart/protocol/wire/messages.ts";
import type { z } from "zod";
import type { Damping } from "../evaluate/damping.ts";
import { freshForSeconds } from "../evaluate/effective-state.ts";
import type { Logger } from "../operation/log.ts";
import { recoveryJudgement, recoveryProblem } from "../policies/damping-of.ts";
import type { CompiledCheck, CompiledChecks } from "./compiled-checks.ts";
import { Interned } from "./interned.ts";

/** An enabled row of check_instance, as far as policies decide it. Selection and judgement are JSON text. */
export interface InstanceSettings {
  readonly number: number;
  readonly check_id: string;
  readonly instance: string;
  readonly every_seconds: number;
  readonly daily_at_hour: number | null;
  readonly failures_before_finding: number;
  readonly damping: string;
  readonly selection: string;
  readonly selection_version: number;
  readonly judgement: string;
  /** Column check_instance.settings_key. */
  readonly settings_key: string;
}

/** What damps a plan, made ready. */
export interface PlanDamping {
  readonly rule: Damping;
  /** By which a subject with an open finding has to be good; undefined where the thresholds are the same. */
  readonly recovery: Readonly<Record<string, unknown>> | undefined;
  readonly longestStepMs: number;
}

export interface CheckPlan {
  /** Tells plans apart within this process. */
  readonly id: number;
  readonly check: CompiledCheck;
  readonly instance: string;
  readonly everySeconds: number;
  readonly dailyAtHour: number | null;
  readonly failuresBeforeFinding: number;
  readonly damping: PlanDamping | undefined;
  /** Parsed by the check's own schema, defaults filled in. */
  readonly judgement: Readonly<Record<string, unknown>>;
  readonly selectionVersion: number;
  readonly selection: Readonly<Record<string, unknown>>;
  readonly settingsKey: string;
}

export class CheckLayout {
  /** Numbers of the instances, ascending; plans stand in the same order. */
  readonly numbers: Int16Array;
  readonly plans: readonly CheckPlan[];
  private readonly positions: Int16Array;
  private configuration: { revision: string; checks: CheckInstance[] } | undefined;

  constructor(numbers: readonly number[], plans: readonly CheckPlan[]) {
    this.numbers = Int16Array.from(numbers);
    this.plans = plans;
    this.positions = new Int16Array((numbers.at(-1) ?? -1) + 1).fill(-1);
    numbers.forEach((number, position) => (this.positions[number] = position));
  }

  /** Position of an instance among the plans; -1 for a number that this device does not run. */
  positionOf(number: number): number {
    return this.positions[number] ?? -1;
  }

  /** What the agent is told to run. */
  configure(): { revision: string; checks: CheckInstance[] } {
    return (this.configuration ??= configurationOf(this));
  }
}

function configurationOf({ numbers, plans }: CheckLayout): { revision: string; checks: CheckInstance[] } {
  const checks = plans.map((plan, position): CheckInstance => ({
    number: numbers[position]!,
    check: plan.check.definition.id,
    instance: plan.instance,
    everySeconds: plan.everySeconds,
    ...(plan.dailyAtHour === null ? {} : { dailyAtHour: plan.dailyAtHour }),
    selectionVersion: plan.selectionVersion,
    selection: plan.selection,
  }));
  const revision = createHash("sha256").update(JSON.stringify(checks)).digest("hex").slice(0, 32);
  return { revision, checks };
}

/** Makes layouts out of rows and keeps one copy of each. */
export class CheckLayouts {
  private readonly plans = new Interned<CheckPlan>();
  private readonly layouts = new Interned<CheckLayout>();
  /** The same layouts, by what the database calls them. */
  private readonly byKey = new Interned<CheckLayout>();
  private lastPlanId = 0;
  private readonly checks: CompiledChecks;
  private readonly log: Logger;

  constructor(checks: CompiledChecks, log: Logger) {
    this.checks = checks;
    this.log = log;
  }

  /** @param key of a device's enabled instances, as load-devices.ts asks for it; equal keys mean equal layouts. */
  find(key: string): CheckLayout | undefined {
    return this.byKey.find(key);
  }

  /** The layout of these rows, to be found by the key from now on. */
  keep(key: string, rows: readonly InstanceSettings[]): CheckLayout {
    return this.byKey.get(key, () => this.layoutOf(rows));
  }

  /** @param rows enabled instances of one device, ascending by number. Rows of checks that this server does not know are left out. */
  layoutOf(rows: readonly InstanceSettings[]): CheckLayout {
    const numbers: number[] = [];
    const plans: CheckPlan[] = [];
    let key = "";
    for (const row of rows) {
      const plan = this.planOf(row);
      if (!plan) continue;
      numbers.push(row.number);
      plans.push(plan);
      key += `${row.number}:${plan.id},`;
    }
    return this.layouts.get(key, () => new CheckLayout(numbers, plans));
  }

  private planOf(row: InstanceSettings): CheckPlan | undefined {
    const check = this.checks.get(row.check_id);
    if (!check) return undefined;
    const key = [
      row.check_id,
      row.instance,
      row.every_seconds,
      row.daily_at_hour,
      row.failures_before_finding,
      row.selection_version,
      row.selection,
      row.judgement,
      row.damping,
    ].join("\n");
    return this.plans.get(key, () => {
      const judgement = this.parseJudgement(check, row.judgement);
      return {
        id: ++this.lastPlanId,
        check,
        instance: row.instance,
        everySeconds: row.every_seconds,
        dailyAtHour: row.daily_at_hour,
        failuresBeforeFinding: row.failures_before_finding,
        damping: planDamping(check, judgement, row),
        judgement,
        selectionVersion: row.selection_version,
        selection: JSON.parse(row.selection) as Record<string, unknown>,
        settingsKey: row.settings_key,
      };
    });
  }

  /** Settings are checked when they are saved. Should they not fit all the same (the check has changed), the defaults hold, and the log says so. */
  private parseJudgement({ definition }: CompiledCheck, text: string): Record<string, unknown> {
    const schema = definition.judgement as z.ZodType<Record<string, unknown>>;
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    this.log.error("stored settings do not fit their check; its defaults are used", {
      check: definition.id,
      problem: parsed.error.message,
    });
    return schema.parse({});
  }
}

/** Undefined where nothing is damped. Recovery values that the check does not take any more do not hold. */
export function planDamping(
  { definition }: CompiledCheck,
  judgement: Readonly<Record<string, unknown>>,
  row: Pick<InstanceSettings, "damping" | "every_seconds" | "daily_at_hour">,
): PlanDamping | undefined {
  if (row.damping === "{}") return undefined;
  const rule = JSON.parse(row.damping) as Damping;
  const { recovery } = rule;
  const isUsable = recovery !== undefined && recoveryProblem(definition, judgement, recovery) === undefined;
  return {
    rule,
    recovery: isUsable ? recoveryJudgement(definition, judgement, recovery) : undefined,
    longestStepMs: freshForSeconds(row.every_seconds, row.daily_at_hour) * 1_000,
  };
}
