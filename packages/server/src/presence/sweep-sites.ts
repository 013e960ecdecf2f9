/**
 * Finds sites that lost their connection, before their devices become silent one by one: one finding for the site, which holds
 * the devices' own back. Most of all customers at once is our own line: then customers are not alarmed, but the house is, until agents
 * are back; who stays away by then is told.
 */
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { siteCheckId } from "@hauswart/protocol/site-findings.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange, FindingScope } from "../findings/finding-change.ts";
import type { Services } from "../services.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import type { Tx } from "../database/database.ts";
import { readAvailability } from "./availability.ts";
import { applySightings, type Sighting } from "./flapping.ts";
import { isConnected, processDeadAfterMs, type LinkTimes } from "./is-connected.ts";
import { returnGraceMs } from "./presence-of.ts";
import type { GatewayColumns } from "./same-network.ts";
import { goneSites, isOwnOutageOver, ownOutage, type LossesSince } from "./own-outage.ts";
import { recentMs, returnedAtMs, siteOutage, type SiteDevice, type SiteOutage } from "./site-outage.ts";

const actor = { kind: "system", id: "presence", name: "presence" } as const;

interface LinkRow extends LinkTimes, GatewayColumns {
  readonly provider_id: Id;
  readonly customer_id: Id;
  readonly site_id: Id;
  readonly role: "workstation" | "server";
  readonly goodbye: string | null;
  /** Of the site's open finding: when it was found to be offline, the last time where it comes and goes; null while it is there. */
  readonly offline_at: Date | null;
  readonly offline_lost: number | null;
  /** It came and went, and is there now. */
  readonly is_calm: boolean;
  /** A server whose connection ended with our own process, and that has not come back since that runs again. */
  readonly went_with_us: boolean;
}

/** $3 and $4: the last sign of life of the processes that held it. Computers may have been switched off meanwhile, servers are not. */
const wentWithUs = `(d.role = 'server' and l.goodbye is null and (l.disconnected_at is null or l.disconnected_at < l.connected_at)
  and p.alive_at between $3::timestamptz and $4::timestamptz)`;

/** Every device of the sites at which something was lost lately, or that are offline. $1: since when; $2: since when they are awaited back by us. */
const devicesOfSites = `
  with recent as (
    select distinct d.provider_id, d.site_id from hauswart.device_link l
    join hauswart.device d on d.provider_id = l.provider_id and d.device_id = l.device_id and d.lifecycle = 'active'
    left join hauswart.server_process p on p.process_id = l.process_id
    where (l.disconnected_at >= l.connected_at and l.disconnected_at > $1::timestamptz and l.goodbye is null) or l.connected_at > $2::timestamptz or ${wentWithUs}
    union
    select provider_id, site_id from hauswart.finding where check_id = '${siteCheckId}' and code = 'offline' and closed_at is null)
  select d.provider_id, d.customer_id, d.site_id, d.role, d.gateway_addresses, d.gateway_cards, l.connected_at, l.disconnected_at, l.goodbye,
    p.alive_at as process_alive_at, p.stopped_at as process_stopped_at, case when f.calm_since is null then f.evidence_at end as offline_at, (f.evidence ->> 'lost')::int as offline_lost, f.calm_since is not null as is_calm,
    coalesce(${wentWithUs}, false) as went_with_us
  from recent r
  join hauswart.device d on d.provider_id = r.provider_id and d.site_id = r.site_id and d.lifecycle = 'active' and d.kind = 'agent'
  join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
  left join hauswart.server_process p on p.process_id = l.process_id
  left join hauswart.finding f on f.provider_id = d.provider_id and f.site_id = d.site_id and f.check_id = '${siteCheckId}' and f.code = 'offline' and f.closed_at is null`;

interface SiteState {
  readonly providerId: Id;
  readonly customerId: Id;
  readonly siteId: Id;
  readonly devices: readonly SiteDevice[];
  readonly outage: SiteOutage | undefined;
  /** It is told as offline, and is. */
  readonly isOpen: boolean;
  readonly isCalm: boolean;
  readonly isBack: boolean;
}

