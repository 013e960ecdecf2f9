import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readCustomer } from "../tenancy/customer-row.ts";
import { readSite } from "../tenancy/site-row.ts";
import { readCalendar } from "./calendar-row.ts";
import { announceCalendars } from "./calendars-of.ts";

/**
 * Chooses the calendar of a site, a customer or the house; null leaves it to what stands above.
 * Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST (the house always has one).
 */
export async function assignCalendar({ ctx, input }: Verb<Input<"assignCalendar">>): Promise<Result<"assignCalendar">> {
  requireScope(ctx, "customers:write");
  const { scope, scopeId, purpose, calendarId } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const customerId = await ownerOf(tx, ctx, input);
    if (calendarId === null)
      await tx.sql("delete from hauswart.calendar_assignment where provider_id = $1 and purpose = $2 and scope = $3 and scope_id = $4", [
        ctx.providerId,
        purpose,
        scope,
        scopeId,
      ]);
    else {
      await readCalendar(tx, ctx, calendarId);
      await tx.sql(
        `insert into hauswart.calendar_assignment (provider_id, purpose, scope, scope_id, customer_id, calendar_id) values ($1, $2, $3, $4, $5, $6)
         on conflict (provider_id, purpose, scope, scope_id) do update set calendar_id = excluded.calendar_id`,
        [ctx.providerId, purpose, scope, scopeId, customerId, calendarId],
      );
    }
    await audit(tx, ctx, { action: "calendar.assign", subject: { kind: scope, id: scopeId }, customerId, detail: { purpose, calendarId } });
    announceCalendars(tx, ctx);
    return { calendarId };
  });
}

/** Whose the place is; null for the house. */
async function ownerOf(tx: Tx, ctx: Context, { scope, scopeId, calendarId }: Input<"assignCalendar">): Promise<Id | null> {
  if (scope === "customer") return (await readCustomer(tx, ctx, scopeId)).customer_id;
  if (scope === "site") return (await readSite(tx, ctx, scopeId)).customer_id;
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  if (scopeId !== ctx.providerId) throw new HauswartError("NOT_FOUND");
  if (calendarId === null)
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "body.calendarId", message: "The house always has a calendar." }],
    });
  return null;
}
