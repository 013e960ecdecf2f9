import { describe, expect, test } from "bun:test";
import type { CompiledHistory } from "./compiled-checks.ts";
import { HistoryBook } from "./history-book.ts";
import { JudgeHistory } from "./judge-history.ts";

const need: CompiledHistory = { fields: new Set(["level"]), stepMs: 600_000, keepMs: 3_600_000 };
const positions = (...subjects: string[]) =>
  subjects.flatMap((subject) => [
    { field: "level", unit: "percent" as const, subject },
    { field: "other", unit: "percent" as const, subject },
  ]);
const at = (step: number, offsetMs = 0) => step * need.stepMs + offsetMs;

describe("a judge's history", () => {
  test("has one point a step", () => {
    const history = new JudgeHistory();
    expect(history.isDue(need, at(10))).toBe(true);
    history.remember(need, positions("A"), [1, 9], at(10));
    expect([history.isDue(need, at(10, 599_999)), history.isDue(need, at(11)), history.isDue(need, at(9))]).toEqual([false, true, false]);
  });
  test("keeps declared fields only, per subject, oldest first", () => {
    const history = new JudgeHistory();
    history.remember(need, positions("A", "B"), [1, 9, 2, 9], at(10));
    history.remember(need, positions("B", "A"), [4, 9, 3, 9], at(11));
    expect(history.points("level", "A")).toEqual([
      { at: at(10), value: 1 },
      { at: at(11), value: 3 },
    ]);
    expect(history.points("level", "B").map(({ value }) => value)).toEqual([2, 4]);
    expect([history.points("other", "A"), history.points("level", "C")]).toEqual([[], []]);
  });
  test("has no point where there was no number, and forgets a series without any", () => {
    const history = new JudgeHistory();
    history.remember(need, positions("A", "B"), [1, 9, 2, 9], at(10));
    history.remember(need, positions("A", "B"), [null, 9, 3, 9], at(11));
    expect(history.points("level", "A").length).toBe(1);
    history.remember(need, positions("B"), [4, 9], at(17));
    expect(history.toStored()).toMatchObject({ fields: ["level"], subjects: ["B"] });
    expect(history.points("level", "B").map(({ value }) => value)).toEqual([3, 4]);
  });
  test("comes back from storage as it was, names with line breaks too", () => {
    const history = new JudgeHistory();
    for (let step = 0; step < 5; step++) history.remember(need, positions("A", "B\nC"), [step, 9, step % 2 ? null : step, 9], at(step));
    const { fields, subjects, times, values } = history.toStored();
    const again = JudgeHistory.from({ fields, subjects, times: [...(times as Float64Array)], values: [...(values as Float64Array)] });
    expect(again.points("level", "B\nC")).toEqual(history.points("level", "B\nC"));
    expect([...(again.toStored().values as Float64Array)]).toEqual([...(values as Float64Array)]);
  });
});

describe("a book of histories", () => {
  const history = (level: number, ...subjects: string[]) => {
    const made = new JudgeHistory();
    made.remember(
      need,
      positions(...subjects),
      subjects.flatMap(() => [level, 9]),
      at(10),
    );
    return made;
  };
  test("keeps each instance's own, however long they grow", () => {
    const book = new HistoryBook();
    for (const position of [3, 0, 7]) book.put(position, history(position, "A"));
    const longer = book.get(0);
    longer.remember(need, positions("A", "B"), [5, 9, 6, 9], at(11));
    book.put(0, longer);
    expect(
      [3, 0, 7].map((position) =>
        book
          .get(position)
          .points("level", "A")
          .map(({ value }) => value),
      ),
    ).toEqual([[3], [0, 5], [7]]);
    expect(book.get(0).points("level", "B")).toEqual([{ at: at(11), value: 6 }]);
    expect(book.get(1).points("level", "A")).toEqual([]);
  });
  test("what is not put back changes nothing", () => {
    const book = new HistoryBook();
    book.put(0, history(1, "A"));
    book.get(0).remember(need, positions("A"), [2, 9], at(11));
    expect(book.get(0).points("level", "A").length).toBe(1);
  });
});
