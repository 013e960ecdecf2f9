/**
 * Asks neighbours of a device that was lost whether they see it: one or two connected agents of the same site, once per loss. What they
 * say is evidence for why it is offline, and is there before its silence becomes a finding.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { isPresentSql, presenceJoin } from "./presence-of.ts";
import { sharesGatewaySql } from "./same-network.ts";

/** A connection that is made anew needs no witness. */
const lostForMs = 30_000;
/** Older losses are not looked into: nobody asked in time, or nobody could. */
const recentMs = 10 * 60_000;
/** A whole site that goes has no neighbours; a hundred devices that go one by one are asked for in turn. */
const mostAtOnce = 20;
const witnessesEach = 2;

interface Lost {
  readonly provider_id: Id;
  readonly device_id: Id;
  readonly local_addresses: string[];
  readonly witness_ids: Id[];
}

/** Who stands behind the same gateway stands in the same network, and sees most. $1 the present, $2 lost before, $3 lost after. Whoever was asked since the loss is not asked again. */
const lostDevices = `
  select d.provider_id, d.device_id, d.local_addresses, w.witness_ids
  from hauswart.device_link l
  join hauswart.device d on d.provider_id = l.provider_id and d.device_id = l.device_id and d.lifecycle = 'active' and d.kind = 'agent'
  cross join lateral (
    select array_agg(o.device_id) as witness_ids from (
      select o.device_id from hauswart.device o
      join hauswart.device_link ol on ol.provider_id = o.provider_id and ol.device_id = o.device_id
      ${presenceJoin("ol")}
      where o.provider_id = d.provider_id and o.site_id = d.site_id and o.device_id <> d.device_id and o.lifecycle = 'active' and o.looks_for_neighbours
        and ${isPresentSql("ol", "$1")} and (ol.disconnected_at is null or ol.disconnected_at < ol.connected_at)
      order by (${sharesGatewaySql("o", "d")}) is true desc, o.role = 'server' desc, o.device_id limit ${witnessesEach}) o) w
  where l.disconnected_at >= l.connected_at and l.goodbye is null and l.disconnected_at < $2::timestamptz and l.disconnected_at > $3::timestamptz
    and d.local_addresses <> '{}' and w.witness_ids is not null
    and not exists (select from hauswart.presence_witness p where p.provider_id = d.provider_id and p.device_id = d.device_id and p.asked_at >= l.disconnected_at)
  order by l.disconnected_at limit ${mostAtOnce}`;

/** Looks at all providers once. @returns how many neighbours were asked. */
export async function sweepWitnesses({ database, bus, clock }: Services): Promise<number> {
  const nowMs = clock.now();
  const lost = await database.unwalled("neighbours of lost devices", (tx) =>
    tx.sql<Lost>(lostDevices, [isoTime(nowMs), isoTime(nowMs - lostForMs), isoTime(nowMs - recentMs)]),
  );
  let asked = 0;
  for (const { provider_id: providerId, device_id: deviceId, local_addresses: addresses, witness_ids } of lost) {
    for (const witnessId of witness_ids) bus.publish("look-for-device", { providerId, deviceId, witnessId, addresses });
    asked += witness_ids.length;
  }
  return asked;
}
