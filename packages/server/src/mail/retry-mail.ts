import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import type { MailRecipientState } from "./outbox/attempt.ts";
import { hasAccessLink } from "./access-link.ts";
import { presentMail, readMail } from "./mail-row.ts";

/**
 * Queues a mail again for those who have not had it: at once, and with five new days of trying. It keeps its Message-ID.
 * Errors: FORBIDDEN, NOT_FOUND, CONFLICT (everybody has had it, or no mail server is set).
 */
export async function retryMail({ ctx, input }: Verb<Input<"retryMail">>): Promise<Result<"retryMail">> {
  requireScope(ctx, "mail:write");
  const { services, providerId } = ctx;
  if (services.settings.smtpUrl === undefined)
    throw new HauswartError("CONFLICT", "No mail server is set (HAUSWART_SMTP_URL); mails can only be read here.");
  return services.database.transaction(ctx, async (tx) => {
    await tx.sql("select 1 from hauswart.mail where provider_id = $1 and mail_id = $2 for update", [providerId, input.mailId]);
    const before = await readMail(tx, ctx, input.mailId);
    if (before.access_link === null && hasAccessLink(before.text_body))
      throw new HauswartError("CONFLICT", "The link in this mail is gone. Send the invitation again, or ask for a new password again.");
    const recipients = before.recipients.map((recipient): MailRecipientState =>
      recipient.state === "sent" ? recipient : { ...recipient, state: "queued" },
    );
    if (recipients.every(({ state }) => state === "sent")) throw new HauswartError("CONFLICT", "All recipients have had this mail.");
    const now = isoTime(services.clock.now());
    await tx.sql(
      "update hauswart.mail set recipients = $3::text::jsonb, state = 'queued', next_attempt_at = $4, queued_since = $4, deferrals = 0 where provider_id = $1 and mail_id = $2",
      [providerId, input.mailId, JSON.stringify(recipients), now],
    );
    // What it tells counts as told again, until it comes back anew.
    await tx.sql(
      `update hauswart.told t set missed = false from hauswart.mail m
       where m.provider_id = $1 and m.mail_id = $2 and t.provider_id = $1 and t.finding_id = any(m.finding_ids) and t.mail_id = m.mail_id`,
      [providerId, input.mailId],
    );
    await audit(tx, ctx, {
      action: "mail.retry",
      subject: { kind: "mail", id: input.mailId },
      customerId: before.customer_id,
      detail: { subject: before.subject },
    });
    announce(tx, ctx, { kind: "outbox", id: input.mailId, customerId: before.customer_id, change: "changed" });
    tx.afterCommit(() => services.bus.publish("mail-queued", { providerId }));
    return presentMail(await readMail(tx, ctx, input.mailId));
  });
}
