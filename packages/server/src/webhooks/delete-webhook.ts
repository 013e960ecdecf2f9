import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { shownAddress } from "./shown-address.ts";
import { readWebhook } from "./webhook-row.ts";

/** Removes a webhook with its deliveries; what was not delivered yet never is. Errors: FORBIDDEN, NOT_FOUND. */
export async function deleteWebhook({ ctx, input }: Verb<Input<"deleteWebhook">>): Promise<Result<"deleteWebhook">> {
  requireScope(ctx, "settings:write");
  await ctx.services.database.transaction(ctx, async (tx) => {
    const { webhook_id, customer_id, url } = await readWebhook(tx, ctx, input.webhookId);
    await tx.sql("delete from hauswart.webhook where provider_id = $1 and webhook_id = $2", [ctx.providerId, webhook_id]);
    await audit(tx, ctx, {
      action: "webhook.delete",
      subject: { kind: "webhook", id: webhook_id },
      customerId: customer_id,
      detail: { url: shownAddress(url) },
    });
  });
}
