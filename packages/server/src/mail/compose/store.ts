/** What composing reads and writes. All of it in the composer's one transaction. */
import type { Evidence } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import type { CloseReason } from "../../findings/finding-change.ts";
import type { Severity } from "../render/mail-texts.ts";
import type { HeldItem, Telling } from "./decide.ts";
import { rowEndsMs } from "./gathering.ts";

/** Stands for "no site" in keys, and for "no customer": findings about the server itself belong to the whole provider. */
export const noSite = "00000000-0000-0000-0000-000000000000";

/** A site, a customer's findings without a site, or the provider's about the server itself. */
export interface Place {
  /** null for findings about the server itself. */
  readonly customerId: Id | null;
  /** `noSite` for findings without a site. */
  readonly siteId: Id;
}

/** A place that has unmailed notices. Times are Unix milliseconds. */
export interface PendingPlace extends Place {
  /** A failure waits to be told. */
  readonly isUrgent: boolean;
  readonly lastMailAtMs: number | undefined;
  /** Mails that followed on each other, the last one included. */
  readonly inRow: number;
}

/** A finding with unmailed notices, as it is now. */
export interface NoticedFinding {
  readonly findingId: Id;
  readonly noticeIds: readonly Id[];
  readonly customerId: Id | null;
  readonly siteId: Id | null;
  readonly checkId: string;
  readonly code: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly evidence: Evidence;
  readonly evidenceAtMs: number;
  readonly openedAtMs: number;
  readonly closedAtMs: number | undefined;
  readonly closeReason: CloseReason | null;
  readonly deviceName: string | null;
  /** The finding that causes its incident; itself when there is none: all mails of an incident are one thread. */
  readonly threadId: Id;
  /** Customer and site, for messages about several places. */
  readonly place?: string;
}

/** Names for a mail's words. */
export interface PlaceNames {
  /** The provider's for findings about the server itself. */
  readonly customerName: string;
  /** Of the site, else of its customer, else of the provider. */
  readonly timeZone: string;
  readonly siteName: string | null;
}

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/** Composing for one place is done by one process at a time: two would split what belongs into one mail. */
export async function lockComposing(tx: Tx, providerId: Id, { customerId, siteId }: Place): Promise<void> {
  await tx.sql("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`hauswart/compose-mail/${providerId}/${customerId}/${siteId}`]);
}

export async function pendingPlaces(tx: Tx, providerId: Id): Promise<PendingPlace[]> {
  const rows = await tx.sql<{
    customer_id: Id | null;
    site_id: Id;
    is_urgent: boolean;
    last_mail_at_ms: number | null;
    in_row: number | null;
  }>(
    `select pending.customer_id, pending.site_id, pending.is_urgent, ${ms("gathering.last_mail_at")} as last_mail_at_ms, gathering.in_row
     from (
       select notice.customer_id, coalesce(notice.site_id, '${noSite}') as site_id,
         bool_or(finding.severity = 'failure' and finding.closed_at is null) as is_urgent
       from hauswart.finding_notice notice
       join hauswart.finding finding on finding.provider_id = $1 and finding.finding_id = notice.finding_id
       where notice.provider_id = $1 and notice.mailed_at is null group by 1, 2
     ) pending
     left join hauswart.mail_gathering gathering on gathering.provider_id = $1 and gathering.customer_id = coalesce(pending.customer_id, '${noSite}') and gathering.site_id = pending.site_id`,
    [providerId],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    siteId: row.site_id,
    isUrgent: row.is_urgent,
    lastMailAtMs: row.last_mail_at_ms ?? undefined,
    inRow: row.in_row ?? 1,
  }));
}

interface FindingRow {
  finding_id: Id;
  notice_ids: Id[];
  customer_id: Id | null;
  site_id: Id | null;
  check_id: string;
  code: string;
  subject: string;
  severity: Severity;
  evidence: Evidence;
  evidence_at_ms: number;
  opened_at_ms: number;
  closed_at_ms: number | null;
  close_reason: CloseReason | null;
  device_name: string | null;
  thread_id: Id;
}

const findingColumns = `finding.finding_id, finding.customer_id, finding.site_id, finding.check_id, finding.code, finding.subject, finding.severity,
       finding.evidence, ${ms("finding.evidence_at")} as evidence_at_ms, ${ms("finding.opened_at")} as opened_at_ms, ${ms("finding.closed_at")} as closed_at_ms,
       finding.close_reason, device.name as device_name, coalesce(incident.cause_finding_id, finding.finding_id) as thread_id`;

