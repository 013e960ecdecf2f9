/** What a benchmark is: named measures, each with what it shall reach, and a run that yields them. */
export interface Benchmark {
  readonly description: string;
  readonly measures: Readonly<Record<string, { readonly reaches: string }>>;
  /** Why it cannot be run on this computer; undefined when it can. */
  whyNot?(): string | undefined;
  run(options: BenchmarkOptions): Promise<Record<string, number>>;
}

export interface BenchmarkOptions {
  /** A short run that shows whether the benchmark works; its figures mean little. */
  readonly quick: boolean;
  /** Progress, for a person. */
  say(line: string): void;
}

/** The value below which `share` (0 to 1) of the values lie; nearest rank. Throws without values. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error("There is no percentile of nothing.");
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

/** Rounds to four significant digits, for measures that a person reads. */
export const rounded = (value: number) => Number(value.toPrecision(4));

export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
