/**
 * One row of sample_packed: the samples of a device, check instance, subject and UTC day. A sample of a list check is spread
 * over the rows of its subjects; the row with the empty subject also holds the samples (and failed attempts) without values.
 *
 * Body: one byte of format version, then compressed: count, times, fact numbers, and per field its name, which samples have
 * it, and the values.
 */
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readColumn, writeColumn } from "./number-column.ts";
import { compress, decompress } from "./zstd.ts";

export interface PackedDay {
  /** Unix milliseconds, ascending, each once. */
  readonly timesMs: Float64Array;
  /** Fact number of each sample; -1 no data, -2 failed. */
  readonly facts: Float64Array;
  /** Values by field, in step with the times; NaN where the sample has none. */
  readonly fields: ReadonlyMap<string, Float64Array>;
}

const formatVersion = 1;
const presence = { all: 0, some: 1 } as const;

/** Samples of one subject as they come, in any order; two of the same time are one. */
export class DayBuilder {
  readonly #samples = new Map<number, { fact: number; values: Map<string, number> }>();

  /** Begins a sample; one of the same time is replaced. @returns its values by field, to be filled */
  add(timeMs: number, fact: number): Map<string, number> {
    const values = new Map<string, number>();
    this.#samples.set(timeMs, { fact, values });
    return values;
  }

  /** The same, but a sample of the same time is kept and added to. */
  at(timeMs: number, fact: number): Map<string, number> {
    return this.#samples.get(timeMs)?.values ?? this.add(timeMs, fact);
  }

  /** Takes over what was packed before. */
  addPacked(day: PackedDay): void {
    day.timesMs.forEach((timeMs, index) => {
      const values = this.add(timeMs, day.facts[index]!);
      for (const [field, column] of day.fields) {
        const value = column[index]!;
        if (!Number.isNaN(value)) values.set(field, value);
      }
    });
  }

  /** @param fromMs samples before this time are left out, and so are those from `toMs` on */
  build(fromMs = -Infinity, toMs = Infinity): PackedDay {
    const sorted = [...this.#samples].filter(([timeMs]) => timeMs >= fromMs && timeMs < toMs).sort(([a], [b]) => a - b);
    const fields = new Map<string, Float64Array>();
    sorted.forEach(([, { values }], index) => {
      for (const [field, value] of values) {
        let column = fields.get(field);
        if (!column) fields.set(field, (column = new Float64Array(sorted.length).fill(NaN)));
        column[index] = value;
      }
    });
    return { timesMs: Float64Array.from(sorted, ([timeMs]) => timeMs), facts: Float64Array.from(sorted, ([, { fact }]) => fact), fields };
  }
}

/** Values that are there, over all fields. */
export function valueCount({ fields }: PackedDay): number {
  let count = 0;
  for (const column of fields.values()) for (const value of column) if (!Number.isNaN(value)) count++;
  return count;
}

export function encodeDay({ timesMs, facts, fields }: PackedDay): Buffer {
  const to = new ByteWriter();
  to.whole(timesMs.length);
  writeColumn(to, timesMs);
  writeColumn(to, facts);
  to.whole(fields.size);
  for (const [field, column] of fields) {
    to.text(field);
    writePresence(to, column);
    writeColumn(
      to,
      column.filter((value) => !Number.isNaN(value)),
    );
  }
  return Buffer.concat([Buffer.of(formatVersion), compress(to.finish())]);
}

/** Throws a RangeError for a body of another version, or one that is broken. */
export function decodeDay(body: Uint8Array): PackedDay {
  if (body[0] !== formatVersion) throw new RangeError(`packed row of version ${body[0]}; this server knows version ${formatVersion}`);
  const from = new ByteReader(decompress(body.subarray(1)));
  const count = from.whole();
  const timesMs = readColumn(from, count);
  const facts = readColumn(from, count);
  const fields = new Map<string, Float64Array>();
  for (let rest = from.whole(); rest > 0; rest--) {
    const field = from.text();
    const isThere = readPresence(from, count);
    const values = readColumn(from, isThere ? isThere.reduce((sum, there) => sum + there, 0) : count);
    fields.set(field, isThere ? spread(isThere, values) : values);
  }
  return { timesMs, facts, fields };
}

/** Runs of samples that have the field and that have not, in turn. */
function writePresence(to: ByteWriter, column: Float64Array): void {
  if (column.every((value) => !Number.isNaN(value))) return to.byte(presence.all);
  to.byte(presence.some);
  const runs: number[] = [];
  let isThere = true;
  let run = 0;
  for (const value of column) {
    if (Number.isNaN(value) === isThere) {
      runs.push(run);
      run = 0;
      isThere = !isThere;
    }
    run++;
  }
  runs.push(run);
  to.whole(runs.length);
  for (const length of runs) to.whole(length);
}

function readPresence(from: ByteReader, count: number): Uint8Array | undefined {
  if (from.byte() === presence.all) return undefined;
  const isThere = new Uint8Array(count);
  let at = 0;
  const runs = from.whole();
  for (let index = 0; index < runs; index++) {
    const length = from.whole();
    if (index % 2 === 0) isThere.fill(1, at, at + length);
    at += length;
  }
  return isThere;
}

function spread(isThere: Uint8Array, values: Float64Array): Float64Array {
  const column = new Float64Array(isThere.length).fill(NaN);
  let next = 0;
  for (let index = 0; index < isThere.length; index++) if (isThere[index]) column[index] = values[next++]!;
  return column;
}
