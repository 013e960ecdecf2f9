/** What damps a check, from the policies that say something about it: the later one wins, value by value. Pure. */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { usualFlapping } from "@hauswart/protocol/usual-flapping.ts";
import type { z } from "zod";
import { noDamping, type Damping } from "../evaluate/damping.ts";
import type { SettingsProblem } from "./fold-settings.ts";

/** Names of the common settings that damp, as a policy says them. */
export const dampingNames = ["badForMinutes", "goodSamples", "goodForMinutes", "recoverAt", "flapping"] as const;
export type DampingName = (typeof dampingNames)[number];

export interface DampingSaid {
  readonly policyId: string;
  readonly said: Pick<PolicyCheck, DampingName>;
}

/** @param judgement in force; recovery values that do not go together with it are left out and reported. */
export function dampingOf(
  definition: AnyCheck,
  instance: string,
  judgement: Readonly<Record<string, unknown>>,
  layers: readonly DampingSaid[],
): { damping: Damping; problems: readonly SettingsProblem[] } {
  let values: Pick<PolicyCheck, DampingName> = {};
  let recoverBy = "";
  for (const { policyId, said } of layers) {
    for (const name of dampingNames) if (said[name] !== undefined) values = { ...values, [name]: said[name] };
    if (said.recoverAt !== undefined) recoverBy = policyId;
  }
  const { badForMinutes = 0, goodSamples = 1, goodForMinutes = 0, recoverAt = {}, flapping = usualFlapping } = values;
  const message = recoveryProblem(definition, judgement, recoverAt);
  const damping: Damping = {
    ...(badForMinutes > 0 && { badForMinutes }),
    ...(goodSamples > 1 && { goodSamples }),
    ...(goodForMinutes > 0 && { goodForMinutes }),
    ...(Object.keys(recoverAt).length > 0 && message === undefined && { recovery: recoverAt }),
    ...(flapping && { flapping }),
  };
  return {
    damping: Object.keys(damping).length > 0 ? damping : noDamping,
    problems: message === undefined ? [] : [{ policyId: recoverBy, check: definition.id, instance, setting: "recoverAt", message }],
  };
}

/** The settings by which a subject with an open finding has to be good. Errors: ZodError when they do not go together. */
export function recoveryJudgement(
  definition: AnyCheck,
  judgement: Readonly<Record<string, unknown>>,
  recovery: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return (definition.judgement as z.ZodObject).parse({ ...judgement, ...recovery });
}

/** Undefined when they can be judged by. */
export function recoveryProblem(
  definition: AnyCheck,
  judgement: Readonly<Record<string, unknown>>,
  recovery: Readonly<Record<string, unknown>>,
): string | undefined {
  const schema = definition.judgement as z.ZodObject;
  const unknown = Object.keys(recovery).find((name) => !Object.hasOwn(schema.shape, name));
  if (unknown !== undefined) return `${unknown}: The check has no such threshold.`;
  const issues = schema.safeParse({ ...judgement, ...recovery }).error?.issues ?? [];
  return issues.length === 0
    ? undefined
    : issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": ")).join("; ");
}

/** What damps, in the names that policies and screens use. */
export function dampingSaid({ recovery, ...rest }: Damping): Readonly<Record<string, unknown>> {
  return { ...rest, ...(recovery && { recoverAt: recovery }) };
}
