/**
 * From finding notices to mails in the outbox: one transaction per site, so that a finding is either still to be told or
 * its mails are stored.
 */
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import { formatFor, type Format, type Language } from "@hauswart/protocol/format.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import type { RepairTerms } from "@hauswart/protocol/repair-terms.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import type { CloseReason } from "../../findings/finding-change.ts";
import type { Services } from "../../services.ts";
import { readCustomerTerms } from "../../tenancy/customer-terms.ts";
import { readProviderSettings, type Settings } from "../../tenancy/provider-settings.ts";
import type { MailAbout, ToldFinding } from "../render/mail-model.ts";
import { mailTexts, type Ending } from "../render/mail-texts.ts";
import { renderMail } from "../render/render-mail.ts";
import { decide, type Decision, type Letter, type LetterItem } from "./decide.ts";
import { leavesAtMs } from "./gathering.ts";
import * as store from "./store.ts";
import { mailHeaders, messageDomain, messageIdOf } from "./threads.ts";

export interface Round {
  readonly mails: number;
  /** Findings that no recipient fits. */
  readonly nobodyTold: number;
  /** When the next gathering ends, Unix milliseconds; undefined when nothing waits. */
  readonly nextAtMs: number | undefined;
}

/** Everything a place's mails are made from. */
interface Material {
  readonly place: store.Place;
  readonly names: store.PlaceNames;
  readonly provider: Settings;
  readonly findings: ReadonlyMap<Id, store.NoticedFinding>;
  readonly events: readonly store.LastEvent[];
  readonly tellings: readonly store.StoredTelling[];
  /** Terms of a repair that the customer can order from the mail; undefined where none is offered. */
  readonly repair: RepairTerms | undefined;
  /** Findings whose repair was ordered already. */
  readonly ordered: ReadonlySet<Id>;
  readonly nowMs: number;
}

const endings: Readonly<Record<CloseReason, Ending>> = {
  recovered: "recovered",
  returned: "recovered",
  noted: "recovered",
  "enrolled-anew": "recovered",
  "subject-gone": "subject-gone",
  "check-ended": "not-watched",
  revoked: "not-watched",
};

/** Composes what may leave now for one provider. Sites do not wait for each other's troubles: what fails is logged and tried again. */
export async function composeMails(services: Services, providerId: Id): Promise<Round> {
  const ctx = systemContext(services, providerId, "mail");
  const places = await services.database.transaction(ctx, (tx) => store.pendingPlaces(tx, providerId));
  const nowMs = services.clock.now();
  let round: Round = { mails: 0, nobodyTold: 0, nextAtMs: undefined };
  for (const place of places) {
    const leavesMs = leavesAtMs(place.lastMailAtMs, nowMs);
    if (leavesMs > nowMs) {
      round = { ...round, nextAtMs: Math.min(leavesMs, round.nextAtMs ?? leavesMs) };
      continue;
    }
    try {
      const told = await services.database.transaction(ctx, (tx) => composePlace(tx, ctx, place));
      round = { ...round, mails: round.mails + told.mails, nobodyTold: round.nobodyTold + told.nobodyTold };
    } catch (error) {
      services.log.error("mails about a site could not be composed; they will be tried again", { providerId, ...place, error });
    }
  }
  return round;
}

