/**
 * The histories of all instances of one device, in one array: thousands of small objects that live for hours among short-lived
 * ones would keep the memory around them from being given back.
 */
import { JudgeHistory, type SeriesNames } from "./judge-history.ts";

/** Before each history: its instance's position, and its length. */
const headerLength = 2;

export class HistoryBook {
  private readonly names: SeriesNames[] = [];
  private numbers = new Float64Array();

  /** The history of an instance; an empty one where it has none. Changes are kept by `put` alone. */
  get(position: number): JudgeHistory {
    const place = this.find(position);
    return place
      ? new JudgeHistory(this.names[place.index], this.numbers.subarray(place.from + headerLength, place.to))
      : new JudgeHistory();
  }

  put(position: number, { names, table }: JudgeHistory): void {
    const place = this.find(position) ?? { index: this.names.length, from: this.numbers.length, to: this.numbers.length };
    const end = place.from + headerLength + table.length;
    const moved = new Float64Array(end + this.numbers.length - place.to);
    moved.set(this.numbers.subarray(0, place.from));
    moved.set([position, table.length], place.from);
    moved.set(table, place.from + headerLength);
    moved.set(this.numbers.subarray(place.to), end);
    this.numbers = moved;
    this.names[place.index] = names;
  }

  private find(position: number): { index: number; from: number; to: number } | undefined {
    for (let index = 0, from = 0; index < this.names.length; index++) {
      const to = from + headerLength + this.numbers[from + 1]!;
      if (this.numbers[from] === position) return { index, from, to };
      from = to;
    }
    return undefined;
  }
}
