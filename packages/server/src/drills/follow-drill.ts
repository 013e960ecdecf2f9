/**
 * Follows a running alarm drill: writes down how far it has come, ends it, and sees to it that the device is rid of it. Every step
 * is read from what the alarm chain itself has stored and can be done again, so a process that dies in between leaves nothing half.
 */
import { alarmDrillCheckId, type DrillReason } from "@hauswart/protocol/alarm-drill.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import { calendarsOf } from "../calendars/calendars-of.ts";
import { systemContext, type Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { actionLinkMark } from "../mail/action-links.ts";
import { removePolicy } from "../policies/delete-policy.ts";
import { refreshInRounds } from "../policies/refresh-device-checks.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { findDrill, type DrillRow } from "./drill-row.ts";

const hourMs = 3_600_000;
/** Service time that its readers have. */
const patienceMs = 24 * hourMs;
/** Where hardly any hour is service time it ends all the same, before its link does. */
const longestMs = 13 * 24 * hourMs;

/** Brings one drill up to date. Doing it twice changes nothing. */
export async function followDrill(services: Services, providerId: Id, drillId: Id): Promise<void> {
  const ctx = systemContext(services, providerId, "alarm-drill");
  const calendars = await calendarsOf(services, providerId);
  const drill = await services.database.transaction(ctx, async (tx) => {
    await noteProgress(tx, ctx, drillId);
    const row = await findDrill(tx, ctx, drillId, "for update of a");
    if (!row || row.ended_at) return row;
    const nowMs = services.clock.now();
    const startedMs = row.started_at.getTime();
    const workingTime = calendars.workingTime({ customerId: row.customer_id }, "service");
    const isLate = workingTime.elapsedMs(startedMs, nowMs) >= patienceMs || nowMs - startedMs >= longestMs;
    const lost = row.confirmed_at ? undefined : await lostMail(tx, ctx, row);
    const reason = lost ?? missing(row);
    if (reason !== undefined && !lost && !isLate) return row;
    await end(tx, ctx, row, reason);
    return findDrill(tx, ctx, drillId);
  });
  // An agent that was not told yet, or is to be told that it is over: what died between commit and telling is made up for here.
  if (!drill || drill.cleared_at || (!drill.ended_at && drill.measured_at)) return;
  await refreshInRounds(services, ctx, [drill.device_id]);
  if (drill.ended_at) await noteCleared(ctx, drillId);
}

/** What a drill still lacks; undefined when it has come all the way. */
function missing({ measured_at, mailed_at, accepted_at, confirmed_at }: DrillRow): DrillReason | undefined {
  if (!measured_at) return "not-measured";
  if (!mailed_at) return "not-mailed";
  if (!accepted_at) return "not-accepted";
  return confirmed_at ? undefined : "not-confirmed";
}

/** Takes the times from the finding and the mails that ask for a confirmation. A running drill's alone. */
export async function noteProgress(tx: Tx, { providerId }: Pick<Context, "providerId">, drillId: Id): Promise<void> {
  await tx.sql(
    `update hauswart.alarm_drill a set finding_id = f.finding_id, measured_at = f.opened_at, found_at = uuid_extract_timestamp(f.finding_id)
     from hauswart.finding f
     where a.provider_id = $1 and a.drill_id = $2 and a.finding_id is null and a.ended_at is null
       and f.provider_id = $1 and f.device_id = a.device_id and f.check_id = $3 and f.evidence ->> 'drillId' = $2::text`,
    [providerId, drillId, alarmDrillCheckId],
  );
  await tx.sql(
    `update hauswart.alarm_drill a set mailed_at = m.mailed_at, accepted_at = m.accepted_at
     from (select d.drill_id, min(mail.created_at) as mailed_at, min(mail.sent_at) as accepted_at
       from hauswart.alarm_drill d
       join ${askingMails}
       where d.provider_id = $1 and d.drill_id = $2 group by d.drill_id) m
     where a.provider_id = $1 and a.drill_id = m.drill_id and a.ended_at is null and (a.mailed_at is null or a.accepted_at is null)`,
    [providerId, drillId, actionLinkMark("alarm-drill", "")],
  );
}

/** Mails that ask for a confirmation. */
const askingMails = `hauswart.mail on mail.provider_id = d.provider_id and mail.customer_id = d.customer_id and d.finding_id = any (mail.finding_ids)
  and strpos(mail.text_body, $3 || d.finding_id) > 0`;

/** Why nobody can confirm any more: everybody's mail was refused or came back. undefined: somebody has it, or will. */
async function lostMail(tx: Tx, { providerId }: Context, { drill_id }: DrillRow): Promise<DrillReason | undefined> {
  const mails = await tx.sql<{ state: string }>(
    `select mail.state from hauswart.alarm_drill d join ${askingMails} where d.provider_id = $1 and d.drill_id = $2`,
    [providerId, drill_id, actionLinkMark("alarm-drill", "")],
  );
  const states = new Set(mails.map(({ state }) => state));
  if (states.size === 0 || !states.isSubsetOf(new Set(["refused", "returned"]))) return undefined;
  return states.has("returned") ? "returned" : "not-accepted";
}

async function end(tx: Tx, ctx: Context, { drill_id, customer_id, policy_id }: DrillRow, reason: DrillReason | undefined): Promise<void> {
  const result = reason === undefined ? "done" : "failed";
  await removePolicy(tx, ctx, policy_id).catch((error: unknown) => {
    // Somebody has removed it by hand.
    if (!(error instanceof HauswartError && error.code === "NOT_FOUND")) throw error;
  });
  await tx.sql("update hauswart.alarm_drill set ended_at = $3, result = $4, reason = $5 where provider_id = $1 and drill_id = $2", [
    ctx.providerId,
    drill_id,
    isoTime(ctx.services.clock.now()),
    result,
    reason ?? null,
  ]);
  await audit(tx, ctx, {
    action: "alarm-drill.end",
    subject: { kind: "alarm-drill", id: drill_id },
    customerId: customer_id,
    detail: { result, reason: reason ?? null },
  });
  announce(tx, ctx, { kind: "customer", id: customer_id, customerId: customer_id, change: "changed" });
}

const noteCleared = (ctx: Context, drillId: Id) =>
  ctx.services.database.transaction(ctx, (tx) =>
    tx.sql("update hauswart.alarm_drill set cleared_at = $3 where provider_id = $1 and drill_id = $2 and cleared_at is null", [
      ctx.providerId,
      drillId,
      isoTime(ctx.services.clock.now()),
    ]),
  );
