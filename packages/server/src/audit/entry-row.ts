/** Entries of the audit log as the database keeps them and as the API shows them. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { isoTime } from "../times.ts";

export interface EntryRow {
  audit_entry_id: Id;
  at: Date;
  actor: { kind: string; id: string; name: string };
  action: string;
  subject_kind: string;
  subject_id: string;
  customer_id: Id | null;
  detail: Record<string, unknown>;
  sealed: boolean;
}

export const entryColumns =
  "audit_entry_id, at, actor, action, subject_kind, subject_id, customer_id, detail, position is not null as sealed";

export function presentEntry(row: EntryRow): ItemOf<"listAudit"> {
  return {
    auditEntryId: row.audit_entry_id,
    at: isoTime(row.at),
    actor: row.actor,
    action: row.action,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    customerId: row.customer_id,
    detail: row.detail,
    sealed: row.sealed,
  };
}
