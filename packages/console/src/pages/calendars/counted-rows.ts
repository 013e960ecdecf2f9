/** The spans that count towards a promise, day by day, with the days between them that do not. Pure. */
import type { CalendarPreview } from "@hauswart/protocol/api/calendars.ts";
import { dayIn } from "../../components/local-text.ts";

type Preview = CalendarPreview["days"][number];

export interface CountedRow {
  readonly key: string;
  /** Local date on which the span begins, or that is passed over. */
  readonly day: string;
  /** Unix milliseconds; undefined: nothing of this day counts. */
  readonly span: { readonly fromMs: number; readonly toMs: number } | undefined;
  /** What has counted by the end of the span. */
  readonly totalMinutes: number;
  /** Name of the holiday that is passed over; null for a day that the week closes. */
  readonly why: string | null;
}

/** @param days those of the years in question, as far as they are known */
export function countedRows(counted: readonly { from: string; to: string }[], days: readonly Preview[], timeZone: string): CountedRow[] {
  const rows: CountedRow[] = [];
  let total = 0;
  for (const { from, to } of counted) {
    const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
    const day = dayIn(timeZone, fromMs);
    const last = rows.at(-1);
    if (last) {
      // A span over midnight ends in the day after it began.
      const after = last.span ? dayIn(timeZone, last.span.toMs) : last.day;
      for (const between of days.filter((one) => one.day > after && one.day < day && one.spans.length === 0))
        rows.push({ key: between.day, day: between.day, span: undefined, totalMinutes: total, why: between.holiday });
    }
    total += (toMs - fromMs) / 60_000;
    rows.push({ key: from, day, span: { fromMs, toMs }, totalMinutes: total, why: null });
  }
  return rows;
}
