/**
 * Finds devices that have been silent for too long, and opens a finding for each. Their return closes it (take-over.ts), unless they come
 * and go: then it is calm that does.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { int8Array, uuidArray } from "../database/binary-arrays.ts";
import { deviceScope } from "../ingest/device-findings.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { readAvailability, type Availability } from "./availability.ts";
import { applySightings, calmMs, type Sighting } from "./flapping.ts";
import { isOverdue, lastSign, mayBeOverdueSql, presenceColumns, presenceJoin, returnGraceMs, type PresenceRow } from "./presence-of.ts";
import { offlineEvidence, readOffline } from "./read-offline.ts";
import { silenceLimitMs } from "./silence-limit.ts";

const actor = { kind: "system", id: "presence", name: "presence" } as const;
/** No provider may set a shorter silence than this; younger ones need not be looked at. */
const shortestLimitMs = 60_000;

interface CalmRow {
  readonly provider_id: Id;
  readonly customer_id: Id;
  readonly site_id: Id;
  readonly device_id: Id;
}

interface Candidate extends PresenceRow, CalmRow {
  readonly role: "workstation" | "server";
  readonly epoch: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Looks at all devices once. @returns how many were found to be overdue. */
export async function sweepSilence(services: Services): Promise<number> {
  const nowMs = services.clock.now();
  const { availability, candidates, calm } = await services.database.unwalled("silent devices", async (tx) => ({
    availability: await readAvailability(tx, nowMs),
    candidates: await tx.sql<Candidate>(notConnected, [isoTime(nowMs - shortestLimitMs), deviceCheckId]),
    calm: await tx.sql<CalmRow>(calmDevices, [isoTime(nowMs - calmMs), deviceCheckId, isoTime(nowMs)]),
  }));
  if (nowMs >= availability.upSinceMs + returnGraceMs) await endCalm(services, calm, nowMs);
  const overdue = candidates.filter((row) => isOverdue(row, availability, silenceLimitMs(row.role, row.settings), nowMs));
  for (const [providerId, own] of Map.groupBy(overdue, ({ provider_id }) => provider_id))
    await openFindings(services, providerId, own, availability, nowMs);
  return overdue.length;
}

/** The calm has lasted: what flapped is over. */
async function endCalm(services: Services, calm: readonly CalmRow[], nowMs: number): Promise<void> {
  for (const [providerId, own] of Map.groupBy(calm, ({ provider_id }) => provider_id)) {
    const sightings = own.map((row) => silenceOf(row, nowMs, null));
    await services.database.transaction({ providerId, customers: "*" }, (tx) =>
      applySightings(tx, services, { providerId, actor }, sightings),
    );
  }
}

function silenceOf(row: CalmRow, atMs: number, lost: Sighting["lost"]): Sighting {
  const { provider_id: providerId, customer_id: customerId, site_id: siteId, device_id: deviceId } = row;
  return { scope: deviceScope({ providerId, customerId, siteId, deviceId }), code: "silent", atMs, lost };
}

/** The link rows are held still meanwhile: a device that has just returned has another epoch, one that returns now waits and then closes the finding. */
async function openFindings(
  services: Services,
  providerId: Id,
  overdue: readonly Candidate[],
  availability: Availability,
  nowMs: number,
): Promise<void> {
  await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
    const still = await tx.sql<{ device_id: Id }>(stillAway, [
      providerId,
      uuidArray(overdue.map(({ device_id }) => device_id)),
      int8Array(overdue.map(({ epoch }) => Number(epoch))),
    ]);
    const ids = new Set(still.map(({ device_id }) => device_id));
    const why = await readOffline(tx, providerId, [...ids], availability, nowMs);
    const findings = overdue
      .filter(({ device_id }) => ids.has(device_id))
      .map((row) => {
        const fromMs = lastSign(row);
        const evidence = {
          lastSeenAtMs: fromMs,
          limitSeconds: silenceLimitMs(row.role, row.settings) / 1_000,
          ownDowntimeSeconds: Math.round(availability.downMs(fromMs, nowMs) / 1_000),
          goodbye: row.goodbye,
          ...offlineEvidence(why.get(row.device_id)!.verdict),
        };
        return silenceOf(row, nowMs, { evidence, beganAtMs: fromMs });
      });
    // What stands before others is found first, so that it holds back what is behind it.
    const before = await tx.sql<{ device_id: Id; before: Id[] }>(
      "select device_id, hauswart.devices_before(provider_id, device_id) as before from hauswart.device where provider_id = $1 and device_id = any($2::uuid[])",
      [providerId, [...ids]],
    );
    const depths = new Map(before.map((row) => [row.device_id, row.before.filter((id) => ids.has(id)).length]));
    for (const [, level] of [...Map.groupBy(findings, ({ scope }) => depths.get(scope.deviceId!) ?? 0)].sort(
      ([one], [other]) => one - other,
    ))
      await applySightings(tx, services, { providerId, actor }, level);
  });
}

const notConnected = `
  select d.provider_id, d.customer_id, d.site_id, d.device_id, d.role, l.epoch, pr.settings, ${presenceColumns("l")}
  from hauswart.device d
  join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
  join hauswart.provider pr on pr.provider_id = d.provider_id
  ${presenceJoin("l")}
  where d.kind = 'agent' and d.lifecycle = 'active' and l.connected_at is not null and (l.last_seen_at is null or l.last_seen_at < $1)
    and ${mayBeOverdueSql("l", "d")}
    and (l.goodbye is not null or l.disconnected_at >= l.connected_at or l_process.alive_at is null or l_process.stopped_at is not null or l_process.alive_at < $1)
    and not exists (select from hauswart.finding f where f.provider_id = d.provider_id and f.device_id = d.device_id and f.check_id = $2 and f.code = 'silent' and f.closed_at is null and f.calm_since is null)`;

/** Those that flapped and have been there since. $1: since when at the latest, $2 their check, $3 the present. */
const calmDevices = `
  select d.provider_id, d.customer_id, d.site_id, d.device_id
  from hauswart.finding f
  join hauswart.device d on d.provider_id = f.provider_id and d.device_id = f.device_id
  join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
  where f.calm_since <= $1::timestamptz and f.closed_at is null and f.check_id = $2 and f.code = 'silent'
    and (l.goodbye is not null or not hauswart.is_cut_off(d.provider_id, d.device_id, $3::timestamptz))`;

const stillAway = `
  select l.device_id from hauswart.device_link l
  join unnest($2::uuid[], $3::int8[]) as r(device_id, epoch) on r.device_id = l.device_id and r.epoch = l.epoch
  where l.provider_id = $1::uuid order by l.device_id for update of l`;
