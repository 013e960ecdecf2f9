import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { ownContext, requirePerson } from "./push-owner.ts";

/** Ends that a person's browser takes messages. Errors: FORBIDDEN, NOT_FOUND (also somebody else's). */
export async function deletePushSubscription({
  ctx,
  input,
}: Verb<Input<"deletePushSubscription">>): Promise<Result<"deletePushSubscription">> {
  const accountId = requirePerson(ctx);
  await ctx.services.database.transaction(ownContext(ctx), async (tx) => {
    const [row] = await tx.sql<{ device_name: string }>(
      "delete from hauswart.push_subscription where provider_id = $1 and account_id = $2 and push_subscription_id = $3 returning device_name",
      [ctx.providerId, accountId, input.pushSubscriptionId],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    await audit(tx, ctx, {
      action: "push-subscription.delete",
      subject: { kind: "account", id: accountId },
      customerId: null,
      detail: { deviceName: row.device_name },
    });
  });
}
