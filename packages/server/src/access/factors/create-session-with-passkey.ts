import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { PublicVerb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { attemptOn, findAccountById, type SignInRow } from "../find-account.ts";
import { returnAttempt, takeAttempt } from "../sign-in-attempts.ts";
import { refuseSignIn, startSession } from "../start-session.ts";
import { takeChallenge } from "./challenges.ts";
import { takePasskey } from "./check-factor.ts";

/**
 * Signs in with a passkey alone: it has verified its user, so it is both factors at once.
 * Errors: CHALLENGE_INVALID, FACTOR_REFUSED, TOO_MANY_ATTEMPTS.
 */
export async function createSessionWithPasskey({
  caller,
  input,
}: PublicVerb<Input<"createSessionWithPasskey">>): Promise<Result<"createSessionWithPasskey">> {
  const { services } = caller;
  const { begun } = await takeChallenge(services, input.challenge, "passkey-sign-in");
  const { account, attempt } = await services.database.unwalled("find the account of a passkey", async (tx) => {
    const found = await findAccountOfPasskey(tx, input.passkey.id);
    return { account: found, attempt: await attemptOn(tx, caller, found?.email ?? input.passkey.id, found) };
  });
  await takeAttempt(services, attempt);
  const person = account && { providerId: account.provider_id, accountId: account.account_id };
  const holds =
    person !== undefined &&
    (await services.database.transaction({ providerId: person.providerId, customers: "*" }, (tx) =>
      takePasskey(tx, services, person, { passkey: input.passkey, webAuthn: begun.webAuthn }),
    ));
  if (!account || !holds) {
    await refuseSignIn(caller, attempt, account, "passkey");
    throw new HauswartError("FACTOR_REFUSED");
  }
  await services.database.unwalled("give a sign-in attempt back", (tx) => returnAttempt(tx, attempt));
  return startSession(caller, account, { method: "passkey", factor: "passkey" });
}

async function findAccountOfPasskey(tx: Tx, credentialId: string): Promise<SignInRow | undefined> {
  const [row] = await tx.sql<{ provider_id: Id; account_id: Id }>(
    "select provider_id, account_id from hauswart.passkey where credential_id = $1",
    [credentialId],
  );
  return row && findAccountById(tx, row.provider_id, row.account_id);
}
