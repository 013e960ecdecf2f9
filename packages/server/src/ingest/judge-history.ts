/**
 * The points that a judge may look back on: one per step and series, for as long as the check declares. All series of an
 * instance share their times, and instances with the same series share their names, so a point costs eight bytes.
 */
import type { Past, Point } from "@hauswart/protocol/check.ts";
import type { SeriesPosition } from "@hauswart/protocol/sample-codec.ts";
import type { CompiledHistory } from "./compiled-checks.ts";
import { Interned } from "./interned.ts";

/** As it is stored: see table check_history. */
export interface StoredHistory {
  readonly fields: readonly string[];
  readonly subjects: readonly string[];
  readonly times: ArrayLike<number>;
  /** Of one series after the other, each as many as there are times; NaN = none. */
  readonly values: ArrayLike<number>;
}

export const noPast: Past = { points: () => [] };

/** Which series a history has, in the order of their points. */
export interface SeriesNames {
  readonly fields: readonly string[];
  readonly subjects: readonly string[];
}

const knownNames = new Interned<SeriesNames>();
const namesOf = (fields: readonly string[], subjects: readonly string[]) =>
  knownNames.get(JSON.stringify([fields, subjects]), () => ({ fields, subjects }));

export class JudgeHistory implements Past {
  names: SeriesNames;
  /** The times, then the points of one series after the other. */
  table: Float64Array;

  constructor(names: SeriesNames = namesOf([], []), table = new Float64Array()) {
    this.names = names;
    this.table = table;
  }

  static from({ fields, subjects, times, values }: StoredHistory): JudgeHistory {
    const table = new Float64Array(times.length + values.length);
    table.set(times);
    table.set(values, times.length);
    return new JudgeHistory(namesOf(fields, subjects), table);
  }

  private get count(): number {
    return this.table.length / (1 + this.names.fields.length);
  }

  /** Time of the newest point; -Infinity while there is none. */
  get newestMs(): number {
    return this.count === 0 ? -Infinity : this.table[this.count - 1]!;
  }

  points(field: string, subject: string): readonly Point[] {
    const series = this.seriesOf(field, subject);
    const points: Point[] = [];
    if (series === -1) return points;
    const { count, table } = this;
    for (let index = 0, at = (1 + series) * count; index < count; index++, at++) {
      if (!Number.isNaN(table[at]!)) points.push({ at: table[index]!, value: table[at]! });
    }
    return points;
  }

  private seriesOf(field: string, subject: string): number {
    const { fields, subjects } = this.names;
    for (let series = 0; series < fields.length; series++) if (subjects[series] === subject && fields[series] === field) return series;
    return -1;
  }

  /** Whether a sample of this time begins a new step. Late samples that lie before the newest point are not remembered. */
  isDue({ stepMs }: CompiledHistory, atMs: number): boolean {
    const { count } = this;
    return count === 0 || Math.floor(atMs / stepMs) > Math.floor(this.table[count - 1]! / stepMs);
  }

  /** Adds the numbers of a sample and forgets what has become too old, and series that have no point left. */
  remember(
    { fields, keepMs }: CompiledHistory,
    positions: readonly SeriesPosition[],
    values: readonly (number | null)[],
    atMs: number,
  ): void {
    const { count } = this;
    const times = this.table.subarray(0, count);
    const kept = times.findIndex((time) => time >= atMs - keepMs);
    const from = kept === -1 ? count : kept;
    const rows = new Map<string, { field: string; subject: string; points: number[] }>();
    this.names.fields.forEach((field, series) => {
      const points = [...this.table.subarray((1 + series) * count + from, (2 + series) * count)];
      const subject = this.names.subjects[series]!;
      if (points.some((value) => !Number.isNaN(value))) rows.set(`${field}\n${subject}`, { field, subject, points });
    });
    positions.forEach(({ field, subject }, index) => {
      const value = values[index] ?? null;
      if (value === null || !fields.has(field)) return;
      const key = `${field}\n${subject}`;
      const row = rows.get(key) ?? { field, subject, points: new Array<number>(count - from).fill(Number.NaN) };
      rows.set(key, row);
      row.points.push(value);
    });
    const length = count - from + 1;
    const all = [...rows.values()];
    for (const { points } of all) if (points.length < length) points.push(Number.NaN);
    this.table = Float64Array.from([...times.subarray(from), atMs, ...all.flatMap(({ points }) => points)]);
    this.names = namesOf(
      all.map(({ field }) => field),
      all.map(({ subject }) => subject),
    );
  }

  /** A copy, or what nobody changes any more. */
  toStored(): StoredHistory {
    const { count } = this;
    return { ...this.names, times: this.table.subarray(0, count), values: this.table.subarray(count) };
  }
}
