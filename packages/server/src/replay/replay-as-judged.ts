/**
 * Judges what is stored of a check instance with the settings and the calendar that were in force at each of its samples. What comes out are the
 * findings that were raised, as long as all samples since the instance began are still there.
 */
import type { CalendarDefinition } from "@hauswart/calendar/definition.ts";
import { WorkingTime } from "@hauswart/calendar/working-time.ts";
import type { WorkingCalendar } from "@hauswart/protocol/check.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import type { Tx } from "../database/database.ts";
import { planDamping } from "../ingest/check-layout.ts";
import type { CompiledCheck } from "../ingest/compiled-checks.ts";
import type { NewPeriod } from "../ingest/taken-batch.ts";
import { InstanceReplay, type ReplayRule, type StoredSample } from "./instance-replay.ts";
import { readStored, type InstanceKey } from "./read-stored.ts";
import { eachSample, type TimeRange } from "./stored-days.ts";
import type { Trace } from "./trace.ts";

interface PeriodRow {
  kind: NewPeriod["kind"];
  after_at: Date | null;
  every_seconds: number;
  daily_at_hour: number | null;
  failures_before_finding: number;
  judgement: Record<string, unknown>;
  damping: string;
  /** null: the check asks for none, or nobody wrote it down. */
  calendar: CalendarDefinition | null;
}

/**
 * @param calendar of the place where the device stands, as it is now: for samples from before calendars were written down.
 * @returns undefined while no settings are known: the instance has not been judged yet.
 */
export async function replayAsJudged(
  tx: Tx,
  check: CompiledCheck,
  providerId: Id,
  instance: InstanceKey,
  range: TimeRange,
  calendar: WorkingCalendar,
): Promise<Trace | undefined> {
  const periods = await tx.sql<PeriodRow>(periodsOf, [providerId, instance.deviceId, instance.checkNumber]);
  const [stored] = await readStored(tx, providerId, [instance], range);
  if (periods.length === 0 || !stored) return undefined;
  const rules = periods.map((row) => ruleOf(check, row));
  const replay = new InstanceReplay(check, [rules[0]!], calendar);
  let next = 0;
  let newest: StoredSample | undefined;
  const changeUntil = (atMs: number) => {
    for (let period = periods[next]; period && (period.after_at?.getTime() ?? -Infinity) < atMs; period = periods[next]) {
      if (period.calendar) replay.workBy(new WorkingTime(period.calendar));
      replay.change(0, rules[next++]!, period.kind, newest);
    }
  };
  eachSample(check, stored, range, (sample) => {
    changeUntil(sample.atMs);
    replay.sample(sample);
    newest = { ...sample, values: [...sample.values] };
  });
  changeUntil(range.toMs);
  return replay.traces[0];
}

function ruleOf(check: CompiledCheck, row: PeriodRow): ReplayRule {
  const judgement = (check.definition.judgement as z.ZodObject).parse(row.judgement);
  return { judgement, failuresBeforeFinding: row.failures_before_finding, damping: planDamping(check, judgement, row) };
}

const periodsOf = `
  select p.kind, p.after_at, s.every_seconds, s.daily_at_hour, s.failures_before_finding, s.judgement, s.damping::text as damping, c.definition as calendar
  from hauswart.check_settings_period p
  join hauswart.check_settings s on s.provider_id = p.provider_id and s.settings_key = p.settings_key
  left join hauswart.judged_calendar c on c.provider_id = p.provider_id and c.calendar_key = p.calendar_key
  where p.provider_id = $1 and p.device_id = $2 and p.check_number = $3
  order by p.noted_at`;
