/** A house for a whole file of attacks: after each one the server runs, and nobody else has noticed anything. */
import { afterAll, afterEach, beforeAll, expect } from "bun:test";
import { testLimitMs } from "@hauswart/testkit/until.ts";
import { Bystanders } from "./bystanders.ts";
import { openHouse, type House } from "./house.ts";
import type { Speaker } from "./wire-agent.ts";

export interface BesiegedHouse {
  readonly house: House;
  /** Agents that have nothing to do with it. */
  readonly bystanders: Bystanders;
  /** A computer that was enrolled for this test, with what it takes to speak for it. */
  speaker(): Promise<Speaker>;
}

/** Call it once at the top of a file; what it returns is filled before the first test. */
export function besiegedHouse(): BesiegedHouse {
  let house: House | undefined;
  let bystanders: Bystanders | undefined;
  const there = <T>(thing: T | undefined): T => {
    if (!thing) throw new Error("The house opens before the first test.");
    return thing;
  };
  beforeAll(async () => {
    house = await openHouse();
    bystanders = await Bystanders.gather(house);
  }, testLimitMs);
  afterAll(async () => {
    await bystanders?.leave();
    await house?.stop();
  }, testLimitMs);
  afterEach(async () => {
    expect(there(house).server.isRunning).toBe(true);
    expect(await there(bystanders).harm(there(house))).toEqual([]);
  }, testLimitMs);
  return {
    get house() {
      return there(house);
    },
    get bystanders() {
      return there(bystanders);
    },
    async speaker() {
      const { computers, devices } = await there(house).enrol(1);
      return { computer: computers[0]!, device: devices[0]! };
    },
  };
}
