import type { Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../../access/require-scope.ts";
import { systemContext, type Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { routingHours } from "../hours.ts";
import { peopleOf, readOverrides, readRotas, timesOf } from "../rotas.ts";
import { shiftsBetween } from "./shifts.ts";

/** How far ahead the end of a shift is looked for. */
const aheadMs = 15 * 86_400_000;

/** Who is on call now, rota by rota and layer by layer. Errors: FORBIDDEN. */
export async function getOnCall({ ctx }: Verb<unknown>): Promise<Result<"getOnCall">> {
  requireScope(ctx, "findings:read");
  const { services, providerId } = ctx;
  const hours = await routingHours(services, providerId);
  const nowMs = services.clock.now();
  return services.database.transaction(systemContext(services, providerId, "on-call"), async (tx) => {
    const [rotas, overrides, people] = await Promise.all([
      readRotas(tx, ctx),
      readOverrides(tx, ctx, nowMs, nowMs + aheadMs),
      peopleOf(tx, ctx),
    ]);
    const items = rotas.flatMap((rota) =>
      shiftsBetween(timesOf(rota, overrides, hours.serviceAt({ customerId: null, siteId: null })), nowMs, nowMs + aheadMs)
        .filter(({ fromMs }) => fromMs === nowMs)
        .flatMap((shift) => {
          const person = people.get(shift.accountId);
          if (!person) return [];
          const { layer, untilMs, overrideId } = shift;
          return [
            {
              rotaId: rota.rota_id,
              rotaName: rota.name,
              layer,
              layerName: rota.layers[layer]!.name,
              accountId: person.accountId,
              name: person.name,
              until: isoTime(untilMs),
              isStandIn: overrideId !== null,
            },
          ];
        }),
    );
    return { items };
  });
}
