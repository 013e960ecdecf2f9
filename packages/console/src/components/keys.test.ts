import { expect, test } from "bun:test";
import { keyOf } from "./keys.ts";

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
});

test.each([
  ["j", press("j"), "j"],
  ["x with shift", press("X", { shiftKey: true }), "X"],
  ["a capital by caps lock alone", press("X"), "x"],
  ["caps lock and shift", press("x", { shiftKey: true }), "X"],
  ["a star, on a key with shift", press("*", { shiftKey: true }), "*"],
  ["a question mark, on a key with shift", press("?", { shiftKey: true }), "?"],
  ["Escape", press("Escape"), "Escape"],
  ["a command of the browser", press("a", { ctrlKey: true }), undefined],
  ["half a character", press("a", { isComposing: true }), undefined],
] as const)("%s", (_name, event, expected) => {
  expect(keyOf(event)).toBe(expected);
});
