/** Findings as the database keeps them and as the API shows them. */
import type { Finding } from "@hauswart/protocol/api/models.ts";
import type { Evidence } from "@hauswart/protocol/check.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { isNoDrill } from "./no-drill.ts";

export interface FindingRow {
  finding_id: Id;
  /** null for findings about the server itself. */
  customer_id: Id | null;
  /** Then the provider's. */
  customer_name: string;
  site_id: Id | null;
  site_name: string | null;
  /** Of the site, else of the customer, else of the provider. */
  time_zone: string;
  device_id: Id | null;
  device_name: string | null;
  check_id: string;
  instance: string;
  code: string;
  subject: string;
  severity: Finding["severity"];
  evidence: Evidence;
  evidence_at: Date;
  opened_at: Date;
  /** Sort key of lists, with microseconds. */
  opened_key: string;
  changed_at: Date;
  closed_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  acknowledged_note: string | null;
  acknowledged_until: Date | null;
  acknowledged_customer_note: string | null;
  hold_kind: NonNullable<Finding["hold"]>["kind"] | null;
  hold_window_id: Id | null;
  hold_until: Date | null;
  window_name: string | null;
  incident_id: Id | null;
  cause_finding_id: Id | null;
  /** Of a cause: open findings that it explains. */
  incident_size: number;
}

/** Columns of a finding `f` with the names of what it is about. */
export const findingColumns = `f.finding_id, f.customer_id, coalesce(c.name, p.name) as customer_name, f.site_id, s.name as site_name, coalesce(s.time_zone, c.time_zone, p.time_zone) as time_zone, f.device_id, d.name as device_name, f.check_id,
    f.instance, f.code, f.subject, f.severity, f.evidence, f.evidence_at, f.opened_at, f.opened_at::text as opened_key, f.changed_at, f.closed_at,
    f.acknowledged_at, f.acknowledged_by, f.acknowledged_note, f.acknowledged_customer_note, f.acknowledged_until,
    f.hold_kind, f.hold_window_id, f.hold_until, hw.name as window_name, fi.incident_id, fi.cause_finding_id, fi.incident_size`;

/** Where these columns come from. @param findings the table, or a subquery with all its columns that has chosen some of them before the names are looked up. */
export const findingsFrom = (findings: string) => `from ${findings} f
  join hauswart.provider p on p.provider_id = f.provider_id
  left join hauswart.customer c on c.provider_id = f.provider_id and c.customer_id = f.customer_id
  left join hauswart.site s on s.provider_id = f.provider_id and s.site_id = f.site_id
  left join hauswart.device d on d.provider_id = f.provider_id and d.device_id = f.device_id
  left join hauswart.maintenance_window hw on hw.provider_id = f.provider_id and hw.maintenance_window_id = f.hold_window_id
  left join lateral (
    select i.incident_id, i.cause_finding_id,
      case when i.cause_finding_id = f.finding_id then (
        select count(*)::int from hauswart.finding m
        where m.provider_id = i.provider_id and m.incident_id = i.incident_id and m.finding_id <> f.finding_id and m.closed_at is null) else 0 end as incident_size
    from hauswart.incident i where i.provider_id = f.provider_id and i.incident_id = f.incident_id) fi on true`;
export const findingSource = findingsFrom("hauswart.finding");

/** Selects findings `f` with the names of what they are about. */
export const selectFindings = `select ${findingColumns} ${findingSource}`;

/** Whether somebody has taken the finding on and that still holds. @param now a parameter's place: the moment in question. */
export const isAcknowledged = (now: string) =>
  `(f.acknowledged_at is not null and (f.acknowledged_until is null or f.acknowledged_until > ${now}::timestamptz))`;

/** Whether the finding is open, none of a drill, and nobody has taken it on: what is counted as open. @param now as above */
export const needsSomebody = (now: string) => `f.closed_at is null and ${isNoDrill("f")} and not ${isAcknowledged(now)}`;

/** One finding within the actor's reach, locked when it is about to change. Errors: NOT_FOUND. */
export async function readFinding(tx: Tx, ctx: Context, findingId: Id, lock: "for update of f" | "" = ""): Promise<FindingRow> {
  const [row] = await tx.sql<FindingRow>(`${selectFindings} where f.provider_id = $1 and f.finding_id = $2 ${lock}`, [
    ctx.providerId,
    findingId,
  ]);
  if (!row) throw new HauswartError("NOT_FOUND");
  return row;
}

/** @param nowMs Unix time in milliseconds: an acknowledgement may have run out. */
export function presentFinding(row: FindingRow, nowMs: number): Finding {
  const acknowledgement = acknowledgementOf(row, nowMs);
  return {
    findingId: row.finding_id,
    customerId: row.customer_id,
    customerName: row.customer_name,
    siteId: row.site_id,
    siteName: row.site_name,
    timeZone: row.time_zone,
    deviceId: row.device_id,
    deviceName: row.device_name,
    check: row.check_id,
    instance: row.instance,
    code: row.code,
    subject: row.subject,
    severity: row.severity,
    state: row.closed_at !== null ? "closed" : acknowledgement ? "acknowledged" : "open",
    evidence: row.evidence,
    evidenceAt: isoTime(row.evidence_at),
    openedAt: isoTime(row.opened_at),
    changedAt: isoTime(row.changed_at),
    closedAt: isoTimeOrNull(row.closed_at),
    acknowledgement,
    hold:
      row.hold_kind === null
        ? null
        : {
            kind: row.hold_kind,
            maintenanceWindowId: row.hold_window_id,
            windowName: row.window_name,
            until: isoTimeOrNull(row.hold_until),
          },
    incident: incidentOf(row),
  };
}

function incidentOf({ incident_id, cause_finding_id, finding_id, incident_size }: FindingRow): Finding["incident"] {
  if (incident_id === null || cause_finding_id === null) return null;
  return { incidentId: incident_id, causeFindingId: cause_finding_id, isCause: cause_finding_id === finding_id, members: incident_size };
}

function acknowledgementOf(row: FindingRow, nowMs: number): Finding["acknowledgement"] {
  if (row.acknowledged_at === null) return null;
  const until = row.acknowledged_until;
  if (row.closed_at === null && until !== null && until.getTime() <= nowMs) return null;
  return {
    by: row.acknowledged_by ?? "",
    at: isoTime(row.acknowledged_at),
    note: row.acknowledged_note ?? "",
    customerNote: row.acknowledged_customer_note ?? "",
    until: isoTimeOrNull(until),
  };
}
