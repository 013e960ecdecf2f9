import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { entryColumns, presentEntry, type EntryRow } from "./entry-row.ts";

/** One entry of the audit log; for actors restricted to customers only one that concerns these. Errors: FORBIDDEN, NOT_FOUND. */
export async function getAuditEntry({ ctx, input }: Verb<Input<"getAuditEntry">>): Promise<Result<"getAuditEntry">> {
  requireScope(ctx, "audit:read");
  return ctx.services.database.transaction(ctx, async (tx) => {
    const [row] = await tx.sql<EntryRow>(
      `select ${entryColumns} from hauswart.audit_entry where provider_id = $1 and audit_entry_id = $2`,
      [ctx.providerId, input.auditEntryId],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    return presentEntry(row);
  });
}
