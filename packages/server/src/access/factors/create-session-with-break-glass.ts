import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { PublicVerb } from "../../context.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import { attemptOn, findAccountByEmail } from "../find-account.ts";
import { returnAttempt, takeAttempt } from "../sign-in-attempts.ts";
import { refuseSignIn, startSession } from "../start-session.ts";
import { ownersOf, takeBreakGlassCode } from "./break-glass.ts";

/** Signs an owner in with the code from the server's own computer, and tells all owners. Errors: FACTOR_REFUSED, TOO_MANY_ATTEMPTS. */
export async function createSessionWithBreakGlass({
  caller,
  input,
}: PublicVerb<Input<"createSessionWithBreakGlass">>): Promise<Result<"createSessionWithBreakGlass">> {
  const { services, address } = caller;
  const { account, attempt } = await services.database.unwalled("find the account of an e-mail address", async (tx) => {
    const found = await findAccountByEmail(tx, input.email);
    // Nobody guesses 100 bits; but anybody could keep the account's count up, and with it the owner out.
    return { account: found, attempt: { ...(await attemptOn(tx, caller, input.email, found)), fromKnownAddress: true } };
  });
  await takeAttempt(services, attempt);
  const person = account?.role === "owner" && { providerId: account.provider_id, accountId: account.account_id };
  const holds =
    person &&
    (await services.database.transaction({ providerId: person.providerId, customers: "*" }, (tx) =>
      takeBreakGlassCode(tx, services, person, input.code),
    ));
  if (!account || !holds) {
    await refuseSignIn(caller, attempt, account, "break-glass");
    throw new HauswartError("FACTOR_REFUSED");
  }
  await services.database.unwalled("give a sign-in attempt back", (tx) => returnAttempt(tx, attempt));
  return startSession(caller, account, { method: "break-glass", factor: "server" }, async (tx, ctx) => {
    await audit(tx, ctx, { action: "break-glass.use", subject: { kind: "account", id: account.account_id }, customerId: null });
    await tellOfSecurity(tx, ctx, await ownersOf(tx, account.provider_id), { kind: "break-glass-used", owner: account.name, address });
  });
}
