/** Why a measurement failed, in the reader's language. */
import type { FailureDetailCode } from "@hauswart/protocol/failure-detail.ts";
import { parseNoData } from "@hauswart/protocol/no-data.ts";
import type { Texts } from "./de.ts";

/**
 * @param said as the server keeps it: `code: detail`. A detail of ours is told by its text; the system's own words, and what older
 * agents wrote, are shown as they are.
 */
export function failureText(texts: Pick<Texts, "collectFailures" | "failureDetails">, said: string): string {
  const [, code = said, detail = ""] = /^([A-Z_]+)(?:: ([\s\S]*))?$/.exec(said) ?? [];
  const failure = (texts.collectFailures as Partial<Record<string, string>>)[code];
  if (failure === undefined) return said;
  const words = detailText(texts, detail);
  return words ? `${failure} (${words})` : failure;
}

function detailText({ failureDetails }: Pick<Texts, "failureDetails">, detail: string): string {
  const { code = "", about = "" } = parseNoData(detail) ?? {};
  if (!Object.hasOwn(failureDetails, code)) return detail;
  const text = failureDetails[code as FailureDetailCode];
  return typeof text === "string" ? text : text(about);
}
