import { newId } from "@hauswart/protocol/ids.ts";
import { describe, expect, test } from "bun:test";
import { isInStage, judgeRollout, ringOf, stageLastsMs, type Stage } from "./rollout.ts";

const counts = { devices: 10, there: 0, confirmed: 0, failed: 0 };

describe("a rollout", () => {
  test("waits for a ring until somebody in it runs the release and the time is over", () => {
    expect(judgeRollout("canary", 0, counts, stageLastsMs.canary)).toEqual({ kind: "stay" });
    expect(judgeRollout("canary", 0, { ...counts, there: 1 }, stageLastsMs.canary - 1)).toEqual({ kind: "stay" });
    expect(judgeRollout("canary", 0, { ...counts, there: 1 }, stageLastsMs.canary)).toEqual({ kind: "advance", stage: "early" });
    expect(judgeRollout("early", 0, { ...counts, there: 1 }, stageLastsMs.early)).toEqual({ kind: "advance", stage: "all" });
  });
  test("is not carried on by the success of rings before", () => {
    expect(judgeRollout("early", 0, { ...counts, confirmed: 5 }, stageLastsMs.early)).toEqual({ kind: "stay" });
  });
  test("leaves out a ring that nobody is in", () => {
    expect(judgeRollout("canary", 0, { ...counts, devices: 0 }, 0)).toEqual({ kind: "advance", stage: "early" });
  });
  test("is halted by more than a tenth of failures, and not by a tenth", () => {
    expect(judgeRollout("canary", 0, { ...counts, failed: 1 }, 0)).toEqual({ kind: "halt" });
    expect(judgeRollout("all", 0, { ...counts, failed: 1, confirmed: 9 }, 0)).toEqual({ kind: "stay" });
    expect(judgeRollout("all", 0, { ...counts, failed: 1, confirmed: 8 }, 0)).toEqual({ kind: "halt" });
  });
  test("is over when all are there", () => {
    expect(judgeRollout("all", 0, { ...counts, there: 10, confirmed: 10 }, 0)).toEqual({ kind: "finish" });
    expect(judgeRollout("all", 0, { ...counts, there: 9, confirmed: 9 }, 0)).toEqual({ kind: "stay" });
  });
});

describe("the ring of a device", () => {
  const device = { device_id: newId(), site_id: newId(), customer_id: newId() };
  test("is its own choice, else its site's, else its customer's", () => {
    const chosen = new Map<string, Stage>([[`customer ${device.customer_id}`, "early"]]);
    expect(ringOf(device, chosen)).toBe("early");
    chosen.set(`site ${device.site_id}`, "all");
    expect(ringOf(device, chosen)).toBe("all");
    chosen.set(`device ${device.device_id}`, "canary");
    expect(ringOf(device, chosen)).toBe("canary");
  });
  test("where nobody chose is canary for two of a hundred, early for ten, and stays the same", () => {
    const fleet = Array.from({ length: 20_000 }, () => ({ ...device, device_id: newId() }));
    const rings = fleet.map((each) => ringOf(each, new Map()));
    const share = (ring: Stage) => rings.filter((each) => each === ring).length / rings.length;
    expect(share("canary")).toBeWithin(0.015, 0.025);
    expect(share("early")).toBeWithin(0.09, 0.11);
    expect(fleet.map((each) => ringOf(each, new Map()))).toEqual(rings);
  });
  test("belongs to its own stage and those behind it", () => {
    expect([isInStage("canary", "canary"), isInStage("early", "canary"), isInStage("canary", "all")]).toEqual([true, false, true]);
  });
});
