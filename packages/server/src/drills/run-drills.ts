/** The chore of the alarm drills: follows those that run, and starts those that are due, once a month where a customer's terms say so. */
import { createHash } from "node:crypto";
import type { Id } from "@hauswart/protocol/ids.ts";
import { calendarsOf } from "../calendars/calendars-of.ts";
import { systemContext } from "../context.ts";
import { refreshInRounds } from "../policies/refresh-device-checks.ts";
import type { Services } from "../services.ts";
import { beginDrill } from "./begin-drill.ts";
import { timetable } from "./drill-row.ts";
import { followDrill } from "./follow-drill.ts";

/** The drills of a month begin on its first so many days, so that no technician has them all on one morning. */
const spreadDays = 20;

/** Over all providers; customers do not wait for each other's troubles. */
export async function runDrills(services: Services): Promise<void> {
  const failures = [...(await followAll(services)), ...(await startDue(services))];
  if (failures.length > 0) throw new Error(`${failures.length} alarm drills could not be seen to.`, { cause: failures[0] });
}

interface RunningRow {
  provider_id: Id;
  drill_id: Id;
}

async function followAll(services: Services): Promise<unknown[]> {
  const running = await services.database.unwalled("alarm drills that run", (tx) =>
    tx.sql<RunningRow>("select provider_id, drill_id from hauswart.alarm_drill where cleared_at is null"),
  );
  return failuresOf(running, async ({ provider_id, drill_id }) => followDrill(services, provider_id, drill_id));
}

interface WantingRow {
  provider_id: Id;
  customer_id: Id;
  last_month: string | null;
}

async function startDue(services: Services): Promise<unknown[]> {
  const wanting = await services.database.unwalled("customers that want alarm drills", (tx) =>
    tx.sql<WantingRow>(
      `select c.provider_id, c.customer_id, (select max(a.month) from hauswart.alarm_drill a where a.provider_id = c.provider_id and a.customer_id = c.customer_id) as last_month
       from hauswart.customer c
       where c.alarm_drill_since is not null and not exists (
         select from hauswart.alarm_drill a where a.provider_id = c.provider_id and a.customer_id = c.customer_id and a.cleared_at is null)`,
    ),
  );
  return failuresOf(wanting, async ({ provider_id: providerId, customer_id: customerId, last_month }) => {
    const nowMs = services.clock.now();
    const workingTime = (await calendarsOf(services, providerId)).workingTime({ customerId }, "service");
    const date = workingTime.dateOf(nowMs);
    const month = date.slice(0, 7);
    if (month === last_month || Number(date.slice(8)) < dueDay(customerId) || !workingTime.isOpen(nowMs)) return;
    const ctx = systemContext(services, providerId, "alarm-drill");
    // Without a device it is tried again; what stays so becomes overdue, which is a finding.
    const begun = await services.database.transaction(ctx, (tx) => beginDrill(tx, ctx, { customerId, month, startedBy: timetable }));
    if (typeof begun === "object") await refreshInRounds(services, ctx, begun.reached);
  });
}

/** Day of the month, 1 to 20; always the same for a customer. */
export const dueDay = (customerId: Id): number => 1 + (createHash("sha256").update(customerId).digest().readUInt32BE() % spreadDays);

async function failuresOf<Row>(rows: readonly Row[], work: (row: Row) => Promise<void>): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const row of rows) await work(row).catch((error: unknown) => failures.push(error));
  return failures;
}
