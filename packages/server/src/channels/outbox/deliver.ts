/** Taking queued deliveries of all channels, trying them, and writing down what came of it. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Channel } from "@hauswart/protocol/api/routing.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { backoffMs } from "../../jobs/backoff.ts";
import { notArrived } from "../../mail/reports/not-arrived.ts";
import { markRecipientReached, markRecipientUnreachable } from "../../mail/reports/unreachable.ts";
import { redactText } from "../../operation/redact.ts";
import { routingHours, type RoutingHours } from "../../routing/hours.ts";
import { nameOfReader } from "../../routing/rule.ts";
import { SealedValueError } from "../../secrets/sealed-box.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import type { HttpChannelName, Verdict } from "../channel.ts";
import { httpChannels } from "../channels.ts";
import { post, type PostResult } from "../post.ts";
import { reachOf } from "../reach.ts";
import { targetColumns, targetJoins, targetOf, type TargetRow } from "./targets.ts";

/** A worker has a delivery for so long; an attempt takes at most a sixth of it. */
export const claimMs = 60_000;
/** Seconds at first, then up to six hours … */
const programBackoff = { firstMs: 5_000, mostMs: 6 * 3_600_000 };
/** … for three days: a program that is mended catches up. */
export const giveUpAfterMs = 3 * 86_400_000;
/** A message to a person says something about now; after an hour it is older than what the mail has told. */
const personBackoff = { firstMs: 5_000, mostMs: 5 * 60_000 };
export const personGiveUpAfterMs = 3_600_000;

export interface ClaimedDelivery extends TargetRow {
  readonly body: string;
  readonly attempts: number;
  readonly is_test: boolean;
  readonly created_at: Date;
}

export type DeliveryState = "delivered" | "queued" | "failed";

/** Takes due deliveries, longest due first. Several workers do not get the same one. */
export async function claimDeliveries({ database, clock }: Services, count: number): Promise<ClaimedDelivery[]> {
  return database.unwalled("take deliveries", (tx) =>
    tx.sql<ClaimedDelivery>(
      `with due as (
         select provider_id, delivery_id from hauswart.delivery
         where state = 'queued' and next_attempt_at <= to_timestamp($1::float8 / 1000) and (claimed_until is null or claimed_until <= to_timestamp($1::float8 / 1000))
         order by next_attempt_at limit $3 for update skip locked
       ), taken as (
         update hauswart.delivery set claimed_until = to_timestamp(($1::float8 + $2::float8) / 1000), attempts = attempts + 1
         from due where delivery.provider_id = due.provider_id and delivery.delivery_id = due.delivery_id
         returning delivery.*
       )
       select taken.provider_id, taken.delivery_id, taken.channel, taken.webhook_id, taken.recipient_id, taken.push_subscription_id, taken.body, taken.attempts,
         taken.is_test, taken.created_at, ${targetColumns}
       from taken ${targetJoins("taken")}`,
      [clock.now(), claimMs, count],
    ),
  );
}

/** Tries a delivery once. @returns its state afterwards */
export async function deliver(services: Services, delivery: ClaimedDelivery): Promise<DeliveryState> {
  return recordDelivery(services, delivery, await attempt(services, delivery));
}

interface Attempted extends Omit<PostResult, "isDelivered"> {
  readonly verdict: Verdict;
}

async function attempt(services: Services, delivery: ClaimedDelivery): Promise<Attempted> {
  const channel = httpChannels[delivery.channel];
  const nothing = { status: null, answer: "" };
  try {
    const target = targetOf(services, delivery);
    if (!target) return { ...nothing, verdict: "refused", error: "there is nobody left to tell", problem: "no-device" };
    const result = await post(channel.request(target, delivery.body), reachOf(services.settings, target.reachesInside));
    const verdict = result.isDelivered ? "accepted" : result.status === null ? "deferred" : channel.verdictOf(result.status);
    return { ...result, verdict };
  } catch (error) {
    if (error instanceof SealedValueError)
      return { ...nothing, verdict: "deferred", error: "its secret cannot be opened with this master key", problem: "other" };
    // A browser's key that is none, for one: nothing was sent, and nothing would be later. Thrown on, it would be tried for ever.
    services.log.error("a message could not be made", { deliveryId: delivery.delivery_id, channel: delivery.channel, error });
    return { ...nothing, verdict: "refused", error: "the message could not be made", problem: "other" };
  }
}

