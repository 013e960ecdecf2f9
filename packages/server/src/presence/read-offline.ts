/** The evidence why devices are not heard of, and what follows from it. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { whyOffline, type OfflineEvidence, type OfflineVerdict, type Witness } from "@hauswart/protocol/why-offline.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { deviceBefore } from "./device-before.ts";
import type { Availability } from "./availability.ts";
import { sharesGatewaySql } from "./same-network.ts";
import { isPresentSql, lastSign, presenceColumns, presenceJoin, returnGraceMs, type PresenceRow } from "./presence-of.ts";

interface EvidenceRow extends PresenceRow {
  device_id: Id;
  before_name: string | null;
  before_silent: boolean | null;
  others_connected: number;
  others_lost: number;
  site_offline: boolean;
  agents_lost: boolean;
  witnesses: Witness[];
}

/** What is lost within this time went together. */
const togetherSeconds = 120;
/** What somebody saw is news for so long. */
const witnessMinutes = 30;

/**
 * $1 the provider, $2 devices, $3 the present. Others are agents that are not known to stand behind another gateway: websites, which
 * this server measures itself, and notebooks at home stay connected when the site's line is gone.
 */
const evidenceOf = `
  select d.device_id, ${presenceColumns("l")}, before.name as before_name,
    exists (select from hauswart.finding f where f.provider_id = $1 and f.device_id = before.device_id and f.check_id = 'device' and f.code = 'silent' and f.closed_at is null and f.calm_since is null)
      or not coalesce(${isPresentSql("bl", "$3")}, false) as before_silent,
    others.connected as others_connected, others.lost as others_lost,
    exists (select from hauswart.finding f where f.provider_id = $1 and f.site_id = d.site_id and f.check_id = 'site' and f.code = 'offline' and f.closed_at is null and f.calm_since is null) as site_offline,
    exists (select from hauswart.finding f where f.provider_id = $1 and f.customer_id is null and f.check_id = 'server' and f.code = 'agents-lost' and f.closed_at is null) as agents_lost,
    seen.witnesses
  from hauswart.device d
  join hauswart.site s on s.provider_id = d.provider_id and s.site_id = d.site_id
  join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
  ${presenceJoin("l")}
  left join hauswart.device before on before.provider_id = d.provider_id and before.device_id = ${deviceBefore("d", "s")}
  left join hauswart.device_link bl on bl.provider_id = d.provider_id and bl.device_id = before.device_id
  ${presenceJoin("bl")}
  cross join lateral (
    select count(*) filter (where ${isPresentSql("ol", "$3")} and not coalesce(ol.disconnected_at >= ol.connected_at, false))::int as connected,
      count(*) filter (where ol.goodbye is null and ol.disconnected_at >= ol.connected_at and l.disconnected_at is not null
        and abs(extract(epoch from ol.disconnected_at - l.disconnected_at)) < ${togetherSeconds})::int as lost
    from hauswart.device o
    join hauswart.device_link ol on ol.provider_id = o.provider_id and ol.device_id = o.device_id
    ${presenceJoin("ol")}
    where o.provider_id = d.provider_id and o.site_id = d.site_id and o.device_id <> d.device_id and o.lifecycle = 'active' and o.kind = 'agent'
      and coalesce(${sharesGatewaySql("o", "d")}, true)) others
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('deviceName', wd.name, 'atMs', (extract(epoch from w.answered_at) * 1000)::float8,
      'answersPing', w.answers_ping, 'resolves', w.resolves) order by w.answered_at), '[]') as witnesses
    from hauswart.presence_witness w
    join hauswart.device wd on wd.provider_id = w.provider_id and wd.device_id = w.witness_device_id
    where w.provider_id = d.provider_id and w.device_id = d.device_id and w.answered_at > $3::timestamptz - interval '${witnessMinutes} minutes'
      and (l.disconnected_at is null or w.asked_at >= l.disconnected_at)) seen
  where d.provider_id = $1 and d.device_id = any ($2::uuid[])`;

export interface OfflineFindings {
  readonly verdict: OfflineVerdict;
  readonly witnesses: readonly Witness[];
}

/** Decides for devices that are not connected; those that are deleted meanwhile are missing. */
export async function readOffline(
  tx: Tx,
  providerId: Id,
  deviceIds: readonly Id[],
  availability: Availability,
  nowMs: number,
): Promise<Map<Id, OfflineFindings>> {
  const rows = await tx.sql<EvidenceRow>(evidenceOf, [providerId, deviceIds, isoTime(nowMs)]);
  return new Map(rows.map((row) => [row.device_id, { verdict: whyOffline(evidenceFrom(row, availability)), witnesses: row.witnesses }]));
}

function evidenceFrom(row: EvidenceRow, availability: Availability): OfflineEvidence {
  const goneMs = lastSign(row);
  return {
    goodbye: row.goodbye as OfflineEvidence["goodbye"],
    serverWasAway: row.agents_lost || availability.downMs(goneMs - 1_000, goneMs + returnGraceMs) > 0,
    siteIsOffline: row.site_offline,
    before: row.before_name === null ? null : { name: row.before_name, isSilent: row.before_silent === true },
    othersConnected: row.others_connected,
    othersLost: row.others_lost,
    witnesses: row.witnesses,
  };
}

/** As it stands in a finding's evidence. */
export const offlineEvidence = ({ reason, certainty, clues }: OfflineVerdict) => ({ why: reason, certainty, clues: clues.join(" ") });
