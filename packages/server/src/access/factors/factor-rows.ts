/** Second factors as the database keeps them. Every statement names the account: row-level security knows the provider only. */
import type { Passkey } from "@hauswart/protocol/api/factors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import type { Services } from "../../services.ts";
import { announceAccess } from "../accounts/announce-access.ts";
import { isoTime, isoTimeOrNull } from "../../times.ts";
import type { KnownCredential } from "./web-authn.ts";

/** Whose factors. */
export interface Person {
  readonly providerId: Id;
  readonly accountId: Id;
}

export interface PasskeyRow {
  passkey_id: Id;
  credential_id: string;
  public_key: Uint8Array;
  sign_count: string;
  transports: string[];
  is_synced: boolean;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
}

export const passkeyColumns = "passkey_id, credential_id, public_key, sign_count, transports, is_synced, name, created_at, last_used_at";

export const credentialOf = (row: PasskeyRow): KnownCredential => ({
  credentialId: row.credential_id,
  publicKey: row.public_key,
  signCount: Number(row.sign_count),
  transports: row.transports,
});

export const presentPasskey = (row: PasskeyRow): Passkey => ({
  passkeyId: row.passkey_id,
  name: row.name,
  isSynced: row.is_synced,
  createdAt: isoTime(row.created_at),
  lastUsedAt: isoTimeOrNull(row.last_used_at),
});

/** All that an account has. */
export interface FactorRows {
  readonly totpConfirmedAt: Date | undefined;
  readonly passkeys: readonly PasskeyRow[];
  readonly recoveryCodes: { readonly left: number; readonly createdAt: Date } | undefined;
  /** Whether a second factor is asked for. Recovery codes alone are none. */
  readonly isSet: boolean;
}

export async function readFactorRows(tx: Tx, { providerId, accountId }: Person): Promise<FactorRows> {
  const who = [providerId, accountId];
  const [totps, passkeys, codes] = await Promise.all([
    tx.sql<{ confirmed_at: Date }>(
      "select confirmed_at from hauswart.account_totp where provider_id = $1 and account_id = $2 and confirmed_at is not null",
      who,
    ),
    tx.sql<PasskeyRow>(
      `select ${passkeyColumns} from hauswart.passkey where provider_id = $1 and account_id = $2 order by created_at, passkey_id`,
      who,
    ),
    tx.sql<{ left: number; created_at: Date | null }>(
      `select (count(*) filter (where used_at is null))::int as left, max(created_at) as created_at
       from hauswart.recovery_code where provider_id = $1 and account_id = $2`,
      who,
    ),
  ]);
  const { left, created_at: createdAt } = codes[0]!;
  return {
    totpConfirmedAt: totps[0]?.confirmed_at,
    passkeys,
    recoveryCodes: createdAt === null ? undefined : { left, createdAt },
    isSet: totps.length > 0 || passkeys.length > 0,
  };
}

export interface TotpRow {
  secret: Uint8Array;
  confirmed_at: Date | null;
  last_step: string;
}

/** Locked until the transaction ends, so that two requests with the same code come one after the other. */
export async function lockTotp(tx: Tx, { providerId, accountId }: Person): Promise<TotpRow | undefined> {
  const [row] = await tx.sql<TotpRow>(
    "select secret, confirmed_at, last_step from hauswart.account_totp where provider_id = $1 and account_id = $2 for update",
    [providerId, accountId],
  );
  return row;
}

/** The place of a TOTP secret in the sealed box. */
export const totpPlace = ({ providerId, accountId }: Person) => ({ table: "account_totp", row: `${providerId}/${accountId}` });

/** Recovery codes are worth nothing without a factor that they stand in for. */
export async function dropRecoveryCodesWithoutFactor(tx: Tx, person: Person): Promise<void> {
  if ((await readFactorRows(tx, person)).isSet) return;
  await tx.sql("delete from hauswart.recovery_code where provider_id = $1 and account_id = $2", [person.providerId, person.accountId]);
}

/** Ends the account's sessions that a password alone opened, but the one that asks: they were begun by the weaker rule. */
export async function endWeakerSessions(tx: Tx, services: Services, { providerId, accountId }: Person, sessionId: Id): Promise<void> {
  await tx.sql(
    `update hauswart.session set ended_at = $4
     where provider_id = $1 and account_id = $2 and session_id <> $3 and ended_at is null and not has_second_factor`,
    [providerId, accountId, sessionId, isoTime(services.clock.now())],
  );
  announceAccess(tx, { services, providerId }, [accountId]);
}
