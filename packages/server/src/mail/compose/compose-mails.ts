/**
 * From finding notices to mails and messages in the outboxes: one transaction per site, so that a finding is either still to be told
 * or all its messages are stored, and its escalation has begun.
 */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { serverCheckId, type ServerFindingCode } from "@hauswart/protocol/server-findings.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { startEscalations } from "../../routing/escalation/start-escalations.ts";
import { routingHours, type RoutingHours } from "../../routing/hours.ts";
import { recipientsAt } from "../../routing/recipients-at.ts";
import type { Services } from "../../services.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { mailTexts } from "../render/mail-texts.ts";
import { decide, type Decision } from "./decide.ts";
import { gatheringFor, leavesAtMs } from "./gathering.ts";
import { pendingOf, type Material } from "./material.ts";
import { offeredRepair } from "./offered-repair.ts";
import * as store from "./store.ts";
import { takeMissed } from "./take-missed.ts";
import { tellingsFrom, writeLetters, type Written } from "./write-letters.ts";

const unreachableCode: ServerFindingCode = "address-unreachable";

export interface Round {
  readonly mails: number;
  /** Findings that no recipient fits. */
  readonly nobodyTold: number;
  /** When the next gathering ends, Unix milliseconds; undefined when nothing waits. */
  readonly nextAtMs: number | undefined;
}

/** Composes what may leave now for one provider. Sites do not wait for each other's troubles: what fails is logged and tried again. */
export async function composeMails(services: Services, providerId: Id): Promise<Round> {
  const ctx = systemContext(services, providerId, "mail");
  const places = await services.database.transaction(ctx, (tx) => store.pendingPlaces(tx, providerId));
  if (places.length === 0) return { mails: 0, nobodyTold: 0, nextAtMs: undefined };
  const hours = await routingHours(services, providerId);
  const nowMs = services.clock.now();
  let round: Round = { mails: 0, nobodyTold: 0, nextAtMs: undefined };
  for (const place of places) {
    const leavesMs = leavesAtMs(place.lastMailAtMs, nowMs, gatheringFor(place.isUrgent, place.inRow));
    if (leavesMs > nowMs) {
      round = { ...round, nextAtMs: Math.min(leavesMs, round.nextAtMs ?? leavesMs) };
      continue;
    }
    try {
      const told = await services.database.transaction(ctx, (tx) => composePlace(tx, ctx, place, hours));
      round = { ...round, mails: round.mails + told.mails, nobodyTold: round.nobodyTold + told.nobodyTold };
    } catch (error) {
      services.log.error("mails about a site could not be composed; they will be tried again", { providerId, ...place, error });
    }
  }
  return round;
}

async function composePlace(tx: Tx, ctx: Context, place: store.Place, hours: RoutingHours): Promise<{ mails: number; nobodyTold: number }> {
  const { services, providerId } = ctx;
  const nowMs = services.clock.now();
  const siteId = place.siteId === store.noSite ? null : place.siteId;
  // Statements that do not need each other's answers are sent together; they are carried out in their order.
  const [, noticed, recipients] = await Promise.all([
    store.lockComposing(tx, providerId, place),
    store.noticedFindings(tx, providerId, place),
    recipientsAt(tx, providerId, { customerId: place.customerId, siteId }, hours.quietAt, nowMs),
  ]);
  if (noticed.length === 0) return { mails: 0, nobodyTold: 0 };
  const material = await gatherMaterial(tx, ctx, place, noticed, nowMs);
  const pending = noticed.map((finding) => ({
    ...pendingOf(services, material, finding),
    notTo: finding.checkId === serverCheckId && finding.code === unreachableCode ? finding.subject : undefined,
  }));
  const decision = decide(pending, recipients, material.tellings);
  // A drill is confirmed by the customer; where nobody there is told of alarms, by those who are told instead.
  const customerReads = decision.letters.some(({ circle, channel }) => circle === "customer" && channel === "mail");
  const written = await writeLetters(tx, services, providerId, { ...material, customerReads }, decision.letters, { place });
  const sent = written.filter(({ letter }) => letter.readers.length > 0);
  await startEscalations(
    tx,
    ctx,
    // Nobody is called because of an exercise.
    pending.filter(({ checkId }) => checkId !== alarmDrillCheckId),
    hours.serviceAt({ customerId: place.customerId, siteId }),
  );
  const unheard = await store.unheardOf(
    tx,
    providerId,
    decision.untold.map(({ findingId }) => findingId),
  );
  const untold = decision.untold.filter(({ findingId }) => unheard.has(findingId));
  await Promise.all([
    ...(sent.length > 0
      ? [store.saveTellings(tx, providerId, tellingsFrom(material, sent), nowMs), store.openGathering(tx, providerId, place, nowMs)]
      : []),
    ...(decision.held.length > 0 ? [store.holdNotices(tx, providerId, place.customerId, decision.held, nowMs)] : []),
    store.insertMailedEvents(tx, providerId, mailedEvents(material, place, { ...decision, untold }, sent), nowMs),
    store.markNoticesMailed(
      tx,
      providerId,
      noticed.flatMap(({ noticeIds }) => noticeIds),
      nowMs,
    ),
  ]);
  await takeMissed(tx, ctx, written, hours);
  return { mails: sent.length, nobodyTold: untold.filter(({ why }) => why === "nobody").length };
}

async function gatherMaterial(
  tx: Tx,
  ctx: Context,
  place: store.Place,
  noticed: readonly store.NoticedFinding[],
  nowMs: number,
): Promise<Omit<Material, "customerReads">> {
  const findingIds = noticed.map(({ findingId }) => findingId);
  const [provider, names, events, tellings, offering] = await Promise.all([
    readProviderSettings(tx, ctx),
    store.placeNames(tx, ctx.providerId, place),
    store.lastEventsOf(tx, ctx.providerId, findingIds),
    store.tellingsOf(tx, ctx.providerId, findingIds),
    offeredRepair(tx, ctx, place.customerId, findingIds),
  ]);
  return {
    nowMs,
    provider,
    names,
    events,
    tellings,
    ...offering,
    findings: new Map(noticed.map((finding) => [finding.findingId, finding])),
  };
}

/** One line per finding and message in the finding's history, and one for findings that nobody was told of. */
function mailedEvents(
  { findings, provider }: Pick<Material, "findings" | "provider">,
  { customerId }: store.Place,
  { untold, held }: Decision,
  written: readonly Written[],
): store.MailedEvent[] {
  const texts = mailTexts[provider.language];
  const event = (findingId: Id, note: string, evidence: store.MailedEvent["evidence"]): store.MailedEvent => ({
    findingId,
    customerId,
    severity: findings.get(findingId)!.severity,
    note,
    evidence,
  });
  const waiting = Map.groupBy(held, ({ findingId }) => findingId);
  return [
    ...written.flatMap(({ letter, messages }) =>
      letter.items.map(({ findingId, told }) =>
        event(findingId, texts.toldBy[letter.channel](letter.readers.length), {
          ...(letter.channel === "mail" ? { mailId: [...messages.values()][0]!.id } : {}),
          told,
          recipients: letter.readers.length,
        }),
      ),
    ),
    ...[...waiting].map(([findingId, items]) => event(findingId, texts.heldFor(items.length), { told: "none", recipients: 0 })),
    ...untold.map(({ findingId, why }) =>
      event(findingId, why === "nobody" ? texts.nobodyTold : texts.overBeforeMail, { told: "none", recipients: 0 }),
    ),
  ];
}
