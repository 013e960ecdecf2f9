import { describe, expect, test } from "bun:test";
import { pathOf, rangeOf, slicesOf, withGaps } from "./points.ts";

describe("withGaps", () => {
  test("a missing stretch becomes a gap, one missed sample does not", () => {
    const { at, columns } = withGaps({ at: [0, 60, 180, 600], value: [1, 2, 3, 4] }, 60);
    expect(at).toEqual([0, 60, 180, 240, 600]);
    expect(columns["value"]).toEqual([1, 2, 3, null, 4]);
  });
  test("further columns keep step", () => {
    const { columns } = withGaps({ at: [0, 600], value: [1, 2], min: [0, 1] }, 60);
    expect(columns["min"]).toEqual([0, null, 1]);
  });
  test("nothing stays nothing", () => {
    expect(withGaps({ at: [], value: [] }, 60)).toEqual({ at: [], columns: { value: [] } });
  });
});

describe("slicesOf", () => {
  test("means per slice, gaps where nothing was measured", () => {
    const at = [0, 5, 10, 95];
    expect(slicesOf({ at, value: [1, 3, 5, 7] }, 0, 100, 10, 5)).toEqual([2, 5, null, null, null, null, null, null, null, 7]);
  });
  test("values that come seldom cover their cycle and no more", () => {
    expect(slicesOf({ at: [0, 60], value: [1, 2] }, 0, 100, 10, 30)).toEqual([1, 1, 1, 1, 1, null, 2, 2, 2, 2]);
  });
  test("null and what lies outside is left out", () => {
    expect(slicesOf({ at: [-5, 5, 15, 25], value: [9, null, 4, 9] }, 0, 20, 2, 1)).toEqual([null, 4]);
  });
});

describe("rangeOf", () => {
  test("shares run from 0 to 100", () => expect(rangeOf([40], [], "percent")).toEqual({ low: 0, high: 100 }));
  test("amounts start at zero and include limits", () => expect(rangeOf([40, null], [100], "bytes")).toEqual({ low: 0, high: 105 }));
  test("equal values still have a height", () => expect(rangeOf([5, 5], [], "number")).toEqual({ low: 4, high: 6 }));
  test("no values", () => expect(rangeOf([null], [], "bytes")).toEqual({ low: 0, high: 1 }));
});

test("a path breaks at gaps and draws a lone value", () => {
  expect(pathOf([0, 10, null, 5], { low: 0, high: 10 }, 40, 10)).toBe("M0.0 10.0L10.0 0.0L20.0 0.0M30.0 5.0L40.0 5.0");
});
