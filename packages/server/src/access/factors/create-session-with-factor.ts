import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { PublicVerb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { tellOfSecurity } from "../../mail/tell-of-security.ts";
import type { Services } from "../../services.ts";
import { attemptOn, findAccountById } from "../find-account.ts";
import { returnAttempt, takeAttempt } from "../sign-in-attempts.ts";
import { refuseSignIn, startSession } from "../start-session.ts";
import { takeChallenge } from "./challenges.ts";
import { takePasskey, takeRecoveryCode, takeTotp } from "./check-factor.ts";
import { readFactorRows, type Person } from "./factor-rows.ts";

type Answer = Input<"createSessionWithFactor">;

/**
 * The second step of a sign-in. Wrong answers count like wrong passwords, for the account and the address.
 * Errors: CHALLENGE_INVALID, FACTOR_REFUSED, TOO_MANY_ATTEMPTS.
 */
export async function createSessionWithFactor({ caller, input }: PublicVerb<Answer>): Promise<Result<"createSessionWithFactor">> {
  const { services } = caller;
  const { begun, giveBack } = await takeChallenge(services, input.challenge, "second-factor");
  const { account, attempt } = await services.database.unwalled("find the account of a second step", async (tx) => {
    const found = await findAccountById(tx, begun.providerId, begun.accountId);
    return { account: found, attempt: found && (await attemptOn(tx, caller, found.email, found)) };
  });
  if (!account || !attempt) throw new HauswartError("CHALLENGE_INVALID");
  await takeAttempt(services, attempt).catch(async (error: unknown) => {
    await giveBack(false);
    throw error;
  });
  const factor = factorOf(input);
  const holds = await services.database.transaction({ providerId: begun.providerId, customers: "*" }, (tx) =>
    takeFactor(tx, services, begun, input, begun.webAuthn),
  );
  if (!holds) {
    await refuseSignIn(caller, attempt, account, factor);
    await giveBack(true);
    throw new HauswartError("FACTOR_REFUSED");
  }
  await services.database.unwalled("give a sign-in attempt back", (tx) => returnAttempt(tx, attempt));
  return startSession(caller, account, { ...begun, factor }, async (tx, ctx) => {
    if (factor !== "recovery-code") return;
    const { recoveryCodes } = await readFactorRows(tx, begun);
    const left = recoveryCodes?.left ?? 0;
    await audit(tx, ctx, {
      action: "recovery-code.use",
      subject: { kind: "account", id: begun.accountId },
      customerId: null,
      detail: { left },
    });
    await tellOfSecurity(tx, ctx, [account], { kind: "recovery-code-used", left, address: caller.address });
  });
}

const factorOf = (answer: Answer) => (answer.totp !== undefined ? "totp" : answer.passkey !== undefined ? "passkey" : "recovery-code");

async function takeFactor(tx: Tx, services: Services, person: Person, answer: Answer, webAuthn: string | null): Promise<boolean> {
  if (answer.totp !== undefined) return takeTotp(tx, services, person, answer.totp);
  if (answer.recoveryCode !== undefined) return takeRecoveryCode(tx, services, person, answer.recoveryCode);
  return answer.passkey !== undefined && webAuthn !== null && takePasskey(tx, services, person, { passkey: answer.passkey, webAuthn });
}