function stateAfter({ channel, is_test, created_at }: ClaimedDelivery, { verdict }: Attempted, nowMs: number): DeliveryState {
  if (verdict === "accepted") return "delivered";
  // Somebody stands and waits for the answer to a test.
  if (verdict !== "deferred" || is_test) return "failed";
  const limitMs = channel === "webhook" ? giveUpAfterMs : personGiveUpAfterMs;
  return nowMs - created_at.getTime() >= limitMs ? "failed" : "queued";
}

async function recordDelivery(services: Services, delivery: ClaimedDelivery, attempted: Attempted): Promise<DeliveryState> {
  const { provider_id: providerId, delivery_id: deliveryId, recipient_id: recipientId, channel, attempts } = delivery;
  const { verdict, status, answer, error, problem } = attempted;
  const nowMs = services.clock.now();
  const state = stateAfter(delivery, attempted, nowMs);
  const backoff = channel === "webhook" ? programBackoff : personBackoff;
  const nextAttemptAtMs = state === "queued" ? nowMs + backoffMs(backoff, attempts) : null;
  const ctx = systemContext(services, providerId, "deliveries");
  const hours = recipientId !== null && state === "failed" ? await routingHours(services, providerId) : undefined;
  await services.database.transaction(ctx, async (tx) => {
    // Of a person's browsers the last one decides; two that fail at the same time look one after the other. Whoever writes it a message
    // meanwhile does not wait: that may be a call, about findings that are asked for here.
    if (recipientId !== null && state === "failed") await lockRecipient(tx, providerId, recipientId);
    const written = await tx.sql(
      `update hauswart.delivery set state = $3, last_status = $4, last_error = $5, answer = $6, problem = $7, next_attempt_at = to_timestamp($8::float8 / 1000), claimed_until = null
       where provider_id = $1 and delivery_id = $2 and state = 'queued' returning 1`,
      [providerId, deliveryId, state, status, error, answer, problem, nextAttemptAtMs],
    );
    // Another worker took it over when this one's time was up, and has said what came of it.
    if (written.length === 0) return;
    if (verdict === "gone") await letGo(tx, delivery);
    if (recipientId !== null && state === "delivered") await markRecipientReached(tx, providerId, recipientId);
    if (hours) await takeFailed(tx, ctx, delivery, attempted, hours);
  });
  if (verdict === "gone")
    services.log.warn("a receiver wants no more deliveries; it was switched off", { providerId, deliveryId, channel });
  return state;
}

/** The receiver has said that it wants no more. */
async function letGo(tx: Tx, { provider_id, webhook_id, push_subscription_id }: ClaimedDelivery): Promise<void> {
  if (push_subscription_id !== null)
    await tx.sql("delete from hauswart.push_subscription where provider_id = $1 and push_subscription_id = $2", [
      provider_id,
      push_subscription_id,
    ]);
  if (webhook_id === null) return;
  await tx.sql("update hauswart.webhook set active = false where provider_id = $1 and webhook_id = $2", [provider_id, webhook_id]);
  await tx.sql(
    "update hauswart.delivery set state = 'failed', last_error = 'the webhook was switched off', next_attempt_at = null where provider_id = $1 and webhook_id = $2 and state = 'queued'",
    [provider_id, webhook_id],
  );
}

