import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import { sendLetter } from "../../mail/send-letter.ts";
import type { Services } from "../../services.ts";
import type { AccountRow } from "../accounts/account-row.ts";
import { unsetOwnerEmail } from "../ensure-first-owner.ts";

/** Stores a new password; links for another one end, and the account's address is told. In a transaction for all customers. */
export async function writePassword(
  tx: Tx,
  { services, address }: { services: Services; address: string },
  account: Pick<AccountRow, "provider_id" | "account_id" | "email" | "language">,
  passwordHash: string,
): Promise<void> {
  const ids: [Id, Id] = [account.provider_id, account.account_id];
  await tx.sql("update hauswart.account set password_hash = $3 where provider_id = $1 and account_id = $2", [...ids, passwordHash]);
  await tx.sql("delete from hauswart.password_reset where provider_id = $1 and account_id = $2", ids);
  if (account.email === unsetOwnerEmail) return;
  const letter = { kind: "password-changed", email: account.email, fromAddress: address, atMs: services.clock.now() } as const;
  await sendLetter(tx, { services, providerId: account.provider_id }, { address: account.email, language: account.language, letter });
}
