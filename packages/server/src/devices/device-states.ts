/**
 * How devices are, over many of them. Each has a row `device_state` with its checks by state and the span of time in which
 * that holds: states change with evidence, with policies, and by themselves when evidence becomes too old. Where the row does not
 * hold, the checks are counted by the rule itself, so an answer is exact whether the rows are up to date or not.
 *
 * - Whoever changes a judged state, what a device runs, or brings evidence to a check that had none fresh, calls
 *   `forgetDeviceStates` in his transaction, after he has changed the checks.
 * - sweep-device-states.ts counts again, shortly before a row ceases to hold.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { uuidArray } from "../database/binary-arrays.ts";
import type { Tx } from "../database/database.ts";
import { isNoDrill } from "../findings/no-drill.ts";
import { ageless, effectiveStateSql, isShownCheck, tooOldAt } from "./state-counts.ts";

/** The devices are locked in one order, whoever comes: policies and ingest may want the same ones. */
const forget = `
  with mine as (select device_id from hauswart.device_state where provider_id = $1::uuid and device_id = any ($2::uuid[]) order by device_id for no key update)
  update hauswart.device_state s set valid_until = '-infinity' from mine where s.provider_id = $1::uuid and s.device_id = mine.device_id`;

/** What is known of how these devices are holds no longer. */
export async function forgetDeviceStates(tx: Tx, providerId: Id, deviceIds: readonly Id[]): Promise<void> {
  if (deviceIds.length > 0) await tx.sql(forget, [providerId, uuidArray(deviceIds)]);
}

/** Whether the state of check `ci` changes by itself when its evidence becomes too old. */
const ages = `(ci.state <> 'unknown' and coalesce(ci.unknown_reason, '') not in (${ageless}))`;

/**
 * Counts the checks of one device: ok, warning, failure, unknown, and from when until when that holds if nobody changes anything.
 * A subquery of one row. @param row alias with provider_id and device_id. @param now a parameter's place: the moment in question.
 */
export const countChecks = (row: string, now: string) => `(
  select count(*) filter (where now_state = 'ok')::int as ok, count(*) filter (where now_state = 'warning')::int as warning,
    count(*) filter (where now_state = 'failure')::int as failure, count(*) filter (where now_state = 'unknown')::int as unknown,
    coalesce(max(too_old_at) filter (where too_old_at <= ${now}::timestamptz), '-infinity') as valid_from,
    coalesce(min(too_old_at) filter (where too_old_at > ${now}::timestamptz), 'infinity') as valid_until
  from (
    select ${effectiveStateSql(now)} as now_state, case when ${ages} then ${tooOldAt} end as too_old_at
    from hauswart.check_instance ci
    left join hauswart.device_link l on l.provider_id = ci.provider_id and l.device_id = ci.device_id
    where ${isShownCheck} and ${isNoDrill("ci")} and ci.provider_id = ${row}.provider_id and ci.device_id = ${row}.device_id) each_check)`;

/** Whether a row of device_state holds. */
export const holds = (row: string, now: string) => `${row}.valid_from <= ${now}::timestamptz and ${row}.valid_until > ${now}::timestamptz`;

/**
 * A common table `again` with the devices of a provider whose rows do not hold at `now`, counted anew. Most of the time it is empty.
 * @param where more conditions on `s`, the row of device_state.
 */
export const countedAgain = (provider: string, now: string, where = "true") => `
  again as materialized (
    select s.device_id, s.customer_id, s.name_key, s.is_listed, e.ok, e.warning, e.failure, e.unknown,
      case when e.failure > 0 then 'failure' when e.warning > 0 then 'warning' when e.unknown > 0 or e.ok = 0 then 'unknown' else 'ok' end as state
    from hauswart.device_state s cross join lateral ${countChecks("s", now)} e
    where s.provider_id = ${provider} and ${where} and not (${holds("s", now)}))`;

/**
 * How all devices of a provider are, in one pass over narrow rows: those that hold, and those counted anew. A subquery for use with
 * `countedAgain`. @param columns of `h`: device_id, customer_id, name_key, is_listed (not revoked), ok, warning, failure, unknown, state.
 * @param where conditions on `h`.
 */
export const statesNow = (provider: string, now: string, columns: string, where = "h.is_listed") => `(
  select ${columns} from hauswart.device_state h where h.provider_id = ${provider} and ${holds("h", now)} and ${where}
  union all
  select ${columns} from again h where ${where})`;

/** Condition on `h` of `statesNow`: no check of the device has fresh evidence. */
export const isUnmeasured = "h.ok + h.warning + h.failure = 0";
/** Likewise: something about the device is not known. */
export const isLacking = `(h.unknown > 0 or ${isUnmeasured})`;

/** Joins what is known of how device `d` is: for use with `countedAgain`. */
export const stateJoin = `
  left join hauswart.device_state s on s.provider_id = d.provider_id and s.device_id = d.device_id
  left join again a on a.device_id = d.device_id`;

/** A column of it: a count, or the state. */
export const stateColumn = (name: "ok" | "warning" | "failure" | "unknown" | "state") =>
  `coalesce(a.${name}, s.${name}, ${name === "state" ? "'unknown'" : "0"})`;
