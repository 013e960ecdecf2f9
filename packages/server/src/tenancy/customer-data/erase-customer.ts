import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import { announce } from "../../announce.ts";
import { audit, beginEraseAction } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { isUniqueViolation } from "../../database/errors.ts";
import { isoTime } from "../../times.ts";
import { readCustomer } from "../customer-row.ts";
import { presentErasure, readErasure } from "./erasure-row.ts";

/**
 * Begins to erase a customer: its agents lose their keys at once and remove themselves, nothing new can be enrolled; the data go
 * step by step afterwards. Cannot be undone. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST (the name is not the customer's),
 * CONFLICT (it is being erased already).
 */
export async function eraseCustomer({ ctx, input }: Verb<Input<"eraseCustomer">>): Promise<Result<"eraseCustomer">> {
  requireScope(ctx, "customers:write");
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { services, providerId, actor } = ctx;
  const { customerId } = input;
  const erasureId = newId(services.clock.now());
  const work = services.database.transaction(ctx, async (tx) => {
    // Tokens that are being made now are there when it goes on, and go; later ones are refused.
    const customer = await readCustomer(tx, ctx, customerId, "for no key update of c");
    if (input.name.trim() !== customer.name)
      throw new HauswartError("INVALID_REQUEST", "Type the customer's name exactly as it is written; nothing was deleted.");
    await tx.sql(
      `insert into hauswart.customer_erasure (provider_id, erasure_id, erased_id, name, requested_by, requested_at) values ($1, $2, $3, $4, $5, $6)`,
      [providerId, erasureId, customerId, customer.name, actor.name, isoTime(services.clock.now())],
    );
    await tx.sql("delete from hauswart.enrolment_token where provider_id = $1 and customer_id = $2", [providerId, customerId]);
    // Revoking changes each device's row of states too (name_device_state). Ingest takes those in the order of their ids, and so does this.
    for (const table of ["device", "device_state"])
      await tx.sql(`select 1 from hauswart.${table} where provider_id = $1 and customer_id = $2 order by device_id for no key update`, [
        providerId,
        customerId,
      ]);
    const devices = await tx.sql<{ device_id: Id }>(
      "update hauswart.device set lifecycle = 'revoked', remove_agent = true, revoked_at = coalesce(revoked_at, $3) where provider_id = $1 and customer_id = $2 returning device_id",
      [providerId, customerId, isoTime(services.clock.now())],
    );
    await audit(tx, ctx, {
      action: beginEraseAction,
      // Of the provider: it stays when everything of the customer is blank, and so it does not name the customer.
      subject: { kind: "customer", id: customerId },
      customerId: null,
      detail: { devices: devices.length },
    });
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "changed" });
    tx.afterCommit(() => {
      for (const { device_id: deviceId } of devices)
        services.bus.publish("device-disconnect", { providerId, deviceId, code: "EPOCH_OUTDATED" });
    });
    return presentErasure(await readErasure(tx, providerId, erasureId));
  });
  return work.catch((error: unknown) => {
    if (isUniqueViolation(error, "customer_erasure_once")) throw new HauswartError("CONFLICT", "This customer is being erased already.");
    throw error;
  });
}
