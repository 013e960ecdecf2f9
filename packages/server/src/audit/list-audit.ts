import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { Parameters } from "../database/parameters.ts";
import { decodeCursor, firstIdAt, idKey, pageOf } from "../paging.ts";
import { entryColumns, presentEntry, type EntryRow } from "./entry-row.ts";

/** The audit log, newest first; for actors restricted to customers only what concerns these. Errors: FORBIDDEN. */
export async function listAudit({ ctx, input }: Verb<Input<"listAudit">>): Promise<Result<"listAudit">> {
  requireScope(ctx, "audit:read");
  const parameters = new Parameters();
  const conditions = [`provider_id = ${parameters.add(ctx.providerId)}`, ...filters(input, parameters)];
  const after = decodeCursor(input.cursor, idKey);
  if (after) conditions.push(`audit_entry_id < ${parameters.add(after[0])}`);
  const statement = `select ${entryColumns}
    from hauswart.audit_entry where ${conditions.join(" and ")} order by audit_entry_id desc limit ${parameters.add(input.limit + 1)}`;
  return ctx.services.database.transaction(ctx, async (tx) =>
    pageOf(await tx.sql<EntryRow>(statement, parameters.values), input.limit, (row) => [row.audit_entry_id], presentEntry),
  );
}

/** Texts are compared as they are: nothing in them means anything to the database. */
const holds = (value: string, wanted: string) => `position(lower(${wanted}) in lower(${value})) > 0`;

function filters(input: Input<"listAudit">, parameters: Parameters): string[] {
  const { customerId, action, actor, actorKind, subject, search, from, to } = input;
  const conditions: string[] = [];
  const add = (value: string | undefined, condition: (place: string) => string) => {
    if (value !== undefined && value.trim() !== "") conditions.push(condition(parameters.add(value)));
  };
  add(customerId, (place) => `customer_id = ${place}`);
  add(action, (place) => `(action = ${place} or starts_with(action, ${place} || '.'))`);
  add(actor?.trim(), (place) => holds("actor->>'name'", place));
  add(actorKind, (place) => `actor->>'kind' = ${place}`);
  add(subject, (place) => `(subject_kind = ${place} or subject_id = ${place})`);
  add(
    search?.trim(),
    (place) => `(${["action", "actor->>'name'", "subject_kind", "subject_id"].map((value) => holds(value, place)).join(" or ")}
    or exists (select from jsonb_path_query(detail, 'strict $.** ? (@.type() == "string" || @.type() == "number")') value where ${holds("value #>> '{}'", place)}))`,
  );
  // Ids begin with the moment, so a span of time is a span of ids.
  add(from && firstIdAt(from), (place) => `audit_entry_id >= ${place}::uuid`);
  add(to && firstIdAt(to), (place) => `audit_entry_id < ${place}::uuid`);
  return conditions;
}
