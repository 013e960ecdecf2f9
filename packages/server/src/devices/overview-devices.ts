/** The overview's figures about devices: how many are measured, in which state, and what is not known. */
import type { Overview } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readAvailability, type Availability } from "../presence/availability.ts";
import { isPresentSql, presenceColumns, presenceJoin, presenceOf, type PresenceRow } from "../presence/presence-of.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { countedAgain, isLacking, isUnmeasured, statesNow } from "./device-states.ts";
import { effectiveStateSql, evidenceAt, isShownCheck } from "./state-counts.ts";

type OverviewShape = z.infer<typeof Overview>;

interface Row extends PresenceRow {
  device_id: Id;
  device_name: string;
  customer_name: string;
  /** Whether any of its checks has fresh evidence. */
  measured: boolean;
  unknown: number;
}

/** Devices whose reasons are told one by one; the figures count all. */
const mostUnknown = 100;

/** Figures over all devices within reach. A device is measured when at least one of its checks has fresh evidence. */
export async function overviewOfDevices(
  tx: Tx,
  ctx: Context,
  customerId: Id | undefined,
): Promise<Pick<OverviewShape, "devices" | "unknown" | "unknownTotal">> {
  const nowMs = ctx.services.clock.now();
  const { figures: selectFigures, unknown: selectUnknown } = statements[customerId === undefined ? "all" : "customer"];
  const values = [ctx.providerId, isoTime(nowMs), ...(customerId === undefined ? [] : [customerId])];
  const [[figures], shown, availability] = await Promise.all([
    tx.sql<Figures>(selectFigures, values),
    tx.sql<Row>(selectUnknown, values),
    readAvailability(tx, nowMs),
  ]);
  const { total, measured, present, lacking, ...byState } = figures!;
  return {
    devices: { total, measured, notMeasured: total - measured, byState, present },
    unknownTotal: lacking,
    unknown: await unknownOf(tx, ctx, shown, availability, nowMs),
  };
}

interface Figures {
  total: number;
  measured: number;
  present: number;
  /** Devices that lack fresh evidence of something. */
  lacking: number;
  ok: number;
  warning: number;
  failure: number;
  unknown: number;
}

const inState = (state: string) => `count(*) filter (where h.state = '${state}')::int as ${state}`;

/** Of provider $1 at $2, of customer $3 or of all: statements of their own, because a condition that may say nothing misleads the planner. */
function statementsFor(scope: "customer" | "all") {
  const of = (alias: string) => (scope === "all" ? "" : ` and ${alias}.customer_id = $3`);
  const again = countedAgain("$1", "$2", `true${of("s")}`);
  const within = `h.is_listed${of("h")}`;
  return {
    // Nothing is joined: the few that are revoked are looked up, which costs a tenth of joining those that are not.
    figures: `
      with ${again}
      select count(*)::int as total, count(*) filter (where not ${isUnmeasured})::int as measured, count(*) filter (where ${isLacking})::int as lacking,
        (select count(*)::int from hauswart.device_link l ${presenceJoin("l")}
          where l.provider_id = $1${of("l")} and ${isPresentSql("l", "$2")}
            and l.device_id not in (select r.device_id from hauswart.device r where r.provider_id = $1 and r.lifecycle = 'revoked')) as present,
        ${["ok", "warning", "failure", "unknown"].map(inState).join(", ")}
      from ${statesNow("$1", "$2", "h.ok, h.warning, h.failure, h.unknown, h.state", within)} h`,
    /** Wholly unmeasured devices first, then those with the most unknown checks. */
    unknown: `
      with ${again}, worst as (
        select h.* from ${statesNow("$1", "$2", `h.device_id, h.customer_id, h.name_key, not ${isUnmeasured} as measured, h.unknown`, `${within} and ${isLacking}`)} h
        order by h.measured, h.unknown desc, h.name_key, h.device_id limit ${mostUnknown})
      select h.device_id, d.name as device_name, c.name as customer_name, h.measured, h.unknown, ${presenceColumns("l")}
      from worst h
      join hauswart.device d on d.provider_id = $1 and d.device_id = h.device_id
      join hauswart.customer c on c.provider_id = $1 and c.customer_id = h.customer_id
      left join hauswart.device_link l on l.provider_id = $1 and l.device_id = h.device_id
      ${presenceJoin("l")}
      order by h.measured, h.unknown desc, h.name_key, h.device_id`,
  };
}
const statements = { customer: statementsFor("customer"), all: statementsFor("all") };

interface ReasonRow {
  device_id: Id;
  reason: string | null;
  since: Date | null;
}

async function unknownOf(
  tx: Tx,
  ctx: Context,
  shown: readonly Row[],
  availability: Availability,
  nowMs: number,
): Promise<OverviewShape["unknown"]> {
  const reasons = await reasonsOf(
    tx,
    ctx,
    shown.map(({ device_id }) => device_id),
    nowMs,
  );
  return shown.map((row) => {
    const presence = presenceOf(row, availability, nowMs);
    const own = reasons.get(row.device_id);
    const isThere = presence.state === "present";
    const reason =
      isThere || (row.measured && own?.reason)
        ? (own?.reason ?? "never-measured")
        : presence.state === "unknown"
          ? "device-absent"
          : presence.state;
    const since = isThere ? isoTimeOrNull(own?.since ?? null) : presence.since;
    return { deviceId: row.device_id, deviceName: row.device_name, customerName: row.customer_name, reason, since, checks: row.unknown };
  });
}

/** The reason that most unknown checks of a device have, and the newest evidence among them. */
async function reasonsOf(tx: Tx, ctx: Context, deviceIds: readonly Id[], nowMs: number): Promise<Map<Id, ReasonRow>> {
  if (deviceIds.length === 0) return new Map();
  const rows = await tx.sql<ReasonRow>(
    `select r.device_id, e.reason, e.since from unnest($2::uuid[]) as r(device_id) cross join lateral (
       select mode() within group (order by reason) as reason, max(since) as since from (
         select coalesce(ci.unknown_reason, case when ci.state = 'unknown' then 'not-judged' else 'evidence-too-old' end) as reason, coalesce(ci.state_since, ${evidenceAt}) as since, ${effectiveStateSql("$3")} as state
         from hauswart.check_instance ci
         left join hauswart.device_link l on l.provider_id = ci.provider_id and l.device_id = ci.device_id
         where ${isShownCheck} and ci.provider_id = $1 and ci.device_id = r.device_id) each_check
       where state = 'unknown') e`,
    [ctx.providerId, deviceIds, isoTime(nowMs)],
  );
  return new Map(rows.map((row) => [row.device_id, row]));
}
