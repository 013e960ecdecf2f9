/** Finds devices that have been silent for too long, and opens a finding for each. Their return closes it: see take-over.ts. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { int8Array, uuidArray } from "../database/binary-arrays.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { openDeviceFinding } from "../ingest/device-findings.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { readAvailability, type Availability } from "./availability.ts";
import { isOverdue, lastSign, presenceColumns, presenceJoin, type PresenceRow } from "./presence-of.ts";
import { offlineEvidence, readOffline } from "./read-offline.ts";
import { silenceLimitMs } from "./silence-limit.ts";

const actor = { kind: "system", id: "presence", name: "presence" } as const;
/** No provider may set a shorter silence than this; younger ones need not be looked at. */
const shortestLimitMs = 60_000;

interface Candidate extends PresenceRow {
  readonly provider_id: Id;
  readonly customer_id: Id;
  readonly site_id: Id;
  readonly device_id: Id;
  readonly role: "workstation" | "server";
  readonly epoch: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Looks at all devices once. @returns how many were found to be overdue. */
export async function sweepSilence(services: Services): Promise<number> {
  const nowMs = services.clock.now();
  const { availability, candidates } = await services.database.unwalled("silent devices", async (tx) => ({
    availability: await readAvailability(tx, nowMs),
    candidates: await tx.sql<Candidate>(notConnected, [isoTime(nowMs - shortestLimitMs), deviceCheckId]),
  }));
  const overdue = candidates.filter((row) => isOverdue(row, availability, silenceLimitMs(row.role, row.settings), nowMs));
  for (const [providerId, own] of Map.groupBy(overdue, ({ provider_id }) => provider_id))
    await openFindings(services, providerId, own, availability, nowMs);
  return overdue.length;
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
        const identity = { providerId, customerId: row.customer_id, siteId: row.site_id, deviceId: row.device_id };
        const evidence = {
          lastSeenAtMs: fromMs,
          limitSeconds: silenceLimitMs(row.role, row.settings) / 1_000,
          ownDowntimeSeconds: Math.round(availability.downMs(fromMs, nowMs) / 1_000),
          goodbye: row.goodbye,
          ...offlineEvidence(why.get(row.device_id)!.verdict),
        };
        return { ...openDeviceFinding(identity, "silent", evidence, nowMs), beganAtMs: fromMs };
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
      await applyFindingChanges(tx, services, { providerId, actor }, level);
  });
}

const notConnected = `
  select d.provider_id, d.customer_id, d.site_id, d.device_id, d.role, l.epoch, pr.settings, ${presenceColumns("l")}
  from hauswart.device d
  join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
  join hauswart.provider pr on pr.provider_id = d.provider_id
  ${presenceJoin("l")}
  where d.kind = 'agent' and d.lifecycle = 'active' and l.connected_at is not null and (l.last_seen_at is null or l.last_seen_at < $1)
    and (l.goodbye is null or l.goodbye in ('restart', 'agent-update'))
    and (l.goodbye is not null or l.disconnected_at >= l.connected_at or l_process.alive_at is null or l_process.stopped_at is not null or l_process.alive_at < $1)
    and not exists (select from hauswart.finding f where f.provider_id = d.provider_id and f.device_id = d.device_id and f.check_id = $2 and f.code = 'silent' and f.closed_at is null)`;

const stillAway = `
  select l.device_id from hauswart.device_link l
  join unnest($2::uuid[], $3::int8[]) as r(device_id, epoch) on r.device_id = l.device_id and r.epoch = l.epoch
  where l.provider_id = $1::uuid order by l.device_id for update of l`;
