/** The audit log: every change and every access to something secret, written in the transaction that does it. */
import type { AuditAction, AuditSubject } from "@hauswart/protocol/api/audit-actions.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { Actor, Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { canonicalJson, sha256, storable } from "./canonical.ts";

/** Action of the entry that states that a customer is erased: from then on its entries may be blank. */
export const beginEraseAction = "customer.erase";

/** What was done, to what. */
export interface AuditAct {
  /** Noun and verb: `device.change`, `session.create`. */
  readonly action: AuditAction;
  readonly subject: { readonly kind: AuditSubject; readonly id: string };
  /** Whose the subject is; null for what belongs to the whole provider. */
  readonly customerId: Id | null;
  /** What changed. Never a secret: whoever may read the log may read this. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Who acts and when; `Context` fits. */
export type AuditContext = Pick<Context, "services" | "providerId" | "actor" | "address">;

/** Of the services the clock is enough: a command beside the server has no bus, and nobody who listens. */
type LeastContext = Omit<AuditContext, "services"> & { readonly services: Pick<Services, "clock"> & Partial<Pick<Services, "bus">> };

type LeastTx = Pick<Tx, "sql"> & Partial<Pick<Tx, "afterCommit">>;

/** What the hash of a row covers; everything but its place in the chain. */
export interface HashedEntry {
  readonly providerId: Id;
  readonly auditEntryId: Id;
  readonly customerId: Id | null;
  /** ISO 8601, milliseconds, UTC. */
  readonly at: string;
  readonly actor: Readonly<Record<string, unknown>>;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Hash of one row of the audit log. */
export function hashOfEntry(entry: HashedEntry): Buffer {
  return sha256("hauswart/1/audit-entry\n", canonicalJson(entry));
}

/**
 * Writes one row, and tells the live stream what kind of thing it is about once it has committed: so every change that is on record
 * reaches the pages that show it. Fails, and with it the transaction, when the row cannot be written.
 */
export async function audit(tx: LeastTx, ctx: LeastContext, act: AuditAct): Promise<void> {
  const atMs = Math.floor(ctx.services.clock.now());
  const entry: HashedEntry = {
    providerId: ctx.providerId,
    auditEntryId: newId(atMs),
    customerId: act.customerId,
    at: new Date(atMs).toISOString(),
    actor: storable(describeActor(ctx.actor, ctx.address)) as Record<string, unknown>,
    action: act.action,
    subjectKind: act.subject.kind,
    subjectId: act.subject.id,
    detail: storable(act.detail ?? {}) as Record<string, unknown>,
  };
  await tx.sql(
    `insert into hauswart.audit_entry (provider_id, audit_entry_id, customer_id, at, actor, action, subject_kind, subject_id, detail, hash)
     values ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8, $9::text::jsonb, $10)`,
    [
      entry.providerId,
      entry.auditEntryId,
      entry.customerId,
      entry.at,
      JSON.stringify(entry.actor),
      entry.action,
      entry.subjectKind,
      entry.subjectId,
      JSON.stringify(entry.detail),
      hashOfEntry(entry),
    ],
  );
  const { bus } = ctx.services;
  if (bus)
    tx.afterCommit?.(() =>
      bus.publish("live", {
        providerId: ctx.providerId,
        kind: "audit",
        id: act.subject.kind,
        customerId: act.customerId,
        change: "changed",
      }),
    );
}

function describeActor(actor: Actor, address: string): Record<string, unknown> {
  return address === "" ? { ...actor } : { ...actor, address };
}
