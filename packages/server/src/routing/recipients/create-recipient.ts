import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { presentRecipient, readRecipient } from "./recipient-row.ts";
import { requireKnownChecks } from "./require-known-checks.ts";
import { addressOf, requireNew, requirePerson, requirePlace, sealRecipientSecret } from "./save-recipient.ts";

/**
 * Adds a recipient: for all customers, one customer or one site, on one channel. Errors: FORBIDDEN (all customers, by somebody
 * restricted), NOT_FOUND (customer, site, person), CONFLICT (is there already), INVALID_REQUEST (unknown check, address).
 */
export async function createRecipient({ ctx, input }: Verb<Input<"createRecipient">>): Promise<Result<"createRecipient">> {
  requireScope(ctx, "mail:write");
  requireKnownChecks(ctx, input.checks);
  const { services, providerId } = ctx;
  const recipientId = newId(services.clock.now());
  return services.database.transaction(ctx, async (tx) => {
    const place = await requirePlace(tx, ctx, input.customerId, input.siteId);
    const person = await requirePerson(tx, ctx, input);
    const { address, secret, reachesInside } = addressOf(ctx, input, person);
    await requireNew(tx, ctx, null, { ...input, ...place, address });
    await tx.sql(
      `insert into hauswart.recipient (provider_id, recipient_id, customer_id, site_id, channel, account_id, address, secret, language, from_severity, topics, checks,
         recoveries, quiet, quiet_except, on_call_only, created_at, reaches_inside)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
      [
        providerId,
        recipientId,
        place.customerId,
        place.siteId,
        input.channel,
        input.accountId,
        address,
        sealRecipientSecret(ctx, recipientId, secret),
        input.language,
        input.fromSeverity,
        input.topics === null ? null : [...new Set(input.topics)],
        input.checks === null ? null : [...new Set(input.checks)],
        input.recoveries,
        input.quiet,
        input.quietExcept,
        input.onCallOnly,
        isoTime(services.clock.now()),
        reachesInside,
      ],
    );
    const made = presentRecipient(await readRecipient(tx, ctx, recipientId));
    const { customerId, ...detail } = made;
    await audit(tx, ctx, { action: "recipient.create", subject: { kind: "recipient", id: recipientId }, customerId, detail });
    return made;
  });
}
