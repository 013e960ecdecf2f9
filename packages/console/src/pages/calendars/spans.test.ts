import { expect, test } from "bun:test";
import { placeOf, readSpans, writeSpans } from "./spans.ts";

test.each<[string, string | undefined]>([
  ["", ""],
  ["09:00–18:00", "09:00–18:00"],
  ["9-18", "09:00–18:00"],
  ["9.30 bis 17:15", "09:30–17:15"],
  ["13:00-17:00, 08:00-12:00", "08:00–12:00, 13:00–17:00"],
  ["00:00–24:00", "00:00–24:00"],
  ["08:00–12:00, 12:00–17:00", "08:00–12:00, 12:00–17:00"],
  ["08:00–12:00, 11:00–17:00", undefined],
  ["18:00–09:00", undefined],
  ["09:00–09:00", undefined],
  ["09:00", undefined],
  ["24:30–25:00", undefined],
  ["9:60–18", undefined],
  ["often", undefined],
])("%p is %p", (typed, read) => {
  const spans = readSpans(typed);
  expect(spans && writeSpans(spans)).toBe(read);
});

test("a span is drawn where it lies", () => {
  expect(placeOf({ from: "06:00", to: "12:00" })).toEqual({ start: 25, length: 25 });
  expect(placeOf({ from: "00:00", to: "24:00" })).toEqual({ start: 0, length: 100 });
});
