import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { reachesCustomer, requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { formatIn } from "../format-in.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { isoTime } from "../times.ts";
import { presentMail, readMail } from "./mail-row.ts";
import { renderTestMail } from "./render/test-mail.ts";
import { testMailHeader } from "./test-mail-header.ts";
import { writeMail } from "./write-mail.ts";

/** More than anybody needs to get a mail server right, and too few to annoy a stranger with. */
export const mostTestMailsAnHour = 20;

/**
 * Puts a test mail into the outbox, from where it goes the way of every alarm; what the mail server answers is written there.
 * Errors: FORBIDDEN (for all customers, by somebody restricted), NOT_FOUND (customer), TOO_MANY_ATTEMPTS.
 */
export async function sendTestMail({ ctx, input }: Verb<Input<"sendTestMail">>): Promise<Result<"sendTestMail">> {
  requireScope(ctx, "mail:write");
  if (input.customerId === null && !reachesCustomer(ctx, null))
    throw new HauswartError("FORBIDDEN", "This concerns all customers; your rights are restricted to some.");
  const { services } = ctx;
  const nowMs = services.clock.now();
  return services.database.transaction(ctx, async (tx) => {
    const timeZone = await timeZoneOf(tx, ctx, input.customerId);
    await requireFew(tx, ctx, nowMs);
    const provider = await readProviderSettings(tx, ctx);
    const content = renderTestMail({
      language: input.language,
      format: formatIn(input.language, timeZone ?? provider.timeZone),
      nowMs,
      providerName: provider.name,
      askedBy: ctx.actor.name,
      consoleUrl: services.settings.url,
    });
    const { address, language, customerId } = input;
    const { mailId } = await writeMail(tx, ctx, provider, { address, language, customerId, content, headers: { [testMailHeader]: "yes" } });
    await audit(tx, ctx, {
      action: "mail.test",
      subject: { kind: "mail", id: mailId },
      customerId: input.customerId,
      detail: { address: input.address },
    });
    announce(tx, ctx, { kind: "outbox", id: mailId, customerId: input.customerId, change: "created" });
    return presentMail(await readMail(tx, ctx, mailId));
  });
}

/** The customer's own time zone; null for the provider's. */
async function timeZoneOf(tx: Tx, { providerId }: Context, customerId: Id | null): Promise<string | null> {
  if (customerId === null) return null;
  const [customer] = await tx.sql<{ time_zone: string | null }>(
    "select time_zone from hauswart.customer where provider_id = $1 and customer_id = $2",
    [providerId, customerId],
  );
  if (!customer) throw new HauswartError("NOT_FOUND", "There is no such customer.");
  return customer.time_zone;
}

async function requireFew(tx: Tx, { providerId }: Context, nowMs: number): Promise<void> {
  const [row] = await tx.sql<{ sent: number }>(
    "select count(*)::int as sent from hauswart.mail where provider_id = $1 and created_at > $2 and headers ? $3",
    [providerId, isoTime(nowMs - 3_600_000), testMailHeader],
  );
  if ((row?.sent ?? 0) >= mostTestMailsAnHour) throw new HauswartError("TOO_MANY_ATTEMPTS");
}
