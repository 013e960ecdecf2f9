import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { Parameters } from "../database/parameters.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { isoTime } from "../times.ts";

interface Row {
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

/** The audit log, newest first; for actors restricted to customers only what concerns these. Errors: FORBIDDEN. */
export async function listAudit({ ctx, input }: Verb<Input<"listAudit">>): Promise<Result<"listAudit">> {
  requireScope(ctx, "audit:read");
  const parameters = new Parameters();
  const conditions = [`provider_id = ${parameters.add(ctx.providerId)}`];
  if (input.customerId !== undefined) conditions.push(`customer_id = ${parameters.add(input.customerId)}`);
  if (input.action !== undefined) conditions.push(`action = ${parameters.add(input.action)}`);
  const after = decodeCursor(input.cursor, idKey);
  if (after) conditions.push(`audit_entry_id < ${parameters.add(after[0])}`);
  const statement = `select audit_entry_id, at, actor, action, subject_kind, subject_id, customer_id, detail, position is not null as sealed
    from hauswart.audit_entry where ${conditions.join(" and ")} order by audit_entry_id desc limit ${parameters.add(input.limit + 1)}`;
  return ctx.services.database.transaction(ctx, async (tx) =>
    pageOf(
      await tx.sql<Row>(statement, parameters.values),
      input.limit,
      (row) => [row.audit_entry_id],
      (row) => ({
        auditEntryId: row.audit_entry_id,
        at: isoTime(row.at),
        actor: row.actor,
        action: row.action,
        subjectKind: row.subject_kind,
        subjectId: row.subject_id,
        customerId: row.customer_id,
        detail: row.detail,
        sealed: row.sealed,
      }),
    ),
  );
}
