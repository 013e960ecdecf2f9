import { describe, expect, test } from "bun:test";
import { until } from "@hauswart/testkit/until.ts";
import { Desk } from "./desk.ts";

const tick = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("a desk", () => {
  test("gathers what comes together, one round at a time, none larger than allowed", async () => {
    const rounds: number[][] = [];
    let atOnce = 0;
    let most = 0;
    const desk = new Desk<number>({
      most: 3,
      failed: () => [],
      work: async (items) => {
        most = Math.max(most, ++atOnce);
        rounds.push([...items]);
        await tick(2);
        atOnce--;
      },
    });
    for (let item = 1; item <= 7; item++) desk.add(item);
    await until("seven", () => rounds.flat().length === 7);
    expect([rounds, most]).toEqual([[[1, 2, 3], [4, 5, 6], [7]], 1]);
  });

  test("does again what a failed round gives back, before what came later", async () => {
    const done: number[] = [];
    let failures = 0;
    const desk = new Desk<number>({
      most: 2,
      retryAfterMs: 1,
      failed: (items) => items,
      work: async (items) => {
        if (failures++ < 2) throw new Error("away");
        done.push(...items);
      },
    });
    for (const item of [1, 2, 3]) desk.add(item);
    await until("three", () => done.length === 3);
    expect(done).toEqual([1, 2, 3]);
  });

  test("takes nothing after it was closed, and closing waits for the round under way", async () => {
    const done: number[] = [];
    const desk = new Desk<number>({ most: 1, failed: () => [], work: async (items) => void (await tick(5), done.push(...items)) });
    desk.add(1);
    desk.add(2);
    await tick(5);
    await desk.close();
    desk.add(3);
    await tick(10);
    expect(done).toEqual([1]);
  });

  test("that is finished takes nothing more, does what waits, and gives up what fails", async () => {
    const done: number[] = [];
    const work = async (items: readonly number[]) => {
      if (items.includes(3)) throw new Error("away");
      done.push(...items);
    };
    const desk = new Desk<number>({ most: 1, failed: (items) => items, work });
    for (const item of [1, 2, 3]) desk.add(item);
    const finished = desk.finish();
    desk.add(4);
    await finished;
    expect(done).toEqual([1, 2]);
  });
});
