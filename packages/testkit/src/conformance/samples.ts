/** Generated samples and settings of a check. */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { generate, generatorOf, withDifferentSubjects } from "../generate.ts";
import { subjectsOf } from "./schema.ts";

/** Throws when the generator made something that the schema does not take: a mistake of the generator. */
export function sampleFrom(check: AnyCheck, seed: number): Record<string, unknown> {
  const raw = generate(check.sample, generatorOf(seed)) as Record<string, unknown>;
  return check.sample.parse(withDifferentSubjects(raw, subjectsOf(check))) as Record<string, unknown>;
}

/** Settings of the judgement: the defaults for every second seed. */
export function settingsFrom(check: AnyCheck, seed: number): Record<string, unknown> {
  if (seed % 2 === 0) return check.judgement.parse({}) as Record<string, unknown>;
  return check.judgement.parse(generate(check.judgement, generatorOf(seed + 7_919))) as Record<string, unknown>;
}
