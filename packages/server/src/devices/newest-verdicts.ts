/**
 * What the newest sample of a check says about each of its subjects, the good ones too. Only what is not ok is stored, so the
 * sample is put together again and judged once more; judges are pure, so this says what was said when it came in.
 */
import type { Past, Verdict, WorkingCalendar } from "@hauswart/protocol/check.ts";
import type { z } from "zod";
import { compileChecks, type CompiledChecks } from "../ingest/compiled-checks.ts";
import { JudgeHistory, noPast } from "../ingest/judge-history.ts";
import type { CheckRegistry } from "../services.ts";
import type { NewestSampleRow } from "./check-row.ts";

const compiled = new WeakMap<CheckRegistry, CompiledChecks>();

function compiledOf(checks: CheckRegistry): CompiledChecks {
  const known = compiled.get(checks) ?? compileChecks(checks);
  compiled.set(checks, known);
  return known;
}

/** A check's newest sample and the settings to judge it with. */
export type JudgeableRow = NewestSampleRow & { readonly check_id: string; readonly judgement: Readonly<Record<string, unknown>> };

/**
 * Verdicts by subject; none when the newest measurement yielded no sample. Throws what the judge throws.
 * @param calendar of the place where the device stands.
 */
export function newestVerdicts(checks: CheckRegistry, row: JudgeableRow, calendar: WorkingCalendar): readonly Verdict[] {
  const check = compiledOf(checks).get(row.check_id);
  if (!check || row.fact === null || row.evidence_at === null) return [];
  const at = row.evidence_at.getTime();
  const values = (row.latest ?? []).map((value) => (Number.isNaN(value) ? null : value));
  return check.judge({
    sample: check.codec.join(row.fact, values),
    settings: (check.definition.judgement as z.ZodObject).parse(row.judgement),
    past: pastOf(row, at),
    at,
    calendar,
  });
}

/** The sample in hand may be a remembered point itself. */
function pastOf(row: NewestSampleRow, at: number): Past {
  const { history_fields: fields, history_subjects: subjects, history_times: times, history_values: values } = row;
  if (!fields || !subjects || !times || !values) return noPast;
  const history = JudgeHistory.from({ fields, subjects, times: times.map(Number), values });
  return { points: (field, subject) => history.points(field, subject).filter((point) => point.at < at) };
}
