import { expect, test } from "bun:test";
import { dayWriter } from "./day-text.ts";

test("a day is written in the reader's language, and is the same day everywhere", () => {
  const written = (["short", "shortOfYear", "date", "long"] as const).map((form) => dayWriter("de", form)("2026-11-20"));
  expect(written).toEqual(["Fr., 20.11.", "Fr., 20.11.2026", "20.11.2026", "Freitag, 20. November 2026"]);
  expect(dayWriter("en", "date")("2026-01-01")).toBe("1 Jan 2026");
});

test("a month is written of a day and of itself", () => {
  expect(dayWriter("de", "month")("2026-03")).toBe("März 2026");
  expect(dayWriter("en", "month")("2026-03-31")).toBe("March 2026");
  expect(dayWriter("de", "shortMonth")("2026-03")).toBe("Mär");
});
