/** What is kept for a while: where it lies, and what of it is old. The chore that deletes and the preview that counts read the same list. */
import type { RetentionKey } from "@hauswart/protocol/api/retention.ts";
import { dayMs, monthsBefore } from "./hours.ts";
import type { Retention } from "./retention-limits.ts";

/** Rows of one table that a setting is about. `$1` is the provider, `$2` the moment before which things are old. */
interface RetainedTable {
  readonly table: string;
  readonly isOld: string;
}

/** Rows of the audit log are not here: they go seal by seal, see audit/forget-audit.ts. */
export const retainedTables: Readonly<Record<Exclude<RetentionKey, "auditMonths">, readonly RetainedTable[]>> = {
  rawSampleDays: [
    { table: "sample_batch", isOld: "received_at < $2::timestamptz" },
    { table: "sample_entry", isOld: "received_at < $2::timestamptz" },
    { table: "sample_packed", isOld: "day < ($2::timestamptz at time zone 'UTC')::date" },
    { table: "sample_outcome", isOld: "at < $2::timestamptz" },
  ],
  rollupMonths: [{ table: "sample_rollup", isOld: "day < ($2::timestamptz at time zone 'UTC')::date" }],
  findingMonths: [
    {
      table: "finding_event",
      isOld: "finding_id in (select finding_id from hauswart.finding old where old.provider_id = $1 and old.closed_at < $2::timestamptz)",
    },
    {
      table: "finding_notice",
      isOld: "finding_id in (select finding_id from hauswart.finding old where old.provider_id = $1 and old.closed_at < $2::timestamptz)",
    },
    { table: "finding", isOld: "closed_at < $2::timestamptz" },
    // What was done about them; what is still to be done is never touched.
    { table: "repair_order", isOld: "state in ('done', 'declined') and state_at < $2::timestamptz" },
    { table: "contact", isOld: "at < $2::timestamptz and (next_due_at is null or next_done_at < $2::timestamptz)" },
    { table: "alarm_drill", isOld: "cleared_at < $2::timestamptz" },
    { table: "daily_mail", isOld: "written_at < $2::timestamptz" },
  ],
  roundMonths: [{ table: "round_record", isOld: "day < ($2::timestamptz at time zone 'UTC')::date" }],
  // What still waits to be sent is never touched.
  mailDays: [{ table: "mail", isOld: "state <> 'queued' and created_at < $2::timestamptz" }],
  sessionDays: [
    { table: "session", isOld: "coalesce(ended_at, expires_at) < least($2::timestamptz, now()) and created_at < $2::timestamptz" },
  ],
  quarantineDays: [{ table: "quarantined_message", isOld: "received_at < $2::timestamptz" }],
};

/** The moment before which things are old, Unix milliseconds. */
export function oldBeforeMs(setting: RetentionKey, retention: Retention, nowMs: number): number {
  return setting.endsWith("Months") ? monthsBefore(nowMs, retention[setting]) : nowMs - retention[setting] * dayMs;
}
