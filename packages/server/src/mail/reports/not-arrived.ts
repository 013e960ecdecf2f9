/**
 * What did not arrive: a mail that was refused or came back, a message that a channel did not take, a person without a browser. However it
 * happened, it counts as not told, stands in the findings' history, and calls those who are on call where nobody else knows of it.
 */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { firstIdAt } from "../../paging.ts";
import { startEscalations } from "../../routing/escalation/start-escalations.ts";
import type { RoutingHours } from "../../routing/hours.ts";
import { topicOf } from "../../routing/topic-of.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { isoTime } from "../../times.ts";
import { actionLinkMark } from "../action-links.ts";
import { findingsById, insertMailedEvents, tellingsOf, type MailedEvent, type NoticedFinding } from "../compose/store.ts";
import { nobodyToldCounter } from "../compose/nobody-told.ts";
import { mailTexts, type MailTexts } from "../render/mail-texts.ts";

/** A mail or message, with those of its readers who have not had it. */
export interface NotArrived {
  /** The mail's id, or those of the message's deliveries: by these its readers know of the findings. */
  readonly messageIds: readonly Id[];
  /** Mail addresses in lower case, or a recipient's id. */
  readonly readerKeys: readonly string[];
  readonly findingIds: readonly Id[];
  /** One line for each reader, for the findings' history. */
  readonly notes: (texts: MailTexts) => readonly string[];
  /** A call to somebody on call that none of its readers has had; when it was written. */
  readonly callWrittenAt?: Date | undefined;
}

/** @returns open findings that nobody knows of now */
export async function notArrived(tx: Tx, ctx: Context, missed: NotArrived, hours: RoutingHours): Promise<Id[]> {
  const { providerId } = ctx;
  if (missed.findingIds.length === 0) return [];
  await note(tx, ctx, missed.findingIds, missed.notes);
  await tx.sql(
    "update hauswart.told set missed = true where provider_id = $1 and finding_id = any($2::uuid[]) and address = any($3::text[]) and mail_id = any($4::uuid[])",
    [providerId, missed.findingIds, missed.readerKeys, missed.messageIds],
  );
  const untold = await untoldOf(tx, providerId, missed.findingIds);
  await escalateUntold(tx, ctx, untold, hours);
  if (missed.callWrittenAt) await passOverCalls(tx, ctx, missed.findingIds, missed.callWrittenAt);
  return untold;
}

/** Lines in the history of findings. */
export async function note(tx: Tx, ctx: Context, findingIds: readonly Id[], words: NotArrived["notes"]): Promise<void> {
  const { language } = await readProviderSettings(tx, ctx);
  const findings = await findingsById(tx, ctx.providerId, findingIds);
  const events = findings.flatMap((finding) => words(mailTexts[language]).map((text) => eventOf(finding, text)));
  await insertMailedEvents(tx, ctx.providerId, events, ctx.services.clock.now());
}

const eventOf = ({ findingId, customerId, severity }: NoticedFinding, text: string): MailedEvent => ({
  findingId,
  customerId,
  severity,
  note: text,
  evidence: { told: "none", recipients: 0 },
});

/** Open findings without a reader who knows how bad they are, anybody who waits for the end of quiet hours, or anybody who is being called. */
async function untoldOf(tx: Tx, providerId: Id, findingIds: readonly Id[]): Promise<Id[]> {
  const rows = await tx.sql<{ finding_id: Id }>(
    `select f.finding_id from hauswart.finding f
     where f.provider_id = $1 and f.finding_id = any($2::uuid[]) and f.closed_at is null
       and not exists (select from hauswart.told t where t.provider_id = $1 and t.finding_id = f.finding_id and not t.missed
         and (t.severity = 'failure' or f.severity = 'warning'))
       and not exists (select from hauswart.held_notice h where h.provider_id = $1 and h.finding_id = f.finding_id)
       and not exists (select from hauswart.escalation e where e.provider_id = $1 and e.finding_id = f.finding_id and e.state in ('running', 'acknowledged'))
     order by f.finding_id`,
    [providerId, findingIds],
  );
  return rows.map(({ finding_id }) => finding_id);
}

