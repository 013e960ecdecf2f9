/**
 * What a restored database must not believe of itself any more, and what it has to remember of having been restored. Runs in the
 * transaction that fills it, as the owner.
 */
import type { AuditAction } from "@hauswart/protocol/api/audit-actions.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Client } from "pg";
import { audit } from "../audit/audit.ts";
import { systemClock } from "../clock.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import type { CheckedBackup } from "./archive-reader.ts";

/** Name of its row in `installation`; the value is JSON in UTF-8. */
const rowName = "restored";

type Restored = NonNullable<Services["restored"]>;

/** Reads it as the owner; undefined when the installation was never restored. */
export async function readRestored(tx: Pick<Tx, "sql">): Promise<Restored | undefined> {
  const [row] = await tx.sql<{ value: Buffer }>("select value from hauswart.installation where name = $1", [rowName]);
  return row && (JSON.parse(row.value.toString("utf8")) as Restored);
}

/** The tables are those of the version that made the backup, which may be an old one. */
export async function settleRestored(client: Client, { header }: Pick<CheckedBackup, "header">): Promise<void> {
  const restored: Restored = { snapshotAtMs: Date.parse(header.madeAt), restoredAtMs: systemClock.now() };
  // Numbers of transactions count anew in another cluster; an unsealed entry with an old, higher one would wait for years.
  await client.query("update hauswart.audit_entry set written_by = pg_current_xact_id() where position is null");
  // Nobody knows which of them were ended after the backup.
  await client.query("update hauswart.session set ended_at = now() where ended_at is null");
  // Agents may run what was configured after the backup; a number that comes a second time must not look like that.
  await client.query("update hauswart.device set configuration_revision = configuration_revision + 1000000");
  const { rows } = await client.query<{ exists: boolean }>("select to_regclass('hauswart.backup_run') is not null as exists");
  if (rows[0]?.exists) await client.query("delete from hauswart.backup_run where finished_at is null");
  await client.query(
    "insert into hauswart.installation (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
    [rowName, Buffer.from(JSON.stringify(restored))],
  );
  await auditEverywhere(
    { sql: async (text, values = []) => (await client.query(text, [...values])).rows as never },
    "installation.restore",
    {
      backupId: header.backupId,
      madeAt: isoTime(restored.snapshotAtMs),
    },
  );
}

/** Something that concerns the whole installation stands in the audit log of each provider. */
export async function auditEverywhere(tx: Pick<Tx, "sql">, action: AuditAction, detail: Readonly<Record<string, unknown>>): Promise<void> {
  const providers = await tx.sql<{ provider_id: Id }>("select provider_id from hauswart.provider order by provider_id");
  for (const { provider_id: providerId } of providers) {
    await audit(
      tx,
      { services: { clock: systemClock }, providerId, actor: { kind: "system", id: "backup", name: "backup" }, address: "" },
      { action, subject: { kind: "installation", id: providerId }, customerId: null, detail },
    );
  }
}
