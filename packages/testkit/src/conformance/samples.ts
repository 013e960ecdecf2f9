/** Generated samples and settings of a check. */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { generate, generatorOf, withDifferentSubjects } from "../generate.ts";
import { schemasOf, subjectsOf } from "./schema.ts";

/** Throws when the generator made something that the schema does not take: a mistake of the generator. */
export function sampleFrom(check: AnyCheck, seed: number): Record<string, unknown> {
  const raw = generate(schemasOf(check).sample, generatorOf(seed)) as Record<string, unknown>;
  return schemasOf(check).sample.parse(withDifferentSubjects(raw, subjectsOf(check)));
}

/** Settings of the judgement: the defaults for every second seed. */
export function settingsFrom(check: AnyCheck, seed: number): Record<string, unknown> {
  const { judgement } = schemasOf(check);
  return judgement.parse(seed % 2 === 0 ? {} : generate(judgement, generatorOf(seed + 7_919)));
}
