import type { Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { ownContext, requirePerson } from "./push-owner.ts";

/** A person's own browsers that take messages. Errors: FORBIDDEN. */
export async function listPushSubscriptions({ ctx }: Verb<unknown>): Promise<Result<"listPushSubscriptions">> {
  const accountId = requirePerson(ctx);
  const rows = await ctx.services.database.transaction(ownContext(ctx), (tx) =>
    tx.sql<{ push_subscription_id: Id; device_name: string; created_at: Date }>(
      "select push_subscription_id, device_name, created_at from hauswart.push_subscription where provider_id = $1 and account_id = $2 order by push_subscription_id",
      [ctx.providerId, accountId],
    ),
  );
  return {
    items: rows.map((row) => ({
      pushSubscriptionId: row.push_subscription_id,
      deviceName: row.device_name,
      createdAt: isoTime(row.created_at),
    })),
  };
}
