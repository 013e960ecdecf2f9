/** A person's own browsers that take messages. */
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import { pushAuthPlace } from "../../channels/outbox/targets.ts";
import { systemContext, type Context, type Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";

/** Messages are for people; a key has no browser. Errors: FORBIDDEN. */
export function requirePerson({ actor }: Context): Id {
  if (actor.kind !== "technician") throw new HauswartError("FORBIDDEN", "Only a person has browsers that take messages.");
  return actor.id;
}

/** The rows are one's own, whatever customers one reaches. */
const ownContext = (ctx: Context): Context => ({
  ...systemContext(ctx.services, ctx.providerId, "push"),
  actor: ctx.actor,
  address: ctx.address,
});

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

/** The same browser again replaces its old subscription. */
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

/** Errors: NOT_FOUND (also somebody else's). */
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
