import { formatFor } from "@hauswart/protocol/format.ts";
import { expect, test } from "bun:test";
import { evidenceRows, isLines, writeLines, writeSetting, writeValue } from "./evidence.ts";

const format = formatFor("de", "Europe/Berlin");
/** Intl writes narrow and no-break spaces; the meaning is the same. */
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

test.each([
  ["availableBytes", 56_300_000_000, "56,3 GB"],
  ["bytes", 999, "999 B"],
  ["usedPercent", 4.25, "4,3 %"],
  ["uptimeSeconds", 7_300, "2 Stunden"],
  ["daysUntilFull", 3, "3 Tage"],
  ["lastSeenAtMs", Date.UTC(2026, 10, 21, 12, 0), "21.11.2026, 13:00"],
  ["clockOffsetMs", 1_500, "1.500 ms"],
  ["load", 1.234, "1,23"],
  ["restarts", 3, "3"],
  ["names", ["a", "b"], "a, b"],
  ["names", [], "–"],
  ["state", "failed", "failed"],
  ["readOnly", false, "nein"],
  ["unit", null, "–"],
  ["flapping", { openings: 2, withinMinutes: 240, calmMinutes: 60 }, "ab mehr als 2 Befunden in 4 Stunden, bis 1 Stunde Ruhe ist"],
])("%s %p is written %p", (name, value, expected) => {
  expect(plain(writeValue(name, value, format))).toBe(expected);
});

test.each([
  ["badForMinutes", 90, "90 Minuten"],
  ["goodForMinutes", 120, "2 Stunden"],
  ["warnAfterHours", 36, "36 Stunden"],
  ["keepDays", 14, "14 Tage"],
  ["everySeconds", 86_400, "1 Tag"],
  ["badForMinutes", 0, "0 Sekunden"],
  ["warnAbovePercent", 90, "90 %"],
  ["flapping", { openings: 2, withinMinutes: 90, calmMinutes: 60 }, "ab mehr als 2 Befunden in 90 Minuten, bis 1 Stunde Ruhe ist"],
])("what is set is not rounded: %s %p is written %p", (name, value, expected) => {
  expect(plain(writeSetting(name, value, format))).toBe(expected);
});

test("a declared unit overrules the name", () => {
  expect(plain(writeValue("warnBelow", 2_000_000_000, format, "bytes"))).toBe("2 GB");
  expect(writeValue("restartsIn24Hours", 4, format, "count")).toBe("4");
});

test("rows keep the judge's order", () => {
  expect(evidenceRows({ b: 1, a: 2 }, format).map(({ name }) => name)).toEqual(["b", "a"]);
});

test("the lines of a table say what each is about and what it sets", () => {
  const lines = [{ service: "MSSQL*", inRow: 5, inDay: undefined, minutes: 10 }, { service: "nginx" }];
  expect(isLines(lines)).toBe(true);
  expect(writeLines(lines, (column) => column, format)).toBe("MSSQL* (inRow 5, minutes 10); nginx");
  expect([isLines([]), isLines(["a"]), isLines("a")]).toEqual([false, false, false]);
});
