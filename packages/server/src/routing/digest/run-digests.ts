/**
 * After the quiet hours: what came meanwhile, in one message per recipient, as it is by then. The rows are taken and the message is
 * written in one transaction.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { actionLinkMark } from "../../mail/action-links.ts";
import { decide } from "../../mail/compose/decide.ts";
import { pendingOf } from "../../mail/compose/material.ts";
import { offeredRepair } from "../../mail/compose/offered-repair.ts";
import * as store from "../../mail/compose/store.ts";
import { takeMissed } from "../../mail/compose/take-missed.ts";
import { tellingsFrom, writeLetters } from "../../mail/compose/write-letters.ts";
import { notArrived } from "../../mail/reports/not-arrived.ts";
import type { Services } from "../../services.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { isoTime } from "../../times.ts";
import { callMaterial } from "../escalation/call-material.ts";
import { routingHours, type RoutingHours } from "../hours.ts";
import { recipientsById } from "../recipients-at.ts";
import type { Recipient } from "../rule.ts";
import { digestWords } from "./digest-texts.ts";

interface HeldRow {
  recipient_id: Id;
  finding_id: Id;
  held_at: Date;
}

/** Writes the digests that are due. @returns how many */
export async function runDigests(services: Services, providerId: Id): Promise<number> {
  const hours = await routingHours(services, providerId);
  const ctx = systemContext(services, providerId, "digest");
  return services.database.transaction(ctx, async (tx) => {
    const nowMs = services.clock.now();
    // Who has one finding due gets all that waits for them.
    const rows = await tx.sql<HeldRow>(
      `with due as (
         select provider_id, recipient_id, finding_id from hauswart.held_notice where provider_id = $1 and recipient_id in (
           select recipient_id from hauswart.held_notice where provider_id = $1 and due_at <= $2)
         order by recipient_id, finding_id limit 5000 for update skip locked)
       delete from hauswart.held_notice h using due
       where h.provider_id = due.provider_id and h.recipient_id = due.recipient_id and h.finding_id = due.finding_id
       returning h.recipient_id, h.finding_id, h.held_at`,
      [providerId, isoTime(nowMs)],
    );
    const byRecipient = Map.groupBy(rows, ({ recipient_id }) => recipient_id);
    let digests = 0;
    for (const recipient of await recipientsById(tx, providerId, [...byRecipient.keys()], hours.quietAt, nowMs))
      digests += await digest(tx, ctx, recipient, byRecipient.get(recipient.recipientId!)!, hours);
    return digests;
  });
}

async function digest(tx: Tx, ctx: Context, recipient: Recipient, held: readonly HeldRow[], hours: RoutingHours): Promise<number> {
  const { services, providerId } = ctx;
  const findingIds = held.map(({ finding_id }) => finding_id);
  const provider = await readProviderSettings(tx, ctx);
  const [plain, offering] = await Promise.all([
    callMaterial(tx, ctx, findingIds, provider),
    offeredRepair(tx, ctx, recipient.customerId, findingIds),
  ]);
  const material = { ...plain, ...offering };
  const pending = [...material.findings.values()].map((finding) => pendingOf(services, material, finding));
  const { letters } = decide(pending, [recipient], material.tellings, "digest");
  const place = { customerId: recipient.customerId, siteId: recipient.siteId ?? store.noSite };
  const sinceMs = Math.min(...held.map(({ held_at }) => held_at.getTime()));
  const heldByMaintenance = await heldSince(tx, providerId, recipient, sinceMs);
  const heldLink = `${services.settings.url}/findings?${new URLSearchParams({ hold: "maintenance", state: "all", ...(recipient.customerId && { customer: recipient.customerId }) }).toString()}`;
  const link = actionLinkMark("end-digest", recipient.recipientId!);
  const written = await writeLetters(tx, services, providerId, material, letters, {
    place,
    more: ({ language, channel }) =>
      digestWords(language, {
        provider: provider.name,
        sinceMs,
        timeZone: provider.timeZone,
        heldByMaintenance,
        heldLink,
        link: channel === "mail" ? link : undefined,
      }),
    // RFC 2369. The link is put in when the mail leaves.
    headers: { "List-Unsubscribe": `<${link}>` },
  });
  if (written.length > 0) await store.saveTellings(tx, providerId, tellingsFrom(material, written), material.nowMs);
  await takeMissed(tx, ctx, written, hours);
  // Whoever has been disabled or restricted meanwhile is told nothing, and perhaps nobody else was.
  const told = new Set(letters.flatMap(({ items }) => items.map(({ findingId }) => findingId)));
  const left = findingIds.filter((findingId) => !told.has(findingId));
  await notArrived(tx, ctx, { messageIds: [], readerKeys: [], findingIds: left, notes: () => [] }, hours);
  return written.length;
}

/** Findings of a recipient's place that nobody was told of since then because of maintenance. */
async function heldSince(tx: Tx, providerId: Id, { customerId, siteId }: Recipient, sinceMs: number): Promise<number> {
  const [row] = await tx.sql<{ count: number }>(
    `select count(*)::int as count from hauswart.finding f
     where f.provider_id = $1 and ($2::uuid is null or f.customer_id = $2) and ($3::uuid is null or f.site_id = $3)
       and f.hold_kind = 'maintenance' and f.noticed_at is null and f.opened_at >= $4::timestamptz`,
    [providerId, customerId, siteId, isoTime(sinceMs)],
  );
  return row?.count ?? 0;
}
