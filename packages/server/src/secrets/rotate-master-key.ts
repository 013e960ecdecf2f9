/**
 * Gives the installation a new master key: everything that the old one sealed is sealed anew, in one transaction. The new key lies
 * beside the old one until that has committed, so whichever moment the process dies in, the key that belongs to the database is there.
 * No server may run meanwhile: it would go on sealing with the old key.
 */
import type { Database, Tx } from "../database/database.ts";
import { SettingsError, type Settings } from "../settings.ts";
import { openSecret, sealSecret } from "../webhooks/stored-secret.ts";
import { fingerprintRow, finishRotation, knownFingerprint, loadSealedBox, makeNextKey, masterKeyPath } from "./master-key.ts";
import { sealedBox, type SealedBox } from "./sealed-box.ts";

/** Sealed columns of type bytea; their place is the table and its key, with slashes between. Whoever seals in another table adds it here. */
const sealedColumns = [
  { table: "recipient", column: "secret", key: ["provider_id", "recipient_id"] },
  { table: "push_subscription", column: "auth", key: ["provider_id", "push_subscription_id"] },
  { table: "push_key", column: "private_key", key: ["provider_id"] },
  { table: "account_totp", column: "secret", key: ["provider_id", "account_id"] },
  { table: "oidc_issuer", column: "client_secret", key: ["provider_id", "oidc_issuer_id"] },
  { table: "policy_secret", column: "sealed", key: ["provider_id", "secret_id"] },
  { table: "mail", column: "access_link", key: ["provider_id", "mail_id"] },
] as const;

/** A server that showed itself this short a while ago runs. */
const aliveMs = 15_000;

/** @returns how many secrets were sealed anew. @throws SettingsError, SealedValueError */
export async function rotateMasterKey(settings: Pick<Settings, "masterKeyFile" | "dataDirectory">, database: Database): Promise<number> {
  if ((await knownFingerprint(database)) === undefined)
    throw new SettingsError(["No server has run on this database yet: there is no key to change."]);
  const old = await loadSealedBox(settings, database);
  const path = masterKeyPath(settings);
  const next = sealedBox(makeNextKey(path));
  const count = await database.unwalled("a new master key", async (tx) => {
    await refuseRunning(tx);
    let sealed = await sealIdentity(tx, old, next);
    for (const column of sealedColumns) sealed += await sealColumn(tx, column, old, next);
    sealed += await sealWebhooks(tx, old, next);
    // Begun sign-ins are sealed too; they live for minutes.
    await tx.sql("delete from hauswart.sign_in_challenge");
    const [row] = await tx.sql("update hauswart.installation set value = $2 where name = $1 and value = $3 returning name", [
      fingerprintRow,
      Buffer.from(next.fingerprint, "ascii"),
      Buffer.from(old.fingerprint, "ascii"),
    ]);
    if (row === undefined) throw new SettingsError(["Another process has changed the master key meanwhile."]);
    return sealed;
  });
  finishRotation(path, next.fingerprint);
  return count;
}

async function refuseRunning(tx: Tx): Promise<void> {
  const [running] = await tx.sql(
    "select 1 as one from hauswart.server_process where stopped_at is null and alive_at > now() - $1::int8 * interval '1 millisecond' limit 1",
    [aliveMs],
  );
  if (running !== undefined) throw new SettingsError(["A server runs on this database. Stop it, then change the key."]);
}

async function sealIdentity(tx: Tx, old: SealedBox, next: SealedBox): Promise<number> {
  const place = { table: "installation", row: "identity-key" };
  const [row] = await tx.sql<{ value: Buffer }>("select value from hauswart.installation where name = 'identity-key'");
  if (row === undefined) return 0;
  const value = next.seal(old.open(row.value, place), place);
  await tx.sql("update hauswart.installation set value = $1 where name = 'identity-key'", [value]);
  return 1;
}

async function sealColumn(
  tx: Tx,
  { table, column, key }: (typeof sealedColumns)[number],
  old: SealedBox,
  next: SealedBox,
): Promise<number> {
  const rows = await tx.sql<{ keys: string[]; value: Buffer }>(
    `select array[${key.map((name) => `${name}::text`).join(", ")}] as keys, ${column} as value from hauswart.${table} where ${column} is not null`,
  );
  for (const { keys, value } of rows) {
    const place = { table, row: keys.join("/") };
    await tx.sql(
      `update hauswart.${table} set ${column} = $1 where ${key.map((name, index) => `${name} = $${index + 2}::uuid`).join(" and ")}`,
      [next.seal(old.open(value, place), place), ...keys],
    );
  }
  return rows.length;
}

async function sealWebhooks(tx: Tx, old: SealedBox, next: SealedBox): Promise<number> {
  const rows = await tx.sql<{ provider_id: string; webhook_id: string; secret: string }>(
    "select provider_id, webhook_id, secret from hauswart.webhook",
  );
  for (const { provider_id, webhook_id, secret } of rows) {
    const sealed = sealSecret(next, provider_id, webhook_id, openSecret(old, provider_id, webhook_id, secret));
    await tx.sql("update hauswart.webhook set secret = $3 where provider_id = $1 and webhook_id = $2", [provider_id, webhook_id, sealed]);
  }
  return rows.length;
}
