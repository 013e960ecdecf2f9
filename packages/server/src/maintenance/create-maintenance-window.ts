import type { MaintenanceSchedule } from "@hauswart/protocol/api/maintenance.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { announce } from "../announce.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { writeOccurrences } from "./occurrences.ts";
import { ownerOfWindow } from "./window-owner.ts";
import { presentWindow, readWindow } from "./window-row.ts";

/**
 * Begins maintenance at once, or plans it. Findings that are open already were told and stay so; what is found from its beginning
 * on is recorded and held back. Errors: FORBIDDEN, NOT_FOUND (what it is for), INVALID_REQUEST.
 */
export async function createMaintenanceWindow({
  ctx,
  input,
}: Verb<Input<"createMaintenanceWindow">>): Promise<Result<"createMaintenanceWindow">> {
  requireScope(ctx, "findings:write");
  const nowMs = ctx.services.clock.now();
  const maintenanceWindowId = newId(nowMs);
  const { scope, name, graceMinutes, afterEnd, when } = input;
  const scopeId = scope === "provider" ? "" : input.scopeId.trim();
  return ctx.services.database.transaction(ctx, async (tx) => {
    const customerId = await ownerOfWindow(tx, ctx, { scope, scopeId, customerId: input.customerId });
    const schedule = when.kind === "planned" ? when.schedule : startingNow(await timeZoneFor(tx, ctx, customerId), when.minutes, nowMs);
    await tx.sql(
      `insert into hauswart.maintenance_window (provider_id, maintenance_window_id, customer_id, scope, scope_id, name, schedule, grace_minutes, after_end, created_by, created_at)
       values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9, $10, $11)`,
      [
        ctx.providerId,
        maintenanceWindowId,
        customerId,
        scope,
        scopeId,
        name,
        JSON.stringify(schedule),
        graceMinutes,
        afterEnd,
        ctx.actor.name,
        isoTime(nowMs),
      ],
    );
    if (when.kind === "now") await openNow(tx, ctx, { maintenanceWindowId, customerId }, nowMs, when.minutes);
    else await writeOccurrences(tx, { providerId: ctx.providerId, maintenanceWindowId, customerId, schedule }, nowMs, "opens");
    const subject = { kind: "maintenance-window", id: maintenanceWindowId } as const;
    await audit(tx, ctx, {
      action: "maintenance-window.create",
      subject,
      customerId,
      detail: { name, scope, scopeId, schedule, graceMinutes, afterEnd },
    });
    announce(tx, ctx, { kind: "maintenance", id: maintenanceWindowId, customerId, change: "created" });
    return presentWindow(await readWindow(tx, ctx, maintenanceWindowId));
  });
}

async function timeZoneFor(tx: Tx, ctx: Context, customerId: Id | null): Promise<string> {
  const [row] = await tx.sql<{ time_zone: string }>(
    `select coalesce(c.time_zone, p.time_zone) as time_zone from hauswart.provider p
     left join hauswart.customer c on c.provider_id = p.provider_id and c.customer_id = $2::uuid where p.provider_id = $1`,
    [ctx.providerId, customerId],
  );
  return row!.time_zone;
}

/** The schedule that tells people of it; the occurrence itself begins and ends to the second. */
function startingNow(timeZone: string, minutes: number, nowMs: number): MaintenanceSchedule {
  const local = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return { startsAtLocal: local.toString({ smallestUnit: "minute" }), minutes, timeZone, repeat: null, until: null };
}

async function openNow(
  tx: Tx,
  ctx: Context,
  { maintenanceWindowId, customerId }: { maintenanceWindowId: Id; customerId: Id | null },
  nowMs: number,
  minutes: number,
): Promise<void> {
  await tx.sql(
    "insert into hauswart.maintenance_occurrence (provider_id, maintenance_window_id, customer_id, starts_at, ends_at) values ($1, $2, $3, $4, $5)",
    [ctx.providerId, maintenanceWindowId, customerId, isoTime(nowMs), isoTime(nowMs + minutes * 60_000)],
  );
}
