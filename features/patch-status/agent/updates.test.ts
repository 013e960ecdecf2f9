import { describe, expect, test } from "bun:test";
import { rememberedFrom, tell, type FoundUpdate, type Reading, type Remembered } from "./updates.ts";

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 22, 10, 30);
const nothing: Remembered = { missingSince: {} };
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
  const first = tell(reading([update("a")]), nothing, [], now);
  expect(first.sample.updates[0]!.missingSince).toBe(Math.floor(now / hour) * hour);
  const later = tell(reading([update("a", { availableVersion: "3" }), update("b")]), first.remembered, [], now + 5 * hour);
  expect(later.sample.updates.map(({ missingSince }) => missingSince / hour - Math.floor(now / hour))).toEqual([0, 5]);
  const installed = tell(reading([update("b")]), later.remembered, [], now + 6 * hour);
  expect(Object.keys(installed.remembered.missingSince)).toEqual(["b"]);
});

test("what is excluded does not count; rows and sources are sorted and stand once", () => {
  const { sample } = tell(
    reading([update("zlib"), update("linux-image-amd64"), update("bash"), update("bash")]),
    nothing,
    ["linux-*"],
    now,
  );
  expect(sample.updates.map(({ name }) => name)).toEqual(["bash", "zlib"]);
  expect(sample).toMatchObject({ missingCount: 2, listsAgeSeconds: 3_600 });
  expect(sample.sources.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("of very many the security updates are told, and all are counted", () => {
  const many = Array.from({ length: 1_200 }, (_, index) =>
    update(`p${index}`, { isSecurity: index % 10 === 0, state: index % 100 === 0 ? "held" : "available" }),
  );
  const { sample } = tell(reading(many), nothing, [], now);
  expect(sample).toMatchObject({ missingCount: 1_200, securityCount: 120, heldCount: 12 });
  expect(sample.updates.length).toBe(500);
  expect(sample.updates.filter(({ isSecurity }) => isSecurity).length).toBe(120);
  expect(JSON.stringify(sample).length).toBeLessThan(200_000);
});

test("nonsense in memory counts as nothing", () => {
  for (const missingSince of [undefined, null, 3, "x", [], { a: "b", c: -1, d: null }])
    expect(rememberedFrom({ missingSince, level: 7 })).toEqual(nothing);
  expect(rememberedFrom({ missingSince: { a: 5 }, level: "26200.1" })).toEqual({ missingSince: { a: 5 }, level: "26200.1" });
});

describe("a system that offers another update each month", () => {
  const day = 24 * hour;
  const october = "2026-10 Kumulatives Update für Windows 11 Version 25H2 für x64-basierte Systeme (KB5066835) (26200.6899)";
  const november = "2026-11 Kumulatives Update für Windows 11 Version 25H2 für x64-basierte Systeme (KB5068861) (26200.7171)";
  const framework = "2026-11 Kumulatives Update für .NET Framework 3.5 und 4.8.1 für Windows 11 (KB5066128)";
  /** Each look: on which day, what is offered, the system's level, and whether the answer was whole. @returns for how many days, by look */
  const daysMissing = (...looks: readonly (readonly [number, readonly string[], string, Reading["listsState"]?])[]) => {
    let remembered: Remembered = nothing;
    return looks.map(([onDay, titles, level, listsState = "usable"]) => {
      const atMs = now + onDay * day;
      const told = tell({ ...reading(titles.map((title) => update(title))), level, listsState }, remembered, [], atMs);
      remembered = rememberedFrom(JSON.parse(JSON.stringify(told.remembered)));
      return told.sample.updates.map(({ missingSince }) => Math.floor((atMs - missingSince) / day));
    });
  };

  test("MON-7 who installs nothing has been missing updates since the first one, whatever replaced it", () => {
    expect(daysMissing([0, [october], "26200.6584"], [27, [october], "26200.6584"], [28, [november], "26200.6584"])).toEqual([
      [0],
      [27],
      [28],
    ]);
  });
  test("who installed the one before begins anew", () => {
    expect(daysMissing([0, [october], "26200.6584"], [28, [november], "26200.6899"])).toEqual([[0], [0]]);
    expect(daysMissing([0, [october], "26200.6584"], [5, [], "26200.6899"], [28, [november], "26200.6899"])).toEqual([[0], [], [0]]);
  });
  test("an update of another kind inherits nothing", () => {
    expect(daysMissing([0, [october], "26200.6584"], [28, [framework, november], "26200.6584"])).toEqual([[0], [0, 28]]);
  });
  test("an answer with gaps does not break what was missing", () => {
    const looks = [
      [0, [october], "26200.6584"],
      [10, [], "26200.6584", "incomplete"],
      [28, [november], "26200.6584"],
    ] as const;
    expect(daysMissing(...looks)).toEqual([[0], [], [28]]);
  });
});
