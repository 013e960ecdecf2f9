import type { Finding } from "@hauswart/protocol/api/models.ts";
import { expect, test } from "bun:test";
import { arrange } from "./incidents.ts";

const finding = (findingId: string, deviceId: string | null, check = "disk-space", code = "low") =>
  ({ findingId, deviceId, check, code, incident: null }) as Finding;
const ids = (rows: readonly Finding[]) => rows.map(({ findingId }) => findingId);
const silent = (findingId: string, deviceId: string) => finding(findingId, deviceId, "device", "silent");

const list = [
  silent("s1", "a"),
  finding("f1", "a"),
  finding("f2", "a"),
  finding("f3", "b"),
  finding("f4", "b"),
  finding("f5", null),
  finding("f6", null),
];

test("what a silent device says from before stands behind its silence", () => {
  const { rows, behind, following } = arrange(list, new Set());
  expect(ids(rows)).toEqual(["s1", "f3", "f4", "f5", "f6"]);
  expect(ids(behind.get("s1")!)).toEqual(["f1", "f2"]);
  expect([...following]).toEqual(["f1", "f2", "f4"]);
});

test("unfolded, nothing is hidden", () => {
  expect(ids(arrange(list, new Set(["s1"])).rows)).toEqual(ids(list));
});

test("another trouble of a device hides nothing, and findings without a device have nothing in common", () => {
  const cloned = [finding("c1", "a", "device", "cloned"), finding("f1", "a"), finding("f5", null), finding("f6", null)];
  const { rows, behind, following } = arrange(cloned, new Set());
  expect(ids(rows)).toEqual(["c1", "f1", "f5", "f6"]);
  expect(behind.size).toBe(0);
  expect([...following]).toEqual(["f1"]);
});

test("two silent devices one after the other keep what is theirs", () => {
  const { rows, behind } = arrange([silent("s1", "a"), finding("f1", "a"), silent("s2", "b"), finding("f2", "b")], new Set());
  expect(ids(rows)).toEqual(["s1", "s2"]);
  expect(ids(behind.get("s2")!)).toEqual(["f2"]);
});

test("devices that a site's outage explains stand behind it, and what they said before behind nothing", () => {
  const member = (findingId: string, deviceId: string | null, isCause: boolean, check = "device") =>
    ({
      ...finding(findingId, deviceId, check, isCause ? "offline" : "silent"),
      incident: { incidentId: "i", causeFindingId: "o", isCause, members: 2 },
    }) as Finding;
  const outage = [member("o", null, true, "site"), member("s1", "a", false), member("s2", "b", false), finding("f1", "a")];
  const { rows, behind, following } = arrange(outage, new Set());
  expect(ids(rows)).toEqual(["o", "f1"]);
  expect(ids(behind.get("o")!)).toEqual(["s1", "s2"]);
  expect([...following]).toEqual(["s1", "s2"]);
  expect(ids(arrange(outage, new Set(["o"])).rows)).toEqual(ids(outage));
});