/** Findings of a place that have unmailed notices, oldest first; at most 1,000, the next round takes more. */
export async function noticedFindings(tx: Tx, providerId: Id, { customerId, siteId }: Place): Promise<NoticedFinding[]> {
  const rows = await tx.sql<FindingRow>(
    `select noticed.notice_ids, ${findingColumns}
     from (
       select finding_id, array_agg(finding_notice_id)::text[] as notice_ids, min(finding_notice_id::text) as first
       from hauswart.finding_notice
       where provider_id = $1 and mailed_at is null and customer_id is not distinct from $2::uuid and coalesce(site_id, '${noSite}') = $3
       group by finding_id order by first limit 1000
     ) noticed
     join hauswart.finding finding on finding.provider_id = $1 and finding.finding_id = noticed.finding_id
     left join hauswart.device device on device.provider_id = $1 and device.device_id = finding.device_id
     left join hauswart.incident incident on incident.provider_id = $1 and incident.incident_id = finding.incident_id
     order by noticed.first`,
    [providerId, customerId, siteId],
  );
  return rows.map(findingFrom);
}

/** Findings by their ids, with the place of each, oldest first. */
export async function findingsById(tx: Tx, providerId: Id, findingIds: readonly Id[]): Promise<NoticedFinding[]> {
  const rows = await tx.sql<FindingRow & { place: string }>(
    `select '{}'::text[] as notice_ids, ${findingColumns}, concat_ws(', ', coalesce(customer.name, provider.name), site.name) as place
     from hauswart.finding finding
     join hauswart.provider provider on provider.provider_id = finding.provider_id
     left join hauswart.customer customer on customer.provider_id = finding.provider_id and customer.customer_id = finding.customer_id
     left join hauswart.site site on site.provider_id = finding.provider_id and site.site_id = finding.site_id
     left join hauswart.device device on device.provider_id = finding.provider_id and device.device_id = finding.device_id
     left join hauswart.incident incident on incident.provider_id = finding.provider_id and incident.incident_id = finding.incident_id
     where finding.provider_id = $1 and finding.finding_id = any($2::uuid[]) order by finding.opened_at, finding.finding_id`,
    [providerId, findingIds],
  );
  return rows.map((row) => ({ ...findingFrom(row), place: row.place }));
}

const findingFrom = (row: FindingRow): NoticedFinding => ({
  findingId: row.finding_id,
  noticeIds: row.notice_ids,
  customerId: row.customer_id,
  siteId: row.site_id,
  checkId: row.check_id,
  code: row.code,
  subject: row.subject,
  severity: row.severity,
  evidence: row.evidence,
  evidenceAtMs: row.evidence_at_ms,
  openedAtMs: row.opened_at_ms,
  closedAtMs: row.closed_at_ms ?? undefined,
  closeReason: row.close_reason,
  deviceName: row.device_name,
  threadId: row.thread_id,
});

export async function placeNames(tx: Tx, providerId: Id, { customerId, siteId }: Place): Promise<PlaceNames> {
  const [row] = await tx.sql<{ name: string; time_zone: string; site_name: string | null }>(
    `select coalesce(customer.name, provider.name) as name, coalesce(site.time_zone, customer.time_zone, provider.time_zone) as time_zone, site.name as site_name
     from hauswart.provider
     left join hauswart.customer on customer.provider_id = $1 and customer.customer_id = $2
     left join hauswart.site on site.provider_id = $1 and site.site_id = $3
     where provider.provider_id = $1`,
    [providerId, customerId, siteId],
  );
  return { customerName: row?.name ?? "", timeZone: row?.time_zone ?? "Europe/Berlin", siteName: row?.site_name ?? null };
}

export interface StoredTelling extends Telling {
  readonly messageId: string;
}

/** What arrived last of each reader's messages, or is on its way. */
export async function tellingsOf(tx: Tx, providerId: Id, findingIds: readonly Id[]): Promise<StoredTelling[]> {
  const rows = await tx.sql<{
    finding_id: Id;
    address: string;
    severity: Severity;
    is_over: boolean;
    message_id: string;
    told_at_ms: number;
  }>(
    `select * from (
       select distinct on (finding_id, address) finding_id, address, severity, is_over, message_id, ${ms("told_at")} as told_at_ms
       from hauswart.told where provider_id = $1 and finding_id = any($2::uuid[]) and not missed
       order by finding_id, address, told_at desc, mail_id desc
     ) last order by told_at_ms`,
    [providerId, findingIds],
  );
  return rows.map((row) => ({
    findingId: row.finding_id,
    address: row.address,
    severity: row.severity,
    isOver: row.is_over,
    messageId: row.message_id,
    toldAtMs: row.told_at_ms,
  }));
}

