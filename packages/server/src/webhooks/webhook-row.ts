/** Webhooks as the database keeps them and as the API shows them. */
import type { Webhook } from "@hauswart/protocol/api/models.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import { hasScope } from "../access/require-scope.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { shownAddress } from "./shown-address.ts";

export interface WebhookRow {
  webhook_id: Id;
  customer_id: Id | null;
  url: string;
  active: boolean;
  created_at: Date;
}

/** Without the secret, which is shown once. */
export const webhookColumns = "webhook_id, customer_id, url, active, created_at";

export async function readWebhook(tx: Tx, { providerId }: Context, webhookId: Id): Promise<WebhookRow> {
  const [row] = await tx.sql<WebhookRow>(`select ${webhookColumns} from hauswart.webhook where provider_id = $1 and webhook_id = $2`, [
    providerId,
    webhookId,
  ]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

/** The whole address is for those who may set one: with most services it is all that anybody needs to write there. */
export function presentWebhook(row: WebhookRow, ctx: Context): z.infer<typeof Webhook> {
  return {
    webhookId: row.webhook_id,
    customerId: row.customer_id,
    url: hasScope(ctx, "settings:write") ? row.url : shownAddress(row.url),
    active: row.active,
    createdAt: isoTime(row.created_at),
  };
}
