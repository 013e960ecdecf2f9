/**
 * Facts leave with the last samples that name them. Ingest names one of the newest few of an instance or a new one, so a fact was named
 * for the last time before the one that put it out of them came; nothing has to be looked up in samples, and nobody is to wait.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { rememberedFacts } from "../ingest/device-memory.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { dayMs } from "./hours.ts";
import { progressOf, setProgress } from "./progress.ts";
import { oldBeforeMs } from "./retained.ts";
import type { Retention } from "./retention-limits.ts";

/** Devices whose facts are looked through at a time, and facts of each of their checks. */
const devicesAtOnce = 20;
const factsAtOnce = 200;

/** @returns how many went */
export async function forgetFacts(services: Services, providerId: Id, retention: Retention): Promise<number> {
  // Packed samples go by the day: the oldest that is kept may have begun almost a day before.
  const beforeMs = oldBeforeMs("rawSampleDays", retention, services.clock.now()) - dayMs;
  if (beforeMs < (await givenOutInOrderSince(services))) return 0;
  const devices = await services.database.unwalled("devices whose facts are old", (tx) =>
    tx.sql<{ device_id: Id }>("select device_id from hauswart.device where provider_id = $1 order by device_id", [providerId]),
  );
  let rows = 0;
  for (let at = 0; at < devices.length; at += devicesAtOnce) {
    const deviceIds = devices.slice(at, at + devicesAtOnce).map(({ device_id }) => device_id);
    for (let gone = 1; gone > 0; rows += gone)
      gone = await services.database.unwalled("forget facts", async (tx) => {
        const [deleted] = await tx.sql<{ count: number }>(forgetOldest, [providerId, deviceIds, isoTime(beforeMs), factsAtOnce]);
        return deleted?.count ?? 0;
      });
  }
  return rows;
}

/** Servers before this one named any fact that they remembered; what they stored can be told from nothing else. */
async function givenOutInOrderSince(services: Services): Promise<number> {
  const since = await progressOf(services, "facts");
  if (since !== undefined) return since;
  const nowMs = services.clock.now();
  await setProgress(services, "facts", nowMs);
  return nowMs;
}

/**
 * The oldest facts of each instance, by the numbers of the key; the newest few are never among them. Nor is the one that is shown: of a device that is away
 * since before an update it may be an older one.
 */
const forgetOldest = `
  with old as materialized (
    select i.device_id, i.number, first.last_number,
      (select n.fact_number from hauswart.device_link l cross join lateral unnest(l.check_numbers, l.fact_numbers) as n(check_number, fact_number)
       where l.provider_id = i.provider_id and l.device_id = i.device_id and n.check_number = i.number) as shown_number
    from hauswart.check_instance i
    cross join lateral (
      select max(f.fact_number) filter (where f.first_at < $3::timestamptz) - ${rememberedFacts} as last_number
      from (select s.fact_number, s.first_at from hauswart.sample_fact s
            where s.provider_id = i.provider_id and s.device_id = i.device_id and s.check_number = i.number
            order by s.fact_number limit $4) f) first
    where i.provider_id = $1 and i.device_id = any($2::uuid[])),
  gone as (
    delete from hauswart.sample_fact f using old
    where f.provider_id = $1 and f.device_id = old.device_id and f.check_number = old.number and f.fact_number <= old.last_number
      and f.fact_number is distinct from old.shown_number
    returning 1)
  select count(*)::int as count from gone`;
