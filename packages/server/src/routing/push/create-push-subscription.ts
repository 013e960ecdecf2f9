import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import { pushAuthPlace } from "../../channels/outbox/targets.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { ownContext, requirePerson } from "./push-owner.ts";

/** Has a person's browser take messages. The same browser again replaces its old subscription. Errors: FORBIDDEN. */
export async function createPushSubscription({
  ctx,
  input,
}: Verb<Input<"createPushSubscription">>): Promise<Result<"createPushSubscription">> {
  const accountId = requirePerson(ctx);
  const { services, providerId } = ctx;
  const id = newId(services.clock.now());
  const createdAt = isoTime(services.clock.now());
  await services.database.transaction(ownContext(ctx), async (tx) => {
    await tx.sql("delete from hauswart.push_subscription where provider_id = $1 and endpoint = $2", [providerId, input.endpoint]);
    await tx.sql(
      `insert into hauswart.push_subscription (provider_id, push_subscription_id, account_id, endpoint, p256dh, auth, device_name, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        providerId,
        id,
        accountId,
        input.endpoint,
        input.p256dh,
        services.secrets.seal(Buffer.from(input.auth, "utf8"), pushAuthPlace(providerId, id)),
        input.deviceName,
        createdAt,
      ],
    );
    await audit(tx, ctx, {
      action: "push-subscription.create",
      subject: { kind: "account", id: accountId },
      customerId: null,
      detail: { deviceName: input.deviceName, service: new URL(input.endpoint).host },
    });
  });
  return { pushSubscriptionId: id, deviceName: input.deviceName, createdAt };
}
