import { expect, test } from "bun:test";
import { writeDayFor } from "./day-text.ts";

const de = writeDayFor("de");
const en = writeDayFor("en");

test("a day is written in the reader's language, and is the same day everywhere", () => {
  const written = (["short", "shortOfYear", "date", "long"] as const).map((form) => de[form]("2026-11-20"));
  expect(written).toEqual(["Fr., 20.11.", "Fr., 20.11.2026", "20.11.2026", "Freitag, 20. November 2026"]);
  expect(en.date("2026-01-01")).toBe("1 Jan 2026");
});

test("a month is written of a day and of itself", () => {
  expect([de.month("2026-03"), en.month("2026-03-31"), de.shortMonth("2026-03")]).toEqual(["März 2026", "March 2026", "Mär"]);
});
