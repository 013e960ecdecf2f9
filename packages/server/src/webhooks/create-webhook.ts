import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { reachesCustomer, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { readCustomer } from "../tenancy/customer-row.ts";
import { isoTime } from "../times.ts";
import { isForbiddenAddress, literalAddress } from "./address-rule.ts";
import { newWebhookSecret } from "../channels/webhook/signature.ts";
import { shownAddress } from "./shown-address.ts";
import { sealSecret } from "./stored-secret.ts";
import { presentWebhook, type WebhookRow } from "./webhook-row.ts";

/**
 * Adds a webhook for the findings of one customer, or of all, and shows its signing secret this once.
 * Errors: FORBIDDEN (all customers, by somebody restricted), NOT_FOUND (customer), INVALID_REQUEST (an address that webhooks may not go to).
 */
export async function createWebhook({ ctx, input }: Verb<Input<"createWebhook">>): Promise<Result<"createWebhook">> {
  requireScope(ctx, "settings:write");
  const { customerId, url } = input;
  if (customerId === null && !reachesCustomer(ctx, null))
    throw new HauswartError("FORBIDDEN", "This concerns all customers; your rights are restricted to some.");
  const address = literalAddress(new URL(url));
  if (address !== undefined && isForbiddenAddress(address))
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "body.url", message: "Webhooks may not go to this address." }],
    });
  const nowMs = ctx.services.clock.now();
  const secret = newWebhookSecret();
  const row: WebhookRow = { webhook_id: newId(nowMs), customer_id: customerId, url, active: true, created_at: new Date(nowMs) };
  return ctx.services.database.transaction(ctx, async (tx) => {
    if (customerId !== null) await readCustomer(tx, ctx, customerId);
    await tx.sql(
      "insert into hauswart.webhook (provider_id, webhook_id, customer_id, url, secret, created_at) values ($1, $2, $3, $4, $5, $6)",
      [
        ctx.providerId,
        row.webhook_id,
        customerId,
        url,
        sealSecret(ctx.services.secrets, ctx.providerId, row.webhook_id, secret),
        isoTime(nowMs),
      ],
    );
    await audit(tx, ctx, {
      action: "webhook.create",
      subject: { kind: "webhook", id: row.webhook_id },
      customerId,
      detail: { url: shownAddress(url) },
    });
    return { ...presentWebhook(row, ctx), secret };
  });
}
