import { expect, test } from "bun:test";
import { dayIn, localText } from "./local-text.ts";

const atMs = Date.parse("2026-12-31T23:30:00Z");

test("the day and the time are those of the place", () => {
  expect([dayIn("Europe/Berlin", atMs), dayIn("America/New_York", atMs)]).toEqual(["2027-01-01", "2026-12-31"]);
  expect([localText("Europe/Berlin", atMs), localText("America/New_York", atMs)]).toEqual(["2027-01-01T00:30", "2026-12-31T18:30"]);
});
