import { expect, test } from "bun:test";
import { Id, newId } from "./ids.ts";

test("an id is a UUID version 7 that carries its time", () => {
  const id = newId(0x0123456789ab);
  expect(Id.parse(id)).toBe(id);
  expect(id).toMatch(/^01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("ids of one millisecond sort in the order in which they were made", () => {
  const made = Array.from({ length: 2_000 }, () => newId(1_800_000_000_000));
  expect(made.toSorted()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});

test("ids of a clock that stands still keep their order while others are made at the present", () => {
  const made = Array.from({ length: 500 }, (_, index) => {
    newId(1_800_000_000_000 + index);
    return newId(1_700_000_000_000);
  });
  expect(made).toEqual(made.toSorted());
});

test("100,000 ids of one millisecond, far beyond the counter, are still different", () => {
  expect(new Set(Array.from({ length: 100_000 }, () => newId(1_800_000_000_000))).size).toBe(100_000);
});
