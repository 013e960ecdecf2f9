import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import { systemContext, type Verb } from "../../context.ts";
import { routingHours } from "../hours.ts";
import { presentRecipient, readRecipient } from "./recipient-row.ts";
import { removeRecipients } from "./remove-recipients.ts";

/** Removes a recipient. Errors: FORBIDDEN, NOT_FOUND. */
export async function deleteRecipient({ ctx, input }: Verb<Input<"deleteRecipient">>): Promise<Result<"deleteRecipient">> {
  requireScope(ctx, "mail:write");
  const { services, providerId } = ctx;
  await services.database.transaction(ctx, (tx) => readRecipient(tx, ctx, input.recipientId, "for update"));
  const hours = await routingHours(services, providerId);
  // Whoever reaches the recipient may remove it; those who are called instead are people of the whole house.
  await services.database.transaction(systemContext(services, providerId, "recipients"), async (tx) => {
    const row = await readRecipient(tx, ctx, input.recipientId, "for update");
    await removeRecipients(tx, ctx, [row], hours);
    const { recipientId, customerId, ...detail } = presentRecipient(row);
    await audit(tx, ctx, { action: "recipient.delete", subject: { kind: "recipient", id: recipientId }, customerId, detail });
  });
}
