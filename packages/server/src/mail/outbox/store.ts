/** Mails in the outbox: taking, keeping hold of, and writing down what came of them. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../../announce.ts";
import { systemContext, type Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { redactText } from "../../operation/redact.ts";
import { routingHours, type RoutingHours } from "../../routing/hours.ts";
import type { Services } from "../../services.ts";
import { isoTime } from "../../times.ts";
import { SealedValueError } from "../../secrets/sealed-box.ts";
import { accessLinkMark, accessLinkPlace } from "../access-link.ts";
import { withActionLinks } from "../action-links.ts";
import type { MailTexts } from "../render/mail-texts.ts";
import { cameBackOf } from "../reports/apply-report.ts";
import { callWrittenAt, notArrived } from "../reports/not-arrived.ts";
import { isGone, takeReturned, type MailAboutFindings } from "../reports/take-returned.ts";
import { markUnreachable, noteTaken } from "../reports/unreachable.ts";
import { testMailHeader } from "../test-mail-header.ts";
import { afterAttempt, type AfterAttempt, type Attempt, type MailRecipientState } from "./attempt.ts";

/** A mail that this process may send now. */
export interface ClaimedMail {
  readonly providerId: Id;
  readonly mailId: Id;
  readonly messageId: string;
  readonly from: string;
  readonly recipients: readonly MailRecipientState[];
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly createdAtMs: number;
}

/** How long a worker has a mail without saying that it still works on it. When it dies, the mail is tried again after this. */
export const claimMs = 60_000;

interface ClaimRow {
  provider_id: Id;
  mail_id: Id;
  message_id: string;
  mail_from: string | null;
  recipients: MailRecipientState[];
  headers: Record<string, string>;
  subject: string;
  text_body: string;
  html_body: string;
  access_link: Buffer | null;
  created_at_ms: number;
}

/** Takes due mails, longest due first. Several workers do not get the same one. */
export async function claimMails(services: Services, count: number): Promise<ClaimedMail[]> {
  const { database, clock, log } = services;
  const rows = await database.unwalled("take mails to send", (tx) =>
    tx.sql<ClaimRow>(
      `update hauswart.mail set claimed_until = to_timestamp(($1::float8 + $2::float8) / 1000), attempts = attempts + 1
       from (
         select provider_id, mail_id from hauswart.mail
         where state = 'queued' and next_attempt_at <= to_timestamp($1::float8 / 1000) and (claimed_until is null or claimed_until <= to_timestamp($1::float8 / 1000))
         order by next_attempt_at limit $3 for update skip locked
       ) due, hauswart.provider
       where mail.provider_id = due.provider_id and mail.mail_id = due.mail_id and provider.provider_id = mail.provider_id
       returning mail.provider_id, mail.mail_id, mail.message_id, provider.settings ->> 'mailFrom' as mail_from, mail.recipients, mail.headers, mail.subject,
         mail.text_body, mail.html_body, mail.access_link, (extract(epoch from mail.created_at) * 1000)::float8 as created_at_ms`,
      [clock.now(), claimMs, count],
    ),
  );
  return rows.flatMap((row) => {
    const opened = openLink(services, row);
    if (!opened) {
      log.error("the link of a mail cannot be opened with this master key; the mail waits", { mailId: row.mail_id });
      return [];
    }
    return [claimedMail(services, row, opened.link)];
  });
}

/** The link of a mail, where it has one; undefined when another key has sealed it. */
function openLink(
  { secrets }: Services,
  { provider_id, mail_id, access_link }: ClaimRow,
): { readonly link: string | undefined } | undefined {
  if (access_link === null) return { link: undefined };
  try {
    return { link: secrets.open(access_link, accessLinkPlace(provider_id, mail_id)).toString("utf8") };
  } catch (error) {
    if (error instanceof SealedValueError) return undefined;
    throw error;
  }
}

function claimedMail({ settings, secrets }: Services, row: ClaimRow, link: string | undefined): ClaimedMail {
  const mail = { providerId: row.provider_id, mailId: row.mail_id, createdAtMs: row.created_at_ms };
  const whole = (body: string) =>
    link === undefined ? withActionLinks(body, mail, secrets, settings.url) : body.replaceAll(accessLinkMark, () => link);
  return {
    ...mail,
    messageId: row.message_id,
    from: row.mail_from ?? settings.mailFrom,
    recipients: row.recipients,
    headers: Object.fromEntries(Object.entries(row.headers).map(([name, value]) => [name, whole(value)])),
    subject: row.subject,
    text: whole(row.text_body),
    html: whole(row.html_body),
  };
}

/** Says that the mails in hand are still being worked on. */
export async function holdMails({ database, clock }: Services, mailIds: readonly Id[]): Promise<void> {
  await database.unwalled("keep hold of mails being sent", (tx) =>
    tx.sql(
      "update hauswart.mail set claimed_until = to_timestamp(($1::float8 + $2::float8) / 1000) where mail_id = any($3::uuid[]) and claimed_until is not null",
      [clock.now(), claimMs, mailIds],
    ),
  );
}

