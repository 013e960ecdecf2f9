import { expect, test } from "bun:test";
import { readAllowedSkips, summarize, Tally } from "./tally.ts";

const suite = {
  name: "machine",
  passed: 3,
  failures: [{ name: "a.test.ts: breaks", message: "\nExpected: 2\nReceived: 1" }],
  skips: ["boots (skipped: needs root)"],
  seconds: 1,
  secondsByFile: new Map(),
  output: "",
};

function filled(): Tally {
  const tally = new Tally();
  tally.addCheck({ name: "layers", problems: [], seconds: 0 });
  tally.addCheck({ name: "lint", problems: ["a.ts:1 bad", "b.ts:2 worse"], seconds: 0 });
  tally.addSuite(suite);
  return tally;
}

test("checks count as tests, and the last line is the sum of all", () => {
  expect(summarize(filled())).toBe(
    [
      "\nSkipped:",
      "  machine: boots (skipped: needs root)",
      "\nFailed:",
      "  verify: lint\n      a.ts:1 bad",
      "  machine: a.test.ts: breaks\n      Expected: 2",
      "\n4 passed, 2 failed, 1 skipped",
    ].join("\n"),
  );
});

test("all well is one line", () => {
  const tally = new Tally();
  tally.addSuite({ ...suite, failures: [], skips: [] });
  expect(summarize(tally)).toBe("\n3 passed, 0 failed, 0 skipped");
});

test("a skip that is not allowed is a failure, an allowed one stays a skip", () => {
  const strict = filled();
  strict.refuseSkips(new Set());
  expect([strict.failed, strict.skips.length]).toEqual([3, 0]);
  const lenient = filled();
  lenient.refuseSkips(readAllowedSkips("# what cannot run here\nmachine: boots (skipped: needs root) # there is no root on that runner\n"));
  expect([lenient.failed, lenient.skips.length]).toEqual([2, 1]);
});

test("an allowed skip needs a reason", () => {
  expect(() => readAllowedSkips("machine: boots")).toThrow("without a reason");
  expect(() => readAllowedSkips("machine: boots # ")).toThrow("without a reason");
});
