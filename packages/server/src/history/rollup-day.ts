/**
 * One row of sample_rollup: the hours of a device, check instance and UTC day. Per series and hour the count of values, their
 * minimum, mean and maximum, and the worst state of what they were measured of. The series with empty field and subject
 * stands for the check itself: how often it was measured, and its worst state.
 */
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readColumn, writeColumn } from "./number-column.ts";
import { compress, decompress } from "./zstd.ts";

/** How bad an hour was, worst last. */
export const hourStates = ["ok", "unknown", "warning", "failure"] as const;
export type HourState = (typeof hourStates)[number];

export interface HourSummary {
  readonly count: number;
  /** NaN without values. */
  readonly minimum: number;
  /** In single precision, like all means. */
  readonly mean: number;
  readonly maximum: number;
  readonly worst: HourState;
}

/** Hours (0 to 23) of one series. */
export type HoursOfSeries = Map<number, HourSummary>;

const formatVersion = 1;

export class RollupDay {
  /** By subject and field; see `seriesKey`. */
  readonly series = new Map<string, HoursOfSeries>();

  /** Replaces an hour of all series. */
  setHour(hour: number, summaries: ReadonlyMap<string, HourSummary>): void {
    for (const hours of this.series.values()) hours.delete(hour);
    for (const [key, summary] of summaries) {
      let hours = this.series.get(key);
      if (!hours) this.series.set(key, (hours = new Map()));
      hours.set(hour, summary);
    }
    for (const [key, hours] of this.series) if (hours.size === 0) this.series.delete(key);
  }
}

export const seriesKey = (subject: string, field: string): string => `${subject}\n${field}`;

/** @returns subject and field */
export function splitSeriesKey(key: string): [subject: string, field: string] {
  const end = key.lastIndexOf("\n");
  return [key.slice(0, end), key.slice(end + 1)];
}

export function encodeRollup({ series }: RollupDay): Buffer {
  const to = new ByteWriter();
  to.whole(series.size);
  for (const [key, hours] of series) {
    const sorted = [...hours].sort(([a], [b]) => a - b);
    const column = (pick: (summary: HourSummary) => number) =>
      writeColumn(
        to,
        Float64Array.from(sorted, ([, summary]) => pick(summary)),
      );
    to.text(key);
    to.whole(sorted.reduce((mask, [hour]) => mask + 2 ** hour, 0));
    column(({ count }) => count);
    column(({ worst }) => hourStates.indexOf(worst));
    column(({ minimum }) => minimum);
    column(({ mean }) => mean);
    column(({ maximum }) => maximum);
  }
  return Buffer.concat([Buffer.of(formatVersion), compress(to.finish())]);
}

/** Throws a RangeError for a body of another version, or one that is broken. */
export function decodeRollup(body: Uint8Array): RollupDay {
  if (body[0] !== formatVersion) throw new RangeError(`roll-up of version ${body[0]}; this server knows version ${formatVersion}`);
  const from = new ByteReader(decompress(body.subarray(1)));
  const day = new RollupDay();
  for (let rest = from.whole(); rest > 0; rest--) {
    const key = from.text();
    const mask = from.whole();
    const hours = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => Math.floor(mask / 2 ** hour) % 2 === 1);
    const [count, worst, minimum, mean, maximum] = Array.from({ length: 5 }, () => readColumn(from, hours.length));
    day.series.set(
      key,
      new Map(
        hours.map((hour, index) => [
          hour,
          {
            count: count![index]!,
            worst: hourStates[worst![index]!] ?? "unknown",
            minimum: minimum![index]!,
            mean: mean![index]!,
            maximum: maximum![index]!,
          },
        ]),
      ),
    );
  }
  return day;
}

/** Gathers the samples of one check instance in one hour. */
export class HourGatherer {
  readonly #series = new Map<string, { count: number; minimum: number; maximum: number; sum: number; compensation: number }>();
  #measured = 0;
  #unmeasured = 0;

  /** Counts a sample. @param fact below 0 when nothing was measured */
  addSample(fact: number): void {
    if (fact < 0) this.#unmeasured++;
    else this.#measured++;
  }

  /** Takes one value; what is not a number counts for nothing. */
  addValue(key: string, value: number): void {
    if (!Number.isFinite(value)) return;
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = { count: 0, minimum: value, maximum: value, sum: 0, compensation: 0 }));
    series.count++;
    if (value < series.minimum) series.minimum = value;
    if (value > series.maximum) series.maximum = value;
    // Kahan: sums of many large amounts keep their low digits, so that the mean does not depend on the order.
    const term = value - series.compensation;
    const sum = series.sum + term;
    series.compensation = sum - series.sum - term;
    series.sum = sum;
  }

  /** @param stateOf worst state that findings gave a subject in this hour */
  summaries(stateOf: (subject: string) => HourState): Map<string, HourSummary> {
    const worse = (subject: string): HourState => {
      const state = stateOf(subject);
      return state === "ok" && this.#unmeasured > 0 ? "unknown" : state;
    };
    const result = new Map<string, HourSummary>([
      [seriesKey("", ""), { count: this.#measured, minimum: NaN, mean: NaN, maximum: NaN, worst: worse("") }],
    ]);
    for (const [key, { count, minimum, maximum, sum }] of this.#series) {
      const mean = Math.fround(Math.min(Math.max(sum / count, minimum), maximum));
      result.set(key, { count, minimum, mean, maximum, worst: worse(splitSeriesKey(key)[0]) });
    }
    return result;
  }
}
