import { describe, expect, test } from "bun:test";
import type { Point, SampleOf } from "@hauswart/protocol/check.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { diskGrowth } from "../protocol.ts";
import { messages } from "../messages.ts";
import { judge } from "./judge.ts";

type Volume = SampleOf<typeof diskGrowth>["volumes"][number];
type Settings = Parameters<typeof judge>[0]["settings"];

const gigabyte = 1e9;
const hour = 3_600_000;
const at = Date.UTC(2026, 10, 23, 8, 5);
const defaults = diskGrowth.judgement.parse({});

const volume = (usedGigabytes: number, totalGigabytes = 100): Volume => ({
  mount: "/",
  device: "/dev/sda1",
  fileSystem: "ext4",
  problem: "",
  totalBytes: totalGigabytes * gigabyte,
  usedBytes: usedGigabytes * gigabyte,
});
/** Points so many hours ago, in gigabytes. */
const points = (...pairs: [hoursAgo: number, gigabytes: number][]): Point[] =>
  pairs.map(([hoursAgo, gigabytes]) => ({ at: at - hoursAgo * hour, value: gigabytes * gigabyte }));
/** A point every two hours over so many hours, with the same value. */
const level = (hours: number, gigabytes: number): Point[] =>
  points(...Array.from({ length: hours / 2 }, (_, index): [number, number] => [hours - index * 2, gigabytes]));
const only = (row: Volume, past: readonly Point[], settings: Partial<Settings> = {}) =>
  judge({ sample: { volumes: [row] }, settings: { ...defaults, ...settings }, past: { points: () => past }, at })[0]!;

test.each<[string, Volume, Point[], Partial<Settings>, string]>([
  ["nothing grew", volume(50), level(30, 50), {}, "ok"],
  ["exactly the warning's threshold", volume(65), level(30, 50), {}, "ok"],
  ["beyond it", volume(65.001), level(30, 50), {}, "warning"],
  ["exactly the failure's threshold", volume(80), level(30, 50), {}, "warning"],
  ["beyond that", volume(80.001), level(30, 50), {}, "failure"],
  ["a kernel on a small volume: the amount is larger and counts", volume(0.3, 0.5), level(30, 0.1), {}, "ok"],
  ["a day's work on a large volume: the share is larger and counts", volume(1_100, 4_000), level(30, 1_000), {}, "ok"],
  ["the amount alone", volume(1_100, 4_000), level(30, 1_000), { warningAbovePercent: 0, failureAbovePercent: 0 }, "failure"],
  [
    "both switched off",
    volume(100),
    level(30, 0),
    { warningAbovePercent: 0, failureAbovePercent: 0, warningAboveBytes: 0, failureAboveBytes: 0 },
    "ok",
  ],
  ["it shrank", volume(10), level(30, 90), {}, "ok"],
  ["no history", volume(50), [], {}, "unknown"],
  ["the first day, little grown", volume(51), level(4, 50), {}, "ok"],
  ["the first day, and far too much grown already", volume(90), level(4, 50), {}, "failure"],
  ["exactly a day of history", volume(50), level(24, 50), {}, "ok"],
  ["a day all but a second", volume(50), [{ at: at - 24 * hour + 1_000, value: 50 * gigabyte }], {}, "ok"],
  ["off over the weekend: compared with Friday evening", volume(90), points([62, 50]), {}, "failure"],
  ["off over the weekend, since then on for an hour", volume(51), points([62, 50], [1, 50]), {}, "ok"],
  ["what grew more than a day ago does not count", volume(90), [...points([48, 10]), ...level(30, 90)], {}, "ok"],
  ["points from the future do not count", volume(50), points([-2, 10], [-30, 10]), {}, "unknown"],
  ["not measured", { ...volume(0), totalBytes: null, usedBytes: null, problem: "EIO" }, level(30, 50), {}, "unknown"],
  ["a volume without a size", volume(0, 0), level(30, 50), {}, "unknown"],
])("%s", (_, row, past, settings, expected) => {
  expect(only(row, past, settings).state).toBe(expected as never);
});

describe("the evidence", () => {
  test("names the folders of this volume that most was written to", () => {
    const folder = (mount: string, path: string, gigabytes: number, isPartial = false) => ({
      mount,
      path,
      writtenBytes: gigabytes * gigabyte,
      fileCount: 3,
      isPartial,
    });
    const folders = [folder("/srv", "/srv/x", 9), folder("/", "/var/log", 12, true), folder("/", "/home", 3)];
    const sample = { volumes: [volume(90)], folders };
    const [verdict] = judge({ sample, settings: defaults, past: { points: () => level(30, 50) }, at });
    expect(verdict!.evidence).toMatchObject({ folder1: "/var/log", folder1Bytes: 12 * gigabyte, folder2: "/home", foldersPartial: true });
    expect(verdict!.evidence).not.toHaveProperty("folder3");
    const { evidence } = verdict!;
    const about = { subject: "/", evidence, format: formatFor("de") };
    expect(messages.de.findings["fast-growth"].meaning(about)).toEndWith(
      "Am meisten geschrieben wurde in: /var/log (12 GB), /home (3 GB). Nicht alle Ordner konnten angesehen werden.",
    );
    expect(messages.en.findings["fast-growth"].advice({ ...about, format: formatFor("en") })).toStartWith(
      "Find out whether that was intended.",
    );
  });
  test("between two points takes it as grown evenly", () => {
    const { evidence } = only(volume(60), points([25, 40], [23, 50], [1, 60]));
    expect(evidence).toMatchObject({ grownBytes: 15 * gigabyte, grownPercent: 15, observedHours: 24 });
  });
  test("says how long it really spans", () => {
    expect(only(volume(90), points([62, 50])).evidence).toMatchObject({ grownBytes: 40 * gigabyte, observedHours: 62 });
  });
  test("says on the first day how much of it has passed", () => {
    expect(only(volume(51), level(4, 50)).evidence).toMatchObject({ observedHours: 4, grownBytes: gigabyte });
  });
  test("of a first value says that there is nothing to compare it with", () => {
    expect(only(volume(51), []).evidence).toMatchObject({ reason: "first-value", usedBytes: 51 * gigabyte });
  });
});

test("every volume is judged by itself, with its own history", () => {
  const sample = { volumes: [volume(50), { ...volume(90), mount: "/srv" }] };
  const verdicts = judge({
    sample,
    settings: defaults,
    past: { points: (field, subject) => (field === "volumes.usedBytes" ? level(30, subject === "/srv" ? 50 : 49) : []) },
    at,
  });
  expect(verdicts.map(({ subject, state }) => [subject, state])).toEqual([
    ["/", "ok"],
    ["/srv", "failure"],
  ]);
});
