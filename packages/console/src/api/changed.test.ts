import { expect, test } from "bun:test";
import { changedOf } from "./changed.ts";

test("only what differs is left, lists and objects by what is in them", () => {
  const before = { name: "A", reach: { mode: "all", customerIds: [] as string[] }, days: [1, 2], limit: 3 as number | null };
  expect(changedOf(before, { ...before, reach: { mode: "all", customerIds: [] }, days: [1, 2] })).toEqual({});
  expect(changedOf(before, { ...before, name: "B", limit: null })).toEqual({ name: "B", limit: null });
  expect(changedOf(before, { ...before, reach: { mode: "include", customerIds: ["1"] } })).toEqual({
    reach: { mode: "include", customerIds: ["1"] },
  });
});
