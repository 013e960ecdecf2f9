/**
 * Seals the audit log: rows that no running transaction can precede any more get their place in the chain. No lock stands
 * where rows are written; this runs every few seconds, in one process at a time.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Database, Tx } from "../database/database.ts";
import { sealRows, type Seal } from "./seal.ts";
import { sealColumns, toSeal, type SealRow } from "./seal-rows.ts";

/** Rows under one seal; the rest waits for the next round. */
const rowsPerSeal = 5_000;

/** Seals what can be sealed, of all providers. @returns the number of rows that were sealed. */
export async function sealAudit(database: Database): Promise<number> {
  const providers = await database.unwalled("look for unsealed audit rows", (tx) =>
    tx.sql<{ provider_id: Id }>("select distinct provider_id from hauswart.audit_entry where position is null"),
  );
  let sealed = 0;
  for (const { provider_id } of providers) {
    let rows: number;
    do {
      rows = await database.unwalled("seal the audit log", (tx) => sealProvider(tx, provider_id));
      sealed += rows;
    } while (rows === rowsPerSeal);
  }
  return sealed;
}

interface UnsealedRow {
  audit_entry_id: Id;
  customer_id: Id | null;
  hash: Buffer;
}

async function sealProvider(tx: Tx, providerId: Id): Promise<number> {
  await tx.sql("select pg_advisory_xact_lock(hashtextextended('hauswart.audit/' || $1, 0))", [providerId]);
  const [last] = await tx.sql<SealRow>(
    `select ${sealColumns} from hauswart.audit_seal where provider_id = $1 order by seal_number desc limit 1`,
    [providerId],
  );
  const rows = await tx.sql<UnsealedRow>(
    `select audit_entry_id, customer_id, hash from hauswart.audit_entry
     where provider_id = $1 and position is null and written_by < pg_snapshot_xmin(pg_current_snapshot())
     order by at, written_by, audit_entry_id limit $2`,
    [providerId, rowsPerSeal],
  );
  if (rows.length === 0) return 0;
  const seal = sealRows(
    providerId,
    last && toSeal(last),
    rows.map(({ hash, customer_id }) => ({ hash, customerId: customer_id })),
  );
  await writeSeal(tx, providerId, seal, rows);
  return rows.length;
}

async function writeSeal(tx: Tx, providerId: Id, seal: Seal, rows: readonly UnsealedRow[]): Promise<void> {
  await tx.sql(
    `update hauswart.audit_entry e set position = $3::bigint + places.place - 1
     from unnest($2::uuid[]) with ordinality as places(audit_entry_id, place)
     where e.provider_id = $1 and e.audit_entry_id = places.audit_entry_id`,
    [providerId, rows.map(({ audit_entry_id }) => audit_entry_id), seal.firstPosition],
  );
  await tx.sql(
    `insert into hauswart.audit_seal (provider_id, seal_number, first_position, last_position, previous_head, root, head, customer_roots)
     values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb)`,
    [
      providerId,
      seal.sealNumber,
      seal.firstPosition,
      seal.lastPosition,
      seal.previousHead,
      seal.root,
      seal.head,
      JSON.stringify(seal.customerRoots),
    ],
  );
}
