/** What is stored of a sample gives the sample back. */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { compileCodec } from "@hauswart/protocol/sample-codec.ts";
import { isDeepStrictEqual } from "node:util";
import { sampleFrom } from "./samples.ts";

/** @param seeds how many generated samples to try. */
export function codecProblems(check: AnyCheck, seeds: number): string[] {
  const codec = compileCodec(check);
  return Array.from({ length: seeds }, (_, seed) => {
    const sample = sampleFrom(check, seed);
    // Storage is JSON, and double precision numbers in which nothing stands for null.
    const stored = JSON.parse(JSON.stringify(codec.split(sample))) as ReturnType<typeof codec.split>;
    const described = codec.describe(stored.fact);
    const again = codec.split(structuredClone(sample));
    return [
      ...(isDeepStrictEqual(codec.join(stored.fact, stored.values, stored.entries), sample)
        ? []
        : ["what was put together again is another sample"]),
      ...(described.length === stored.values.length
        ? []
        : [`${described.length} values are described, ${stored.values.length} are stored`]),
      ...(JSON.stringify(again.fact) === JSON.stringify(stored.fact) ? [] : ["equal facts are not equal as text"]),
    ].map((problem) => `${check.id}, seed ${seed}: ${problem}`);
  }).flat();
}
