import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Round } from "@hauswart/protocol/api/rounds.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { calendarsOf } from "../calendars/calendars-of.ts";
import type { Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { momentOn, roundChecks } from "./run-rounds.ts";

const daysShown = 10;
/** Among so many days ten are working days, whatever the holidays. */
const daysLookedAt = 60;

type Counts = Omit<Round["days"][number], "day" | "isDue">;
const none: Counts = { devices: 0, done: 0, late: 0, waiting: 0, notMeasurable: 0, warning: 0, failure: 0 };

/** The last working days of each round by the calendar of the customer, else of the house. Errors: FORBIDDEN. */
export async function getRounds({ ctx, input }: Verb<Input<"getRounds">>): Promise<Result<"getRounds">> {
  requireScope(ctx, "devices:read");
  const { customerId } = input;
  const calendars = await calendarsOf(ctx.services, ctx.providerId);
  const place = customerId === undefined ? null : { customerId };
  const timeZone = calendars.timeZone(place);
  const working = calendars.workingTime(place, "service");
  const nowMs = ctx.services.clock.now();
  const today = Temporal.PlainDate.from(working.dateOf(nowMs));
  const days = Array.from({ length: daysLookedAt }, (_, back) => today.subtract({ days: back }).toString())
    .filter((day) => working.isWorkingDay(day))
    .slice(0, daysShown);
  return ctx.services.database.transaction(ctx, async (tx) => ({
    rounds: await Promise.all(
      roundChecks(ctx.services).map(async ({ id, round: { localTime } }) => {
        const counts = await countsOf(tx, ctx.providerId, id, customerId, days);
        const present = (day: string) => ({ day, isDue: momentOn(day, localTime, timeZone) <= nowMs, ...(counts.get(day) ?? none) });
        return { check: id, localTime, timeZone, days: days.map(present) };
      }),
    ),
  }));
}

async function countsOf(
  tx: Tx,
  providerId: Id,
  check: string,
  customerId: Id | undefined,
  days: readonly string[],
): Promise<ReadonlyMap<string, Counts>> {
  const rows = await tx.sql<Counts & { day: string }>(
    `select day::text as day, count(*)::int as devices, (count(*) filter (where state = 'done'))::int as done,
       (count(*) filter (where state = 'done' and is_late))::int as late, (count(*) filter (where state = 'waiting'))::int as waiting,
       (count(*) filter (where state = 'not-measurable'))::int as "notMeasurable", (count(*) filter (where result = 'warning'))::int as warning,
       (count(*) filter (where result = 'failure'))::int as failure
     from hauswart.round_record where provider_id = $1 and check_id = $2 and ($3::uuid is null or customer_id = $3) and day = any ($4::date[])
     group by day`,
    [providerId, check, customerId ?? null, days],
  );
  return new Map(rows.map(({ day, ...counts }) => [day, counts]));
}
