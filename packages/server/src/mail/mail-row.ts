/** Mails of the outbox as the database keeps them and as the API shows them. */
import type { OutboxMail, OutboxMailWhole } from "@hauswart/protocol/api/mails.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { withoutAccessLink } from "./access-link.ts";
import type { MailRecipientState } from "./outbox/attempt.ts";

export interface MailRow {
  mail_id: Id;
  customer_id: Id | null;
  state: OutboxMail["state"];
  recipients: MailRecipientState[];
  subject: string;
  message_id: string;
  attempts: number;
  last_error: string | null;
  next_attempt_at: Date | null;
  created_at: Date;
  sent_at: Date | null;
}

export interface WholeMailRow extends MailRow {
  headers: Record<string, string>;
  access_link: Buffer | null;
  text_body: string;
  html_body: string;
}

export const mailColumns =
  "mail_id, customer_id, state, recipients, subject, message_id, attempts, last_error, next_attempt_at, created_at, sent_at";

/** A mail within the actor's reach, whole. Errors: NOT_FOUND. */
export async function readMail(tx: Tx, { providerId }: Context, mailId: Id): Promise<WholeMailRow> {
  const [row] = await tx.sql<WholeMailRow>(
    `select ${mailColumns}, headers, access_link, text_body, html_body from hauswart.mail where provider_id = $1 and mail_id = $2`,
    [providerId, mailId],
  );
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

export function presentMail(row: MailRow): OutboxMail {
  return {
    mailId: row.mail_id,
    customerId: row.customer_id,
    state: row.state,
    to: row.recipients.map(({ address }) => address),
    refusals: row.recipients.filter(({ state }) => state === "refused").map(({ address, answer }) => ({ address, answer })),
    reports: row.recipients.flatMap(reportOf),
    subject: row.subject,
    messageId: row.message_id,
    attempts: row.attempts,
    lastError: row.last_error,
    nextAttemptAt: isoTimeOrNull(row.next_attempt_at),
    createdAt: isoTime(row.created_at),
    sentAt: isoTimeOrNull(row.sent_at),
  };
}

/** What came back before the mail was sent again says nothing of it any more. */
function reportOf({ address, state, report }: MailRecipientState): OutboxMail["reports"] {
  if (!report || (report.action === "failed" && state !== "returned") || state === "queued") return [];
  return [{ address, ...report }];
}

export function presentWholeMail(row: WholeMailRow): z.infer<typeof OutboxMailWhole> {
  return {
    ...presentMail(row),
    text: shown(row, row.text_body),
    html: presentMailHtml(row),
    answers: row.recipients.map(({ address, state, answer }) => ({ address, state, answer })),
  };
}

/** The HTML part as it may be shown. */
export function presentMailHtml(row: WholeMailRow): string {
  return shown(row, row.html_body);
}

/** What lets somebody in is not for those who may read mails. */
function shown({ headers }: WholeMailRow, body: string): string {
  return withoutAccessLink(body, headers["Content-Language"] === "en" ? "en" : "de");
}
