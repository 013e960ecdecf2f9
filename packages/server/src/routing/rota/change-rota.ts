import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { RotaLayer } from "@hauswart/protocol/api/routing.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Context, Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { requireRevision } from "../../require-revision.ts";
import { followRota } from "../escalation/follow-rota.ts";
import { readPlans } from "../escalation/plan-row.ts";
import { routingHours } from "../hours.ts";
import { overrideColumns, presentOverride, presentRota, readRota, type OverrideRow } from "../rotas.ts";
import { peopleIn, requirePeople } from "./save-rota.ts";

/**
 * Changes an on-call rota; who is on call follows at once, for what is on its way through a plan too. Whoever is in the rota already may
 * stay in it. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (changed meanwhile), INVALID_REQUEST (a person that is not there, a layer that a
 * plan needs).
 */
export async function changeRota({ ctx, input }: Verb<Input<"changeRota">>): Promise<Result<"changeRota">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { rotaId, revision, name, timeZone, layers } = input;
  const hours = await routingHours(ctx.services, ctx.providerId);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const before = presentRota(await readRota(tx, ctx, rotaId, "for update"));
    requireRevision(before.revision, revision);
    const known = new Set(peopleIn(before.layers));
    const newcomers = peopleIn(layers).filter((accountId) => !known.has(accountId));
    await requirePeople(tx, ctx, newcomers, "body.layers");
    await requireLayersOfPlans(tx, ctx, rotaId, layers);
    const dropped = await dropStandIns(tx, ctx, rotaId, layers.length);
    await tx.sql(
      "update hauswart.rota set revision = revision + 1, name = $3, time_zone = $4, layers = $5::text::jsonb where provider_id = $1 and rota_id = $2",
      [ctx.providerId, rotaId, name, timeZone, JSON.stringify(layers)],
    );
    await audit(tx, ctx, {
      action: "rota.change",
      subject: { kind: "rota", id: rotaId },
      customerId: null,
      detail: {
        before: { name: before.name, timeZone: before.timeZone, layers: before.layers },
        change: { name, timeZone, layers },
        ...(dropped.length > 0 ? { standIns: dropped } : {}),
      },
    });
    await followRota(tx, ctx, hours);
    return { rotaId, revision: revision + 1, name, timeZone, layers };
  });
}

async function requireLayersOfPlans(tx: Tx, ctx: Context, rotaId: Id, layers: readonly RotaLayer[]): Promise<void> {
  const needing = (await readPlans(tx, ctx.providerId)).find(({ steps }) =>
    steps.some(({ to }) => to.kind === "rota" && to.rotaId === rotaId && to.layer >= layers.length),
  );
  if (!needing) return;
  throw new HauswartError("INVALID_REQUEST", undefined, {
    issues: [{ path: "body.layers", message: `The escalation plan ${needing.name} needs a layer that would be gone.` }],
  });
}

/** They stood in for a layer that is no more. */
async function dropStandIns(tx: Tx, { providerId }: Context, rotaId: Id, layers: number) {
  const rows = await tx.sql<OverrideRow>(
    `delete from hauswart.rota_override where provider_id = $1 and rota_id = $2 and layer >= $3 returning ${overrideColumns}`,
    [providerId, rotaId, layers],
  );
  return rows.map(presentOverride);
}
