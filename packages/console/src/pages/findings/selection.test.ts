import { expect, test } from "bun:test";
import { rangeOf } from "./selection.ts";

const order = ["a", "b", "c", "d"];

test.each([
  ["down", "b", "d", ["b", "c", "d"]],
  ["up", "d", "b", ["b", "c", "d"]],
  ["onto itself", "b", "b", ["b"]],
  ["without a beginning", undefined, "c", ["c"]],
  ["from a row that has left the list", "gone", "c", ["c"]],
  ["to a row that is not there", "a", "gone", []],
] as const)("a range %s", (_name, anchor, id, expected) => {
  expect(rangeOf(order, anchor, id)).toEqual([...expected]);
});
