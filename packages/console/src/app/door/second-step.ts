/** The second step of a sign-in, as the server asks for it. */
import { ApiError } from "@hauswart/protocol/api/client.ts";
import type { SecondFactorChallenge } from "@hauswart/protocol/api/factors.ts";

/** What the server wants besides the password; null when the error is another one. */
export function challengeIn(error: unknown): SecondFactorChallenge | null {
  if (!(error instanceof ApiError) || error.code !== "SECOND_FACTOR_REQUIRED") return null;
  // Checked by the server's own schema; an answer of another kind shows as an error without a way on.
  const asked = error.problem as unknown as Partial<SecondFactorChallenge> | undefined;
  if (typeof asked?.challenge !== "string" || !Array.isArray(asked.factors)) return null;
  return { challenge: asked.challenge, factors: asked.factors, passkeyOptions: asked.passkeyOptions ?? null };
}
