/** The second step of a sign-in: what an account can answer with, and the challenge for it. */
import type { Factor, SecondFactorChallenge } from "@hauswart/protocol/api/factors.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Caller } from "../../context.ts";
import type { Services } from "../../services.ts";
import type { AccountRow } from "../accounts/account-row.ts";
import { beginChallenge, type FirstStep } from "./challenges.ts";
import { credentialOf, readFactorRows, type FactorRows } from "./factor-rows.ts";
import { askForAnswer, relyingPartyOf } from "./web-authn.ts";

/** The factors of an account that is about to sign in. */
export function readFactors(services: Services, account: AccountRow): Promise<FactorRows> {
  const { provider_id: providerId, account_id: accountId } = account;
  return services.database.transaction({ providerId, customers: "*" }, (tx) => readFactorRows(tx, { providerId, accountId }));
}

/** Begins the second step. @returns the error that carries its challenge */
export async function offerSecondFactor(
  caller: Caller,
  { provider_id: providerId, account_id: accountId }: AccountRow,
  rows: FactorRows,
  first: FirstStep,
): Promise<HauswartError> {
  const { services, address } = caller;
  const party = relyingPartyOf(services.settings);
  const asked = party && rows.passkeys.length > 0 ? await askForAnswer(party, rows.passkeys.map(credentialOf)) : undefined;
  const challenge = await beginChallenge(
    services,
    { kind: "second-factor", providerId, accountId, ...first, webAuthn: asked?.webAuthn ?? null },
    address,
  );
  const factors: Factor[] = [
    ...(asked ? (["passkey"] as const) : []),
    ...(rows.totpConfirmedAt ? (["totp"] as const) : []),
    ...(rows.recoveryCodes && rows.recoveryCodes.left > 0 ? (["recovery-code"] as const) : []),
  ];
  const extra: SecondFactorChallenge = { challenge, factors, passkeyOptions: asked?.options ?? null };
  return new HauswartError("SECOND_FACTOR_REQUIRED", undefined, extra);
}
