import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import { expect, test } from "bun:test";
import { closestSource, evidenceOf, orderChecks, subjectsOf } from "./device-checks.ts";

const verdict = (subject: string, code: string, state: "ok" | "warning" | "failure" | "unknown") => ({
  subject,
  code,
  state,
  evidence: {},
});
const source = (scope: "default" | "provider" | "customer" | "device", policyName: string) => ({
  policyId: null,
  policyName,
  scope,
  scopeName: "",
});
const check = (over: Partial<DeviceCheck>): DeviceCheck => ({
  number: 0,
  check: "c",
  instance: "",
  state: "ok",
  unknownReason: null,
  unknownDetail: null,
  since: null,
  evidenceAt: null,
  evidenceSource: "agent",
  freshForSeconds: 180,
  everySeconds: 60,
  subjects: [],
  settings: {},
  sources: {},
  ...over,
});

test("a subject shows its worst verdict, and the worst subject comes first", () => {
  const found = subjectsOf(
    check({
      subjects: [
        verdict("C:", "space", "ok"),
        verdict("D:", "space", "ok"),
        verdict("D:", "inodes", "failure"),
        verdict("C:", "inodes", "warning"),
      ],
    }),
    "",
  );
  expect(found.map(({ subject, code }) => `${subject} ${code}`)).toEqual(["D: inodes", "C: inodes"]);
});

test("subjects of one state keep the judge's order", () => {
  expect(subjectsOf(check({ subjects: [verdict("b", "x", "ok"), verdict("a", "x", "ok")] }), "").map(({ subject }) => subject)).toEqual([
    "b",
    "a",
  ]);
});

test("among equals the verdict with the headline's value speaks for its subject", () => {
  const space = { ...verdict("C:", "space", "ok"), evidence: { availableBytes: 5 } };
  expect(subjectsOf(check({ subjects: [verdict("C:", "mounted", "ok"), space] }), "volumes.availableBytes")).toEqual([space]);
  expect(subjectsOf(check({ subjects: [verdict("C:", "mounted", "failure"), space] }), "volumes.availableBytes")[0]?.code).toBe("mounted");
});

test("evidence of all verdicts of a subject is put together", () => {
  const subjects: DeviceCheck["subjects"] = [
    { ...verdict("C:", "a", "ok"), evidence: { one: 1 } },
    { ...verdict("C:", "b", "ok"), evidence: { two: 2 } },
    { ...verdict("D:", "a", "ok"), evidence: { three: 3 } },
  ];
  expect(evidenceOf(check({ subjects }), "C:")).toEqual({ one: 1, two: 2 });
});

test("the source closest to the device is named", () => {
  expect(
    closestSource(check({ sources: { a: source("default", "d"), b: source("customer", "Muster"), c: source("provider", "p") } }))
      ?.policyName,
  ).toBe("Muster");
  expect(closestSource(check({}))).toBeUndefined();
});

test("checks stand worst first, then by name", () => {
  const checks = [
    check({ number: 1, check: "b" }),
    check({ number: 2, check: "a" }),
    check({ number: 3, check: "z", state: "failure" }),
    check({ number: 4, check: "y", state: "unknown" }),
  ];
  expect(orderChecks(checks, ({ check }) => check, "de").map(({ number }) => number)).toEqual([3, 4, 2, 1]);
});
