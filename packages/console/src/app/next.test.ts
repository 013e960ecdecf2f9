import { expect, test } from "bun:test";
import { safeNext } from "./next.ts";

test.each([
  [undefined, "/"],
  ["/devices?state=failure", "/devices?state=failure"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/sign-in?next=/", "/"],
])("%p leads to %p", (next, expected) => {
  expect(safeNext(next)).toBe(expected);
});
