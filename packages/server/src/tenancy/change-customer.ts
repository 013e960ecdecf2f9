import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import { announceCalendars } from "../calendars/calendars-of.ts";
import type { Verb } from "../context.ts";
import { deleteSignedIn } from "../devices/signed-in.ts";
import { refuseTakenName } from "./create-customer.ts";
import { presentCustomer, readCustomer } from "./customer-row.ts";

/** Changes name, language, time zone of a customer, or whether its agents tell who is signed in. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (the name is taken). */
export async function changeCustomer({ ctx, input }: Verb<Input<"changeCustomer">>): Promise<Result<"changeCustomer">> {
  requireScope(ctx, "customers:write");
  const { customerId, name, language, timeZone, asksSignedIn } = input;
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    const before = await readCustomer(tx, ctx, customerId, "for no key update of c");
    await tx.sql(
      `update hauswart.customer set name = coalesce($3, name), language = coalesce($4, language), time_zone = case when $6::boolean then $5 else time_zone end,
         asks_signed_in = coalesce($7, asks_signed_in)
       where provider_id = $1 and customer_id = $2`,
      [ctx.providerId, customerId, name ?? null, language ?? null, timeZone ?? null, timeZone !== undefined, asksSignedIn ?? null],
    );
    const detail = {
      before: { name: before.name, language: before.language, timeZone: before.time_zone, asksSignedIn: before.asks_signed_in },
      change: { name, language, timeZone, asksSignedIn },
    };
    await audit(tx, ctx, { action: "customer.change", subject: { kind: "customer", id: customerId }, customerId, detail });
    if (asksSignedIn === false) await deleteSignedIn(tx, ctx.providerId, { customerId });
    if (asksSignedIn !== undefined && asksSignedIn !== before.asks_signed_in)
      tx.afterCommit(() => ctx.services.bus.publish("signed-in-asked", { providerId: ctx.providerId, customerId }));
    if (timeZone !== undefined) announceCalendars(tx, ctx);
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "changed" });
    return presentCustomer(await readCustomer(tx, ctx, customerId));
  });
  return work.catch(refuseTakenName);
}
