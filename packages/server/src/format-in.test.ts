import { expect, test } from "bun:test";
import { formatIn } from "./format-in.ts";

const atMs = Date.UTC(2026, 0, 5, 12);

test("a format is made once per language and time zone", () => {
  expect(formatIn("de", "Asia/Tokyo")).toBe(formatIn("de", "Asia/Tokyo"));
  expect(formatIn("de", "Asia/Tokyo").dateTime(atMs)).toContain("21:00");
  expect(formatIn("de", "Etc/GMT-2").dateTime(atMs)).toContain("14:00");
});

test("a time zone that is none gives way to the house's usual one", () => {
  expect(formatIn("de", "Mars/Base").dateTime(atMs)).toContain("13:00");
});
