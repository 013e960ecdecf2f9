import { expect, test } from "bun:test";
import { HauswartError, type ErrorCode } from "@hauswart/protocol/errors.ts";
import type { Exchange } from "./exchange.ts";
import { KnownTokens } from "./known-tokens.ts";
import { limitRefusals } from "./limit-refusals.ts";
import { requestLimits, RequestLimits } from "./request-limits.ts";

const address = "192.0.2.1";

/** How often a token that was let in before is answered so until the limit, and whether it is still known then. */
async function askedUntilLimited(code: ErrorCode): Promise<{ answered: number; isKnown: boolean }> {
  const parts = { address, limits: new RequestLimits(() => 0), knownTokens: new KnownTokens() };
  const exchange = { get: (name: keyof typeof parts) => parts[name] } as unknown as Exchange;
  parts.knownTokens.note("mine");
  for (let answered = 0; answered < 2 * requestLimits.enrolment.atOnce; answered++) {
    const asked = limitRefusals(exchange, "enrolment", "mine", () => Promise.reject(new HauswartError(code)));
    const error = await asked.catch((thrown: HauswartError) => thrown.code);
    if (error !== code) return { answered, isKnown: parts.knownTokens.has("mine") };
  }
  return { answered: Infinity, isKnown: parts.knownTokens.has("mine") };
}

test.each(["UNAUTHENTICATED", "FORBIDDEN", "ENROLMENT_TOKEN_INVALID", "SIGNATURE_INVALID"] as const)(
  "%s is counted, and the token is no longer known",
  async (code) => {
    expect(await askedUntilLimited(code)).toEqual({ answered: requestLimits.enrolment.atOnce, isKnown: false });
  },
);

test.each(["NOT_FOUND", "METHOD_NOT_ALLOWED"] as const)("%s says nothing against the token", async (code) => {
  expect(await askedUntilLimited(code)).toEqual({ answered: Infinity, isKnown: true });
});
