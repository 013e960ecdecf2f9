import { expect, test } from "bun:test";
import { KnownTokens } from "./known-tokens.ts";

test("what was let in is known until it is refused", () => {
  const known = new KnownTokens();
  known.note("one");
  expect([known.has("one"), known.has("two")]).toEqual([true, false]);
  known.forget("one");
  expect(known.has("one")).toBe(false);
});

test("so many are remembered at most, and those that were used last", () => {
  const known = new KnownTokens();
  for (let number = 0; number < 10_000; number++) known.note(`token ${number}`);
  known.note("token 0");
  known.note("one more");
  expect([known.size, known.has("token 0"), known.has("token 1"), known.has("one more")]).toEqual([10_000, true, false, true]);
});
