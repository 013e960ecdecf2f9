import { expect, test } from "bun:test";
import { judge } from "./judge.ts";

const judged = (drillId: string) => judge({ sample: { drillId }, settings: {}, past: { points: () => [] }, at: 0 });

test("a drill that came back is a fault with its name", () => {
  expect(judged("one")).toEqual([{ code: "drill", subject: "", state: "failure", evidence: { drillId: "one" } }]);
});

test("no drill, no fault", () => {
  expect(judged("")[0]!.state).toBe("ok");
});
