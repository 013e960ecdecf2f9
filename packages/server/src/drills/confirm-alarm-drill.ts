import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { PublicVerb } from "../context.ts";
import { isoTime } from "../times.ts";
import { followDrill } from "./follow-drill.ts";
import { contextOfDrillLink, readLinkedDrill } from "./linked-drill.ts";

/**
 * Notes that the mail of a drill has reached its reader, and ends the drill. The first press counts; a later one finds it confirmed.
 * Errors: LINK_INVALID, CONFLICT (the drill has ended without a confirmation).
 */
export async function confirmAlarmDrill({ caller, input }: PublicVerb<Input<"confirmAlarmDrill">>): Promise<Result<"confirmAlarmDrill">> {
  const { services, address } = caller;
  const { ctx, link } = contextOfDrillLink(services, input.token, address);
  const { drillId, notice } = await services.database.transaction(ctx, async (tx) => {
    const { drill, notice, addresses } = await readLinkedDrill(tx, ctx, link);
    const { drill_id: drillId, customer_id: customerId } = drill;
    if (drill.confirmed_at) return { drillId, notice };
    if (drill.ended_at) throw new HauswartError("CONFLICT", "This drill has ended already.");
    const confirmedAt = isoTime(services.clock.now());
    await tx.sql(
      `update hauswart.alarm_drill set confirmed_at = $3, confirmed_mail_id = $4, confirmed_by = $5, confirmed_from = $6
       where provider_id = $1 and drill_id = $2`,
      [ctx.providerId, drillId, confirmedAt, link.mailId, addresses.join(", "), address],
    );
    await audit(tx, ctx, {
      action: "alarm-drill.confirm",
      subject: { kind: "alarm-drill", id: drillId },
      customerId,
      detail: { mailId: link.mailId, addresses },
    });
    announce(tx, ctx, { kind: "customer", id: customerId, customerId, change: "changed" });
    return { drillId, notice: { ...notice, confirmedAt } };
  });
  // The press is noted; should ending fail here, the chore ends it.
  await followDrill(services, ctx.providerId, drillId).catch((error: unknown) =>
    services.log.error("a confirmed alarm drill could not be ended yet", { drillId, error }),
  );
  return notice;
}
