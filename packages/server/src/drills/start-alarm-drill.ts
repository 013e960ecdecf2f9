import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { refreshInRounds } from "../policies/refresh-device-checks.ts";
import { readCustomer } from "../tenancy/customer-row.ts";
import { beginDrill } from "./begin-drill.ts";
import { findDrill, presentDrill } from "./drill-row.ts";

/**
 * Starts a drill now, whatever the timetable says.
 * Errors: FORBIDDEN, NOT_FOUND, MAIL_SERVER_MISSING, NO_DEVICE_CONNECTED, CONFLICT (one is running).
 */
export async function startAlarmDrill({ ctx, input }: Verb<Input<"startAlarmDrill">>): Promise<Result<"startAlarmDrill">> {
  requireScope(ctx, "devices:write");
  const { services } = ctx;
  const { customerId } = input;
  const { drill, reached } = await services.database.transaction(ctx, async (tx) => {
    await readCustomer(tx, ctx, customerId);
    if (services.settings.smtpUrl === undefined) throw new HauswartError("MAIL_SERVER_MISSING");
    const begun = await beginDrill(tx, ctx, { customerId, month: null, startedBy: ctx.actor.name });
    if (begun === "not-twice") throw new HauswartError("CONFLICT", "A drill of this customer is running.");
    if (begun === "no-device") throw new HauswartError("NO_DEVICE_CONNECTED");
    return { drill: presentDrill((await findDrill(tx, ctx, begun.drillId))!), reached: begun.reached };
  });
  await refreshInRounds(services, ctx, reached);
  return drill;
}
