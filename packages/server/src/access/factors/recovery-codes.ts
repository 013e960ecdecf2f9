/** Recovery codes: ten at a time, shown once, each good once. */
import { newId } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import { readFactorRows, type Person } from "./factor-rows.ts";
import { hashOfOneTimeCode, newOneTimeCode } from "./one-time-codes.ts";

const codesAtOnce = 10;

/** Makes new codes in place of all that there were. @returns them, this once */
export async function replaceRecoveryCodes(tx: Tx, services: Services, { providerId, accountId }: Person): Promise<string[]> {
  const nowMs = services.clock.now();
  const codes = Array.from({ length: codesAtOnce }, newOneTimeCode);
  await tx.sql("delete from hauswart.recovery_code where provider_id = $1 and account_id = $2", [providerId, accountId]);
  for (const code of codes) {
    await tx.sql(
      "insert into hauswart.recovery_code (provider_id, recovery_code_id, account_id, code_hash, created_at) values ($1, $2, $3, $4, $5)",
      [providerId, newId(nowMs), accountId, hashOfOneTimeCode(code), isoTime(nowMs)],
    );
  }
  return codes;
}

/** With the first factor come codes. @returns null where there are some already */
export async function firstRecoveryCodes(tx: Tx, services: Services, person: Person): Promise<string[] | null> {
  const { recoveryCodes } = await readFactorRows(tx, person);
  return recoveryCodes ? null : replaceRecoveryCodes(tx, services, person);
}