/** Looks at all providers once. @returns how many findings opened or closed. */
export async function sweepSites(services: Services): Promise<number> {
  const nowMs = services.clock.now();
  const given = await giveUpEmptySites(services, nowMs);
  const { availability, own, backAtMs, rows, stillConnected } = await services.database.unwalled("sites without connection", async (tx) => {
    const [known, available] = [await readOwnOutage(tx, nowMs), await readAvailability(tx, nowMs)];
    const fromMs = (known.openedAtMs ?? nowMs) - recentMs;
    const away = available.downWithin(0, known.openedAtMs ?? nowMs).findLast(({ until }) => until >= fromMs);
    const found = await tx.sql<LinkRow>(devicesOfSites, [
      isoTime(fromMs),
      isoTimeOrNull(known.openedAtMs ?? null),
      isoTimeOrNull(away ? away.from - processDeadAfterMs : null),
      isoTimeOrNull(away?.from ?? null),
    ]);
    return {
      availability: available,
      own: known,
      backAtMs: away?.until,
      rows: found,
      stillConnected: found.length === 0 ? 0 : await countConnected(tx, nowMs),
    };
  });
  // While agents are still on their way back to us, nothing can be said of their sites.
  if (nowMs < availability.upSinceMs + returnGraceMs) return given;
  const sites = [...Map.groupBy(rows, ({ provider_id, site_id }) => `${provider_id} ${site_id}`).values()].map((ofSite) =>
    stateOf(ofSite, { ownSinceMs: own.openedAtMs, backAtMs }, nowMs),
  );
  // What was lost with an own outage belongs to it; before one is found, only what was lost while we were there tells anything.
  const sinceMs = own.openedAtMs === undefined ? Math.max(availability.upSinceMs, own.endedAtMs) : own.openedAtMs - recentMs;
  const isOurs = judgeOwnOutage(sites, own, { sinceMs, stillConnected, nowMs });
  let changed = given;
  for (const providerId of new Set([...own.providers, ...sites.map((site) => site.providerId)])) {
    const ofProvider = sites.filter((site) => site.providerId === providerId);
    const changes = ownOutageChanges(ofProvider, own.providers.has(providerId), isOurs, { sinceMs, nowMs });
    const sightings = sightingsOf(ofProvider, isOurs, nowMs);
    if (changes.length + sightings.length === 0) continue;
    changed += await services.database.transaction({ providerId, customers: "*" }, async (tx) => {
      const effects = await applyFindingChanges(tx, services, { providerId, actor }, changes);
      return effects.length + (await applySightings(tx, services, { providerId, actor }, sightings)).length;
    });
  }
  return changed;
}

/** Nobody is left who could tell that a site is there again: its computers were removed or stand elsewhere now. @returns how many findings closed */
async function giveUpEmptySites(services: Services, atMs: number): Promise<number> {
  const empty = await services.database.unwalled("sites without agents", (tx) =>
    tx.sql<{ provider_id: Id; customer_id: Id; site_id: Id }>(
      `select f.provider_id, f.customer_id, f.site_id from hauswart.finding f
       where f.check_id = '${siteCheckId}' and f.code = 'offline' and f.closed_at is null and not exists (select from hauswart.device d
         where d.provider_id = f.provider_id and d.site_id = f.site_id and d.lifecycle = 'active' and d.kind = 'agent')`,
    ),
  );
  let closed = 0;
  for (const [providerId, own] of Map.groupBy(empty, ({ provider_id }) => provider_id)) {
    const changes = own.map(({ customer_id, site_id }): FindingChange => ({
      kind: "close",
      scope: scopeOf(customer_id, site_id),
      code: "offline",
      subject: "",
      atMs,
      reason: "revoked",
      evidence: null,
    }));
    closed += await services.database.transaction(
      { providerId, customers: "*" },
      async (tx) => (await applyFindingChanges(tx, services, { providerId, actor }, changes)).length,
    );
  }
  return closed;
}

const scopeOf = (customerId: Id, siteId: Id): FindingScope => ({
  customerId,
  siteId,
  deviceId: null,
  check: siteCheckId,
  checkNumber: null,
  instance: siteId,
});

/** Our own outage as the findings of the providers tell. */
interface KnownOutage {
  /** Providers with an open finding. */
  readonly providers: ReadonlySet<Id>;
  /** When it was found; undefined while there is none. */
  readonly openedAtMs: number | undefined;
  /** When the last one ended, as far as that matters; else 0. */
  readonly endedAtMs: number;
}

async function readOwnOutage(tx: Tx, nowMs: number): Promise<KnownOutage> {
  const found = await tx.sql<{ provider_id: Id; opened_at: Date; closed_at: Date | null }>(
    `select provider_id, opened_at, closed_at from hauswart.finding
     where check_id = '${serverCheckId}' and code = 'agents-lost' and (closed_at is null or closed_at > $1::timestamptz)`,
    [isoTime(nowMs - recentMs)],
  );
  const open = found.filter(({ closed_at }) => closed_at === null);
  return {
    providers: new Set(open.map(({ provider_id }) => provider_id)),
    openedAtMs: open.length === 0 ? undefined : Math.min(...open.map(({ opened_at }) => opened_at.getTime())),
    endedAtMs: Math.max(0, ...found.map(({ closed_at }) => closed_at?.getTime() ?? 0)),
  };
}