const lockRecipient = (tx: Tx, providerId: Id, recipientId: Id) =>
  tx.sql("select 1 from hauswart.recipient where provider_id = $1 and recipient_id = $2 for no key update", [providerId, recipientId]);

interface OneMessage {
  delivery_id: Id;
  state: DeliveryState;
  finding_ids: Id[];
  reader: { channel: Channel; address: string };
  /** null: no call to somebody on call. */
  called_at: Date | null;
}

/** What no way to its reader took did not arrive; the recipient shows it until a message is taken again. */
async function takeFailed(
  tx: Tx,
  ctx: Context,
  delivery: ClaimedDelivery,
  { error, answer }: Attempted,
  hours: RoutingHours,
): Promise<void> {
  const { provider_id: providerId, delivery_id, recipient_id: recipientId } = delivery;
  // Deliveries of one message differ in the browser alone.
  const message = await tx.sql<OneMessage>(
    `select d.delivery_id, d.state, d.finding_ids::text[] as finding_ids, jsonb_build_object('channel', r.channel, 'address', r.address) as reader,
       (select c.called_at from hauswart.escalation_call c where c.provider_id = own.provider_id and r.on_call_only
          and c.account_id = r.account_id and c.called_at = own.created_at and c.finding_ids = own.finding_ids) as called_at
     from hauswart.delivery own
     join hauswart.delivery d on d.provider_id = own.provider_id and d.recipient_id = own.recipient_id and d.event = own.event
       and d.created_at = own.created_at and d.finding_ids = own.finding_ids
     join hauswart.recipient r on r.provider_id = own.provider_id and r.recipient_id = own.recipient_id
     where own.provider_id = $1 and own.delivery_id = $2`,
    [providerId, delivery_id],
  );
  const [first] = message;
  if (!first || recipientId === null || message.some(({ state }) => state !== "failed")) return;
  const reason = redactText([error, answer].filter(Boolean).join(": "));
  const untold = await notArrived(
    tx,
    ctx,
    {
      messageIds: message.map((one) => one.delivery_id),
      readerKeys: [recipientId],
      findingIds: first.finding_ids,
      notes: ({ notDelivered }) => [notDelivered(nameOfReader(first.reader), reason.slice(0, 300))],
      callWrittenAt: first.called_at ?? undefined,
    },
    hours,
  );
  const at = isoTime(ctx.services.clock.now());
  await markRecipientUnreachable(tx, providerId, recipientId, { reason, at }, untold.length);
}

/** Deliveries of one message: one per recipient, and for a person's browsers one for each of them. */
export interface NewDelivery {
  readonly deliveryId: Id;
  readonly recipientId: Id;
  readonly customerId: Id | null;
  readonly channel: HttpChannelName;
  readonly pushSubscriptionId: Id | null;
  readonly event: string;
  readonly body: string;
  readonly findingIds: readonly Id[];
  readonly isTest: boolean;
}

export async function insertDeliveries(tx: Tx, providerId: Id, deliveries: readonly NewDelivery[], nowMs: number): Promise<void> {
  if (deliveries.length === 0) return;
  const rows = deliveries.map((delivery) => ({ ...delivery, findingIds: `{${delivery.findingIds.join(",")}}` }));
  await tx.sql(
    `insert into hauswart.delivery (provider_id, delivery_id, recipient_id, customer_id, channel, push_subscription_id, event, body, finding_ids, is_test, state, next_attempt_at, created_at)
     select $1, "deliveryId", "recipientId", "customerId", channel, "pushSubscriptionId", event, body, "findingIds"::uuid[], "isTest", 'queued', to_timestamp($3::float8 / 1000), to_timestamp($3::float8 / 1000)
     from jsonb_to_recordset($2::text::jsonb) as d("deliveryId" uuid, "recipientId" uuid, "customerId" uuid, channel text, "pushSubscriptionId" uuid, event text, body text, "findingIds" text, "isTest" boolean)`,
    [providerId, JSON.stringify(rows), nowMs],
  );
}
