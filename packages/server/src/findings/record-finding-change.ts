/** What every change that a person makes to a finding leaves behind: its history, the audit log, a word on the bus. */
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import type { FindingRow } from "./finding-row.ts";

export interface FindingAct {
  readonly kind: "acknowledged" | "reopened" | "noted" | "contacted";
  readonly note: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

const actions = {
  acknowledged: "finding.acknowledge",
  reopened: "finding.reopen",
  noted: "finding.note",
  contacted: "contact.record",
} as const;

export async function recordFindingChange(tx: Tx, ctx: Context, finding: FindingRow, { kind, note, detail }: FindingAct): Promise<void> {
  await tx.sql(
    `insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor, severity, note)
     values ($1, uuidv7(), $2, $3, $4, $5, $6::text::jsonb, $7, $8)`,
    [
      ctx.providerId,
      finding.finding_id,
      finding.customer_id,
      isoTime(ctx.services.clock.now()),
      kind,
      JSON.stringify(ctx.actor),
      finding.severity,
      note,
    ],
  );
  await audit(tx, ctx, {
    action: actions[kind],
    subject: { kind: "finding", id: finding.finding_id },
    customerId: finding.customer_id,
    detail,
  });
  announce(tx, ctx, { kind: "finding", id: finding.finding_id, customerId: finding.customer_id, change: "changed" });
}
