/** Reads the stored samples of one check, of some devices at a time. What takes work is left to whoever judges them. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Fact } from "@hauswart/protocol/sample-codec.ts";
import type { Tx } from "../database/database.ts";
import { dayOf } from "../history/hours.ts";
import { dayText } from "../history/partitions.ts";
import type { StoredInstance, TimeRange } from "./stored-days.ts";

/** A check instance of a device. */
export interface InstanceKey {
  readonly deviceId: Id;
  readonly checkNumber: number;
}

/** @returns in the order of the instances; at most one of each device. */
export async function readStored(
  tx: Tx,
  providerId: Id,
  instances: readonly InstanceKey[],
  { fromMs, toMs }: TimeRange,
): Promise<StoredInstance[]> {
  const own = [providerId, instances.map(({ deviceId }) => deviceId), instances.map(({ checkNumber }) => checkNumber)];
  const [packed, facts, raw] = await Promise.all([
    tx.sql<{ device_id: Id; day: string; subject: string; body: Buffer }>(packedRows, [...own, dayText(fromMs), dayText(toMs)]),
    tx.sql<{ device_id: Id; fact_number: number; body: Fact }>(factRows, own),
    tx.sql<{ device_id: Id; lines: string }>(rawRows, [...own, dayOf(fromMs), toMs]),
  ]);
  const packedOf = Map.groupBy(packed, ({ device_id }) => device_id);
  const factsOf = Map.groupBy(facts, ({ device_id }) => device_id);
  const rawOf = new Map(raw.map(({ device_id, lines }) => [device_id, lines]));
  return instances.map(({ deviceId }) => ({
    deviceId,
    facts: (factsOf.get(deviceId) ?? []).map(({ fact_number, body }) => [fact_number, body] as const),
    packed: (packedOf.get(deviceId) ?? []).map(({ day, subject, body }) => ({ dayMs: Date.parse(day), subject, body })),
    raw: rawOf.get(deviceId) ?? "",
  }));
}

const instancesOf = "unnest($2::uuid[], $3::int2[]) as i(device_id, check_number)";

const packedRows = `
  select p.device_id, p.day, p.subject, p.body
  from ${instancesOf}
  join hauswart.sample_packed p on p.provider_id = $1 and p.device_id = i.device_id and p.check_number = i.check_number
    and p.day >= $4::date and p.day <= $5::date
  order by p.device_id, p.day`;

const factRows = `
  select f.device_id, f.fact_number, f.body
  from ${instancesOf}
  join hauswart.sample_fact f on f.provider_id = $1 and f.device_id = i.device_id and f.check_number = i.check_number`;

/** A message may hold several samples of one check, when they waited. Its values lie between those of others. */
const rawRows = `
  select b.device_id, string_agg((round(extract(epoch from b.received_at) * 1000)::int8 - b.ages_ms[s.place])::text || ' ' || b.fact_numbers[s.place]::text
      || ' ' || b.values[s.first + 1 : s.first + b.value_counts[s.place]]::text, e'\\n' order by b.received_at, b.sequence, s.place) as lines
  from ${instancesOf}
  join hauswart.sample_batch b on b.provider_id = $1 and b.device_id = i.device_id and b.received_at >= to_timestamp($4::float8 / 1000)
    and i.check_number = any (b.check_numbers)
  cross join lateral (
    select u.place::int, (select coalesce(sum(counted), 0)::int from unnest(b.value_counts[1 : u.place::int - 1]) as counted) as first
    from unnest(b.check_numbers) with ordinality as u(number, place) where u.number = i.check_number) s
  where round(extract(epoch from b.received_at) * 1000)::int8 - b.ages_ms[s.place] < $5::float8
  group by b.device_id`;
