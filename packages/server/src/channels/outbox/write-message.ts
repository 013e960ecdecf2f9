/** A message to one recipient of another channel than mail, written in the transaction of whoever decided. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import type { Services } from "../../services.ts";
import type { ChannelMessage, PersonChannelName } from "../channel.ts";
import { personChannels } from "../channels.ts";
import { insertDeliveries } from "./deliver.ts";
import { targetsOf } from "./targets-of.ts";

export interface SingleMessage {
  readonly channel: PersonChannelName;
  readonly recipientId: Id;
  readonly customerId: Id | null;
  /** What it is about, for the outbox. */
  readonly event: string;
  readonly message: ChannelMessage;
  /** Findings that its reader knows of by it. */
  readonly findingIds: readonly Id[];
  readonly isTest: boolean;
}

/** Queues it, and wakes those who deliver once the transaction is committed. @returns its deliveries; none for a person without a browser */
export async function writeMessage(
  tx: Tx,
  { services, providerId }: { readonly services: Pick<Services, "bus" | "clock">; readonly providerId: Id },
  { message, ...about }: SingleMessage,
): Promise<Id[]> {
  const nowMs = services.clock.now();
  const body = personChannels[about.channel].compose(message);
  const targets = await targetsOf(tx, providerId, about.channel, about, nowMs);
  await insertDeliveries(
    tx,
    providerId,
    targets.map((target) => ({ ...about, ...target, body })),
    nowMs,
  );
  tx.afterCommit(() => services.bus.publish("deliveries-queued", { providerId }));
  return targets.map(({ deliveryId }) => deliveryId);
}