export interface LastEvent {
  readonly findingId: Id;
  /** held: by a maintenance window. reopened: because an acknowledgement ran out; one that a person took back brings nothing to mind. */
  readonly kind: "closed" | "reopened" | "held";
  readonly atMs: number;
  readonly evidence: Evidence | null;
  /** Of the window that held it; null for other events, and once the window is gone. */
  readonly windowName: string | null;
}

interface LastEventRow {
  finding_id: Id;
  kind: LastEvent["kind"];
  at_ms: number;
  evidence: Evidence | null;
  window_name: string | null;
}

/** The newest event of each kind per finding. */
export async function lastEventsOf(tx: Tx, providerId: Id, findingIds: readonly Id[]): Promise<LastEvent[]> {
  const rows = await tx.sql<LastEventRow>(
    `select distinct on (finding_id, kind) finding_id, kind, ${ms("at")} as at_ms, evidence,
       case when kind = 'held' then (select w.name from hauswart.maintenance_window w
         where w.provider_id = e.provider_id and w.maintenance_window_id = (e.evidence ->> 'windowId')::uuid) end as window_name
     from hauswart.finding_event e
     where provider_id = $1 and finding_id = any($2::uuid[]) and (kind = 'closed' or kind = 'reopened' and actor ->> 'kind' = 'system' or kind = 'held' and note = 'maintenance')
     order by finding_id, kind, at desc, finding_event_id desc`,
    [providerId, findingIds],
  );
  return rows.map((row) => ({
    findingId: row.finding_id,
    kind: row.kind,
    atMs: row.at_ms,
    evidence: row.evidence,
    windowName: row.window_name,
  }));
}

/** A mail ready to be stored. */
export interface NewMail {
  readonly mailId: Id;
  readonly messageId: string;
  readonly addresses: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly findingIds: readonly Id[];
}

/** @param state `kept` when no mail server is set. */
export async function insertMail(
  tx: Tx,
  providerId: Id,
  { customerId, siteId }: Place,
  mail: NewMail,
  state: "queued" | "kept",
  nowMs: number,
): Promise<void> {
  const recipients = mail.addresses.map((address) => ({ address, state: "queued", answer: "" }));
  await tx.sql(
    `insert into hauswart.mail (provider_id, mail_id, customer_id, site_id, message_id, recipients, headers, subject, text_body, html_body, state, next_attempt_at, finding_ids, created_at)
     values ($1, $2, $3, nullif($4::uuid, '${noSite}'), $5, $6::text::jsonb, $7::text::jsonb, $8, $9, $10, $11, case when $11::text = 'queued' then to_timestamp($13::float8 / 1000) end, $12::uuid[], to_timestamp($13::float8 / 1000))`,
    [
      providerId,
      mail.mailId,
      customerId,
      siteId,
      mail.messageId,
      JSON.stringify(recipients),
      JSON.stringify(mail.headers),
      mail.subject,
      mail.text,
      mail.html,
      state,
      mail.findingIds,
      nowMs,
    ],
  );
}

/** What waits for the end of quiet hours. What waits already keeps its time. */
export async function holdNotices(tx: Tx, providerId: Id, customerId: Id | null, held: readonly HeldItem[], nowMs: number): Promise<void> {
  await tx.sql(
    `insert into hauswart.held_notice (provider_id, recipient_id, finding_id, customer_id, held_at, due_at)
     select $1, "recipientId", "findingId", $3, to_timestamp($4::float8 / 1000), to_timestamp("dueAtMs" / 1000)
     from jsonb_to_recordset($2::text::jsonb) as held("recipientId" uuid, "findingId" uuid, "dueAtMs" float8)
     on conflict (provider_id, recipient_id, finding_id) do nothing`,
    [providerId, JSON.stringify(held), customerId, nowMs],
  );
  // Whoever changed a recipient since its quiet hours were asked did not see these rows. Whoever changes one now waits for them.
  const idsOf = (key: "recipientId" | "findingId") => held.map((item) => item[key]);
  await releaseHeld(tx, providerId, idsOf("recipientId"), nowMs, idsOf("findingId"));
}

/**
 * What recipients want in their quiet hours too, or all where they keep none any more, is due. Whoever changes that locks the recipient
 * for update, calls this and commits.
 * @param findingIds null: whatever waits
 */
