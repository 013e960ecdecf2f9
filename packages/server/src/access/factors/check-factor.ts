/** Whether what somebody answered with is one of their factors. Whatever holds is used up. */
import type { PasskeyAnswer } from "@hauswart/protocol/api/factors.ts";
import type { Tx } from "../../database/database.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import { credentialOf, lockTotp, passkeyColumns, totpPlace, type PasskeyRow, type Person } from "./factor-rows.ts";
import { hashOfOneTimeCode } from "./one-time-codes.ts";
import { stepOfCode } from "./totp.ts";
import { checkAnswer, relyingPartyOf } from "./web-authn.ts";

/** Whether a code of the account's authenticator app holds. Each is good once, and none older than the last one taken. */
export async function takeTotp(
  tx: Tx,
  services: Services,
  person: Person,
  code: string,
  { unconfirmed = false }: { readonly unconfirmed?: boolean } = {},
): Promise<boolean> {
  const row = await lockTotp(tx, person);
  if (!row || (row.confirmed_at === null) !== unconfirmed) return false;
  const step = stepOfCode(services.secrets.open(row.secret, totpPlace(person)), code, services.clock.now());
  if (step === undefined || step <= Number(row.last_step)) return false;
  await tx.sql("update hauswart.account_totp set last_step = $3 where provider_id = $1 and account_id = $2", [
    person.providerId,
    person.accountId,
    step,
  ]);
  return true;
}

/** Whether it is one of the account's recovery codes that was not used yet. */
export async function takeRecoveryCode(tx: Tx, services: Services, { providerId, accountId }: Person, code: string): Promise<boolean> {
  const used = await tx.sql(
    `update hauswart.recovery_code set used_at = $4
     where provider_id = $1 and account_id = $2 and code_hash = $3 and used_at is null returning 1`,
    [providerId, accountId, hashOfOneTimeCode(code), isoTime(services.clock.now())],
  );
  return used.length > 0;
}

/** Whether one of the account's passkeys signed this challenge. */
export async function takePasskey(
  tx: Tx,
  services: Services,
  { providerId, accountId }: Person,
  { passkey, webAuthn }: { readonly passkey: PasskeyAnswer; readonly webAuthn: string },
): Promise<boolean> {
  const party = relyingPartyOf(services.settings);
  const [row] = await tx.sql<PasskeyRow>(
    `select ${passkeyColumns} from hauswart.passkey where provider_id = $1 and account_id = $2 and credential_id = $3 for update`,
    [providerId, accountId, passkey.id],
  );
  if (!row || !party) return false;
  const checked = await checkAnswer(party, { answer: passkey, webAuthn, known: credentialOf(row) });
  if (!checked) return false;
  await tx.sql("update hauswart.passkey set sign_count = $3, last_used_at = $4 where provider_id = $1 and passkey_id = $2", [
    providerId,
    row.passkey_id,
    checked.signCount,
    isoTime(services.clock.now()),
  ]);
  return true;
}
