import { expect, test } from "bun:test";
import type { Volume } from "@hauswart/agent/readers/volumes/volume.ts";
import type { WrittenFolders } from "@hauswart/agent/readers/volumes/written-folders.ts";
import { GrowingVolumes } from "./growing.ts";

const gigabyte = 1e9;
const hour = 3_600_000;
const start = Date.UTC(2026, 10, 21);
const volume = (usedGigabytes: number, mount = "/"): Volume => ({
  mount,
  device: "/dev/sda1",
  fileSystem: "ext4",
  removable: false,
  problem: "",
  size: {
    totalBytes: 100 * gigabyte,
    availableBytes: 0,
    freeBytes: (100 - usedGigabytes) * gigabyte,
    totalInodes: 0,
    freeInodes: 0,
  },
});

function watch(fromGigabytes = 5) {
  const growing = new GrowingVolumes();
  const walks: { hour: number; sinceHour: number }[] = [];
  return {
    growing,
    walks,
    async at(hours: number, usedGigabytes: number, mount = "/") {
      const nowMs = start + hours * hour;
      growing.note({
        volume: volume(usedGigabytes, mount),
        nowMs,
        fromBytes: fromGigabytes * gigabyte,
        walk: (sinceMs) => {
          walks.push({ hour: hours, sinceHour: (sinceMs - start) / hour });
          const answer: WrittenFolders = { folders: [{ path: `/at-${hours}`, bytes: 1, files: 1 }], isPartial: false };
          return Promise.resolve(answer);
        },
      });
      const found = growing.foundOn(mount);
      await growing.settled();
      return found?.folders[0]?.path;
    },
  };
}

test("a volume that hardly grows is never walked through", async () => {
  const { at, walks } = watch();
  for (let hours = 0; hours < 72; hours++) expect(await at(hours, 50 + hours * 0.2)).toBeUndefined();
  expect(walks).toEqual([]);
});

test("one that grows is walked through since its lowest value, and the answer is in the next sample", async () => {
  const { at, walks } = watch();
  await at(0, 50);
  await at(1, 49);
  expect(await at(2, 54.1)).toBeUndefined();
  expect(walks).toEqual([{ hour: 2, sinceHour: 1 }]);
  expect(await at(2.1, 54.2)).toBe("/at-2");
  // Not again for six hours, whatever it grows.
  expect(await at(7.9, 70)).toBe("/at-2");
  expect(await at(8, 70)).toBe("/at-2");
  expect(await at(8.1, 70)).toBe("/at-8");
  expect(walks).toHaveLength(2);
});

test("what has stopped growing for a day, or shrunk, has no answer any more", async () => {
  const { at } = watch();
  await at(0, 50);
  await at(1, 60);
  expect(await at(1.1, 60)).toBe("/at-1");
  expect(await at(2, 51)).toBeUndefined();
  await at(3, 60);
  expect(await at(3.1, 60)).toBe("/at-3");
  for (let hours = 4; hours < 27; hours++) await at(hours, 60);
  expect(await at(28, 60)).toBeUndefined();
});

test("it can be switched off", async () => {
  const { at, walks } = watch(0);
  await at(0, 10);
  expect(await at(1, 90)).toBeUndefined();
  expect(walks).toEqual([]);
});

test("a volume that went and came back begins anew", async () => {
  const { at, growing, walks } = watch();
  await at(0, 10);
  growing.keepOnly(new Set());
  await at(1, 90);
  expect(walks).toEqual([]);
});
