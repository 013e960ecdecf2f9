/**
 * What a device shall run, from the policies that reach it. Pure.
 *
 * ```
 * check's default ← provider ← customer ← site ← tag ← device        (the later one wins, setting by setting)
 * ```
 * Within one level the policies are laid on in order of the tag's text (tags only), the policy's name and its id; the last
 * one wins. Naming a check in a policy turns it on unless the policy says `enabled: false`. A check that is on by default
 * has its instance "" without any policy; other instances exist because a policy names them.
 */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import { dailyHours, type AnyCheck, type Cycle, type DeviceRole } from "@hauswart/protocol/check.ts";
import type { Damping } from "../evaluate/damping.ts";
import { whatFits } from "./agent-limits.ts";
import { dampingNames, dampingOf, type DampingSaid } from "./damping-of.ts";
import { foldSettings, type SettingsProblem } from "./fold-settings.ts";
import { defaultSource, type Level, type Source } from "./source.ts";

const levels: readonly Level[] = ["provider", "customer", "site", "tag", "device"];

/** A policy as it reaches one device: through this level, by this id (customer, site, device) or tag. */
export interface ReachingPolicy {
  readonly policyId: string;
  readonly name: string;
  readonly level: Level;
  readonly levelId: string;
  readonly checks: readonly PolicyCheck[];
}

/** One check instance as it shall be. */
export interface DesiredCheck {
  readonly check: string;
  readonly instance: string;
  readonly enabled: boolean;
  readonly everySeconds: number;
  /** Local hour of the day; only when it is measured once a day. */
  readonly dailyAtHour: number | null;
  readonly failuresBeforeFinding: number;
  readonly damping: Damping;
  readonly selection: Readonly<Record<string, unknown>>;
  readonly judgement: Readonly<Record<string, unknown>>;
  /** By name of the setting; also for `enabled`, `everySeconds`, `dailyAtHour`, `failuresBeforeFinding`; what damps only where a policy says it. */
  readonly sources: Readonly<Record<string, Source>>;
  /** It is on, and the agent cannot be told more than what comes before it. */
  readonly doesNotFit?: true;
}

export interface Resolved {
  readonly checks: readonly DesiredCheck[];
  /** Values that a policy gives and the check does not take; the value below stays in force. */
  readonly problems: readonly SettingsProblem[];
}

const daySeconds = 86_400;

/** Resolves all checks of a device, ordered by check and instance. @param role decides the hour of daily checks that nobody named one for */
export function resolveChecks(definitions: Iterable<AnyCheck>, policies: readonly ReachingPolicy[], role: DeviceRole): Resolved {
  const ordered = [...policies].sort(comparePolicies);
  const checks: DesiredCheck[] = [];
  const problems: SettingsProblem[] = [];
  for (const definition of definitions) {
    const named = ordered.flatMap((policy) => policy.checks.filter(({ check }) => check === definition.id).map(({ instance }) => instance));
    const instances = new Set(definition.onByDefault ? ["", ...named] : named);
    for (const instance of instances) {
      const resolved = resolveInstance(definition, instance, ordered, role);
      checks.push(resolved.check);
      problems.push(...resolved.problems);
    }
  }
  const text = ({ check, instance }: DesiredCheck) => `${check}\n${instance}`;
  checks.sort((a, b) => compareTexts(text(a), text(b)));
  const fitting = whatFits(checks.filter(({ enabled }) => enabled));
  return { checks: checks.map((check) => (check.enabled && !fitting.has(check) ? { ...check, doesNotFit: true } : check)), problems };
}

function resolveInstance(
  definition: AnyCheck,
  instance: string,
  ordered: readonly ReachingPolicy[],
  role: DeviceRole,
): { check: DesiredCheck; problems: readonly SettingsProblem[] } {
  let state = startOf(definition, instance, role);
  const sources: Record<string, Source> = {
    enabled: defaultSource,
    everySeconds: defaultSource,
    dailyAtHour: defaultSource,
    failuresBeforeFinding: defaultSource,
  };
  const damped: DampingSaid[] = [];
  const layers: { source: Source; policyId: string; settings: Readonly<Record<string, unknown>> }[] = [];
  for (const policy of ordered) {
    const source: Source = { scope: policy.level, scopeId: policy.levelId, policyId: policy.policyId };
    for (const said of policy.checks) {
      if (said.check !== definition.id || said.instance !== instance) continue;
      state = {
        ...state,
        enabled: said.enabled,
        ...cycleOf(said, state, role),
        failuresBeforeFinding: said.failuresBeforeFinding ?? state.failuresBeforeFinding,
      };
      sources["enabled"] = source;
      if (said.everySeconds !== undefined || said.dailyAtHour !== undefined) sources["everySeconds"] = sources["dailyAtHour"] = source;
      if (said.failuresBeforeFinding !== undefined) sources["failuresBeforeFinding"] = source;
      for (const name of dampingNames) if (said[name] !== undefined) sources[name] = source;
      damped.push({ policyId: policy.policyId, said });
      layers.push({ source, policyId: policy.policyId, settings: said.settings });
    }
  }
  const folded = foldSettings(definition, instance, layers);
  for (const [name, source] of Object.entries(folded.sources)) sources[name] = source;
  const { damping, problems } = dampingOf(definition, instance, folded.judgement, damped);
  return {
    check: { ...state, damping, selection: folded.selection, judgement: folded.judgement, sources },
    problems: [...folded.problems, ...problems],
  };
}

type Common = Omit<DesiredCheck, "damping" | "selection" | "judgement" | "sources" | "doesNotFit">;

function startOf(definition: AnyCheck, instance: string, role: DeviceRole): Common {
  return {
    check: definition.id,
    instance,
    enabled: definition.onByDefault && instance === "",
    ...secondsOf(definition.cycle, role),
    failuresBeforeFinding: definition.failuresBeforeFinding,
  };
}

function secondsOf(cycle: Cycle, role: DeviceRole): Pick<Common, "everySeconds" | "dailyAtHour"> {
  if ("everyMinutes" in cycle) return { everySeconds: cycle.everyMinutes * 60, dailyAtHour: null };
  return { everySeconds: daySeconds, dailyAtHour: "daily" in cycle ? dailyHours[role] : cycle.dailyAtHour };
}

/** An hour belongs to a daily cycle: naming one makes the cycle daily, a shorter cycle drops it. */
function cycleOf(said: PolicyCheck, before: Common, role: DeviceRole): Pick<Common, "everySeconds" | "dailyAtHour"> {
  const everySeconds = said.everySeconds ?? (said.dailyAtHour === undefined ? before.everySeconds : daySeconds);
  return { everySeconds, dailyAtHour: everySeconds === daySeconds ? (said.dailyAtHour ?? before.dailyAtHour ?? dailyHours[role]) : null };
}

function comparePolicies(a: ReachingPolicy, b: ReachingPolicy): number {
  const tag = (policy: ReachingPolicy) => (policy.level === "tag" ? policy.levelId : "");
  return (
    levels.indexOf(a.level) - levels.indexOf(b.level) ||
    compareTexts(tag(a), tag(b)) ||
    compareTexts(a.name, b.name) ||
    compareTexts(a.policyId, b.policyId)
  );
}

/** By code unit: the same on every computer, whatever its language. */
const compareTexts = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
