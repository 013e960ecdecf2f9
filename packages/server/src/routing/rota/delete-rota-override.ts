import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { followRota } from "../escalation/follow-rota.ts";
import { routingHours } from "../hours.ts";
import { overrideColumns, presentOverride, type OverrideRow } from "../rotas.ts";

/** Takes a stand-in back. Errors: FORBIDDEN, NOT_FOUND. */
export async function deleteRotaOverride({ ctx, input }: Verb<Input<"deleteRotaOverride">>): Promise<Result<"deleteRotaOverride">> {
  requireScope(ctx, "findings:write");
  requireAllCustomers(ctx);
  const hours = await routingHours(ctx.services, ctx.providerId);
  await ctx.services.database.transaction(ctx, async (tx) => {
    const [row] = await tx.sql<OverrideRow>(
      `delete from hauswart.rota_override where provider_id = $1 and override_id = $2 returning ${overrideColumns}`,
      [ctx.providerId, input.overrideId],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    await audit(tx, ctx, {
      action: "rota-override.delete",
      subject: { kind: "rota", id: row.rota_id },
      customerId: null,
      detail: presentOverride(row),
    });
    await followRota(tx, ctx, hours);
  });
}
