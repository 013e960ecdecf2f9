import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { setTimeout as pause } from "node:timers/promises";
import { requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { PersonChannelName } from "../../channels/channel.ts";
import { writeMessage } from "../../channels/outbox/write-message.ts";
import { problemOf } from "../../channels/problem.ts";
import type { Context, Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { formatIn } from "../../format-in.ts";
import type { MailRecipientState } from "../../mail/outbox/attempt.ts";
import { renderTestMail, testMailWords } from "../../mail/render/test-mail.ts";
import { mostTestMailsAnHour } from "../../mail/send-test-mail.ts";
import { testMailHeader } from "../../mail/test-mail-header.ts";
import { writeMail } from "../../mail/write-mail.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { isoTime } from "../../times.ts";
import { readRecipient, type RecipientRow } from "./recipient-row.ts";

const patienceMs = 20_000;
const lookEveryMs = 150;

/**
 * Sends a test message through the outbox, as every alarm goes, and waits for what the receiver answers.
 * Errors: FORBIDDEN, NOT_FOUND, TOO_MANY_ATTEMPTS.
 */
export async function testRecipient({ ctx, input }: Verb<Input<"testRecipient">>): Promise<Result<"testRecipient">> {
  requireScope(ctx, "mail:write");
  const { database, settings } = ctx.services;
  const sent = await database.transaction(ctx, async (tx) => {
    const recipient = await readRecipient(tx, ctx, input.recipientId);
    await requireFew(tx, ctx);
    await audit(tx, ctx, {
      action: "recipient.test",
      subject: { kind: "recipient", id: recipient.recipient_id },
      customerId: recipient.customer_id,
      detail: { channel: recipient.channel, address: recipient.address },
    });
    return recipient.channel === "mail" ? sendMail(tx, ctx, recipient) : sendDeliveries(tx, ctx, recipient, recipient.channel);
  });
  if (sent.kind === "mail" && settings.smtpUrl === undefined)
    return { state: "refused", status: null, answer: "", problem: "no-mail-server" };
  if (sent.ids.length === 0) return { state: "refused", status: null, answer: "", problem: "no-device" };
  const look = sent.kind === "mail" ? mailOutcome : deliveryOutcome;
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const outcome = await database.transaction(ctx, (tx) => look(tx, ctx, sent.ids));
    if (outcome.state !== "waiting" || performance.now() > deadline) return outcome;
    await pause(lookEveryMs);
  }
}

interface Sent {
  readonly kind: "mail" | "delivery";
  readonly ids: readonly Id[];
}

async function requireFew(tx: Tx, { services, providerId }: Context): Promise<void> {
  const [row] = await tx.sql<{ sent: number }>(
    `select (select count(*) from hauswart.mail where provider_id = $1 and created_at > $2 and headers ? $3)::int
       + (select count(*) from hauswart.delivery where provider_id = $1 and created_at > $2 and is_test)::int as sent`,
    [providerId, isoTime(services.clock.now() - 3_600_000), testMailHeader],
  );
  if ((row?.sent ?? 0) >= mostTestMailsAnHour) throw new HauswartError("TOO_MANY_ATTEMPTS");
}

async function aboutTest(tx: Tx, ctx: Context, { language }: RecipientRow) {
  const provider = await readProviderSettings(tx, ctx);
  const about = {
    language,
    format: formatIn(language, provider.timeZone),
    nowMs: ctx.services.clock.now(),
    providerName: provider.name,
    askedBy: ctx.actor.name,
    consoleUrl: ctx.services.settings.url,
  };
  return { provider, about };
}

async function sendMail(tx: Tx, ctx: Context, recipient: RecipientRow): Promise<Sent> {
  const { provider, about } = await aboutTest(tx, ctx, recipient);
  const { mailId } = await writeMail(tx, ctx, provider, {
    address: recipient.address,
    language: recipient.language,
    customerId: recipient.customer_id,
    content: renderTestMail(about),
    headers: { [testMailHeader]: "yes" },
  });
  return { kind: "mail", ids: [mailId] };
}

async function sendDeliveries(tx: Tx, ctx: Context, recipient: RecipientRow, channel: PersonChannelName): Promise<Sent> {
  const { about } = await aboutTest(tx, ctx, recipient);
  const words = testMailWords(about);
  const link = `${about.consoleUrl}/`;
  const ids = await writeMessage(tx, ctx, {
    channel,
    recipientId: recipient.recipient_id,
    customerId: recipient.customer_id,
    event: "test",
    message: {
      title: words.subject,
      tone: "over",
      items: [{ tone: "over", state: words.title, title: words.title, where: words.paragraphs[0]!, facts: [], link }],
      more: "",
      link,
      button: words.button,
      tag: `test-${newId(about.nowMs)}`,
    },
    findingIds: [],
    isTest: true,
  });
  return { kind: "delivery", ids };
}

type Outcome = Result<"testRecipient">;

async function mailOutcome(tx: Tx, { providerId }: Context, ids: readonly Id[]): Promise<Outcome> {
  const [row] = await tx.sql<{ recipients: MailRecipientState[]; last_error: string | null }>(
    "select recipients, last_error from hauswart.mail where provider_id = $1 and mail_id = any($2::uuid[])",
    [providerId, ids],
  );
  const { state, answer } = row?.recipients[0] ?? { state: "refused" as const, answer: "" };
  const words = answer || (row?.last_error ?? "");
  const status = Number(/\b([245]\d\d)[ -]/.exec(words)?.[1]) || null;
  if (state === "sent" || state === "returned") return { state: "accepted", status: status ?? 250, answer: words, problem: null };
  // A server that cannot be used, or that says "later", has said all that there is to know for now.
  if (state === "queued" && !words) return { state: "waiting", status: null, answer: "", problem: null };
  return {
    state: state === "refused" ? "refused" : "waiting",
    status,
    answer: words,
    problem: status === null ? problemOf(words) : "answer",
  };
}

/** Of several browsers one is enough; of several refusals the first is shown. */
async function deliveryOutcome(tx: Tx, { providerId }: Context, ids: readonly Id[]): Promise<Outcome> {
  const rows = await tx.sql<{
    state: string;
    last_status: number | null;
    last_error: string | null;
    answer: string | null;
    problem: string | null;
  }>(
    "select state, last_status, last_error, answer, problem from hauswart.delivery where provider_id = $1 and delivery_id = any($2::uuid[]) order by state, delivery_id",
    [providerId, ids],
  );
  const row = rows.find(({ state }) => state === "delivered") ?? rows.find(({ state }) => state === "failed");
  if (!row) return { state: "waiting", status: null, answer: "", problem: null };
  const isAccepted = row.state === "delivered";
  return {
    state: isAccepted ? "accepted" : "refused",
    status: row.last_status,
    answer: row.answer || row.last_error || "",
    problem: isAccepted ? null : ((row.problem ?? "other") as Outcome["problem"]),
  };
}
