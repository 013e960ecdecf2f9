import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { presentContact, selectContacts, type ContactRow } from "./contact-row.ts";

/** Contacts with customers within the actor's reach, newest first. Errors: FORBIDDEN. */
export async function listContacts({ ctx, input }: Verb<Input<"listContacts">>): Promise<Result<"listContacts">> {
  requireScope(ctx, "findings:read");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<ContactRow>(
      `${selectContacts} and ($2::uuid is null or k.contact_id < $2) and ($3::uuid is null or k.customer_id = $3) and ($4::uuid is null or k.finding_id = $4)
       order by k.contact_id desc limit $5`,
      [ctx.providerId, after, input.customerId ?? null, input.findingId ?? null, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.contact_id], presentContact);
  });
}
