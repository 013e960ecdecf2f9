/**
 * Finds sites that lost their connection, before their devices become silent one by one: one finding for the site, which holds
 * the devices' own back. Most of all customers at once is our own line: then customers are not alarmed, but the house is.
 */
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { readAvailability, type Availability } from "./availability.ts";
import { isConnected, type LinkTimes } from "./is-connected.ts";
import { returnGraceMs } from "./presence-of.ts";
import { isOurOwnOutage, isSiteBack, siteOutage, type SiteDevice, type SiteOutage } from "./site-outage.ts";

const actor = { kind: "system", id: "presence", name: "presence" } as const;
/** A site is looked at while something was lost there within this time, or as long as it is offline. */
const recentMs = 10 * 60_000;

interface LinkRow extends LinkTimes {
  readonly provider_id: Id;
  readonly customer_id: Id;
  readonly site_id: Id;
  readonly role: "workstation" | "server";
  readonly goodbye: string | null;
  /** Of the site's open finding. */
  readonly offline_at: Date | null;
  readonly offline_lost: number | null;
}

/** Every device of the sites in question. $1: since when something was lost. */
const devicesOfSites = `
  with recent as (
    select distinct d.provider_id, d.site_id from hauswart.device_link l
    join hauswart.device d on d.provider_id = l.provider_id and d.device_id = l.device_id and d.lifecycle = 'active'
    where l.disconnected_at >= l.connected_at and l.disconnected_at > $1::timestamptz and l.goodbye is null
    union
    select provider_id, site_id from hauswart.finding where check_id = '${siteCheckId}' and code = 'offline' and closed_at is null)
  select d.provider_id, d.customer_id, d.site_id, d.role, l.connected_at, l.disconnected_at, l.goodbye,
    p.alive_at as process_alive_at, p.stopped_at as process_stopped_at, f.opened_at as offline_at, (f.evidence ->> 'lost')::int as offline_lost
  from recent r
  join hauswart.device d on d.provider_id = r.provider_id and d.site_id = r.site_id and d.lifecycle = 'active' and d.kind = 'agent'
  join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
  left join hauswart.server_process p on p.process_id = l.process_id
  left join hauswart.finding f on f.provider_id = d.provider_id and f.site_id = d.site_id and f.check_id = '${siteCheckId}' and f.code = 'offline' and f.closed_at is null`;

interface SiteState {
  readonly providerId: Id;
  readonly customerId: Id;
  readonly siteId: Id;
  readonly outage: SiteOutage | undefined;
  readonly isOpen: boolean;
  readonly isBack: boolean;
}

/** Looks at all providers once. @returns how many findings opened or closed. */
export async function sweepSites(services: Services): Promise<number> {
  const nowMs = services.clock.now();
  const { availability, rows, elsewhere } = await services.database.unwalled("sites without connection", async (tx) => {
    const found = await tx.sql<LinkRow>(devicesOfSites, [isoTime(nowMs - recentMs)]);
    return {
      availability: await readAvailability(tx, nowMs),
      rows: found,
      elsewhere: found.length === 0 ? 0 : await countConnected(tx),
    };
  });
  const sites = [...Map.groupBy(rows, ({ provider_id, site_id }) => `${provider_id} ${site_id}`).values()].map((own) =>
    stateOf(own, nowMs),
  );
  // While agents are still on their way back to us, nothing can be said of their sites.
  const isSettled = nowMs >= availability.upSinceMs + returnGraceMs;
  const isOurs = isSettled && isOwn(sites, elsewhere, availability);
  let changed = 0;
  for (const [providerId, own] of Map.groupBy(sites, (site) => site.providerId)) {
    const changes = isSettled ? changesOf(own, isOurs, nowMs) : [];
    if (changes.length === 0) continue;
    const effects = await services.database.transaction({ providerId, customers: "*" }, (tx) =>
      applyFindingChanges(tx, services, { providerId, actor }, changes),
    );
    changed += effects.length;
  }
  return changed + (await endOwnOutage(services, isOurs, nowMs));
}

