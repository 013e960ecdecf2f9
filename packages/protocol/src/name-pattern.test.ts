import { expect, test } from "bun:test";
import { fitsPattern } from "./name-pattern.ts";

test.each<[string, string, boolean]>([
  ["cron", "cron", true],
  ["cron", "crond", false],
  ["*", "", true],
  ["*", "anything", true],
  ["MSSQL*", "MSSQL$SAGE", true],
  ["MSSQL*", "xMSSQL", false],
  ["*.service", "cron.service", true],
  ["*.service", "cron.service.d", false],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a*a", "a", false],
  ["a.c", "abc", false],
])("%s fits %s: %p", (pattern, name, expected) => {
  expect(fitsPattern(pattern, name)).toBe(expected);
});
