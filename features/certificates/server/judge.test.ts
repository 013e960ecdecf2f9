import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { certificates } from "../protocol.ts";
import { judge } from "./judge.ts";

type Row = SampleOf<typeof certificates>["certificates"][number];

const day = 86_400_000;
const at = Date.UTC(2026, 10, 22);
const row: Row = {
  place: "/etc/x.pem",
  name: "host.example.org",
  issuer: "R11",
  validFrom: at - 60 * day,
  validUntil: at,
  fingerprint: "ab",
  problem: "",
};
const judged = (changes: Partial<Row>[], settings: object = {}) =>
  judge({
    sample: { certificateCount: changes.length, certificates: changes.map((change) => ({ ...row, ...change })) },
    settings: certificates.judgement.parse(settings),
    past: { points: () => [] },
    at,
  });
/** A certificate of a year that ends in so many days. */
const ends = (days: number, lifeDays = 365): Partial<Row> => ({ validUntil: at + days * day, validFrom: at + (days - lifeDays) * day });

test.each<[string, Partial<Row>, object, string]>([
  ["valid for long", ends(200), {}, "ok"],
  ["exactly the days of a warning", ends(21), {}, "ok"],
  ["a moment less", ends(20.99), {}, "warning"],
  ["exactly the days of a failure", ends(7), {}, "warning"],
  ["a moment less", ends(6.99), {}, "failure"],
  ["ended today", ends(0), {}, "failure"],
  ["ended exactly as long ago as is remembered", ends(-90), {}, "failure"],
  ["ended longer ago", ends(-90.01), {}, "ok"],
  ["ended longer ago, and never to be forgotten", ends(-900), { forgetExpiredDays: 0 }, "failure"],
  ["one of 90 days that is renewed at 30", ends(25, 90), {}, "ok"],
  ["one of six days on its second day", ends(4, 6), {}, "ok"],
  ["one of six days in its last quarter", ends(1.4, 6), {}, "warning"],
  ["one of six days in its last hours", ends(0.5, 6), {}, "failure"],
  ["one whose beginning is not known", { ...ends(6), validFrom: null }, {}, "failure"],
  ["one that cannot be read", { validUntil: null, validFrom: null, problem: "no certificate" }, {}, "unknown"],
  ["by other thresholds", ends(40), { warningBelowDays: 45 }, "warning"],
])("%s", (_, changes, settings, state) => {
  expect(judged([changes], settings)[0]!.state).toBe(state as never);
});

test("each is judged by itself, and a computer without any is in order", () => {
  expect(judged([ends(100), { ...ends(1), place: "/etc/y.pem" }]).map(({ subject, state }) => `${subject} ${state}`)).toEqual([
    "/etc/x.pem ok",
    "/etc/y.pem failure",
  ]);
  expect(judged([])).toEqual([{ code: "expiring", subject: "", state: "ok", evidence: { certificates: 0 } }]);
});