/** Agents of all customers. What is measured from here is linked within this process and says nothing of our line. */
async function countConnected(tx: Tx, nowMs: number): Promise<number> {
  const [row] = await tx.sql<{ connected: number }>(
    `select count(*)::int as connected from hauswart.device_link l
     join hauswart.device d on d.provider_id = l.provider_id and d.device_id = l.device_id and d.kind = 'agent'
     join hauswart.server_process p on p.process_id = l.process_id and p.stopped_at is null and p.alive_at > $1::timestamptz
     where l.connected_at is not null and (l.disconnected_at is null or l.disconnected_at < l.connected_at)`,
    [isoTime(nowMs - processDeadAfterMs)],
  );
  return row!.connected;
}

interface OwnTimes {
  /** When an outage of our own was found that is open. */
  readonly ownSinceMs: number | undefined;
  /** When a process of ours was there again, after the last time that there was none. */
  readonly backAtMs: number | undefined;
}

function stateOf(rows: readonly LinkRow[], { ownSinceMs, backAtMs }: OwnTimes, nowMs: number): SiteState {
  const [{ provider_id, customer_id, site_id, offline_at, offline_lost, is_calm }] = rows as [LinkRow, ...LinkRow[]];
  const devices = rows.map((row): SiteDevice => {
    const lostAtMs = row.disconnected_at?.getTime() ?? 0;
    const isLost =
      row.connected_at !== null && row.disconnected_at !== null && row.disconnected_at >= row.connected_at && row.goodbye === null;
    const { role, gateway_addresses, gateway_cards } = row;
    const state = isConnected(row, nowMs) ? "connected" : isLost ? "lost" : "else";
    return { role, gateway_addresses, gateway_cards, lostAtMs, connectedAtMs: row.connected_at?.getTime() ?? 0, state };
  });
  const awaySinceMs = offline_at?.getTime() ?? ownSinceMs ?? Number.POSITIVE_INFINITY;
  const returned = devices.filter(({ state, connectedAtMs }) => state === "connected" && connectedAtMs > awaySinceMs);
  // Of what was lost, some may have been removed since.
  const lost =
    offline_at === null
      ? returned.length + devices.filter(({ state }) => state === "lost").length
      : Math.min(offline_lost ?? 1, devices.length);
  return {
    providerId: provider_id,
    customerId: customer_id,
    siteId: site_id,
    // Servers that do not come back to us are missed from when they could.
    devices: devices.map((device, index) =>
      rows[index]!.went_with_us && device.state === "else" ? { ...device, state: "lost", lostAtMs: (backAtMs ?? 0) + 1 } : device,
    ),
    outage: siteOutage(devices, nowMs),
    isOpen: offline_at !== null,
    isCalm: is_calm,
    isBack: returnedAtMs(returned, lost) <= nowMs,
  };
}

function judgeOwnOutage(sites: readonly SiteState[], { openedAtMs }: KnownOutage, losses: LossesSince): "yes" | "wait" | "no" {
  if (openedAtMs === undefined) return ownOutage(sites, losses);
  return isOwnOutageOver(sites, openedAtMs, losses) ? "no" : "yes";
}

/** The house is told that its own line is gone, and when it is back. */
function ownOutageChanges(
  sites: readonly SiteState[],
  isOpen: boolean,
  isOurs: "yes" | "wait" | "no",
  { sinceMs, nowMs: atMs }: Pick<LossesSince, "sinceMs" | "nowMs">,
): FindingChange[] {
  if (isOpen) return isOurs === "yes" ? [] : [{ kind: "close", ...ownOutageFinding(atMs), reason: "returned", evidence: null }];
  const gone = isOurs === "yes" ? goneSites(sites, sinceMs, atMs) : [];
  if (gone.length === 0) return [];
  const lost = gone.flatMap((site) => site.lost);
  const evidence = { sites: gone.length, lost: lost.length, lostAtMs: Math.max(...lost.map(({ lostAtMs }) => lostAtMs)) };
  return [{ kind: "open", ...ownOutageFinding(atMs), severity: "failure", evidence, noticeDueAtMs: null }];
}

/** Sites are told as long as it is not our own line; in the look that ends an outage of ours, those that stay away. */
function sightingsOf(sites: readonly SiteState[], isOurs: "yes" | "wait" | "no", atMs: number): Sighting[] {
  return sites.flatMap(({ customerId, siteId, outage, isOpen, isCalm, isBack }): Sighting[] => {
    const about = { scope: scopeOf(customerId, siteId), code: "offline", atMs };
    if (isOpen) return isBack ? [{ ...about, lost: null }] : [];
    if (outage && !isBack && isOurs === "no") return [{ ...about, lost: { evidence: { ...outage }, beganAtMs: outage.lostAtMs } }];
    return isCalm && !outage ? [{ ...about, lost: null }] : [];
  });
}

const ownOutageFinding = (atMs: number) => ({
  scope: { customerId: null, siteId: null, deviceId: null, check: serverCheckId, checkNumber: null, instance: "" },
  code: "agents-lost",
  subject: "",
  atMs,
});
