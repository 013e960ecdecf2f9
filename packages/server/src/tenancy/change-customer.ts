import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import { announceCalendars } from "../calendars/calendars-of.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { refuseTakenName } from "./create-customer.ts";
import { presentCustomer, readCustomer } from "./customer-row.ts";

/** Changes name, language, time zone or contract level of a customer, or whether it has ordered alarms. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (the name is taken). */
export async function changeCustomer({ ctx, input }: Verb<Input<"changeCustomer">>): Promise<Result<"changeCustomer">> {
  requireScope(ctx, "customers:write");
  const { customerId, name, language, timeZone, contractLevel, alarmsOrdered } = input;
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    const before = await readCustomer(tx, ctx, customerId);
    await tx.sql(
      `update hauswart.customer set name = coalesce($3, name), language = coalesce($4, language), time_zone = case when $6::boolean then $5 else time_zone end,
         contract_level = case when $8::boolean then $7 else contract_level end,
         alarms_ordered_at = case when $9::boolean then coalesce(alarms_ordered_at, $10) when not $9::boolean then null else alarms_ordered_at end
       where provider_id = $1 and customer_id = $2`,
      [
        ctx.providerId,
        customerId,
        name ?? null,
        language ?? null,
        timeZone ?? null,
        timeZone !== undefined,
        contractLevel ?? null,
        contractLevel !== undefined,
        alarmsOrdered ?? null,
        isoTime(ctx.services.clock.now()),
      ],
    );
    const detail = {
      before: { name: before.name, language: before.language, timeZone: before.time_zone, contractLevel: before.contract_level },
      change: { name, language, timeZone, contractLevel, alarmsOrdered },
    };
    await audit(tx, ctx, { action: "customer.change", subject: { kind: "customer", id: customerId }, customerId, detail });
    if (timeZone !== undefined) announceCalendars(tx, ctx);
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "changed" });
    return presentCustomer(await readCustomer(tx, ctx, customerId));
  });
  return work.catch(refuseTakenName);
}