/** Calls by the plan that fits now, if one does; where none does, the finding's history says that nobody was told, and it is counted. */
async function escalateUntold(tx: Tx, ctx: Context, untold: readonly Id[], hours: RoutingHours): Promise<void> {
  if (untold.length === 0) return;
  const { services, providerId } = ctx;
  const findings = await findingsById(tx, providerId, untold);
  const called = new Set<Id>();
  // Nobody is called because of an exercise.
  const real = findings.filter(({ checkId }) => checkId !== alarmDrillCheckId);
  for (const same of Map.groupBy(real, ({ customerId, siteId }) => `${customerId} ${siteId}`).values()) {
    const pending = same.map((finding) => ({
      ...finding,
      topic: topicOf(services.checks, finding.checkId),
      isOver: false,
      isReminded: false,
    }));
    for (const id of await startEscalations(tx, ctx, pending, hours.serviceAt(same[0]!))) called.add(id);
  }
  await noteNobodyKnows(
    tx,
    ctx,
    findings.filter(({ findingId }) => !called.has(findingId)),
  );
}

/** Those on call were all passed over: what has no other reader is known to nobody. */
export async function noteNobodyCalled(tx: Tx, ctx: Context, findingIds: readonly Id[]): Promise<void> {
  if (findingIds.length === 0) return;
  const untold = await untoldOf(tx, ctx.providerId, findingIds);
  await noteNobodyKnows(tx, ctx, await findingsById(tx, ctx.providerId, untold));
}

async function noteNobodyKnows(tx: Tx, ctx: Context, findings: readonly NoticedFinding[]): Promise<void> {
  if (findings.length === 0) return;
  const { services, providerId } = ctx;
  const { language } = await readProviderSettings(tx, ctx);
  const tellings = await tellingsOf(
    tx,
    providerId,
    findings.map(({ findingId }) => findingId),
  );
  const knownMilder = new Set(tellings.map(({ findingId }) => findingId));
  const { nobodyElseTold, nobodyElseToldWorse } = mailTexts[language];
  const events = findings.map((finding) => eventOf(finding, knownMilder.has(finding.findingId) ? nobodyElseToldWorse : nobodyElseTold));
  await insertMailedEvents(tx, providerId, events, services.clock.now());
  tx.afterCommit(() => {
    nobodyToldCounter(services.metrics).add(findings.length);
    services.log.warn("nobody knows of an alarm: nothing arrived, and nobody else was told", { providerId, findings: findings.length });
  });
}

/**
 * A call that nobody has had is not waited for: who is next in the plan is called at once, unless that has happened meanwhile. Whoever of
 * the same step, or by another channel, has it or may yet have it keeps the time.
 */
async function passOverCalls(tx: Tx, { services, providerId }: Context, findingIds: readonly Id[], writtenAt: Date): Promise<void> {
  const writtenMs = writtenAt.getTime();
  // Of several that fail at the same time the last one decides: they look one after the other.
  await tx.sql("select 1 from hauswart.escalation where provider_id = $1 and finding_id = any($2::uuid[]) order by finding_id for update", [
    providerId,
    findingIds,
  ]);
  await tx.sql(
    `update hauswart.escalation e set due_at = $3
     where e.provider_id = $1 and e.finding_id = any($2::uuid[]) and e.state = 'running' and e.due_at > $3 and e.started_at <= $4
       and not exists (select from hauswart.escalation_call c where c.provider_id = $1 and e.finding_id = any(c.finding_ids) and c.called_at > $4)
       and not exists (select from hauswart.mail m where m.provider_id = $1 and m.mail_id >= $5 and m.mail_id < $6 and m.created_at = $4
         and e.finding_id = any(m.finding_ids) and m.state not in ('refused', 'returned') and strpos(m.text_body, $7) > 0)
       and not exists (select from hauswart.recipient r join hauswart.delivery d on d.provider_id = r.provider_id and d.recipient_id = r.recipient_id
         where r.provider_id = $1 and r.on_call_only and d.created_at = $4 and e.finding_id = any(d.finding_ids) and d.state <> 'failed')`,
    [
      providerId,
      findingIds,
      isoTime(services.clock.now()),
      isoTime(writtenMs),
      firstIdAt(isoTime(writtenMs)),
      firstIdAt(isoTime(writtenMs + 1)),
      callMark,
    ],
  );
  tx.afterCommit(() => services.bus.publish("escalations-due", { providerId }));
}

const callMark = actionLinkMark("acknowledge", "");

/** When a call was written; undefined for other mails. A call is known by the link that no other mail has. */
export const callWrittenAt = ({ text_body, created_at }: { readonly text_body: string; readonly created_at: Date }): Date | undefined =>
  text_body.includes(callMark) ? created_at : undefined;
