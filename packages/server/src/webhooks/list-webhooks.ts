import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { presentWebhook, webhookColumns, type WebhookRow } from "./webhook-row.ts";

/** Webhooks within the actor's reach, oldest first. Errors: FORBIDDEN. */
export async function listWebhooks({ ctx, input }: Verb<Input<"listWebhooks">>): Promise<Result<"listWebhooks">> {
  requireScope(ctx, "settings:read");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<WebhookRow>(
      `select ${webhookColumns} from hauswart.webhook where provider_id = $1 and ($2::uuid is null or webhook_id > $2) order by webhook_id limit $3`,
      [ctx.providerId, after, input.limit + 1],
    );
    return pageOf(
      rows,
      input.limit,
      (row) => [row.webhook_id],
      (row) => presentWebhook(row, ctx),
    );
  });
}