export async function releaseHeld(
  tx: Tx,
  providerId: Id,
  recipientIds: readonly Id[],
  nowMs: number,
  findingIds: readonly Id[] | null = null,
): Promise<void> {
  await tx.sql(
    `with released as (
       select h.provider_id, h.recipient_id, h.finding_id from hauswart.held_notice h
       join hauswart.recipient r on r.provider_id = h.provider_id and r.recipient_id = h.recipient_id
       join hauswart.finding f on f.provider_id = h.provider_id and f.finding_id = h.finding_id
       where h.provider_id = $1 and h.recipient_id = any($2::uuid[]) and ($4::uuid[] is null or h.finding_id = any($4::uuid[]))
         and (not r.quiet or r.quiet_except = 'warning' or r.quiet_except = f.severity)
       -- What is locked is being told.
       for update of h skip locked)
     update hauswart.held_notice h set due_at = least(h.due_at, to_timestamp($3::float8 / 1000)) from released
     where h.provider_id = released.provider_id and h.recipient_id = released.recipient_id and h.finding_id = released.finding_id`,
    [providerId, recipientIds, nowMs, findingIds],
  );
}

/** What addresses know from now on. */
export interface NewTelling extends Omit<Telling, "toldAtMs"> {
  readonly customerId: Id | null;
  readonly mailId: Id;
  readonly messageId: string;
}

export async function saveTellings(tx: Tx, providerId: Id, tellings: readonly NewTelling[], nowMs: number): Promise<void> {
  await tx.sql(
    `insert into hauswart.told (provider_id, finding_id, address, customer_id, severity, is_over, mail_id, message_id, told_at)
     select $1, "findingId", address, "customerId", severity, "isOver", "mailId", "messageId", to_timestamp($3::float8 / 1000)
     from jsonb_to_recordset($2::text::jsonb) as telling("findingId" uuid, address text, "customerId" uuid, severity text, "isOver" boolean, "mailId" uuid, "messageId" text)`,
    [providerId, JSON.stringify(tellings), nowMs],
  );
}

/** What stands in a finding's history about its mails. */
export interface MailedEvent {
  readonly findingId: Id;
  readonly customerId: Id | null;
  readonly severity: Severity;
  readonly note: string;
  readonly evidence: Readonly<Record<string, string | number>>;
}

const mailActor = JSON.stringify({ kind: "system", id: "mail", name: "mail" });

export async function insertMailedEvents(tx: Tx, providerId: Id, events: readonly MailedEvent[], nowMs: number): Promise<void> {
  await tx.sql(
    `insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor, severity, note, evidence)
     select $1, uuidv7(), "findingId", "customerId", to_timestamp($3::float8 / 1000), 'mailed', $4::text::jsonb, severity, note, evidence
     from jsonb_to_recordset($2::text::jsonb) as event("findingId" uuid, "customerId" uuid, severity text, note text, evidence jsonb)`,
    [providerId, JSON.stringify(events), nowMs, mailActor],
  );
}

/** Of findings that no message tells of, those whose history says so: no escalation plan has taken them, and nothing was said yet of those that are over. */
export async function unheardOf(tx: Tx, providerId: Id, findingIds: readonly Id[]): Promise<ReadonlySet<Id>> {
  if (findingIds.length === 0) return new Set();
  const rows = await tx.sql<{ finding_id: Id }>(
    `select f.finding_id from hauswart.finding f where f.provider_id = $1 and f.finding_id = any($2::uuid[])
       and not exists (select from hauswart.escalation e where e.provider_id = $1 and e.finding_id = f.finding_id)
       and (f.closed_at is null
         or not exists (select from hauswart.finding_event e where e.provider_id = $1 and e.finding_id = f.finding_id and e.kind = 'mailed'))`,
    [providerId, findingIds],
  );
  return new Set(rows.map(({ finding_id }) => finding_id));
}

export async function markNoticesMailed(tx: Tx, providerId: Id, noticeIds: readonly Id[], nowMs: number): Promise<void> {
  await tx.sql(
    "update hauswart.finding_notice set mailed_at = to_timestamp($3::float8 / 1000) where provider_id = $1 and finding_notice_id = any($2::uuid[])",
    [providerId, noticeIds, nowMs],
  );
}

/** From now on findings of this place are gathered. */
export async function openGathering(tx: Tx, providerId: Id, { customerId, siteId }: Place, nowMs: number): Promise<void> {
  await tx.sql(
    `insert into hauswart.mail_gathering (provider_id, customer_id, site_id, last_mail_at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))
     on conflict (provider_id, customer_id, site_id) do update set last_mail_at = excluded.last_mail_at,
       in_row = case when mail_gathering.last_mail_at > excluded.last_mail_at - $5::int8 * interval '1 millisecond' then least(mail_gathering.in_row + 1, 100) else 1 end`,
    [providerId, customerId ?? noSite, siteId, nowMs, rowEndsMs],
  );
}
