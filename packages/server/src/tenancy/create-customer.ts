import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import { announceCalendars } from "../calendars/calendars-of.ts";
import type { Verb } from "../context.ts";
import { isUniqueViolation } from "../database/errors.ts";
import { isoTime } from "../times.ts";
import { presentCustomer, readCustomer } from "./customer-row.ts";

/** Adds a customer. Errors: FORBIDDEN, CONFLICT (the name is taken). */
export async function createCustomer({ ctx, input }: Verb<Input<"createCustomer">>): Promise<Result<"createCustomer">> {
  requireScope(ctx, "customers:write");
  requireAllCustomers(ctx);
  const customerId = newId(ctx.services.clock.now());
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    await tx.sql(
      "insert into hauswart.customer (provider_id, customer_id, name, language, time_zone, created_at) values ($1, $2, $3, $4, $5, $6)",
      [ctx.providerId, customerId, input.name, input.language, input.timeZone, isoTime(ctx.services.clock.now())],
    );
    await audit(tx, ctx, {
      action: "customer.create",
      subject: { kind: "customer", id: customerId },
      customerId,
      detail: { name: input.name, language: input.language, timeZone: input.timeZone },
    });
    if (input.timeZone !== null) announceCalendars(tx, ctx);
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "created" });
    return presentCustomer(await readCustomer(tx, ctx, customerId));
  });
  return work.catch(refuseTakenName);
}

/** Turns the database's word about a name that is taken into ours. */
export function refuseTakenName(error: unknown): never {
  if (isUniqueViolation(error, "customer_name")) throw new HauswartError("CONFLICT", "There is a customer of this name already.");
  throw error;
}
