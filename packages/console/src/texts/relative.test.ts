import { expect, test } from "bun:test";
import { relativeFor } from "./relative.ts";

const now = Date.UTC(2026, 10, 21, 12, 0, 0);
const seconds = (amount: number) => now + amount * 1_000;

test.each([
  [0, "jetzt", "now"],
  [-59, "jetzt", "now"],
  [-60, "vor 1 Minute", "1 minute ago"],
  [-3_599, "vor 59 Minuten", "59 minutes ago"],
  [-7_200, "vor 2 Stunden", "2 hours ago"],
  [-86_400, "gestern", "yesterday"],
  [-40 * 86_400, "letzten Monat", "last month"],
  [7_200, "in 2 Stunden", "in 2 hours"],
])("%d seconds", (amount, german, english) => {
  expect(relativeFor("de").ago(seconds(amount), now)).toBe(german);
  expect(relativeFor("en").ago(seconds(amount), now)).toBe(english);
});

test.each([
  [-30, "seit eben", "just now"],
  [-180, "seit 3 Minuten", "for 3 minutes"],
  [-86_400, "seit 1 Tag", "for 1 day"],
  [5, "seit eben", "just now"],
])("how long it has been so, %d seconds", (amount, german, english) => {
  expect(relativeFor("de").since(seconds(amount), now)).toBe(german);
  expect(relativeFor("en").since(seconds(amount), now)).toBe(english);
});

test("the short form always counts", () => {
  expect(relativeFor("de").agoShort(seconds(-86_400), now)).toBe("vor 1 Tag");
  expect(relativeFor("en").agoShort(seconds(-180), now)).toBe("3 min ago");
});
