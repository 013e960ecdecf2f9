/** What tests read of the audit log. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Database } from "@hauswart/server/database/database.ts";

export interface WrittenEntry {
  readonly providerId: Id;
  readonly action: string;
  readonly actor: { readonly id?: Id; readonly name: string };
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * The entries of the audit log in the order in which their transactions wrote them. Not in that of their ids: on a clock that
 * stands still ids of the same millisecond keep no order.
 * @param which Only those of an action (a pattern of SQL's `like`), of a provider or about one subject.
 */
export async function auditEntries(
  database: Database,
  which: { readonly action?: string; readonly providerId?: Id; readonly subjectId?: string } = {},
): Promise<readonly WrittenEntry[]> {
  return await database.unwalled("look of a test", (tx) =>
    tx.sql<WrittenEntry>(
      `select provider_id as "providerId", action, actor, detail from hauswart.audit_entry
       where action like $1 and provider_id = coalesce($2, provider_id) and subject_id = coalesce($3, subject_id)
       order by written_by, audit_entry_id`,
      [which.action ?? "%", which.providerId ?? null, which.subjectId ?? null],
    ),
  );
}

/** The actions of `auditEntries`. */
export const auditedActions = async (...which: Parameters<typeof auditEntries>) =>
  (await auditEntries(...which)).map(({ action }) => action);
