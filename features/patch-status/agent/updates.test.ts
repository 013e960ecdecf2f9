import { expect, test } from "bun:test";
import { missingSinceFrom, tell, type FoundUpdate, type Reading } from "./updates.ts";

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 22, 10, 30);
const update = (name: string, changes: Partial<FoundUpdate> = {}): FoundUpdate => ({
  name,
  installedVersion: "1",
  availableVersion: "2",
  isSecurity: false,
  severity: "unknown",
  state: "available",
  needsRestart: null,
  source: "",
  ...changes,
});
const reading = (updates: readonly FoundUpdate[]): Reading => ({
  method: "apt",
  listsState: "usable",
  listsRefreshedAt: now - hour,
  listsRefreshedBy: "schedule",
  securitySource: "present",
  automaticUpdates: "on",
  systemId: "debian",
  systemVersion: "12",
  systemEdition: "",
  updates,
  sources: [
    { name: "b", state: "usable", problem: "" },
    { name: "a", state: "usable", problem: "" },
    { name: "a", state: "usable", problem: "" },
  ],
});

test("since when an update has been missing stays, also when a newer version replaces it, and ends when it is installed", () => {
  const first = tell(reading([update("a")]), {}, [], now);
  expect(first.sample.updates[0]!.missingSince).toBe(Math.floor(now / hour) * hour);
  const later = tell(reading([update("a", { availableVersion: "3" }), update("b")]), first.missingSince, [], now + 5 * hour);
  expect(later.sample.updates.map(({ missingSince }) => missingSince / hour - Math.floor(now / hour))).toEqual([0, 5]);
  const installed = tell(reading([update("b")]), later.missingSince, [], now + 6 * hour);
  expect(Object.keys(installed.missingSince)).toEqual(["b"]);
});

test("what is excluded does not count; rows and sources are sorted and stand once", () => {
  const { sample } = tell(reading([update("zlib"), update("linux-image-amd64"), update("bash"), update("bash")]), {}, ["linux-*"], now);
  expect(sample.updates.map(({ name }) => name)).toEqual(["bash", "zlib"]);
  expect(sample).toMatchObject({ missingCount: 2, listsAgeSeconds: 3_600 });
  expect(sample.sources.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("of very many the security updates are told, and all are counted", () => {
  const many = Array.from({ length: 1_200 }, (_, index) =>
    update(`p${index}`, { isSecurity: index % 10 === 0, state: index % 100 === 0 ? "held" : "available" }),
  );
  const { sample } = tell(reading(many), {}, [], now);
  expect(sample).toMatchObject({ missingCount: 1_200, securityCount: 120, heldCount: 12 });
  expect(sample.updates.length).toBe(500);
  expect(sample.updates.filter(({ isSecurity }) => isSecurity).length).toBe(120);
  expect(JSON.stringify(sample).length).toBeLessThan(200_000);
});

test("nonsense in memory counts as nothing", () => {
  for (const kept of [undefined, null, 3, "x", [], { a: "b", c: -1, d: null }]) expect(missingSinceFrom(kept)).toEqual({});
  expect(missingSinceFrom({ a: 5 })).toEqual({ a: 5 });
});
