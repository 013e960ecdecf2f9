import { describe, expect, test } from "bun:test";
import { routes, type RouteName } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { costOf, requestLimits, RequestLimits, type LimitClass } from "./request-limits.ts";

const classes = Object.keys(requestLimits) as LimitClass[];

function clocked() {
  const clock = { nowMs: 1_000 };
  const limits = new RequestLimits(() => clock.nowMs);
  /** @returns seconds to wait, 0 when it may */
  const take = (limitClass: LimitClass, who = "one") => {
    try {
      limits.take(limitClass, who);
      return 0;
    } catch (error) {
      if (error instanceof HauswartError && error.code === "TOO_MANY_REQUESTS") return error.extra!["retryAfterSeconds"] as number;
      throw error;
    }
  };
  const takeAll = (limitClass: LimitClass, who?: string) => {
    let taken = 0;
    while (take(limitClass, who) === 0) taken++;
    return taken;
  };
  return { clock, limits, take, takeAll };
}

describe.each(classes)("of class %s", (limitClass) => {
  const { atOnce, perSecond } = requestLimits[limitClass];

  test("so many pass at once, and who waits as long as told gets one more", () => {
    const { clock, take, takeAll } = clocked();
    expect(takeAll(limitClass)).toBe(atOnce);
    const wait = take(limitClass);
    expect(wait).toBe(Math.ceil(1 / perSecond));
    clock.nowMs += wait * 1_000;
    expect(takeAll(limitClass)).toBe(Math.floor(wait * perSecond));
  });

  test("what was used comes back at its pace, and never more than there was", () => {
    const { clock, takeAll } = clocked();
    takeAll(limitClass);
    clock.nowMs += 10_000;
    expect(takeAll(limitClass)).toBe(Math.min(10 * perSecond, atOnce));
    clock.nowMs += 86_400_000;
    expect(takeAll(limitClass)).toBe(atOnce);
  });
});

test("nobody pays for another, nor one class for another", () => {
  const { take, takeAll } = clocked();
  takeAll("whole");
  expect([take("whole"), take("whole", "another"), take("ordinary")]).toEqual([5, 0, 0]);
});

test("looking takes nothing", () => {
  const { limits, takeAll } = clocked();
  for (let looks = 0; looks < 1_000; looks++) limits.look("enrolment", "one");
  expect(takeAll("enrolment")).toBe(requestLimits.enrolment.atOnce);
  expect(() => limits.look("enrolment", "one")).toThrow("TOO_MANY_REQUESTS");
});

test("who asks no more is forgotten, however many there were", () => {
  const { clock, limits, take } = clocked();
  for (let network = 0; network < 50_000; network++) {
    clock.nowMs += 1;
    take("anonymous", String(network));
  }
  expect(limits.size).toBeLessThan(11_000);
});

test("what reads everything counts as such, a list in one piece as costly", () => {
  const names = Object.keys(routes) as RouteName[];
  expect(names.filter((name) => costOf(name, false) === "whole").sort()).toEqual(["exportCustomer", "verifyAudit"]);
  expect(costOf("listDevices", true)).toBe("costly");
  expect(costOf("listDevices", false)).toBeUndefined();
  expect(costOf("previewPolicy", false)).toBe("costly");
});
