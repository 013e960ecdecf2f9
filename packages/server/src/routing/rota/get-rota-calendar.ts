import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../../access/require-scope.ts";
import { systemContext, type Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { routingHours } from "../hours.ts";
import { peopleOf, presentOverride, presentRota, readOverrides, readRota, timesOf } from "../rotas.ts";
import { shiftsBetween } from "./shifts.ts";

const mostMs = 100 * 86_400_000;

/** Who is on call from when to when. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST (no time, or more than 100 days). */
export async function getRotaCalendar({ ctx, input }: Verb<Input<"getRotaCalendar">>): Promise<Result<"getRotaCalendar">> {
  requireScope(ctx, "findings:read");
  const [fromMs, untilMs] = [Date.parse(input.from), Date.parse(input.until)];
  if (untilMs <= fromMs || untilMs - fromMs > mostMs)
    throw new HauswartError("INVALID_REQUEST", undefined, {
      issues: [{ path: "query.until", message: "Between one moment and 100 days after `from`." }],
    });
  const hours = await routingHours(ctx.services, ctx.providerId);
  // Names of colleagues are for everybody who may see who is on call, whatever customers they reach.
  return ctx.services.database.transaction(systemContext(ctx.services, ctx.providerId, "on-call"), async (tx) => {
    const [rota, overrides, people] = await Promise.all([
      readRota(tx, ctx, input.rotaId),
      readOverrides(tx, ctx, fromMs, untilMs),
      peopleOf(tx, ctx),
    ]);
    const shifts = shiftsBetween(timesOf(rota, overrides, hours.serviceAt({ customerId: null, siteId: null })), fromMs, untilMs);
    return {
      rota: presentRota(rota),
      overrides: overrides.filter(({ rota_id }) => rota_id === rota.rota_id).map(presentOverride),
      shifts: shifts.map((shift) => ({
        layer: shift.layer,
        accountId: shift.accountId,
        name: people.get(shift.accountId)?.name ?? "",
        from: isoTime(shift.fromMs),
        until: isoTime(shift.untilMs),
        overrideId: shift.overrideId,
      })),
    };
  });
}
