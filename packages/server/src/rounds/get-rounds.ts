import { momentAt } from "@hauswart/calendar/local-time.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Round } from "@hauswart/protocol/api/rounds.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { calendarsOf, type Calendars } from "../calendars/calendars-of.ts";
import type { Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { daysSince, roundChecks } from "./run-rounds.ts";

const daysShown = 10;
/** Among so many days ten have records, whatever the holidays. */
const daysLookedAt = 60;

type Counts = Omit<Round["days"][number], "day" | "isDue">;
const none: Counts = { devices: 0, done: 0, late: 0, waiting: 0, notMeasurable: 0, warning: 0, failure: 0 };

/**
 * The last days of each round that have records, and those that should: working days of a site, by its own calendar, which the round
 * has not passed. Days before a site's first computer, or without the check, are none. Errors: FORBIDDEN.
 */
export async function getRounds({ ctx, input }: Verb<Input<"getRounds">>): Promise<Result<"getRounds">> {
  requireScope(ctx, "devices:read");
  const { customerId } = input;
  const calendars = await calendarsOf(ctx.services, ctx.providerId);
  const place = customerId === undefined ? null : { customerId };
  const timeZone = calendars.timeZone(place);
  const today = calendars.workingTime(place, "service").dateOf(ctx.services.clock.now());
  return ctx.services.database.transaction(ctx, async (tx) => ({
    rounds: await Promise.all(
      roundChecks(ctx.services).map(async (check) => {
        const [counts, sites] = await Promise.all([
          countsOf(tx, ctx.providerId, check.id, customerId, today),
          tx.sql<AwaitedSite>(awaitedSites, [ctx.providerId, check.id, customerId ?? null, today]),
        ]);
        const awaited = awaitedDays(sites, calendars, check.round.localTime, ctx.services.clock.now());
        const days = [...new Set([...counts.keys(), ...awaited.keys()])].toSorted().toReversed().slice(0, daysShown);
        const present = (day: string) => ({ day, isDue: counts.has(day) || awaited.get(day) === true, ...(counts.get(day) ?? none) });
        return { check: check.id, localTime: check.round.localTime, timeZone, days: days.map(present) };
      }),
    ),
  }));
}

interface AwaitedSite {
  customer_id: Id;
  site_id: Id;
  through_day: string | null;
  first_at: Date;
}

/** Sites with the check that the round has not passed yet today. $4 today. */
const awaitedSites = `
  select s.customer_id, s.site_id, p.through_day::text as through_day, min(d.enrolled_at) as first_at
  from hauswart.site s
  join hauswart.device d on d.provider_id = s.provider_id and d.site_id = s.site_id and d.kind = 'agent' and d.lifecycle = 'active'
  join hauswart.check_instance ci on ci.provider_id = d.provider_id and ci.device_id = d.device_id and ci.check_id = $2 and ci.enabled
  left join hauswart.round_progress p on p.provider_id = s.provider_id and p.site_id = s.site_id and p.check_id = $2
  where s.provider_id = $1 and ($3::uuid is null or s.customer_id = $3) and (p.through_day is null or p.through_day < $4::date)
  group by s.customer_id, s.site_id, p.through_day`;

/** Days that wait for their records, and whether the hour of one of their sites has come. */
function awaitedDays(sites: readonly AwaitedSite[], calendars: Calendars, localTime: string, nowMs: number): Map<string, boolean> {
  const awaited = new Map<string, boolean>();
  for (const { customer_id: customerId, site_id: siteId, through_day, first_at } of sites) {
    const working = calendars.workingTime({ customerId, siteId }, "service");
    const zone = calendars.timeZone({ customerId, siteId });
    for (const day of daysSince(through_day, working.dateOf(nowMs))) {
      const dueMs = momentAt(day, localTime, zone);
      if (first_at.getTime() > dueMs || !working.isWorkingDay(day)) continue;
      awaited.set(day, awaited.get(day) === true || dueMs <= nowMs);
    }
  }
  return awaited;
}

async function countsOf(
  tx: Tx,
  providerId: Id,
  check: string,
  customerId: Id | undefined,
  today: string,
): Promise<ReadonlyMap<string, Counts>> {
  const rows = await tx.sql<Counts & { day: string }>(
    `select day::text as day, count(*)::int as devices, (count(*) filter (where state = 'done'))::int as done,
       (count(*) filter (where state = 'done' and is_late))::int as late, (count(*) filter (where state = 'waiting'))::int as waiting,
       (count(*) filter (where state = 'not-measurable'))::int as "notMeasurable", (count(*) filter (where result = 'warning'))::int as warning,
       (count(*) filter (where result = 'failure'))::int as failure
     from hauswart.round_record where provider_id = $1 and check_id = $2 and ($3::uuid is null or customer_id = $3) and day > $4::date - ${daysLookedAt}
     group by day order by day desc limit ${daysShown}`,
    [providerId, check, customerId ?? null, today],
  );
  return new Map(rows.map(({ day, ...counts }) => [day, counts]));
}
