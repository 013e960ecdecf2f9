import { expect, test } from "bun:test";
import { parseBefore } from "./visit-before.ts";

test.each([null, "", "{", "soon", "NaN"])("%p is no visit", (text) => {
  expect(parseBefore(text)).toBeNull();
});

test("a visit is read as it was written", () => {
  expect(parseBefore("1795334400000")).toBe(1_795_334_400_000);
});
