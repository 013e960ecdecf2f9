import { expect, test } from "bun:test";
import type { Policy } from "@hauswart/protocol/api/policies.ts";
import { othersOf } from "./others.ts";

const everywhere = [{ scope: "provider", scopeId: "", scopeName: "" }] as const;
const policy = (policyId: string, rest: Partial<Policy>): Policy => ({
  policyId,
  name: policyId,
  customerId: null,
  checks: [{ check: "disk", instance: "", enabled: true, everySeconds: 300, settings: { warn: 12 } }],
  assignments: [...everywhere],
  revision: 1,
  updatedAt: "2026-11-22T00:00:00Z",
  ...rest,
});
const disk = { check: "disk", instance: "", enabled: true, settings: {} };

test("others that set the same of the same instance, where they hold anywhere", () => {
  const policies = [
    policy("own", {}),
    policy("other", {}),
    policy("held nowhere", { assignments: [] }),
    policy("another instance", { checks: [{ ...disk, instance: "B", settings: { warn: 1 } }] }),
    policy("silent", { checks: [{ ...disk, settings: { fail: 1 } }] }),
  ];
  expect(othersOf(policies, "own", disk, "warn")).toEqual([{ policyId: "other", policyName: "other", value: 12 }]);
  expect(othersOf(policies, "own", disk, "everySeconds")).toEqual([{ policyId: "other", policyName: "other", value: 300 }]);
  expect(othersOf(policies, "own", disk, "failuresBeforeFinding")).toEqual([]);
});
