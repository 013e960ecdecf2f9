import { expect, test } from "bun:test";
import { isDoor, safeNext } from "./next.ts";

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

test.each([
  ["/sign-in", true],
  ["/sign-in/oidc", true],
  ["/invitation", true],
  ["/password-reset", true],
  ["/email-change", true],
  ["/email-objection", true],
  ["/", false],
  ["/invitations", false],
  ["/devices", false],
])("%p is a door: %p", (pathname, expected) => {
  expect(isDoor(pathname)).toBe(expected);
});
