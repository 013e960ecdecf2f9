import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { readPlans } from "../escalation/plan-row.ts";
import { presentRota, readRota } from "../rotas.ts";

/** Removes an on-call rota. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (an escalation plan needs it). */
export async function deleteRota({ ctx, input }: Verb<Input<"deleteRota">>): Promise<Result<"deleteRota">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  await ctx.services.database.transaction(ctx, async (tx) => {
    const rota = presentRota(await readRota(tx, ctx, input.rotaId));
    const needing = (await readPlans(tx, ctx.providerId)).find(({ steps }) =>
      steps.some(({ to }) => to.kind === "rota" && to.rotaId === rota.rotaId),
    );
    if (needing) throw new HauswartError("CONFLICT", `The escalation plan ${needing.name} needs this rota.`);
    await tx.sql("delete from hauswart.rota where provider_id = $1 and rota_id = $2", [ctx.providerId, rota.rotaId]);
    await audit(tx, ctx, {
      action: "rota.delete",
      subject: { kind: "rota", id: rota.rotaId },
      customerId: null,
      detail: { name: rota.name },
    });
  });
}
