import { HauswartError, type ErrorCode } from "@hauswart/protocol/errors.ts";
import { networkOf } from "../access/lock-out.ts";
import type { Exchange } from "./exchange.ts";
import type { LimitClass } from "./request-limits.ts";

/** What a token gets that nobody has, that is over or that may not do this. Other errors say nothing against it: a file that is not there. */
const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "ENROLMENT_TOKEN_INVALID",
  "SIGNATURE_INVALID",
]);

/**
 * Lets somebody in or throws; only who is refused is counted, by network, so that made-up tokens do not cost a look into the database
 * each without end. A token that was let in before is looked at all the same: who shares the address cannot know it.
 * Errors: those of `letIn`, TOO_MANY_REQUESTS.
 */
export async function limitRefusals<Result>(
  exchange: Exchange,
  limitClass: Extract<LimitClass, "refused" | "enrolment">,
  token: string | undefined,
  letIn: () => Promise<Result>,
): Promise<Result> {
  const [limits, knownTokens, network] = [exchange.get("limits"), exchange.get("knownTokens"), networkOf(exchange.get("address"))];
  if (token === undefined || !knownTokens.has(token)) limits.look(limitClass, network);
  try {
    const result = await letIn();
    if (token !== undefined) knownTokens.note(token);
    return result;
  } catch (error) {
    if (!(error instanceof HauswartError && refusals.has(error.code))) throw error;
    if (token !== undefined) knownTokens.forget(token);
    limits.take(limitClass, network);
    throw error;
  }
}
