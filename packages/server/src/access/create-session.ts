import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { PublicVerb } from "../context.ts";
import { offerSecondFactor, readFactors } from "./factors/second-factor.ts";
import { attemptOn, findAccountByEmail } from "./find-account.ts";
import { passwordFits } from "./passwords.ts";
import { returnAttempt, takeAttempt, takeBackAttempt } from "./sign-in-attempts.ts";
import { refuseSignIn, startSession } from "./start-session.ts";

/**
 * Signs in with e-mail address and password, where the account has no second factor; otherwise the error carries a challenge for it.
 * Always makes a new session and ends the one whose token came with the request.
 * Errors: WRONG_CREDENTIALS, SECOND_FACTOR_REQUIRED, TOO_MANY_ATTEMPTS.
 */
export async function createSession({ caller, input }: PublicVerb<Input<"createSession">>): Promise<Result<"createSession">> {
  const { services } = caller;
  const { account, attempt } = await services.database.unwalled("find the account of an e-mail address", async (tx) => {
    const found = await findAccountByEmail(tx, input.email);
    return { account: found, attempt: await attemptOn(tx, caller, input.email, found) };
  });
  const taken = await takeAttempt(services, attempt);
  if (!(await passwordFits(input.password, account?.password_hash ?? undefined)) || !account) {
    await refuseSignIn(caller, attempt, account, "password");
    throw new HauswartError("WRONG_CREDENTIALS");
  }
  const first = { method: "password", passwordHash: account.password_hash } as const;
  const factors = await readFactors(services, account);
  if (factors.isSet) {
    // Whoever has the password alone must not clear the count of wrong codes by typing it once more.
    await services.database.unwalled("take a sign-in attempt back", (tx) => takeBackAttempt(tx, attempt, taken));
    throw await offerSecondFactor(caller, account, factors, first);
  }
  await services.database.unwalled("give a sign-in attempt back", (tx) => returnAttempt(tx, attempt));
  return startSession(caller, account, { ...first, factor: undefined });
}
