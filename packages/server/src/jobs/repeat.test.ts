import { expect, test } from "bun:test";
import { testServices } from "@hauswart/testkit/seed.ts";
import { repeat } from "./repeat.ts";

/** Turns that end when they are told to. */
function heldTurns() {
  const ends: (() => void)[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = () => {
    if (ends.length === 1) resolve();
    return new Promise<void>((end) => ends.push(end));
  };
  return { ends, second: promise, run };
}

const chore = (run: () => Promise<unknown>) => repeat(testServices({} as never), { name: "test", everyMs: 3_600_000, run });

test("what is wanted while a turn is in hand comes once after it, and never beside it", async () => {
  const { ends, second, run } = heldTurns();
  const repeating = chore(run);
  for (let wanted = 0; wanted < 3; wanted++) repeating.soon();
  expect(ends).toHaveLength(1);
  ends[0]!();
  await second;
  expect(ends).toHaveLength(2);
  const stopped = repeating.stop();
  ends[1]!();
  await stopped;
  expect(ends).toHaveLength(2);
});

test("the end waits for the turn in hand, and none comes after it", async () => {
  const { ends, run } = heldTurns();
  const repeating = chore(run);
  repeating.soon();
  repeating.soon();
  const stopped = repeating.stop();
  ends[0]!();
  await stopped;
  repeating.soon();
  expect(ends).toHaveLength(1);
});

test("a turn that fails is told as a problem until one goes well", async () => {
  let isBroken = true;
  const repeating = chore(async () => {
    if (isBroken) throw new Error("no broom");
  });
  repeating.soon();
  await Bun.sleep(0);
  expect(repeating.problems()).toEqual(["The chore test failed: no broom"]);
  isBroken = false;
  repeating.soon();
  await repeating.stop();
  expect(repeating.problems()).toEqual([]);
});
