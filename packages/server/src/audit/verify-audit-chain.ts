/** Reads the whole audit log of a provider again and says where it is not what was written. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Database, Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { beginEraseAction, hashOfEntry } from "./audit.ts";
import { forgetAction } from "./forget-audit.ts";
import { headOf, sealRows, startOfChain, type Seal } from "./seal.ts";
import { entryColumns, sealColumns, toSeal, type EntryRow, type SealRow } from "./seal-rows.ts";

/** Something that does not fit. */
export type AuditProblem =
  /** The row is not what was written. */
  | { readonly kind: "entry-changed"; readonly auditEntryId: Id; readonly position: number | null }
  /** A row that was sealed is gone. */
  | { readonly kind: "entry-missing"; readonly position: number }
  /** A row claims a place that no seal has given. */
  | { readonly kind: "entry-surplus"; readonly auditEntryId: Id; readonly position: number }
  /** The seal does not fit its rows, or not the seal before it. */
  | { readonly kind: "seal-broken"; readonly sealNumber: number }
  /** Seals are numbered without gaps; this one is not there. */
  | { readonly kind: "seal-missing"; readonly sealNumber: number };

export interface AuditVerdict {
  readonly entries: number;
  readonly unsealed: number;
  readonly seals: number;
  /** Hash that stands for everything sealed, hex. Somebody who noted an earlier one can ask whether it is still in the chain. */
  readonly head: string;
  readonly problems: readonly AuditProblem[];
}

/** Verifies the chain from its start, one seal at a time. */
export async function verifyAuditChain(database: Database, providerId: Id): Promise<AuditVerdict> {
  return database.unwalled("verify the audit log", async (tx) => {
    const problems: AuditProblem[] = [];
    const rows = await tx.sql<SealRow>(`select ${sealColumns} from hauswart.audit_seal where provider_id = $1 order by seal_number`, [
      providerId,
    ]);
    let previous: Seal | undefined;
    let entries = 0;
    const forgottenThrough = await statedForgotten(tx, providerId);
    const erased = await statedErased(tx, providerId);
    for (const row of rows) {
      const seal = toSeal(row);
      for (let missing = (previous?.sealNumber ?? 0) + 1; missing < seal.sealNumber; missing++)
        problems.push({ kind: "seal-missing", sealNumber: missing });
      const isForgotten = row.forgotten_at !== null && seal.sealNumber <= forgottenThrough;
      if (isForgotten) verifyForgotten(providerId, previous, seal, problems);
      else entries += await verifySeal(tx, { providerId, previous, seal, erased }, problems);
      previous = seal;
    }
    const rest = await tx.sql<EntryRow>(
      `select ${entryColumns} from hauswart.audit_entry where provider_id = $1 and (position is null or position > $2 or position < 1) order by audit_entry_id`,
      [providerId, previous?.lastPosition ?? 0],
    );
    for (const row of rest) {
      if (row.position !== null) problems.push({ kind: "entry-surplus", auditEntryId: row.audit_entry_id, position: row.position });
      verifyEntry(providerId, row, erased, problems);
    }
    return {
      entries: entries + rest.length,
      unsealed: rest.length,
      seals: rows.length,
      head: (previous?.head ?? startOfChain(providerId)).toString("hex"),
      problems,
    };
  });
}

/** Up to which seal the log itself says that rows were deleted when their time was over. */
async function statedForgotten(tx: Tx, providerId: Id): Promise<number> {
  const [row] = await tx.sql<{ through: number | null }>(
    "select max((detail ->> 'throughSeal')::bigint) as through from hauswart.audit_entry where provider_id = $1 and action = $2",
    [providerId, forgetAction],
  );
  return row?.through ?? 0;
}

/** Customers of which the log itself says that they were erased. These entries belong to no customer, so they are never blank. */
async function statedErased(tx: Tx, providerId: Id): Promise<ReadonlySet<Id>> {
  const rows = await tx.sql<{ id: Id }>(
    "select subject_id as id from hauswart.audit_entry where provider_id = $1 and action = $2 and customer_id is null and erased_at is null",
    [providerId, beginEraseAction],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The rows are gone by the rules; the seal still has to follow the one before it and to be what its head says. */
function verifyForgotten(providerId: Id, previous: Seal | undefined, seal: Seal, problems: AuditProblem[]): void {
  const follows =
    seal.previousHead.equals(previous?.head ?? startOfChain(providerId)) && seal.firstPosition === (previous?.lastPosition ?? 0) + 1;
  if (!follows || !headOf(providerId, seal).equals(seal.head)) problems.push({ kind: "seal-broken", sealNumber: seal.sealNumber });
}

async function verifySeal(
  tx: Tx,
  { providerId, previous, seal, erased }: { providerId: Id; previous: Seal | undefined; seal: Seal; erased: ReadonlySet<Id> },
  problems: AuditProblem[],
): Promise<number> {
  const rows = await tx.sql<EntryRow>(
    `select ${entryColumns} from hauswart.audit_entry where provider_id = $1 and position between $2 and $3 order by position`,
    [providerId, seal.firstPosition, seal.lastPosition],
  );
  const present = new Set(rows.map(({ position }) => position));
  for (let position = seal.firstPosition; position <= seal.lastPosition; position++) {
    if (!present.has(position)) problems.push({ kind: "entry-missing", position });
  }
  for (const row of rows) verifyEntry(providerId, row, erased, problems);
  const expected = sealRows(
    providerId,
    previous,
    rows.map(({ hash, customer_id }) => ({ hash, customerId: customer_id })),
  );
  const fits = expected.head.equals(seal.head) && headOf(providerId, seal).equals(seal.head);
  if (!fits) problems.push({ kind: "seal-broken", sealNumber: seal.sealNumber });
  return rows.length;
}

function verifyEntry(providerId: Id, row: EntryRow, erased: ReadonlySet<Id>, problems: AuditProblem[]): void {
  // What it said is gone with its customer; its hash still holds its place in the chain.
  if (row.erased_at !== null && row.customer_id !== null && erased.has(row.customer_id)) return;
  const hash = hashOfEntry({
    providerId,
    auditEntryId: row.audit_entry_id,
    customerId: row.customer_id,
    at: isoTime(row.at),
    actor: row.actor,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    detail: row.detail,
  });
  if (!hash.equals(row.hash)) problems.push({ kind: "entry-changed", auditEntryId: row.audit_entry_id, position: row.position });
}