/** Writes down what came of an attempt. A recipient whom a person has queued again meanwhile stays queued. */
export async function recordAttempt(
  services: Services,
  { providerId, mailId, recipients: tried, headers }: ClaimedMail,
  attempt: Attempt,
): Promise<AfterAttempt["state"] | "gone"> {
  const { database, clock } = services;
  const ctx = systemContext(services, providerId, "mail");
  const hours = await routingHours(services, providerId);
  return database.transaction(ctx, async (tx) => {
    const [row] = await tx.sql<{ recipients: MailRecipientState[]; deferrals: number; queued_since_ms: number; customer_id: Id | null }>(
      `select recipients, deferrals, (extract(epoch from queued_since) * 1000)::float8 as queued_since_ms, customer_id
       from hauswart.mail where provider_id = $1 and mail_id = $2 for update`,
      [providerId, mailId],
    );
    if (!row) return "gone";
    const nowMs = clock.now();
    const inHand = tried.filter(({ state }) => state === "queued").map(({ address }) => address);
    const after = afterAttempt(
      {
        recipients: row.recipients,
        cameBack: cameBackOf(row.recipients, tried),
        deferrals: row.deferrals,
        queuedSinceMs: row.queued_since_ms,
      },
      onlyAbout(attempt, inHand),
      nowMs,
    );
    await tx.sql(
      `update hauswart.mail set recipients = $3::text::jsonb, state = $4, deferrals = $5, last_error = $6, next_attempt_at = to_timestamp($7::float8 / 1000), claimed_until = null,
         access_link = case when $4::text in ('sent', 'returned') then null else access_link end,
         sent_at = case when $4::text in ('sent', 'returned') then coalesce(sent_at, to_timestamp($8::float8 / 1000)) else sent_at end
       where provider_id = $1 and mail_id = $2`,
      [
        providerId,
        mailId,
        JSON.stringify(after.recipients),
        after.state,
        after.deferrals,
        after.lastError,
        after.nextAttemptAtMs ?? null,
        nowMs,
      ],
    );
    const answered = after.recipients.filter(({ address }, index) => row.recipients[index]!.state === "queued" && inHand.includes(address));
    const answeredBy = (state: MailRecipientState["state"]) => answered.filter((one) => one.state === state);
    const taken = answeredBy("sent").map(({ address }) => address);
    if (taken.length > 0) await noteTaken(tx, providerId, taken, nowMs, testMailHeader in headers);
    const [refused, returned] = [
      answeredBy("refused"),
      answeredBy("returned").map(({ address, report }) => ({ address, report: report! })),
    ];
    if (refused.length + returned.length > 0) {
      const mail = await mailAbout(tx, providerId, mailId);
      if (refused.length > 0) await takeRefused(tx, ctx, mail, refused, hours, after);
      if (returned.length > 0) await takeReturned(tx, ctx, mail, returned, after.recipients, hours);
    }
    announce(tx, ctx, { kind: "outbox", id: mailId, customerId: row.customer_id, change: "changed" });
    return after.state;
  });
}

async function mailAbout(tx: Tx, providerId: Id, mailId: Id): Promise<MailAboutFindings> {
  const [mail] = await tx.sql<MailAboutFindings>(
    "select mail_id, finding_ids, text_body, created_at from hauswart.mail where provider_id = $1 and mail_id = $2",
    [providerId, mailId],
  );
  return mail!;
}

/** What is refused for good did not arrive; the address shows it until a mail to it is taken again. */
async function takeRefused(
  tx: Tx,
  ctx: Context,
  mail: MailAboutFindings,
  refused: readonly MailRecipientState[],
  hours: RoutingHours,
  after: AfterAttempt,
): Promise<void> {
  const { providerId, services } = ctx;
  const missed = {
    messageIds: [mail.mail_id],
    readerKeys: refused.map(({ address }) => address.toLowerCase()),
    findingIds: mail.finding_ids,
    notes: ({ wasRefused }: MailTexts) => refused.map(({ address, answer }) => wasRefused(address, redactText(answer))),
    callWrittenAt: isGone(after.recipients) ? callWrittenAt(mail) : undefined,
  };
  const untold = await notArrived(tx, ctx, missed, hours);
  const at = isoTime(services.clock.now());
  const said = refused.map(({ address, answer }) => ({ address, reason: redactText(answer), at }));
  await markUnreachable(tx, providerId, "refused", said, untold.length);
}

/** An answer for the whole message speaks only for those who were in its envelope. */
function onlyAbout(attempt: Attempt, inHand: readonly string[]): Attempt {
  if (attempt.kind !== "message") return attempt;
  const verdict = attempt.isPermanent ? "refused" : "deferred";
  return { kind: "answered", answers: inHand.map((address) => ({ address, verdict, answer: attempt.answer })) };
}