async function composePlace(tx: Tx, ctx: Context, place: store.Place): Promise<{ mails: number; nobodyTold: number }> {
  const { services, providerId } = ctx;
  const nowMs = services.clock.now();
  // Statements that do not need each other's answers are sent together; they are carried out in their order.
  const [, noticed, recipients] = await Promise.all([
    store.lockComposing(tx, providerId, place),
    store.noticedFindings(tx, providerId, place),
    store.recipientsAt(tx, providerId, place),
  ]);
  if (noticed.length === 0) return { mails: 0, nobodyTold: 0 };
  const material = await gatherMaterial(tx, ctx, place, noticed, nowMs);
  const pending = noticed.map((finding) => ({
    ...finding,
    isOver: finding.closedAtMs !== undefined,
    isReminded: isReminded(material, finding.findingId),
  }));
  const decision = decide(pending, recipients, material.tellings);
  const mails = decision.letters.map((letter) => ({ letter, mail: writeMail(services, material, letter) }));
  const state = services.settings.smtpUrl === undefined ? "kept" : "queued";
  await Promise.all([
    ...mails.map(({ mail }) => store.insertMail(tx, providerId, place, mail, state, nowMs)),
    ...(mails.length > 0
      ? [
          store.saveTellings(
            tx,
            providerId,
            mails.flatMap(({ letter, mail }) => tellingsFrom(material, letter, mail)),
            nowMs,
          ),
          store.openGathering(tx, providerId, place, nowMs),
        ]
      : []),
    store.insertMailedEvents(tx, providerId, mailedEvents(material, decision, mails), nowMs),
    store.markNoticesMailed(
      tx,
      providerId,
      noticed.flatMap(({ noticeIds }) => noticeIds),
      nowMs,
    ),
  ]);
  tx.afterCommit(() =>
    announce(
      services,
      providerId,
      place,
      mails.map(({ mail }) => mail),
    ),
  );
  return { mails: mails.length, nobodyTold: decision.untold.filter(({ why }) => why === "nobody").length };
}

async function gatherMaterial(
  tx: Tx,
  ctx: Context,
  place: store.Place,
  noticed: readonly store.NoticedFinding[],
  nowMs: number,
): Promise<Material> {
  const findingIds = noticed.map(({ findingId }) => findingId);
  const [provider, names, events, tellings, offering] = await Promise.all([
    readProviderSettings(tx, ctx),
    store.placeNames(tx, ctx.providerId, place),
    store.lastEventsOf(tx, ctx.providerId, findingIds),
    store.tellingsOf(tx, ctx.providerId, findingIds),
    offeredRepair(tx, ctx, place.customerId, findingIds),
  ]);
  return {
    place,
    nowMs,
    provider,
    names,
    events,
    tellings,
    ...offering,
    findings: new Map(noticed.map((finding) => [finding.findingId, finding])),
  };
}

async function offeredRepair(
  tx: Tx,
  { providerId }: Context,
  customerId: Id | null,
  findingIds: readonly Id[],
): Promise<Pick<Material, "repair" | "ordered">> {
  if (customerId === null) return { repair: undefined, ordered: new Set() };
  const [{ repair }, orders] = await Promise.all([
    readCustomerTerms(tx, providerId, customerId),
    tx.sql<{ finding_id: Id }>("select finding_id from hauswart.repair_order where provider_id = $1 and finding_id = any($2::uuid[])", [
      providerId,
      findingIds,
    ]),
  ]);
  return { repair: repair.kind === "off" ? undefined : repair, ordered: new Set(orders.map(({ finding_id }) => finding_id)) };
}

function announce({ bus }: Services, providerId: Id, { customerId }: store.Place, mails: readonly store.NewMail[]): void {
  if (mails.length > 0) bus.publish("mail-queued", { providerId });
  for (const { mailId } of mails) bus.publish("live", { providerId, kind: "outbox", id: mailId, customerId, change: "created" });
}

/** An acknowledgement that ran out since the last mail brings the finding back to mind; one that a person took back does not. */
function isReminded({ events, tellings }: Material, findingId: Id): boolean {
  const reopened = events.find((event) => event.findingId === findingId && event.kind === "reopened" && event.bySystem);
  const toldAtMs = Math.max(0, ...tellings.filter((telling) => telling.findingId === findingId).map((telling) => telling.toldAtMs));
  return reopened !== undefined && reopened.atMs > toldAtMs;
}

const formats = new Map<string, Format>();

/** Making a format costs a millisecond, and there are few. An alarm with times of another zone is better than none. */
function formatIn(language: Language, timeZone: string): Format {
  const key = `${language} ${timeZone}`;
  const known = formats.get(key);
  if (known) return known;
  const isZone = Intl.supportedValuesOf("timeZone").includes(timeZone) || timeZone === "UTC";
  const format = formatFor(language, isZone ? timeZone : "Europe/Berlin");
  formats.set(key, format);
  return format;
}

