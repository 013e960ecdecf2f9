/** Points of a series on their way to the screen. Gaps stay gaps. */

/** Parallel arrays; `at` in Unix seconds, ascending. null is a gap. */
export interface Points {
  readonly at: readonly number[];
  readonly value: readonly (number | null)[];
}

/**
 * Puts a gap where samples are further apart than the check's cycle allows.
 * @param stepSeconds distance at which the values were meant to be taken.
 */
export function withGaps(
  points: Points & Record<string, readonly (number | null)[]>,
  stepSeconds: number,
): { at: number[]; columns: Record<string, (number | null)[]> } {
  const { at, ...columns } = points;
  const widest = Math.max(stepSeconds, 1) * 2.5;
  const outAt: number[] = [];
  const out: Record<string, (number | null)[]> = Object.fromEntries(Object.keys(columns).map((name) => [name, []]));
  at.forEach((second, index) => {
    const before = at[index - 1];
    if (before !== undefined && second - before > widest) {
      outAt.push(before + stepSeconds);
      for (const column of Object.values(out)) column.push(null);
    }
    outAt.push(second);
    for (const [name, column] of Object.entries(out)) column.push(columns[name]![index] ?? null);
  });
  return { at: outAt, columns: out };
}

/**
 * Means over equal slices of time, for drawings of few pixels. A slice without a value is null, unless values come more
 * seldom than slices; then slices within one cycle after a value take it over.
 */
export function slicesOf({ at, value }: Points, from: number, to: number, slices: number, stepSeconds: number): (number | null)[] {
  const width = (to - from) / slices;
  const sums = new Array<number>(slices).fill(0);
  const counts = new Array<number>(slices).fill(0);
  at.forEach((second, index) => {
    const one = value[index];
    const slice = Math.floor((second - from) / width);
    if (one === null || one === undefined || slice < 0 || slice >= slices) return;
    sums[slice]! += one;
    counts[slice]!++;
  });
  const carry = Math.ceil((stepSeconds * 1.5) / width);
  let last: number | null = null;
  let age = 0;
  return sums.map((sum, slice) => {
    if (counts[slice]! > 0) {
      last = sum / counts[slice]!;
      age = 0;
      return last;
    }
    age++;
    return last !== null && age < carry ? last : null;
  });
}

/** Lowest and highest value on a drawing, limits included; zero belongs to it where the unit counts something. */
export function rangeOf(values: readonly (number | null)[], limits: readonly number[], unit: string): { low: number; high: number } {
  const known = [...values.filter((value) => value !== null), ...limits];
  if (known.length === 0) return { low: 0, high: 1 };
  if (unit === "percent") return { low: 0, high: 100 };
  const high = Math.max(...known);
  const low = unit === "number" ? Math.min(...known) : Math.min(0, ...known);
  return high === low ? { low: low - (low === 0 ? 0 : 1), high: high + 1 } : { low, high: high + (high - low) * 0.05 };
}

/** An SVG path through slices, broken at gaps. A lone value becomes a short stroke. */
export function pathOf(slices: readonly (number | null)[], range: { low: number; high: number }, width: number, height: number): string {
  const step = width / slices.length;
  const y = (value: number) => (height - ((value - range.low) / (range.high - range.low)) * height).toFixed(1);
  let path = "";
  slices.forEach((value, index) => {
    if (value === null) return;
    const x = index * step;
    const starts = index === 0 || slices[index - 1] === null;
    path += `${starts ? "M" : "L"}${x.toFixed(1)} ${y(value)}`;
    if (slices[index + 1] === null || index === slices.length - 1) path += `L${(x + step).toFixed(1)} ${y(value)}`;
  });
  return path;
}
