import { expect, test } from "bun:test";
import { countedRows } from "./counted-rows.ts";

const closed = (day: string, holiday: string | null) => ({ day, isWorkingDay: false, openMinutes: 0, spans: [], holiday });
const open = (day: string) => ({ day, isWorkingDay: true, openMinutes: 540, spans: [{ from: "09:00", to: "18:00" }], holiday: null });
const easter = [
  open("2026-04-02"),
  closed("2026-04-03", "Karfreitag"),
  closed("2026-04-04", null),
  closed("2026-04-05", null),
  closed("2026-04-06", "Ostermontag"),
  open("2026-04-07"),
];

test("the days that are passed over stand between the spans that count, with their names", () => {
  const rows = countedRows(
    [
      { from: "2026-04-02T15:00:00Z", to: "2026-04-02T16:00:00Z" },
      { from: "2026-04-07T07:00:00Z", to: "2026-04-07T10:00:00Z" },
    ],
    easter,
    "Europe/Berlin",
  );
  expect(rows.map(({ day, totalMinutes, why, span }) => [day, span ? totalMinutes : why])).toEqual([
    ["2026-04-02", 60],
    ["2026-04-03", "Karfreitag"],
    ["2026-04-04", null],
    ["2026-04-05", null],
    ["2026-04-06", "Ostermontag"],
    ["2026-04-07", 240],
  ]);
});

test("a span over midnight belongs to the day on which it begins, and the next day is not passed over", () => {
  const rows = countedRows(
    [
      { from: "2026-03-28T21:00:00Z", to: "2026-03-29T04:00:00Z" },
      { from: "2026-03-29T20:00:00Z", to: "2026-03-29T21:00:00Z" },
    ],
    [open("2026-03-28"), open("2026-03-29")],
    "Europe/Berlin",
  );
  expect(rows.map(({ day, totalMinutes }) => [day, totalMinutes])).toEqual([
    ["2026-03-28", 420],
    ["2026-03-29", 480],
  ]);
});
