import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { messages } from "../messages.ts";
import { failedLogins } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof failedLogins>;

const hour = 3_600_000;
const at = Date.UTC(2026, 10, 22, 12);
const defaults = failedLogins.judgement.parse({});
const account = (changes: Partial<Sample["accounts"][number]>): Sample["accounts"][number] => ({
  account: "anna",
  windowCount: 0,
  sourceCount: 1,
  lastAt: at,
  lastSource: "",
  service: "sshd",
  succeededAt: null,
  succeededFrom: "",
  failuresBeforeCount: 0,
  lockedAt: null,
  ...changes,
});
const source = (accountCount: number) => ({ source: "10.0.0.7", windowCount: 20, accountCount, lastAt: at, service: "sshd" });

test.each<[string, Partial<Sample>, Partial<typeof defaults>, string[]]>([
  ["nothing failed", {}, {}, ["many-failures ok"]],
  ["altogether below the threshold", { windowCount: 99 }, {}, ["many-failures ok"]],
  ["altogether exactly at it", { windowCount: 100 }, {}, ["many-failures warning"]],
  ["altogether, not wanted", { windowCount: 9_999 }, { totalFailures: 0 }, ["many-failures ok"]],
  ["not to be told", { problem: "not recorded" }, {}, ["many-failures unknown"]],
  ["not to be told, and many all the same", { problem: "one file", windowCount: 100 }, {}, ["many-failures warning"]],
  ["one account, below", { accounts: [account({ windowCount: 9 })] }, {}, ["many-failures ok", "guessing ok"]],
  ["one account, exactly", { accounts: [account({ windowCount: 10 })] }, {}, ["many-failures ok", "guessing warning"]],
  ["accounts that do not exist", { accounts: [account({ account: "?", windowCount: 90 })] }, {}, ["many-failures ok", "guessing ok"]],
  ["one computer, below", { sources: [source(4)] }, {}, ["many-failures ok", "spraying ok"]],
  ["one computer, exactly", { sources: [source(5)] }, {}, ["many-failures ok", "spraying warning"]],
  ["one computer, not wanted", { sources: [source(20)] }, { sprayedAccounts: 0 }, ["many-failures ok", "spraying ok"]],
  [
    "a success just within its time",
    { accounts: [account({ succeededAt: at - 24 * hour })] },
    {},
    ["many-failures ok", "guessing ok", "success-after-failures failure"],
  ],
  [
    "a success before that",
    { accounts: [account({ succeededAt: at - 24 * hour - 1 })] },
    {},
    ["many-failures ok", "guessing ok", "success-after-failures ok"],
  ],
  [
    "locked within the window",
    { accounts: [account({ lockedAt: at - hour })] },
    {},
    ["many-failures ok", "guessing ok", "locked-out warning"],
  ],
  [
    "locked, not wanted",
    { accounts: [account({ lockedAt: at })] },
    { reportLocked: false },
    ["many-failures ok", "guessing ok", "locked-out ok"],
  ],
])("%s", (_, changes, settings, expected) => {
  const sample: Sample = {
    failedCount: 0,
    windowCount: 0,
    windowMinuteCount: 60,
    unreadCount: 0,
    problem: "",
    accounts: [],
    sources: [],
    ...changes,
  };
  const verdicts = judge({ sample, settings: { ...defaults, ...settings }, past: { points: () => [] }, at });
  expect(verdicts.map(({ code, state }) => `${code} ${state}`)).toEqual(expected);
});

test("what the system never tells of is said beside the count", () => {
  const sample: Sample = { failedCount: 0, windowCount: 0, windowMinuteCount: 60, unreadCount: 0, problem: "", accounts: [], sources: [] };
  const summary = (changes: Partial<Sample>) => {
    const [verdict] = judge({ sample: { ...sample, ...changes }, settings: defaults, past: { points: () => [] }, at });
    return messages.en.summary({ subject: "", evidence: verdict!.evidence, format: formatFor("en", "UTC") });
  };
  expect(summary({ unmeasured: "screen" })).toBe("0 failed in 60 minutes, sign-ins at the screen not measured");
  expect(summary({})).toBe("0 failed in 60 minutes");
});
