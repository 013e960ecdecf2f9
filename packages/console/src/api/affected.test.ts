import type { LiveEvent } from "@hauswart/protocol/api/models.ts";
import { expect, test } from "bun:test";
import { isAffected } from "./affected.ts";

const event = (kind: LiveEvent["kind"], id: string): LiveEvent => ({ kind, id, customerId: null, change: "changed" });

test.each([
  [["listDevices", {}, "pages"], event("device", "a"), true],
  [["getDevice", { params: { deviceId: "a" } }], event("device", "a"), true],
  [["getDevice", { params: { deviceId: "b" } }], event("device", "a"), false],
  [["getDevice", { params: { deviceId: "b" } }], event("finding", "f"), true],
  [["getFinding", { params: { findingId: "f" } }], event("finding", "f"), true],
  [["listAudit", {}], event("finding", "f"), false],
  [["getSeries", { params: { deviceId: "a", number: 1 } }], event("device", "a"), false],
  [["listOutbox", {}, "pages"], event("outbox", "m"), true],
  [["listAudit", {}, "pages"], event("audit", "recipient"), true],
  [["listRecipients", {}, "pages"], event("audit", "recipient"), true],
  [["listRecipients", {}, "pages"], event("audit", "webhook"), false],
  [["getNoise", {}], event("audit", "finding"), true],
  [["getRounds", {}], event("round", ""), true],
  [["listRecipients", {}, "pages"], event("audit", "a kind to come"), false],
] as const)("%j with %j: %p", (key, change, expected) => {
  expect(isAffected(key, change)).toBe(expected);
});

test("an event of a kind that this console does not know touches nothing", () => {
  expect(isAffected(["listDevices", {}], event("comet" as LiveEvent["kind"], "a"))).toBe(false);
});