function writeMail(services: Services, material: Material, { addresses, circle, language, fromSeverity, items }: Letter): store.NewMail {
  const { names, provider, tellings, nowMs } = material;
  const mailId = newId(nowMs);
  const domain = messageDomain(provider.mailFrom, services.settings.url);
  const findingIds = items.map(({ findingId }) => findingId);
  const readers = new Set(addresses.map((address) => address.toLowerCase()));
  const earlier = tellings
    .filter(({ findingId, address }) => readers.has(address) && findingIds.includes(findingId))
    .map(({ messageId }) => messageId);
  const about: MailAbout = {
    language,
    fromSeverity,
    nowMs,
    format: formatIn(language, names.timeZone),
    providerName: provider.name,
    customerName: names.customerName,
    siteName: names.siteName ?? undefined,
    consoleUrl: services.settings.url,
    repair: circle === "customer" ? material.repair : undefined,
    findings: items.map((item) => toldFinding(material, item)),
  };
  return {
    mailId,
    messageId: messageIdOf(mailId, domain),
    addresses,
    headers: mailHeaders([...new Set(findingIds.map((id) => material.findings.get(id)!.threadId))], earlier, domain, language),
    findingIds,
    ...renderMail(services.checks, about),
  };
}

function toldFinding({ findings, events, ordered }: Material, { findingId, told, severityBefore }: LetterItem): ToldFinding {
  const finding = findings.get(findingId)!;
  const closing = events.find((event) => event.findingId === findingId && event.kind === "closed");
  return {
    findingId,
    told,
    severityBefore,
    checkId: finding.checkId,
    code: finding.code,
    subject: finding.subject,
    severity: finding.severity,
    deviceName: finding.deviceName ?? undefined,
    evidence: finding.evidence,
    closingEvidence: closing?.evidence ?? undefined,
    evidenceAtMs: finding.closedAtMs ?? finding.evidenceAtMs,
    measured: finding.checkId !== deviceCheckId && finding.checkId !== serverCheckId && finding.checkId !== siteCheckId,
    openedAtMs: finding.openedAtMs,
    closedAtMs: finding.closedAtMs,
    isOrdered: ordered.has(findingId),
    ending: finding.closeReason === null ? "recovered" : endings[finding.closeReason],
  };
}

function tellingsFrom(
  { findings, place }: Material,
  { addresses, items }: Letter,
  { mailId, messageId }: store.NewMail,
): store.NewTelling[] {
  return addresses.flatMap((address) =>
    items.map(({ findingId }) => {
      const { severity, closedAtMs } = findings.get(findingId)!;
      return {
        findingId,
        address: address.toLowerCase(),
        customerId: place.customerId,
        severity,
        isOver: closedAtMs !== undefined,
        mailId,
        messageId,
      };
    }),
  );
}

/** One line per finding and mail in the finding's history, and one for findings that nobody was told of. */
function mailedEvents(
  { findings, place, provider }: Material,
  { untold }: Decision,
  mails: readonly { letter: Letter; mail: store.NewMail }[],
): store.MailedEvent[] {
  const texts = mailTexts[provider.language];
  const event = (findingId: Id, note: string, evidence: store.MailedEvent["evidence"]): store.MailedEvent => ({
    findingId,
    customerId: place.customerId,
    severity: findings.get(findingId)!.severity,
    note,
    evidence,
  });
  return [
    ...mails.flatMap(({ letter, mail }) =>
      letter.items.map(({ findingId, told }) =>
        event(findingId, texts.toldTo(mail.addresses.length), { mailId: mail.mailId, told, recipients: mail.addresses.length }),
      ),
    ),
    ...untold.map(({ findingId, why }) =>
      event(findingId, why === "nobody" ? texts.nobodyTold : texts.overBeforeMail, { told: "none", recipients: 0 }),
    ),
  ];
}
