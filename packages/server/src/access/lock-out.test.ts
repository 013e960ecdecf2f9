import { describe, expect, test } from "bun:test";
import { forgottenAfterMs, freeFailures, lockedForMs, networkOf, oneMore } from "./lock-out.ts";

const now = 1_800_000_000_000;
const minute = 60_000;

describe("lockedForMs", () => {
  test.each([
    ["just below the limit", freeFailures.account - 1, 0, 0],
    ["at the limit", freeFailures.account, 0, minute],
    ["half a minute later", freeFailures.account, minute / 2, minute / 2],
    ["when the minute is over", freeFailures.account, minute, 0],
    ["one further", freeFailures.account + 1, 0, 2 * minute],
    ["five further", freeFailures.account + 5, 0, 32 * minute],
    ["six further: no longer than an hour", freeFailures.account + 6, 0, 60 * minute],
    ["a million further", 1_000_000, 0, 60 * minute],
    ["a day later", 1_000_000, forgottenAfterMs, 0],
  ])("%s", (_, failures, agoMs, expected) => {
    expect(lockedForMs("account", { failures, lastAt: now - agoMs }, now)).toBe(expected);
  });

  test("an address may fail more often than an account", () => {
    expect(lockedForMs("address", { failures: freeFailures.account, lastAt: now }, now)).toBe(0);
    expect(lockedForMs("address", { failures: freeFailures.address, lastAt: now }, now)).toBe(minute);
  });
});

test("oneMore counts on, and from one after a quiet day", () => {
  expect(oneMore({ failures: 3, lastAt: now - minute }, now)).toEqual({ failures: 4, lastAt: now });
  expect(oneMore({ failures: 3, lastAt: now - forgottenAfterMs }, now)).toEqual({ failures: 1, lastAt: now });
});

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:DB8:0:1:aaaa:bbbb:cccc:dddd", "2001:db8:0:1::/64"],
  ["2001:db8:0:1::5", "2001:db8:0:1::/64"],
  ["2001:db8::5", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["", ""],
])("networkOf %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
