/**
 * The rounds of working days (AV-3): at their local hour a record is opened for each device of a site, the agents that are there are
 * asked to measure, and what comes of it is put on record. A device that was off is made up for at its next contact of that day; a day
 * on which this server did not run gets records that say so.
 */
import { momentAt } from "@hauswart/calendar/local-time.ts";
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { announce } from "../announce.ts";
import { calendarsOf, type Calendars } from "../calendars/calendars-of.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { lateAfterMs } from "./round-result.ts";
import { settleRounds } from "./settle-rounds.ts";

type RoundCheck = AnyCheck & Required<Pick<AnyCheck, "round">>;

/** Older days than this are not made up for any more. */
const mostDaysBack = 31;

export interface RoundsRun {
  /** Records that were opened, and that were settled. */
  readonly opened: number;
  readonly settled: number;
}

/** Checks that go round. */
export function roundChecks({ checks }: Pick<Services, "checks">): readonly RoundCheck[] {
  return [...checks.values()]
    .map(({ definition }) => definition)
    .filter((definition): definition is RoundCheck => definition.round !== undefined);
}

/** Does what is due now, of all providers. Several processes may run it: each provider's rounds are locked meanwhile. */
export async function runRounds(services: Services): Promise<RoundsRun> {
  const checks = roundChecks(services);
  if (checks.length === 0) return { opened: 0, settled: 0 };
  const providers = await services.database.unwalled("rounds", (tx) =>
    tx.sql<{ provider_id: Id }>("select provider_id from hauswart.provider"),
  );
  let [opened, settled] = [0, 0];
  for (const { provider_id: providerId } of providers) {
    const calendars = await calendarsOf(services, providerId);
    await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
      const [lock] = await tx.sql<{ taken: boolean }>(
        "select pg_try_advisory_xact_lock(hashtextextended('rounds ' || $1::uuid::text, 0)) as taken",
        [providerId],
      );
      if (!lock?.taken) return;
      const before = opened + settled;
      for (const check of checks) opened += await openRounds(tx, { services, providerId, calendars, check });
      settled += await settleRounds(tx, { services, providerId, calendars });
      if (opened + settled > before) announce(tx, { services, providerId }, { kind: "round", id: "", customerId: null, change: "changed" });
    });
  }
  return { opened, settled };
}

interface OpenInput {
  readonly services: Services;
  readonly providerId: Id;
  readonly calendars: Calendars;
  readonly check: RoundCheck;
}

interface SiteRow {
  customer_id: Id;
  site_id: Id;
  /** Last day that was gone round; null: this site is new to it. */
  through_day: string | null;
}

async function openRounds(tx: Tx, input: OpenInput): Promise<number> {
  const { services, providerId, calendars, check } = input;
  const sites = await tx.sql<SiteRow>(allSites, [providerId, check.id]);
  let opened = 0;
  for (const site of sites) {
    const place = { customerId: site.customer_id, siteId: site.site_id };
    const zone = calendars.timeZone(place);
    const today = calendars.workingTime(place, "service").dateOf(services.clock.now());
    const days = daysSince(site.through_day, today).filter((day) => momentAt(day, check.round.localTime, zone) <= services.clock.now());
    const last = days.at(-1);
    if (last === undefined) continue;
    for (const day of days)
      if (calendars.workingTime(place, "service").isWorkingDay(day))
        opened += await openDay(tx, input, { site, day, zone, isMissed: day < today });
    await tx.sql(
      `insert into hauswart.round_progress (provider_id, site_id, check_id, customer_id, through_day) values ($1, $2, $3, $4, $5)
       on conflict (provider_id, site_id, check_id) do update set through_day = excluded.through_day`,
      [providerId, site.site_id, check.id, site.customer_id, last],
    );
  }
  return opened;
}

/** The days after the last one that was gone round (null: the site is new, today alone) up to and including today, ascending. */
export function daysSince(through: string | null, today: string): string[] {
  const last = Temporal.PlainDate.from(today);
  const earliest = last.subtract({ days: mostDaysBack });
  let day = through === null ? last : Temporal.PlainDate.from(through).add({ days: 1 });
  if (Temporal.PlainDate.compare(day, earliest) < 0) day = earliest;
  const days: string[] = [];
  for (; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) days.push(day.toString());
  return days;
}

async function openDay(
  tx: Tx,
  { services, providerId, check }: OpenInput,
  { site, day, zone, isMissed }: { site: SiteRow; day: string; zone: string; isMissed: boolean },
): Promise<number> {
  const nowMs = services.clock.now();
  const dueMs = momentAt(day, check.round.localTime, zone);
  const endMs = momentAt(Temporal.PlainDate.from(day).add({ days: 1 }).toString(), "00:00", zone);
  const rows = await tx.sql(openRecords, [
    providerId,
    check.id,
    site.site_id,
    day,
    isoTime(dueMs),
    isoTime(endMs),
    isoTime(nowMs),
    isMissed,
    isMissed || nowMs > dueMs + lateAfterMs,
  ]);
  return rows.length;
}

/** All of them: where the check is switched off the round passes too, so that days without it are not taken for days without the server. */
const allSites = `
  select s.customer_id, s.site_id, p.through_day::text as through_day
  from hauswart.site s
  left join hauswart.round_progress p on p.provider_id = s.provider_id and p.site_id = s.site_id and p.check_id = $2
  where s.provider_id = $1 and s.removed_at is null
  order by s.site_id`;

/** Devices that were there when it was due. */
const openRecords = `
  insert into hauswart.round_record (provider_id, device_id, check_id, day, customer_id, site_id, check_number, due_at, ends_at, opened_at, state, reason, recorded_at, is_late)
  select d.provider_id, d.device_id, $2, $4::date, d.customer_id, d.site_id, min(ci.number), $5::timestamptz, $6::timestamptz, $7::timestamptz,
    case when $8 then 'not-measurable' else 'waiting' end, case when $8 then 'server-down' end, case when $8 then $7::timestamptz end, $9
  from hauswart.device d join hauswart.check_instance ci on ci.provider_id = d.provider_id and ci.device_id = d.device_id
  where d.provider_id = $1 and d.site_id = $3 and d.kind = 'agent' and d.lifecycle = 'active' and d.enrolled_at <= $5::timestamptz and ci.check_id = $2 and ci.enabled
  group by d.provider_id, d.device_id, d.customer_id, d.site_id
  on conflict do nothing returning device_id`;
