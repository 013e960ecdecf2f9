import { expect, test } from "bun:test";
import { isHeld, type QuietTime } from "./quiet-time.ts";

const finding = (openedMs: number, closedMs: number | null) =>
  ({ code: "full", subject: "", severity: "warning", worst: "warning", openedMs, closedMs, closedBy: null, flapCount: null }) as const;
/** Until 100, with a grace until 115. */
const tells: QuietTime = { fromMs: 10, untilMs: 115, keepsUntilMs: -Infinity };
const keeps: QuietTime = { ...tells, keepsUntilMs: 100 };
const outage: QuietTime = { fromMs: 10, untilMs: Infinity, keepsUntilMs: -Infinity };

test.each([
  ["over before the window ends", finding(20, 60), [tells], true],
  ["over in its grace, exactly", finding(20, 115), [tells], true],
  ["outlives the grace", finding(20, 116), [tells], false],
  ["open still", finding(20, null), [tells], false],
  ["from before the window", finding(9, 60), [tells], false],
  ["begins with it", finding(10, 60), [tells], true],
  ["begins in the grace and is over with it", finding(110, 114), [tells], true],
  ["begins after it", finding(115, 116), [tells], false],
  ["kept though it lasts", finding(99, null), [keeps], true],
  ["began in the grace of one that keeps", finding(100, null), [keeps], false],
  ["behind an outage that lasts", finding(20, null), [outage], true],
  ["where another time fits", finding(20, 116), [tells, keeps], true],
  ["without any", finding(20, 60), [], false],
] as const)("nobody would have been told: %s", (_, found, quiet, expected) => {
  expect(isHeld(found, quiet)).toBe(expected);
});
