/** Seals and rows of the audit log as the database keeps them. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Seal } from "./seal.ts";

export interface SealRow {
  seal_number: number;
  first_position: number;
  last_position: number;
  previous_head: Buffer;
  root: Buffer;
  head: Buffer;
  customer_roots: Record<string, string>;
  /** When its rows were deleted because their time was over. */
  forgotten_at: Date | null;
}

export const sealColumns = "seal_number, first_position, last_position, previous_head, root, head, customer_roots, forgotten_at";

export function toSeal(row: SealRow): Seal {
  return {
    sealNumber: row.seal_number,
    firstPosition: row.first_position,
    lastPosition: row.last_position,
    previousHead: row.previous_head,
    root: row.root,
    head: row.head,
    customerRoots: row.customer_roots,
  };
}

export interface EntryRow {
  audit_entry_id: Id;
  customer_id: Id | null;
  at: Date;
  actor: Record<string, unknown>;
  action: string;
  subject_kind: string;
  subject_id: string;
  detail: Record<string, unknown>;
  hash: Buffer;
  position: number | null;
  /** When its details were taken out with its customer. */
  erased_at: Date | null;
}

export const entryColumns = "audit_entry_id, customer_id, at, actor, action, subject_kind, subject_id, detail, hash, position, erased_at";
