import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { refuseUsed } from "../../refuse-used.ts";
import { readPlans } from "../escalation/plan-row.ts";
import { presentRota, readRota } from "../rotas.ts";

/** Removes an on-call rota. Errors: FORBIDDEN, NOT_FOUND, IN_USE (an escalation plan needs it). */
export async function deleteRota({ ctx, input }: Verb<Input<"deleteRota">>): Promise<Result<"deleteRota">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  await ctx.services.database.transaction(ctx, async (tx) => {
    const rota = presentRota(await readRota(tx, ctx, input.rotaId));
    const needing = (await readPlans(tx, ctx.providerId)).filter(({ steps }) =>
      steps.some(({ to }) => to.kind === "rota" && to.rotaId === rota.rotaId),
    );
    refuseUsed(needing.map(({ name }) => ({ kind: "escalation-plan", name })));
    await tx.sql("delete from hauswart.rota where provider_id = $1 and rota_id = $2", [ctx.providerId, rota.rotaId]);
    await audit(tx, ctx, {
      action: "rota.delete",
      subject: { kind: "rota", id: rota.rotaId },
      customerId: null,
      detail: { name: rota.name },
    });
  });
}
