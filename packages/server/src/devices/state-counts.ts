/**
 * In which state a check is now. The rule is that of evaluate/effective-state.ts, said in SQL, because lists and totals count
 * hundreds of thousands of checks; a test holds the two together.
 */
import { cyclesOfFreshness, dailyGraceSeconds, daySeconds, graceSeconds } from "../evaluate/effective-state.ts";
import { reasonsNotToRun } from "../policies/device-checks.ts";

/** Reasons of checks that have no evidence by which they could age, as SQL lists them. */
export const ageless = [...reasonsNotToRun, "never-measured"].map((reason) => `'${reason}'`).join(", ");

/** Checks that belong to a device: those that run, and those that its agent cannot run. */
export const isShownCheck = `(ci.enabled or ci.unknown_reason in (${reasonsNotToRun.map((reason) => `'${reason}'`).join(", ")}))`;

const freshSeconds = `(case when ci.daily_at_hour is not null or ci.every_seconds >= ${daySeconds} then ${daySeconds + dailyGraceSeconds}
  else ${cyclesOfFreshness} * ci.every_seconds + ${graceSeconds} end)`;

/** When the newest evidence of check `ci` was taken, by the link row `l` of its device. */
export const evidenceAt = "l.evidence_at[array_position(l.check_numbers, ci.number)]";

/** When that evidence becomes too old; null where there is none. */
export const tooOldAt = `(${evidenceAt} + make_interval(secs => ${freshSeconds}))`;

/** State of check `ci` now. @param now a parameter's place: the moment in question. */
export const effectiveStateSql = (now: string) => `
  case when ci.unknown_reason in (${ageless}) then 'unknown'
    when ${tooOldAt} > ${now}::timestamptz then ci.state
    else 'unknown' end`;
