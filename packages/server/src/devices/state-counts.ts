/**
 * How many checks of each device are in which state. The rule is that of evaluate/effective-state.ts, said in SQL, because
 * lists and totals count hundreds of thousands of checks; a test holds the two together.
 */
import { cyclesOfFreshness, dailyGraceSeconds, daySeconds, graceSeconds } from "../evaluate/effective-state.ts";
import { agentTooOld } from "../policies/device-checks.ts";

/** Checks that belong to a device: those that run, and those that its agent is too old to run. */
export const isShownCheck = `(ci.enabled or ci.unknown_reason = '${agentTooOld}')`;

const freshSeconds = `(case when ci.daily_at_hour is not null or ci.every_seconds >= ${daySeconds} then ${daySeconds + dailyGraceSeconds}
  else ${cyclesOfFreshness} * ci.every_seconds + ${graceSeconds} end)`;

/** When the newest evidence of check `ci` was taken, by the link row `l` of its device. */
export const evidenceAt = "l.evidence_at[array_position(l.check_numbers, ci.number)]";

/** State of check `ci` now. @param now a parameter's place: the moment in question. */
export const effectiveStateSql = (now: string) => `
  case when ci.unknown_reason in ('${agentTooOld}', 'never-measured') then 'unknown'
    when ${evidenceAt} > ${now}::timestamptz - make_interval(secs => ${freshSeconds}) then ci.state
    else 'unknown' end`;

/**
 * Counts per device: device_id, ok, warning, failure, unknown and the worst of them as `state`. A device without checks has no
 * row; it counts as unknown. @param where conditions on `ci`, from constants and parameters' places.
 */
export const countStates = (now: string, where: string) => `
  select device_id, ok, warning, failure, unknown,
    case when failure > 0 then 'failure' when warning > 0 then 'warning' when unknown > 0 then 'unknown' else 'ok' end as state
  from (
    select device_id, count(*) filter (where state = 'ok')::int as ok, count(*) filter (where state = 'warning')::int as warning,
      count(*) filter (where state = 'failure')::int as failure, count(*) filter (where state = 'unknown')::int as unknown
    from (
      select ci.device_id, ${effectiveStateSql(now)} as state
      from hauswart.check_instance ci
      left join hauswart.device_link l on l.provider_id = ci.provider_id and l.device_id = ci.device_id
      where ${isShownCheck} and ${where}) each_check
    group by device_id) counted`;
