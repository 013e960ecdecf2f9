/** Taking queued deliveries, trying them, and writing down what came of it. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { backoffMs } from "../jobs/backoff.ts";
import type { Services } from "../services.ts";
import { postDelivery, type PostResult } from "./post.ts";
import { signatureHeaders } from "./signature.ts";
import { openSecret } from "./stored-secret.ts";

/** A worker has a delivery for so long; an attempt takes at most a sixth of it. */
export const claimMs = 60_000;
/** Seconds at first, then up to six hours … */
const retryBackoff = { firstMs: 5_000, mostMs: 6 * 3_600_000 };
/** … for three days. */
export const giveUpAfterMs = 3 * 86_400_000;
/** Gone (RFC 9110, section 15.5.11): the receiver wants no more. */
const goneStatus = 410;

export interface ClaimedDelivery {
  readonly providerId: Id;
  readonly deliveryId: Id;
  readonly webhookId: Id;
  readonly url: string;
  /** Sealed. */
  readonly secret: string;
  readonly body: string;
  readonly attempts: number;
  readonly createdAtMs: number;
}

/** Takes due deliveries, longest due first. Several workers do not get the same one. */
export async function claimDeliveries({ database, clock }: Services, count: number): Promise<ClaimedDelivery[]> {
  const rows = await database.unwalled("take deliveries", (tx) =>
    tx.sql<{
      provider_id: Id;
      delivery_id: Id;
      webhook_id: Id;
      url: string;
      secret: string;
      body: string;
      attempts: number;
      created_at: Date;
    }>(
      `update hauswart.webhook_delivery delivery set claimed_until = to_timestamp(($1::float8 + $2::float8) / 1000), attempts = attempts + 1
       from (
         select provider_id, delivery_id from hauswart.webhook_delivery
         where state = 'queued' and next_attempt_at <= to_timestamp($1::float8 / 1000) and (claimed_until is null or claimed_until <= to_timestamp($1::float8 / 1000))
         order by next_attempt_at limit $3 for update skip locked
       ) due, hauswart.webhook
       where delivery.provider_id = due.provider_id and delivery.delivery_id = due.delivery_id
         and webhook.provider_id = delivery.provider_id and webhook.webhook_id = delivery.webhook_id
       returning delivery.provider_id, delivery.delivery_id, delivery.webhook_id, webhook.url, webhook.secret, delivery.body, delivery.attempts, delivery.created_at`,
      [clock.now(), claimMs, count],
    ),
  );
  return rows.map((row) => ({
    providerId: row.provider_id,
    deliveryId: row.delivery_id,
    webhookId: row.webhook_id,
    url: row.url,
    secret: row.secret,
    body: row.body,
    attempts: row.attempts,
    createdAtMs: row.created_at.getTime(),
  }));
}

/** Tries a delivery once. @returns its state afterwards */
export async function deliver(services: Services, delivery: ClaimedDelivery): Promise<"delivered" | "queued" | "failed"> {
  const { providerId, webhookId, url, deliveryId, body } = delivery;
  const secret = openSecret(services.secrets, providerId, webhookId, delivery.secret);
  const result = await postDelivery(url, signatureHeaders(secret, deliveryId, services.clock.now(), body), body);
  return recordDelivery(services, delivery, result);
}

async function recordDelivery(
  services: Services,
  { providerId, deliveryId, webhookId, attempts, createdAtMs }: ClaimedDelivery,
  { isDelivered, status, error }: PostResult,
): Promise<"delivered" | "queued" | "failed"> {
  const nowMs = services.clock.now();
  const isGone = status === goneStatus;
  const state = isDelivered ? "delivered" : isGone || nowMs - createdAtMs >= giveUpAfterMs ? "failed" : "queued";
  const nextAttemptAtMs = state === "queued" ? nowMs + backoffMs(retryBackoff, attempts) : null;
  await services.database.transaction(systemContext(services, providerId, "webhooks"), async (tx) => {
    await tx.sql(
      `update hauswart.webhook_delivery set state = $3, last_status = $4, last_error = $5, next_attempt_at = to_timestamp($6::float8 / 1000), claimed_until = null
       where provider_id = $1 and delivery_id = $2 and state = 'queued'`,
      [providerId, deliveryId, state, status, error, nextAttemptAtMs],
    );
    if (isGone) await switchOff(tx, providerId, webhookId);
  });
  if (isGone) services.log.warn("a webhook's receiver wants no more deliveries (410); it was switched off", { providerId, webhookId });
  return state;
}

async function switchOff(tx: Tx, providerId: Id, webhookId: Id): Promise<void> {
  await tx.sql("update hauswart.webhook set active = false where provider_id = $1 and webhook_id = $2", [providerId, webhookId]);
  await tx.sql(
    "update hauswart.webhook_delivery set state = 'failed', last_error = 'the webhook was switched off', next_attempt_at = null where provider_id = $1 and webhook_id = $2 and state = 'queued'",
    [providerId, webhookId],
  );
}
