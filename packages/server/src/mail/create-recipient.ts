import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { reachesCustomer, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { presentRecipient, type RecipientRow } from "./recipient-row.ts";

/**
 * Adds a recipient of alarm mails, for all customers, one customer or one site.
 * Errors: FORBIDDEN (all customers, by somebody restricted), NOT_FOUND (customer, site), CONFLICT (is there already), INVALID_REQUEST (unknown check).
 */
export async function createRecipient({ ctx, input }: Verb<Input<"createRecipient">>): Promise<Result<"createRecipient">> {
  requireScope(ctx, "mail:write");
  const unknown = (input.checks ?? []).find(
    (check) => check !== deviceCheckId && check !== serverCheckId && check !== siteCheckId && !ctx.services.checks.has(check),
  );
  if (unknown !== undefined)
    throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.checks", message: `There is no check ${unknown}.` }] });
  const nowMs = ctx.services.clock.now();
  return ctx.services.database.transaction(ctx, async (tx) => {
    const place = await requirePlace(tx, ctx, input.customerId, input.siteId);
    const row: RecipientRow = {
      recipient_id: newId(nowMs),
      customer_id: place.customerId,
      site_id: place.siteId,
      address: input.address,
      language: input.language,
      from_severity: input.fromSeverity,
      checks: input.checks === null ? null : [...new Set(input.checks)],
      recoveries: input.recoveries,
    };
    await requireNew(tx, ctx, row);
    await tx.sql(
      `insert into hauswart.mail_recipient (provider_id, recipient_id, customer_id, site_id, address, language, from_severity, checks, recoveries, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ctx.providerId,
        row.recipient_id,
        row.customer_id,
        row.site_id,
        row.address,
        row.language,
        row.from_severity,
        row.checks,
        row.recoveries,
        isoTime(nowMs),
      ],
    );
    const { recipientId, customerId, ...detail } = presentRecipient(row);
    await audit(tx, ctx, { action: "recipient.create", subject: { kind: "recipient", id: recipientId }, customerId, detail });
    return presentRecipient(row);
  });
}

/** A site brings its customer with it. */
async function requirePlace(
  tx: Tx,
  ctx: Context,
  customerId: Id | null,
  siteId: Id | null,
): Promise<{ customerId: Id | null; siteId: Id | null }> {
  if (siteId !== null) {
    const [site] = await tx.sql<{ customer_id: Id }>("select customer_id from hauswart.site where provider_id = $1 and site_id = $2", [
      ctx.providerId,
      siteId,
    ]);
    if (!site || (customerId !== null && customerId !== site.customer_id))
      throw new HauswartError("NOT_FOUND", "There is no such site of this customer.");
    return { customerId: site.customer_id, siteId };
  }
  if (customerId === null) {
    if (!reachesCustomer(ctx, null))
      throw new HauswartError("FORBIDDEN", "This concerns all customers; your rights are restricted to some.");
    return { customerId, siteId };
  }
  const [customer] = await tx.sql<{ one: number }>("select 1 as one from hauswart.customer where provider_id = $1 and customer_id = $2", [
    ctx.providerId,
    customerId,
  ]);
  if (!customer) throw new HauswartError("NOT_FOUND", "There is no such customer.");
  return { customerId, siteId };
}

async function requireNew(tx: Tx, ctx: Context, row: RecipientRow): Promise<void> {
  const [same] = await tx.sql<{ one: number }>(
    `select 1 as one from hauswart.mail_recipient where provider_id = $1 and lower(address) = lower($2) and customer_id is not distinct from $3::uuid and site_id is not distinct from $4::uuid
       and from_severity = $5 and checks is not distinct from $6::text[]`,
    [ctx.providerId, row.address, row.customer_id, row.site_id, row.from_severity, row.checks],
  );
  if (same) throw new HauswartError("CONFLICT", "This address is a recipient of the same mails already.");
}
