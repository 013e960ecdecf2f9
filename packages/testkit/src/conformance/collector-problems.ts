/** What a collector answers fits its check's schema, to the letter. */
import type { Collector, Memory } from "@hauswart/agent/collector.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { AnyCheck, SystemName } from "@hauswart/protocol/check.ts";
import { failureDetailCodes, type FailureDetail, type SystemWords } from "@hauswart/protocol/failure-detail.ts";
import { CollectFailure, type Collected } from "@hauswart/protocol/outcome.ts";
import { parseNoData } from "@hauswart/protocol/no-data.ts";
import { isDeepStrictEqual } from "node:util";
import { schemasOf, subjectsOf } from "./schema.ts";

export interface Measurement {
  readonly collected: Collected<Record<string, unknown>, string>;
  readonly problems: readonly string[];
}

/** Measures once with the default selection, and says what is wrong with the answer. */
export async function collectorProblems(
  check: AnyCheck,
  collector: Collector,
  system: SystemName,
  os: Os,
  memory: Memory,
): Promise<Measurement> {
  const selection = schemasOf(check).selection.parse({}) as never;
  const signal = AbortSignal.timeout(60_000);
  const collected = (await collector.collect(
    { system, selection, instance: "", os, signal, now: () => Date.now() },
    memory,
  )) as Measurement["collected"];
  return { collected, problems: answerProblems(check, collected).map((problem) => `${check.id} on ${system}: ${problem}`) };
}

/** Sentences of ours are codes, so that they have texts. */
function isSaid(detail: FailureDetail | SystemWords): boolean {
  if (typeof detail === "object") return detail.system.trim() !== "";
  const codes: readonly string[] = failureDetailCodes;
  return codes.includes(parseNoData(detail)?.code ?? "");
}

function answerProblems(check: AnyCheck, collected: Measurement["collected"]): string[] {
  if ("noData" in collected) {
    const code = parseNoData(collected.noData)?.code;
    return code !== undefined && check.noData?.includes(code)
      ? []
      : ["there is no data, and it does not say why by a code that it declares"];
  }
  if ("failed" in collected)
    return CollectFailure.safeParse(collected.failed).success && isSaid(collected.detail)
      ? []
      : ["it failed without a known code, or with a detail that is neither a code nor the system's own words"];
  const parsed = schemasOf(check).sample.safeParse(collected.ok);
  if (!parsed.success) return [`the sample does not fit: ${parsed.error.message}`];
  return [
    ...(isDeepStrictEqual(parsed.data, collected.ok) ? [] : ["the sample holds fields that are not declared"]),
    ...Object.entries(subjectsOf(check)).flatMap(([field, subject]) =>
      orderProblems(
        field,
        (collected.ok[field] as Record<string, unknown>[]).map((row) => String(row[subject])),
      ),
    ),
  ];
}

/** Sorted and without doubles: the order of rows is part of the fact, and a fact that changes for nothing is stored for nothing. */
function orderProblems(field: string, names: readonly string[]): string[] {
  const sorted = [...new Set(names)].sort((one, other) => (one < other ? -1 : 1));
  return isDeepStrictEqual(sorted, names) ? [] : [`the rows of ${field} are not sorted by their subject, or one stands twice`];
}