async function countConnected(tx: Parameters<typeof readAvailability>[0]): Promise<number> {
  const [row] = await tx.sql<{ connected: number }>(
    `select count(*)::int as connected from hauswart.device_link l join hauswart.server_process p on p.process_id = l.process_id and p.stopped_at is null
     where l.connected_at is not null and (l.disconnected_at is null or l.disconnected_at < l.connected_at)`,
  );
  return row!.connected;
}

function stateOf(rows: readonly LinkRow[], nowMs: number): SiteState {
  const [{ provider_id, customer_id, site_id, offline_at, offline_lost }] = rows as [LinkRow, ...LinkRow[]];
  const connected = rows.filter((row) => isConnected(row, nowMs));
  const devices = rows.map((row): SiteDevice => {
    const lostAtMs = row.disconnected_at?.getTime() ?? 0;
    const isLost =
      row.connected_at !== null && row.disconnected_at !== null && row.disconnected_at >= row.connected_at && row.goodbye === null;
    return { role: row.role, lostAtMs, state: connected.includes(row) ? "connected" : isLost ? "lost" : "else" };
  });
  const returned = offline_at ? connected.filter(({ connected_at }) => connected_at !== null && connected_at > offline_at) : [];
  return {
    providerId: provider_id,
    customerId: customer_id,
    siteId: site_id,
    outage: siteOutage(devices, nowMs),
    isOpen: offline_at !== null,
    isBack: offline_at !== null && isSiteBack(returned, offline_lost ?? 1),
  };
}

function isOwn(sites: readonly SiteState[], stillConnected: number, { upSinceMs }: Availability): boolean {
  const fresh = sites.filter(({ outage, isOpen }) => outage && !isOpen && outage.lostAtMs > upSinceMs);
  return isOurOwnOutage({
    sites: fresh.length,
    customers: new Set(fresh.map(({ customerId }) => customerId)).size,
    devices: fresh.reduce((sum, { outage }) => sum + outage!.lost, 0),
    stillConnected,
  });
}

function changesOf(sites: readonly SiteState[], isOurs: boolean, atMs: number): FindingChange[] {
  const own = sites.flatMap(({ customerId, siteId, outage, isOpen, isBack }): FindingChange[] => {
    const scope = { customerId, siteId, deviceId: null, check: siteCheckId, checkNumber: null, instance: siteId };
    const about = { scope, code: "offline", subject: "", atMs };
    if (isOpen) return isBack ? [{ kind: "close", ...about, reason: "returned", evidence: null }] : [];
    if (!outage || isOurs) return [];
    return [{ kind: "open", ...about, severity: "failure", evidence: { ...outage }, noticeDueAtMs: null, beganAtMs: outage.lostAtMs }];
  });
  if (!isOurs) return own;
  const lost = sites.filter(({ outage, isOpen }) => outage && !isOpen);
  const evidence = {
    sites: lost.length,
    lost: lost.reduce((sum, { outage }) => sum + outage!.lost, 0),
    lostAtMs: Math.max(...lost.map(({ outage }) => outage!.lostAtMs)),
  };
  return [...own, { kind: "open", ...ownOutage(atMs), severity: "failure", evidence, noticeDueAtMs: null }];
}

const ownOutage = (atMs: number) => ({
  scope: { customerId: null, siteId: null, deviceId: null, check: serverCheckId, checkNumber: null, instance: "" },
  code: "agents-lost",
  subject: "",
  atMs,
});

/** Over when not most are gone any more. Sites that stay away are then found offline like any other. */
async function endOwnOutage(services: Services, isOurs: boolean, nowMs: number): Promise<number> {
  if (isOurs) return 0;
  const open = await services.database.unwalled("our own outage", (tx) =>
    tx.sql<{ provider_id: Id }>(
      "select provider_id from hauswart.finding where check_id = $1 and code = 'agents-lost' and closed_at is null",
      [serverCheckId],
    ),
  );
  for (const { provider_id: providerId } of open)
    await services.database.transaction({ providerId, customers: "*" }, (tx) =>
      applyFindingChanges(tx, services, { providerId, actor }, [
        { kind: "close", ...ownOutage(nowMs), reason: "returned", evidence: null },
      ]),
    );
  return open.length;
}
