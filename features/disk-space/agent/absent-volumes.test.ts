import { describe, expect, test } from "bun:test";
import type { Volume, VolumeList } from "@hauswart/agent/readers/volumes/volume.ts";
import { rememberedFrom, takeAttendance, type RememberedVolumes, type TakeAttendance } from "./absent-volumes.ts";

const day = 86_400_000;
const nowMs = Date.UTC(2026, 10, 21);
const volume = (mount: string, changes: Partial<Volume> = {}): Volume => ({
  mount,
  device: `/dev${mount}`,
  fileSystem: "ext4",
  removable: false,
  size: undefined,
  problem: "",
  ...changes,
});
const listOf = (...volumes: Volume[]): VolumeList => ({ volumes, mountPoints: new Set(volumes.map(({ mount }) => mount)) });
const known = (mount: string, absentSince: number | null = null): RememberedVolumes => ({
  [mount]: { device: `/dev${mount}`, fileSystem: "ext4", absentSince },
});
const attend = (changes: Partial<TakeAttendance>) =>
  takeAttendance({
    list: listOf(volume("/")),
    expected: [],
    remembered: {},
    isSelected: () => true,
    forgetAfterMs: 7 * day,
    nowMs,
    ...changes,
  });

describe("a volume that was there", () => {
  test("and is gone, is told of since now, and stays remembered", () => {
    const { absent, remembered } = attend({ remembered: known("/srv") });
    expect(absent).toEqual([{ mount: "/srv", device: "/dev/srv", fileSystem: "ext4", expected: false, absentSince: nowMs }]);
    expect(remembered["/srv"]?.absentSince).toBe(nowMs);
  });
  test("keeps the time of its going", () => {
    expect(attend({ remembered: known("/srv", nowMs - day) }).absent[0]?.absentSince).toBe(nowMs - day);
  });
  test("is forgotten when its days are over", () => {
    const { absent, remembered } = attend({ remembered: known("/srv", nowMs - 7 * day) });
    expect([absent, remembered["/srv"]]).toEqual([[], undefined]);
  });
  test("and is back, is remembered as there", () => {
    const { absent, remembered } = attend({ list: listOf(volume("/"), volume("/srv")), remembered: known("/srv", nowMs - day) });
    expect([absent, remembered["/srv"]?.absentSince]).toEqual([[], null]);
  });
  test("was plugged in: nobody misses it", () => {
    expect(attend({ list: listOf(volume("/media/x/STICK", { removable: true })) }).remembered).toEqual({});
  });
  test("is still mounted, but no longer chosen: nothing is missing", () => {
    const list: VolumeList = { volumes: [volume("/")], mountPoints: new Set(["/", "/srv"]) };
    expect(attend({ list, remembered: known("/srv") })).toMatchObject({ absent: [], remembered: { "/": {} } });
  });
  test("is no longer meant by the settings", () => {
    expect(attend({ remembered: known("/srv"), isSelected: (mount) => mount !== "/srv" }).absent).toEqual([]);
  });
});

describe("a volume that the system mounts at start", () => {
  const expected = [{ mount: "/data", device: "UUID=1", fileSystem: "xfs" }];
  test("is missed although it was never seen", () => {
    expect(attend({ expected }).absent).toEqual([
      { mount: "/data", device: "UUID=1", fileSystem: "xfs", expected: true, absentSince: nowMs },
    ]);
  });
  test("is never forgotten", () => {
    expect(attend({ expected, remembered: known("/data", nowMs - 100 * day) }).absent).toMatchObject([
      { mount: "/data", absentSince: nowMs - 100 * day },
    ]);
  });
  test("is there", () => {
    expect(attend({ expected, list: listOf(volume("/"), volume("/data")) }).absent).toEqual([]);
  });
});

test.each([
  ["nothing", undefined],
  ["a text", "x"],
  ["a list of nonsense", { "/": null, "/a": 3, "/b": { device: 1 } }],
])("what was kept is %s", (_, kept) => {
  expect(rememberedFrom(kept)).toEqual({});
});

test("what was kept survives its way through a file", () => {
  const { remembered } = attend({ remembered: known("/srv", nowMs - day) });
  expect(rememberedFrom(JSON.parse(JSON.stringify(remembered)))).toEqual(remembered);
});
