import { describe, expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { website } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof website>;

const dayMs = 86_400_000;
const at = Date.UTC(2026, 10, 22, 12);
const defaults = website.judgement.parse({});
const well: Sample = {
  url: "https://shop.example/",
  finalUrl: "https://shop.example/start",
  redirectCount: 1,
  outcome: "answered",
  problem: "",
  address: "192.0.2.80",
  status: "200",
  httpVersion: "2",
  certificateProblem: "",
  certificateValidTo: at + 60 * dayMs,
  certificateSubject: "shop.example",
  certificateIssuer: "Example CA",
  texts: [],
  dnsMs: 1,
  connectMs: 2,
  tlsMs: 3,
  firstByteMs: 4,
  totalMs: 5_000,
  bodyBytes: 1_000,
};
const none: Partial<Sample> = {
  outcome: "connect-failed",
  problem: "ECONNREFUSED",
  status: "",
  certificateValidTo: null,
  bodyBytes: null,
};
const verdicts = (changes: Partial<Sample>, settings: Partial<typeof defaults> = {}) =>
  judge({ sample: { ...well, ...changes }, settings: { ...defaults, ...settings }, past: { points: () => [] }, at });
/** Everything that is not ok. */
const bad = (changes: Partial<Sample>, settings: Partial<typeof defaults> = {}) =>
  verdicts(changes, settings).flatMap(({ code, subject, state }) =>
    state === "ok" ? [] : [`${code}${subject && ` ${subject}`} ${state}`],
  );

test("a website that is well is judged in full", () => {
  expect(verdicts({}).map(({ code, state }) => `${code} ${state}`)).toEqual(["unreachable ok", "status ok", "certificate ok", "slow ok"]);
});

test.each<[string, Partial<Sample>, Partial<typeof defaults>, string[]]>([
  [
    "no answer is one failure, the rest unknown",
    none,
    { leadsTo: "https://shop.example/" },
    ["unreachable failure", "status unknown", "redirect unknown", "slow unknown"],
  ],
  [
    "no answer after TLS: what is known of the certificate counts",
    { ...none, outcome: "timed-out", problem: "answer", certificateValidTo: at },
    {},
    ["unreachable failure", "status unknown", "certificate failure", "slow unknown"],
  ],
  ["another status", { status: "500" }, {}, ["status failure"]],
  ["a status that is accepted", { status: "401" }, { acceptedStatus: ["200 - 299", "401"] }, []],
  ["the edges of a range", { status: "299" }, {}, []],
  ["one beyond", { status: "300" }, {}, ["status failure"]],
  ["nothing that can be read is accepted: nobody knows", {}, { acceptedStatus: ["fine"] }, ["status unknown"]],
  ["exactly as slow as is allowed", { totalMs: 5_000 }, {}, []],
  ["slower", { totalMs: 5_000.1 }, {}, ["slow warning"]],
  ["slow, and nobody wants to know", { totalMs: 60_000 }, { slowWarningMs: 0 }, []],
  ["too small", { bodyBytes: 999 }, { smallestBytes: 1_000 }, ["size warning"]],
  ["exactly large enough", { bodyBytes: 1_000 }, { smallestBytes: 1_000, largestBytes: 1_000 }, []],
  ["too large", { bodyBytes: 1_001 }, { largestBytes: 1_000 }, ["size warning"]],
  ["a text that is there and must be", { texts: [{ text: "Cart", wanted: "present", found: true }] }, {}, []],
  [
    "a text that is not in what was read",
    { isCut: true, texts: [{ text: "Cart", wanted: "present", found: false }] },
    {},
    ["text Cart unknown"],
  ],
  [
    "a forbidden text that is not in what was read",
    { isCut: true, texts: [{ text: "Fatal error", wanted: "absent", found: false }] },
    {},
    ["text Fatal error unknown"],
  ],
  ["a text that is in what was read", { isCut: true, texts: [{ text: "Cart", wanted: "present", found: true }] }, {}, []],
  ["cut, and perhaps large enough", { isCut: true, bodyBytes: 999 }, { smallestBytes: 1_000 }, ["size unknown"]],
  ["cut, and perhaps too large", { isCut: true, bodyBytes: 1_000 }, { largestBytes: 1_000 }, ["size unknown"]],
  ["cut, and large enough", { isCut: true, bodyBytes: 1_000 }, { smallestBytes: 1_000 }, []],
  ["a text that is missing", { texts: [{ text: "Cart", wanted: "present", found: false }] }, {}, ["text Cart failure"]],
  ["a text that must not be there", { texts: [{ text: "Fatal error", wanted: "absent", found: true }] }, {}, ["text Fatal error failure"]],
  ["a text that is not there and must not be", { texts: [{ text: "Fatal error", wanted: "absent", found: false }] }, {}, []],
])("%s", (_, changes, settings, expected) => expect(bad(changes, settings)).toEqual(expected));

describe("certificates", () => {
  test.each<[string, Partial<Sample>, Partial<typeof defaults>, string[]]>([
    ["exactly as long as is wanted", { certificateValidTo: at + 21 * dayMs }, {}, []],
    ["less", { certificateValidTo: at + 21 * dayMs - 1 }, {}, ["certificate warning"]],
    ["less than a week", { certificateValidTo: at + 7 * dayMs - 1 }, {}, ["certificate failure"]],
    [
      "ended, and nobody wants to know of ends",
      { certificateValidTo: at - dayMs },
      { certificateWarningDays: 0, certificateFailureDays: 0 },
      [],
    ],
    ["not trusted", { certificateProblem: "CERT_HAS_EXPIRED" }, {}, ["certificate failure"]],
    ["not trusted, and need not be", { certificateProblem: "DEPTH_ZERO_SELF_SIGNED_CERT" }, { trustNeeded: false }, []],
    ["none: plain http", { certificateValidTo: null }, {}, []],
  ])("%s", (_, changes, settings, expected) => expect(bad(changes, settings)).toEqual(expected));
});

describe("where it leads", () => {
  test.each([
    ["https://shop.example/start", true],
    ["https://shop.example/start/", true],
    ["https://shop.example/", false],
    ["https://shop.example/*", true],
    ["*start", true],
    ["*shop*start", true],
    ["*", true],
    ["http://*", false],
    ["https://shop.example/start*start", false],
    ["*shop*shop*", false],
  ])("%s fits: %p", (leadsTo, isFine) => expect(bad({}, { leadsTo })).toEqual(isFine ? [] : ["redirect failure"]));
});
