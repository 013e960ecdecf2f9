import type { RepairOrder } from "@hauswart/protocol/api/repair-orders.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import { systemContext, type Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { presentRepairOrder, readRepairOrder } from "./order-row.ts";
import { tellOfOrder } from "./tell-of-order.ts";

type State = RepairOrder["state"];

/** open ─▶ accepted ─▶ done; either ─▶ declined. What is done or declined stays so. */
const following: Readonly<Record<State, readonly State[]>> = {
  open: ["accepted", "done", "declined"],
  accepted: ["done", "declined"],
  done: [],
  declined: [],
};

/** Accepts, finishes or declines an order, and tells everybody who had the alarm. Errors: FORBIDDEN, NOT_FOUND, CONFLICT. */
export async function changeRepairOrder({ ctx, input }: Verb<Input<"changeRepairOrder">>): Promise<Result<"changeRepairOrder">> {
  requireScope(ctx, "findings:write");
  const { repairOrderId, state, note } = input;
  const { services, providerId } = ctx;
  await services.database.transaction(ctx, (tx) => readRepairOrder(tx, ctx, repairOrderId));
  // Whoever reaches the order may change it; those who hear of it are people of the whole house, with rights of their own.
  return services.database.transaction(systemContext(services, providerId, "repair-order"), async (tx) => {
    const before = await readRepairOrder(tx, ctx, repairOrderId, "for update of o");
    if (!following[before.state].includes(state))
      throw new HauswartError("CONFLICT", `This order is ${before.state} already${before.state_by ? `, by ${before.state_by}` : ""}.`);
    await tx.sql(
      `update hauswart.repair_order set state = $3, state_by = $4, state_at = $5, state_note = $6
       where provider_id = $1 and repair_order_id = $2`,
      [ctx.providerId, repairOrderId, state, ctx.actor.name, isoTime(ctx.services.clock.now()), note],
    );
    const after = await readRepairOrder(tx, ctx, repairOrderId);
    await audit(tx, ctx, {
      action: "repair-order.change",
      subject: { kind: "repair-order", id: repairOrderId },
      customerId: before.customer_id,
      detail: { before: before.state, state, note },
    });
    await tellOfOrder(tx, ctx, after);
    announce(tx, ctx, { kind: "finding", id: before.finding_id, customerId: before.customer_id, change: "changed" });
    return presentRepairOrder(after);
  });
}
