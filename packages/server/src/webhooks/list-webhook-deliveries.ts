import type { WebhookDelivery } from "@hauswart/protocol/api/models.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { isoTime } from "../times.ts";
import { readWebhook } from "./webhook-row.ts";

interface DeliveryRow {
  delivery_id: Id;
  event: string;
  state: "queued" | "delivered" | "failed";
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  created_at: Date;
}

/** What was sent to a webhook, newest first. Errors: FORBIDDEN, NOT_FOUND. */
export async function listWebhookDeliveries({
  ctx,
  input,
}: Verb<Input<"listWebhookDeliveries">>): Promise<Result<"listWebhookDeliveries">> {
  requireScope(ctx, "settings:read");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    await readWebhook(tx, ctx, input.webhookId);
    const rows = await tx.sql<DeliveryRow>(
      `select delivery_id, event, state, attempts, last_status, last_error, created_at from hauswart.delivery
       where provider_id = $1 and webhook_id = $2 and ($3::uuid is null or delivery_id < $3) order by delivery_id desc limit $4`,
      [ctx.providerId, input.webhookId, after, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.delivery_id], presentDelivery);
  });
}

function presentDelivery(row: DeliveryRow): z.infer<typeof WebhookDelivery> {
  return {
    deliveryId: row.delivery_id,
    event: row.event,
    state: row.state,
    attempts: row.attempts,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: isoTime(row.created_at),
  };
}
