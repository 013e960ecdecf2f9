import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../../access/require-scope.ts";
import type { Verb } from "../../context.ts";
import { decodeCursor, idKey, pageOf } from "../../paging.ts";
import { presentRecipient, recipientColumns, type RecipientRow } from "./recipient-row.ts";

/** Recipients within the actor's reach, oldest first; with a customer those of that customer and those of all. Errors: FORBIDDEN. */
export async function listRecipients({ ctx, input }: Verb<Input<"listRecipients">>): Promise<Result<"listRecipients">> {
  requireScope(ctx, "mail:read");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<RecipientRow>(
      `select ${recipientColumns} from hauswart.recipient
       where provider_id = $1 and ($2::uuid is null or customer_id is null or customer_id = $2) and ($3::uuid is null or recipient_id > $3) order by recipient_id limit $4`,
      [ctx.providerId, input.customerId ?? null, after, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.recipient_id], presentRecipient);
  });
}
