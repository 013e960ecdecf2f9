/** When windows are open, worked out ahead and kept in rows, so that whoever opens a finding need not know of calendars. */
import { occurrencesOf } from "@hauswart/calendar/recurrence.ts";
import type { MaintenanceSchedule } from "@hauswart/protocol/api/maintenance.ts";
import { MaintenanceSchedule as Schedule } from "@hauswart/protocol/api/maintenance.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";

const dayMs = 86_400_000;
/** A daily chore works them out anew; this leaves it weeks in which to fail. */
const aheadMs = 60 * dayMs;
/** Late evidence of agents that were away is judged by the windows of its time. */
const keptMs = 400 * dayMs;

interface Window {
  readonly providerId: Id;
  readonly maintenanceWindowId: Id;
  readonly customerId: Id | null;
  readonly schedule: MaintenanceSchedule;
}

/**
 * Writes the occurrences of the coming weeks in place of those that have not begun. What is under way keeps the end that it has, and
 * what was ended stays so. @param underWay a new window: whether one that would have begun already is open at once. Errors: CalendarError.
 */
export async function writeOccurrences(
  tx: Tx,
  window: Window,
  nowMs: number,
  underWay: "opens" | "untouched" = "untouched",
): Promise<void> {
  const { providerId, maintenanceWindowId, customerId, schedule } = window;
  const untilMs = schedule.repeat === null ? Number.POSITIVE_INFINITY : nowMs + aheadMs;
  const found = occurrencesOf(schedule, nowMs, untilMs).filter(({ startMs }) => startMs > nowMs || underWay === "opens");
  await tx.sql("delete from hauswart.maintenance_occurrence where provider_id = $1 and maintenance_window_id = $2 and starts_at > $3", [
    providerId,
    maintenanceWindowId,
    isoTime(nowMs),
  ]);
  await tx.sql(
    `insert into hauswart.maintenance_occurrence (provider_id, maintenance_window_id, customer_id, starts_at, ends_at)
     select $1, $2, $3, starts_at, ends_at from unnest($4::timestamptz[], $5::timestamptz[]) as o(starts_at, ends_at)
     on conflict do nothing`,
    [providerId, maintenanceWindowId, customerId, found.map(({ startMs }) => isoTime(startMs)), found.map(({ endMs }) => isoTime(endMs))],
  );
}

interface Row {
  provider_id: Id;
  maintenance_window_id: Id;
  customer_id: Id | null;
  schedule: unknown;
}

/** Over all providers: the coming weeks of windows that repeat; occurrences of long ago go. @returns windows looked at. */
export async function planMaintenance(services: Services): Promise<number> {
  const nowMs = services.clock.now();
  return services.database.unwalled("occurrences of maintenance windows", async (tx) => {
    const rows = await tx.sql<Row>(
      "select provider_id, maintenance_window_id, customer_id, schedule from hauswart.maintenance_window where cancelled_at is null and schedule ->> 'repeat' is not null",
    );
    for (const { provider_id, maintenance_window_id, customer_id, schedule } of rows) {
      const window = { providerId: provider_id, maintenanceWindowId: maintenance_window_id, customerId: customer_id };
      await writeOccurrences(tx, { ...window, schedule: Schedule.parse(schedule) }, nowMs);
    }
    await tx.sql("delete from hauswart.maintenance_occurrence where ends_at < $1", [isoTime(nowMs - keptMs)]);
    return rows.length;
  });
}
