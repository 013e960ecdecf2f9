/**
 * Delivery reports from the house's mailbox: what has come back is shown in the outbox and at its recipient, stands in the history of
 * the findings that the mail told of, and counts as not told. Reports that name no mail of ours by its Message-ID are counted and left.
 *
 * A Message-ID has 74 random bits, and only who was sent the mail has seen it. Such a reader could write a report about another reader
 * of the same mail; all that a report ever leads to is that more people are told, never fewer.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../../announce.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import type { MailboxHandler, MailboxMessage } from "../../mailbox/mailbox.ts";
import { redactText } from "../../operation/redact.ts";
import { routingHours } from "../../routing/hours.ts";
import type { Services } from "../../services.ts";
import type { MailRecipientState } from "../outbox/attempt.ts";
import { applyReport, type AfterReport } from "./apply-report.ts";
import { note } from "./not-arrived.ts";
import { readDeliveryReport, type DeliveryReport } from "./read-report.ts";
import { isGone, takeReturned, wordsOf, type MailAboutFindings } from "./take-returned.ts";
import { forgetTaken } from "./unreachable.ts";

/** `known`: it told nothing new. `unknown-mail`: it names nothing that we sent. */
type Outcome = "returned" | "delayed" | "known" | "unknown-mail" | "unreadable";

/** Takes what is a delivery report about a mail of this installation; everything else is left to others. */
export function deliveryReports(services: Services): MailboxHandler {
  const counter = services.metrics.counter({
    name: "delivery_reports_total",
    help: "Delivery reports in the house's mailbox, by what they led to.",
    labels: ["outcome"],
  });
  return {
    name: "delivery-reports",
    async take(message) {
      const outcome = await takeMessage(services, message);
      if (outcome === undefined) return false;
      counter.add(1, { outcome });
      return outcome !== "unknown-mail" && outcome !== "unreadable";
    },
  };
}

async function takeMessage(services: Services, message: MailboxMessage): Promise<Outcome | undefined> {
  let report: DeliveryReport | undefined;
  try {
    report = await readDeliveryReport(message.source);
  } catch (error) {
    services.log.info("no sense could be made of a message in the mailbox", { uid: message.uid, problem: String(error).slice(0, 200) });
    return "unreadable";
  }
  if (!report) return undefined;
  const sent = await sentMail(services, report.messageIds);
  if (!sent) {
    services.log.info("a delivery report names no mail of ours", { uid: message.uid });
    return "unknown-mail";
  }
  const atMs = Math.min(message.receivedAtMs || services.clock.now(), services.clock.now());
  return takeReport(services, sent, report, atMs);
}

interface SentMail {
  readonly providerId: Id;
  readonly mailId: Id;
}

async function sentMail({ database }: Services, messageIds: readonly string[]): Promise<SentMail | undefined> {
  const rows = await database.unwalled("the mail of a delivery report", (tx) =>
    tx.sql<{ provider_id: Id; mail_id: Id; message_id: string }>(
      "select provider_id, mail_id, message_id from hauswart.mail where message_id = any($1::text[])",
      [messageIds.map((id) => id.replaceAll("\0", ""))],
    ),
  );
  const row = messageIds.map((id) => rows.find(({ message_id }) => message_id === id)).find((found) => found !== undefined);
  return row && { providerId: row.provider_id, mailId: row.mail_id };
}

interface MailRow extends MailAboutFindings {
  recipients: MailRecipientState[];
  customer_id: Id | null;
}

async function takeReport(services: Services, { providerId, mailId }: SentMail, report: DeliveryReport, atMs: number): Promise<Outcome> {
  const ctx = systemContext(services, providerId, "mail");
  const hours = await routingHours(services, providerId);
  return services.database.transaction(ctx, async (tx) => {
    const [mail] = await tx.sql<MailRow>(
      "select mail_id, recipients, customer_id, finding_ids, created_at, text_body from hauswart.mail where provider_id = $1 and mail_id = $2 for update",
      [providerId, mailId],
    );
    if (!mail) return "unknown-mail";
    const after = applyReport(mail.recipients, report.recipients.map(withoutSecrets), atMs);
    const news = after.recipients
      .filter((recipient, index) => recipient !== mail.recipients[index])
      .map(({ report: last }) => last?.action);
    if (news.length === 0) return "known";
    await storeRecipients(tx, providerId, mailId, after);
    await noteDelays(tx, ctx, mail, after);
    await forgetTaken(tx, providerId, addressesOf(after.delayed));
    if (after.returned.length > 0) await takeReturned(tx, ctx, mail, after.returned, after.recipients, hours);
    announce(tx, ctx, { kind: "outbox", id: mailId, customerId: mail.customer_id, change: "changed" });
    return news.includes("failed") ? "returned" : news.includes("delayed") ? "delayed" : "known";
  });
}

const addressesOf = (reported: AfterReport["returned"]): string[] => reported.map(({ address }) => address);

/** Servers put into their words what they like; addresses with credentials are none of anybody's business. PostgreSQL takes no NUL. */
function withoutSecrets<Report extends { readonly words: string; readonly by: string | undefined }>(report: Report): Report {
  const clean = (text: string) => redactText(text.replaceAll("\0", ""));
  return { ...report, words: clean(report.words), by: report.by === undefined ? undefined : clean(report.by).slice(0, 255) };
}

/** A mail that nobody has any more is returned; sent it stays as long as one reader has it, as far as anybody knows. */
async function storeRecipients(tx: Tx, providerId: Id, mailId: Id, { recipients }: AfterReport): Promise<void> {
  await tx.sql(
    `update hauswart.mail set recipients = $3::text::jsonb, state = case when state = 'sent' and $4 then 'returned' else state end
     where provider_id = $1 and mail_id = $2`,
    [providerId, mailId, JSON.stringify(recipients), isGone(recipients)],
  );
}

async function noteDelays(tx: Tx, ctx: Context, { finding_ids }: MailRow, { delayed }: AfterReport): Promise<void> {
  if (finding_ids.length === 0 || delayed.length === 0) return;
  await note(tx, ctx, finding_ids, ({ isDelayed }) => delayed.map((one) => isDelayed(one.address, wordsOf(one))));
}
