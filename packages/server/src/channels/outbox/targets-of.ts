/** Whom a message to a recipient reaches. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import type { PersonChannelName } from "../channel.ts";
import type { NewDelivery } from "./deliver.ts";

/** One delivery for a channel or topic, one for each browser of a person. A person without any is told of nothing here. */
export async function targetsOf(
  tx: Tx,
  providerId: Id,
  channel: PersonChannelName,
  { recipientId }: { readonly recipientId: Id | null },
  nowMs: number,
): Promise<Pick<NewDelivery, "deliveryId" | "recipientId" | "pushSubscriptionId">[]> {
  if (recipientId === null) return [];
  if (channel !== "push") return [{ deliveryId: newId(nowMs), recipientId, pushSubscriptionId: null }];
  const rows = await tx.sql<{ push_subscription_id: Id }>(
    `select s.push_subscription_id from hauswart.recipient r join hauswart.account a on a.provider_id = r.provider_id and a.account_id = r.account_id and a.disabled_at is null
     join hauswart.push_subscription s on s.provider_id = r.provider_id and s.account_id = r.account_id
     where r.provider_id = $1 and r.recipient_id = $2`,
    [providerId, recipientId],
  );
  return rows.map(({ push_subscription_id }) => ({ deliveryId: newId(nowMs), recipientId, pushSubscriptionId: push_subscription_id }));
}
