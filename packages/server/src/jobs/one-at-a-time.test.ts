import { expect, test } from "bun:test";
import { oneAtATime } from "./one-at-a-time.ts";

test("work waits for the work before it, also for what fails, and everybody gets their own answer", async () => {
  const inTurn = oneAtATime();
  const said: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = inTurn(async () => {
    await gate.promise;
    said.push("first");
    throw new Error("broken");
  });
  const second = inTurn(async () => said.push("second"));
  await Promise.resolve();
  expect(said).toEqual([]);
  gate.resolve();
  await expect(first).rejects.toThrow("broken");
  expect(await second).toBe(2);
  expect(said).toEqual(["first", "second"]);
});
