import { expect, test } from "bun:test";
import type { SampleOf } from "@hauswart/protocol/check.ts";
import type { snmpDiscovery } from "../protocol.ts";
import { judge } from "./judge.ts";

const dayMs = 86_400_000;
const at = 100 * dayMs;
const device = (firstSeenAt: number | null): SampleOf<typeof snmpDiscovery>["devices"][number] => ({
  address: "192.168.0.7",
  kind: "printer",
  name: "printer",
  description: "",
  place: "",
  firstSeenAt,
});
const states = (devices: ReturnType<typeof device>[], reportNewDays: number) =>
  judge({
    sample: { networks: "192.168.0.0/24", isPartial: false, searchedCount: 254, devicesCount: devices.length, devices },
    settings: { reportNewDays },
    past: { points: () => [] },
    at,
  }).map(({ subject, state }) => `${subject} ${state}`);

test.each<[string, number | null, number, string]>([
  ["there from the beginning", null, 7, "ok"],
  ["new", at, 7, "warning"],
  ["new, and nobody wants to know", at, 0, "ok"],
  ["nearly as old as is told", at - 7 * dayMs + 1, 7, "warning"],
  ["exactly as old", at - 7 * dayMs, 7, "ok"],
])("%s", (_, firstSeenAt, days, state) => expect(states([device(firstSeenAt)], days)).toEqual([" ok", `192.168.0.7 ${state}`]));

test("a search of a part is no knowledge of the whole", () => {
  const sample = { networks: "10.0.0.0/16", isPartial: true, searchedCount: 512, devicesCount: 1, devices: [device(null)] };
  const judged = judge({ sample, settings: { reportNewDays: 7 }, past: { points: () => [] }, at });
  expect(judged.map(({ subject, state }) => `${subject} ${state}`)).toEqual([" unknown", "192.168.0.7 ok"]);
});

test("a search in which nobody answers is no knowledge of anything", () => expect(states([], 7)).toEqual([" unknown"]));
