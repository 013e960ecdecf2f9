import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { presentRecipient, recipientColumns, type RecipientRow } from "./recipient-row.ts";

/** Removes a recipient; mails already written still leave. Errors: FORBIDDEN, NOT_FOUND. */
export async function deleteRecipient({ ctx, input }: Verb<Input<"deleteRecipient">>): Promise<Result<"deleteRecipient">> {
  requireScope(ctx, "mail:write");
  await ctx.services.database.transaction(ctx, async (tx) => {
    const [row] = await tx.sql<RecipientRow>(
      `delete from hauswart.recipient where provider_id = $1 and recipient_id = $2 returning ${recipientColumns}`,
      [ctx.providerId, input.recipientId],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    const { recipientId, customerId, ...detail } = presentRecipient(row);
    await audit(tx, ctx, { action: "recipient.delete", subject: { kind: "recipient", id: recipientId }, customerId, detail });
  });
}
