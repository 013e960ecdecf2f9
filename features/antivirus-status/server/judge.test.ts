import { describe, expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import { antivirusStatus } from "../protocol.ts";
import { judge } from "./judge.ts";

type Sample = SampleOf<typeof antivirusStatus>;
type Product = Sample["products"][number];
type Settings = Parameters<typeof judge>[0]["settings"];

const hour = 3_600_000;
const at = Date.UTC(2026, 10, 23, 8);
const defaults = antivirusStatus.judgement.parse({});

const product = (changes: Partial<Product> = {}): Product => ({
  product: "Guard",
  state: "active",
  engine: "running",
  realTime: "on",
  signatures: "current",
  signatureVersion: "1.2",
  signatureAt: at - 5 * hour,
  signatureAgeSeconds: 18_000,
  updates: "unknown",
  productVersion: "",
  engineVersion: "",
  tamperProtection: "unknown",
  lastScanAt: null,
  isBuiltIn: false,
  source: "security-center",
  problem: "",
  ...changes,
});

function judged(products: readonly Product[], settings: Partial<Settings> = {}, changes: Partial<Sample> = {}) {
  const sample: Sample = { system: "win32", resumedAt: null, activeCount: 0, products: [...products], ...changes };
  return judge({ sample, settings: { ...defaults, ...settings }, past: { points: () => [] }, at });
}
const states = (...input: Parameters<typeof judged>) =>
  judged(...input).map(({ code, subject, state }) => `${subject || "-"} ${code} ${state}`);

describe("protection", () => {
  test.each<[string, readonly Product[], Sample["system"], Partial<Settings>, string]>([
    ["one product that protects", [product()], "win32", {}, "ok"],
    ["nothing on Windows", [], "win32", {}, "failure"],
    ["nothing on Windows, and nobody asks for it", [], "win32", { requiredOnWindows: false }, "ok"],
    ["nothing on Linux", [], "linux", {}, "ok"],
    ["nothing on Linux, and it is asked for", [], "linux", { requiredOnLinux: true }, "failure"],
    ["nothing on macOS", [], "darwin", {}, "failure"],
    ["one whose state is not known", [product({ state: "unknown" })], "win32", {}, "unknown"],
    ["one that is off", [product({ state: "off" })], "win32", {}, "failure"],
    ["one that claims it, but its engine does not run", [product({ engine: "not-running" })], "win32", {}, "failure"],
    ["one whose engine is not known", [product({ engine: "unknown" })], "win32", {}, "ok"],
  ])("%s", (_, products, system, settings, expected) => {
    expect(states(products, settings, { system })).toContain(`- not-protected ${expected}`);
  });
});

describe("an engine", () => {
  const other = product({ product: "Other" });
  test.each<[string, readonly Product[], string]>([
    ["runs", [product()], "ok"],
    ["does not run while the product claims to protect", [product({ engine: "not-running" })], "failure"],
    ["does not run, and another one protects", [product({ engine: "not-running" }), other], "failure"],
    ["is off", [product({ state: "off" })], "failure"],
    ["is off, and another one protects", [product({ state: "off" }), other], "warning"],
    ["has no licence any more, and another one protects", [product({ state: "expired" }), other], "warning"],
    ["came with the system and stepped back", [product({ state: "off", isBuiltIn: true }), other], "ok"],
    ["came with the system and is off", [product({ state: "off", isBuiltIn: true })], "failure"],
    ["is paused", [product({ state: "snoozed" })], "failure"],
    ["was left off by an administrator", [product({ state: "on-demand", engine: "not-running" })], "ok"],
    ["is not known", [product({ state: "unknown" })], "unknown"],
  ])("%s", (_, products, expected) => {
    expect(states(products)).toContain(`Guard engine-off ${expected}`);
  });
});

describe("signatures", () => {
  const aged = (hours: number, changes: Partial<Product> = {}) => product({ signatureAt: at - hours * hour, ...changes });
  test.each<[string, Product, Partial<Settings>, string]>([
    ["new", aged(1), {}, "ok"],
    ["exactly as old as the warning", aged(72), {}, "ok"],
    ["a minute older than the warning", aged(72 + 1 / 60), {}, "warning"],
    ["exactly as old as the failure", aged(168), {}, "warning"],
    ["older than the failure", aged(168.1), {}, "failure"],
    ["made in the future: a clock is wrong", aged(-400), {}, "ok"],
    ["old, and nobody wants to know", aged(5_000), { signatureWarningHours: 0, signatureFailureHours: 0 }, "ok"],
    ["old, by the failure alone", aged(100), { signatureWarningHours: 0 }, "ok"],
    ["new by date, outdated by the product's word", aged(1, { signatures: "outdated" }), {}, "warning"],
    ["without a date, current by the product's word", product({ signatureAt: null }), {}, "ok"],
    ["without a date, outdated by the product's word", product({ signatureAt: null, signatures: "outdated" }), {}, "warning"],
    ["without a date and without a word", product({ signatureAt: null, signatures: "not-told" }), {}, "unknown"],
  ])("%s", (_, row, settings, expected) => {
    expect(states([row], settings)).toContain(`Guard signatures-old ${expected}`);
  });

  test.each<[string, Partial<Product>]>([
    ["that do not exist", { signatures: "not-used", signatureAt: null }],
    ["that come at no fixed pace", { signatures: "irregular", signatureAt: 1 }],
  ])("%s are not judged", (_, changes) => {
    expect(states([product(changes)]).join()).not.toContain("signatures-old");
  });

  test("of a product that stands aside are not judged, of one that nobody replaces they are", () => {
    const aside = aged(500, { state: "off", isBuiltIn: true });
    expect(states([aside, product({ product: "Other" })]).join()).not.toContain("Guard signatures-old");
    expect(states([aside])).toContain("Guard signatures-old failure");
  });

  test.each<[string, number | null, string]>([
    ["in the grace after a pause", at - 119 * 60_000, "unknown"],
    ["after it", at - 120 * 60_000, "warning"],
    ["with a pause in the future", at + hour, "warning"],
    ["without a pause", null, "warning"],
  ])("old ones %s", (_, resumedAt, expected) => {
    expect(states([aged(100)], {}, { resumedAt })).toContain(`Guard signatures-old ${expected}`);
  });

  test("the finding holds the reason", () => {
    const verdict = judged([aged(100, { updates: "not-running" })]).find(({ code }) => code === "signatures-old");
    expect(verdict?.evidence).toMatchObject({ ageHours: 100, updates: "not-running", signatureAtMs: at - 100 * hour });
  });
});

test.each<[string, readonly Product[], string]>([
  ["one", [product()], "ok"],
  ["two", [product(), product({ product: "Other" })], "warning"],
  ["two, one of which does not watch", [product(), product({ product: "Other", realTime: "off" })], "ok"],
  ["two, one of which is off", [product(), product({ product: "Other", state: "off" })], "ok"],
])("%s at once", (_, products, expected) => {
  expect(states(products)).toContain(`- several-products ${expected}`);
});

test("updates of a product that stands aside are nobody's business", () => {
  const aside = product({ state: "off", isBuiltIn: true, updates: "not-running" });
  expect(states([aside, product({ product: "Other" })]).join()).not.toContain("updates-off");
  expect(states([aside])).toContain("Guard updates-off warning");
});

test.each<[string, Product, Partial<Settings>, string[]]>([
  ["updates that run", product({ updates: "running" }), {}, ["Guard updates-off ok"]],
  ["updates that do not run", product({ updates: "not-running" }), {}, ["Guard updates-off warning"]],
  ["tamper protection that nobody asks for", product({ tamperProtection: "off" }), {}, []],
  [
    "tamper protection off",
    product({ tamperProtection: "off" }),
    { requireTamperProtection: true },
    ["Guard tamper-protection-off warning"],
  ],
  ["tamper protection on", product({ tamperProtection: "on" }), { requireTamperProtection: true }, ["Guard tamper-protection-off ok"]],
  ["tamper protection that nobody knows of", product(), { requireTamperProtection: true }, []],
  ["a scan exactly as long ago", product({ lastScanAt: at - 7 * 24 * hour }), { scanOverdueDays: 7 }, ["Guard scan-overdue ok"]],
  ["a scan longer ago", product({ lastScanAt: at - 7 * 24 * hour - 1 }), { scanOverdueDays: 7 }, ["Guard scan-overdue warning"]],
  ["no scan known", product(), { scanOverdueDays: 7 }, []],
])("%s", (_, row, settings, expected) => {
  const own = states([row], settings).filter((state) => /updates-off|tamper|scan/.test(state));
  expect(own).toEqual(expected);
});
