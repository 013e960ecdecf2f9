/** The overview's figures about devices: how many are measured, in which state, and what is not known. */
import type { Overview } from "@hauswart/protocol/api/models.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { Parameters } from "../database/parameters.ts";
import { readAvailability, type Availability } from "../presence/availability.ts";
import { presenceColumns, presenceJoin, presenceOf, type PresenceRow } from "../presence/presence-of.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { countStates, effectiveStateSql, evidenceAt, isShownCheck } from "./state-counts.ts";

type OverviewShape = z.infer<typeof Overview>;

interface Row extends PresenceRow {
  device_id: Id;
  device_name: string;
  customer_name: string;
  ok: number;
  warning: number;
  failure: number;
  unknown: number;
  state: "ok" | "warning" | "failure" | "unknown";
}

/** Devices whose reasons are told one by one; the figures count all. */
const mostUnknown = 100;

/** Figures over all devices within reach. A device is measured when at least one of its checks has fresh evidence. */
export async function overviewOfDevices(
  tx: Tx,
  ctx: Context,
  customerId: Id | undefined,
): Promise<Pick<OverviewShape, "devices" | "unknown">> {
  const nowMs = ctx.services.clock.now();
  const rows = await readRows(tx, ctx, customerId, nowMs);
  const availability = await readAvailability(tx, nowMs);
  const isMeasured = (row: Row) => row.ok + row.warning + row.failure > 0;
  const presences = new Map(rows.map((row) => [row.device_id, presenceOf(row, availability, nowMs)]));
  const isPresent = ({ device_id }: Row) => presences.get(device_id)!.state === "present";
  const count = (state: Row["state"]) => rows.filter((row) => row.state === state).length;
  const measured = rows.filter(isMeasured).length;
  return {
    devices: {
      total: rows.length,
      measured,
      notMeasured: rows.length - measured,
      byState: { ok: count("ok"), warning: count("warning"), failure: count("failure"), unknown: count("unknown") },
      present: rows.filter(isPresent).length,
    },
    unknown: await unknownOf(
      tx,
      ctx,
      rows.filter((row) => row.unknown > 0 || !isMeasured(row)),
      availability,
      nowMs,
    ),
  };
}

function readRows(tx: Tx, ctx: Context, customerId: Id | undefined, nowMs: number): Promise<Row[]> {
  const parameters = new Parameters();
  const [provider, now] = [parameters.add(ctx.providerId), parameters.add(isoTime(nowMs))];
  const customer = customerId === undefined ? undefined : parameters.add(customerId);
  const within = (alias: string) => (customer === undefined ? "" : ` and ${alias}.customer_id = ${customer}`);
  return tx.sql<Row>(
    `select d.device_id, d.name as device_name, c.name as customer_name, ${presenceColumns("l")},
       coalesce(t.ok, 0) as ok, coalesce(t.warning, 0) as warning, coalesce(t.failure, 0) as failure, coalesce(t.unknown, 0) as unknown, coalesce(t.state, 'unknown') as state
     from hauswart.device d
     join hauswart.customer c on c.provider_id = d.provider_id and c.customer_id = d.customer_id
     left join hauswart.device_link l on l.provider_id = d.provider_id and l.device_id = d.device_id
     ${presenceJoin("l")}
     left join (${countStates(now, `ci.provider_id = ${provider}${within("ci")}`)}) t on t.device_id = d.device_id
     where d.provider_id = ${provider} and d.lifecycle <> 'revoked'${within("d")}`,
    parameters.values,
  );
}

interface ReasonRow {
  device_id: Id;
  reason: string | null;
  since: Date | null;
}

/** Wholly unmeasured devices first, then those with the most unknown checks. */
async function unknownOf(
  tx: Tx,
  ctx: Context,
  rows: readonly Row[],
  availability: Availability,
  nowMs: number,
): Promise<OverviewShape["unknown"]> {
  const known = ({ ok, warning, failure }: Row) => (ok + warning + failure > 0 ? 1 : 0);
  const shown = rows
    .toSorted((a, b) => known(a) - known(b) || b.unknown - a.unknown || (a.device_name < b.device_name ? -1 : 1))
    .slice(0, mostUnknown);
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
      isThere || (known(row) === 1 && own?.reason)
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
    `select device_id, mode() within group (order by reason) as reason, max(since) as since from (
       select ci.device_id, coalesce(ci.unknown_reason, case when ci.state = 'unknown' then 'not-judged' else 'evidence-too-old' end) as reason, coalesce(ci.state_since, ${evidenceAt}) as since, ${effectiveStateSql("$3")} as state
       from hauswart.check_instance ci
       left join hauswart.device_link l on l.provider_id = ci.provider_id and l.device_id = ci.device_id
       where ${isShownCheck} and ci.provider_id = $1 and ci.device_id = any ($2::uuid[])) each_check
     where state = 'unknown' group by device_id`,
    [ctx.providerId, deviceIds, isoTime(nowMs)],
  );
  return new Map(rows.map((row) => [row.device_id, row]));
}
