/**
 * The points that a judge may look back on: one per step and series, for as long as the check declares. All series of an
 * instance share their times, so a point costs eight bytes.
 */
import type { Past, Point } from "@hauswart/protocol/check.ts";
import type { SeriesPosition } from "@hauswart/protocol/sample-codec.ts";
import type { CompiledHistory } from "./compiled-checks.ts";

/** As it is stored: see table check_history. */
export interface StoredHistory {
  readonly fields: readonly string[];
  readonly subjects: readonly string[];
  readonly times: readonly number[];
  /** Of one series after the other, each as many as there are times; NaN = none. */
  readonly values: readonly number[];
}

export const noPast: Past = { points: () => [] };

const keyOf = (field: string, subject: string) => `${field}\n${subject}`;

export class JudgeHistory implements Past {
  private times: number[] = [];
  /** By field and subject; each as long as `times`. */
  private series = new Map<string, Float64Array>();

  static from(stored: StoredHistory): JudgeHistory {
    const history = new JudgeHistory();
    const count = stored.times.length;
    history.times = [...stored.times];
    stored.fields.forEach((field, index) => {
      history.series.set(keyOf(field, stored.subjects[index]!), Float64Array.from(stored.values.slice(index * count, (index + 1) * count)));
    });
    return history;
  }

  points(field: string, subject: string): readonly Point[] {
    const values = this.series.get(keyOf(field, subject));
    const points: Point[] = [];
    values?.forEach((value, index) => {
      if (!Number.isNaN(value)) points.push({ at: this.times[index]!, value });
    });
    return points;
  }

  /** Whether a sample of this time begins a new step. Late samples that lie before the newest point are not remembered. */
  isDue({ stepMs }: CompiledHistory, atMs: number): boolean {
    const newest = this.times.at(-1);
    return newest === undefined || Math.floor(atMs / stepMs) > Math.floor(newest / stepMs);
  }

  /** Adds the numbers of a sample and forgets what has become too old, and series that have no point left. */
  remember({ fields, keepMs }: CompiledHistory, positions: readonly SeriesPosition[], values: readonly (number | null)[], atMs: number): void {
    const kept = this.times.findIndex((time) => time >= atMs - keepMs);
    const from = kept === -1 ? this.times.length : kept;
    const length = this.times.length - from + 1;
    const next = new Map<string, Float64Array>();
    for (const [key, old] of this.series) {
      const points = new Float64Array(length).fill(Number.NaN);
      points.set(old.subarray(from));
      if (points.some((value) => !Number.isNaN(value))) next.set(key, points);
    }
    positions.forEach(({ field, subject }, index) => {
      const value = values[index];
      if (!fields.has(field) || value === null || value === undefined) return;
      const key = keyOf(field, subject);
      const points = next.get(key) ?? new Float64Array(length).fill(Number.NaN);
      points[length - 1] = value;
      next.set(key, points);
    });
    this.times = [...this.times.slice(from), atMs];
    this.series = next;
  }

  toStored(): StoredHistory {
    const keys = [...this.series.keys()].map((key) => key.split("\n") as [string, string]);
    return {
      fields: keys.map(([field]) => field),
      subjects: keys.map(([, ...subject]) => subject.join("\n")),
      times: this.times,
      values: [...this.series.values()].flatMap((points) => [...points]),
    };
  }
}
