/** The failures that a daily mail tells of, as they stood when it was due. */
import type { Evidence } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import type { Tx } from "../database/database.ts";
import type { Severity } from "../evaluate/judged-state.ts";
import { isNoDrill } from "../findings/no-drill.ts";
import { isoTime } from "../times.ts";
import type { DueDailyMail } from "./due.ts";
import type { UntoldFailures } from "./daily-texts.ts";
import { failureTimes, type SeverityFrom } from "./failure-times.ts";
import type { DailyFinding } from "./render-daily.ts";

interface FailureRow {
  finding_id: Id;
  check_id: string;
  code: string;
  subject: string;
  severity: Severity;
  evidence: Evidence;
  device_id: Id | null;
  device_name: string | null;
  opened_at: Date;
  closed_at: Date | null;
  /** Why nobody was told of it; null when somebody was. */
  untold_for: "maintenance" | "cause" | null;
  /** What explains it, in the second case. */
  cause_finding_id: Id | null;
  cause_check_id: string | null;
  severities: SeverityFrom[];
}

export interface DailyFailures {
  /** Those that somebody was told of, oldest first. */
  readonly failures: readonly DailyFinding[];
  readonly untold: UntoldFailures;
}

const severityEvents =
  "from hauswart.finding_event e where e.provider_id = f.provider_id and e.finding_id = f.finding_id and e.kind in ('opened', 'changed')";

/** Failures of that time by what was written down of each finding: today's severity says nothing about last night. */
export async function readFailures(tx: Tx, providerId: Id, customerId: Id, due: DueDailyMail): Promise<DailyFailures> {
  const rows = await tx.sql<FailureRow>(
    `select f.finding_id, f.check_id, f.code, f.subject, f.severity, coalesce(failed.evidence, f.evidence) as evidence,
       f.device_id, d.name as device_name, f.opened_at, f.closed_at,
       case when f.noticed_at is null then case when f.hold_kind = 'cause' and cause.noticed_at is null and cause.hold_kind = 'maintenance' then 'maintenance' else f.hold_kind end end as untold_for, cause.finding_id as cause_finding_id, cause.check_id as cause_check_id,
       coalesce((select jsonb_agg(jsonb_build_array((extract(epoch from e.at) * 1000)::float8, e.severity) order by e.finding_event_id) ${severityEvents}), '[]') as severities
     from hauswart.finding f
     left join hauswart.device d on d.provider_id = f.provider_id and d.device_id = f.device_id
     left join hauswart.incident i on i.provider_id = f.provider_id and i.incident_id = f.incident_id
     left join hauswart.finding cause on cause.provider_id = i.provider_id and cause.finding_id = i.cause_finding_id
     left join lateral (select e.evidence ${severityEvents} and e.severity = 'failure' and e.at < $4::timestamptz order by e.finding_event_id desc limit 1) failed on true
     where f.provider_id = $1 and f.customer_id = $2 and ${isNoDrill("f")} and f.opened_at < $4::timestamptz and (f.closed_at is null or f.closed_at >= $3::timestamptz)
       and (f.severity = 'failure' or failed.evidence is not null)
     order by f.opened_at, f.finding_id limit 5000`,
    [providerId, customerId, isoTime(due.fromMs), isoTime(due.dueAtMs)],
  );
  const all = rows.flatMap((row) => {
    const finding = dailyFinding(row, due);
    return finding ? [{ row, finding }] : [];
  });
  const failures = all.flatMap(({ row, finding }) => (row.untold_for === null ? [finding] : []));
  const listed = new Set(failures.map(({ findingId }) => findingId));
  const untold = all.flatMap(({ row }) => (row.untold_for === null ? [] : whyUntold(row, listed)));
  const count = (why: keyof UntoldFailures) => untold.filter((one) => one === why).length;
  return {
    failures,
    untold: { planned: count("planned"), explained: count("explained"), ours: count("ours"), otherwise: count("otherwise") },
  };
}

/** What explains a failure may be one that is listed, our own outage, which stands at no customer, or something that is no failure. */
function whyUntold({ untold_for, cause_finding_id, cause_check_id }: FailureRow, listed: ReadonlySet<Id>): keyof UntoldFailures {
  if (untold_for === "maintenance") return "planned";
  if (cause_check_id === serverCheckId) return "ours";
  return cause_finding_id !== null && listed.has(cause_finding_id) ? "explained" : "otherwise";
}

function dailyFinding(row: FailureRow, due: DueDailyMail): DailyFinding | undefined {
  // Of a finding whose beginning nobody keeps any more, what it is now is all that is known.
  const severities: readonly SeverityFrom[] = row.severities.length > 0 ? row.severities : [[row.opened_at.getTime(), row.severity]];
  const times = failureTimes(severities, row.closed_at?.getTime(), due);
  return (
    times && {
      findingId: row.finding_id,
      checkId: row.check_id,
      code: row.code,
      subject: row.subject,
      evidence: row.evidence,
      deviceId: row.device_id,
      deviceName: row.device_name,
      ...times,
    }
  );
}
