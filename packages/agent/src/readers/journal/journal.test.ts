/** Journals that systemd 252 of Debian 12 wrote: in its usual compact form with keyed hashes, and in the wide form of older versions. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OsError, type OpenFile, type Os } from "../../os/os.ts";
import { unpackLz4 } from "./lz4.ts";
import { bookmarkFrom, readJournal, type JournalBookmark, type JournalWish } from "./read-journal.ts";

const machine = "19db98e1762f404eaed7c268f976cacf";
const folder = `/var/log/journal/${machine}`;
const from = (name: string) =>
  new Uint8Array(Bun.zstdDecompressSync(readFileSync(join(import.meta.dir, "testdata", `${name}.journal.zst`))));
const recorded = { compact: from("debian-12"), wide: from("wide") };

const opened = (bytes: Uint8Array): OpenFile => ({
  sizeBytes: bytes.length,
  read(position, target) {
    const part = bytes.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  },
  close() {},
});

/** A computer whose journal has these files; `opened` lists which were opened. */
function computerWith(files: Readonly<Record<string, Uint8Array>>): { os: Os; opened: string[] } {
  const openedPaths: string[] = [];
  const os = {
    readFile: async () => `${machine}\n`,
    listDirectory: async (path: string) => {
      if (path === folder && Object.keys(files).length > 0) return Object.keys(files);
      throw new OsError("COLLECT_UNREADABLE", `${path}: ENOENT`);
    },
    openFile: async (path: string) => {
      openedPaths.push(path.slice(folder.length + 1));
      return opened(files[path.slice(folder.length + 1)]!);
    },
  } as unknown as Os;
  return { os, opened: openedPaths };
}

const start: JournalBookmark = { sinceMs: 0, files: {} };
const errors: JournalWish = { field: "PRIORITY", isWanted: (value) => value === "3", limit: 1_000 };
const read = (os: Os, wishes: readonly JournalWish[], bookmark = start, seen = new Set<string>()) =>
  readJournal(os, wishes, ["MESSAGE", "SYSLOG_IDENTIFIER"], bookmark, seen);
const texts = (reading: Awaited<ReturnType<typeof read>>) => reading!.entries.map(({ fields }) => fields.get("MESSAGE"));

test("of hundreds of users' journals some are left out and said to be, the system's own never", async () => {
  const users = Object.fromEntries(Array.from({ length: 600 }, (_, user) => [`user-${10_000 + user}.journal`, recorded.compact]));
  const archived = { "user-10000@0000.journal": recorded.compact, "zz@0001.journal": recorded.compact };
  const { os, opened: paths } = computerWith({ ...users, ...archived, "system.journal": recorded.compact });
  const reading = await read(os, []);
  expect([paths.length, paths[0]]).toEqual([500, "system.journal"]);
  expect(reading!.problem).toBe("101 more journals than the 500 that are read");
});

describe.each(Object.entries(recorded))("the %s form", (_, bytes) => {
  const { os } = computerWith({ "system.journal": bytes });

  test("errors are found by their index, long texts are unpacked", async () => {
    const reading = await read(os, [errors]);
    expect(texts(reading)).toEqual([
      "the disk is on fire",
      expect.stringMatching(/^long (a long text that is packed ){60}END$/),
      ...Array.from({ length: 40 }, (_, index) => `line ${index}`),
    ]);
    expect(reading!.entries[0]!.fields.get("SYSLOG_IDENTIFIER")).toBe("demo");
    expect(reading!.unreadCount).toBe(0);
    expect(reading!.problem).toBe("");
  });

  test("of too many only the newest are read, and all are counted", async () => {
    const reading = await read(os, [{ ...errors, limit: 5 }]);
    expect(texts(reading)).toEqual(["line 35", "line 36", "line 37", "line 38", "line 39"]);
    expect(reading!.unreadCount).toBe(37);
  });

  test("an entry that two wishes ask for comes once", async () => {
    const demo: JournalWish = { field: "SYSLOG_IDENTIFIER", isWanted: (value) => value === "demo", limit: 100 };
    expect((await read(os, [errors, demo]))!.entries).toHaveLength(43);
    expect(texts(await read(os, [demo]))).toEqual(["the disk is on fire", "only a warning", expect.stringMatching(/^long/)]);
  });

  test("what was read is not read again, through a restart and under another name", async () => {
    const { bookmark } = (await read(os, [errors]))!;
    const kept = bookmarkFrom(JSON.parse(JSON.stringify(bookmark)))!;
    const renamed = computerWith({ [`system@${"0".repeat(32)}-1-2.journal`]: bytes });
    expect((await read(os, [errors], kept))!.entries).toEqual([]);
    expect((await read(renamed.os, [errors], kept))!.entries).toEqual([]);
  });

  test("only entries from the beginning on count at first", async () => {
    const all = (await read(os, [errors]))!.entries;
    const middleMs = all[20]!.atMs;
    const later = (await read(os, [errors], { sinceMs: middleMs, files: {} }))!.entries;
    expect(later.length).toBe(all.filter(({ atMs }) => atMs >= middleMs).length);
    expect((await read(os, [errors], { sinceMs: all.at(-1)!.atMs + 86_400_000, files: {} }))!.entries).toEqual([]);
  });

  test("whatever byte of it is damaged, it answers or says that it cannot be read", async () => {
    for (let seed = 1; seed <= 300; seed++) {
      const damaged = bytes.slice();
      for (let flip = 0; flip < 20; flip++) damaged[(seed * 7_919 + flip * 104_729 * seed) % 400_000] = (seed * 31 + flip * 17) % 256;
      const answer = await read(computerWith({ "system.journal": damaged }).os, [errors]).catch((error: unknown) => error);
      if (answer instanceof Error) expect(answer).toBeInstanceOf(OsError);
      else expect((answer as { entries: unknown[] }).entries.length).toBeLessThanOrEqual(1_000);
    }
  }, 60_000);
});

test("archived files are opened once", async () => {
  const computer = computerWith({ "system@1.journal": recorded.wide, "system.journal": recorded.compact });
  const seen = new Set<string>();
  const first = (await read(computer.os, [errors], start, seen))!;
  expect(first.entries).toHaveLength(84);
  const second = (await read(computer.os, [errors], first.bookmark, seen))!;
  expect(second).toMatchObject({ entries: [], bookmark: first.bookmark });
  expect(computer.opened.filter((name) => name === "system@1.journal")).toHaveLength(1);
});

test("a file that cannot be read is told of, and the others are read", async () => {
  const computer = computerWith({ "user-1000.journal": new Uint8Array(4_096), "system.journal": recorded.compact });
  const reading = (await read(computer.os, [errors]))!;
  expect(reading.entries).toHaveLength(42);
  expect(reading.problem).toContain("user-1000.journal: this is no journal file");
});

test("no journal is no reading; one that is not permitted says so", async () => {
  expect(await read(computerWith({}).os, [errors])).toBeUndefined();
  const refusing = {
    ...computerWith({ "system.journal": recorded.compact }).os,
    openFile: async () => {
      throw new OsError("COLLECT_PERMISSION_DENIED", "EACCES");
    },
  } as Os;
  expect(read(refusing, [errors])).rejects.toMatchObject({ code: "COLLECT_PERMISSION_DENIED" });
});

test.each([
  [undefined, undefined],
  ["x", undefined],
  [{ sinceMs: 1 }, undefined],
  [
    { sinceMs: 1, files: { a: 2, b: "3" } },
    { sinceMs: 1, files: { a: 2 } },
  ],
])("bookmark from %j", (kept, expected) => expect(bookmarkFrom(kept)).toEqual(expected as never));

describe("LZ4", () => {
  const unpack = (block: readonly number[], size: number) => {
    const plain = unpackLz4(Uint8Array.from(block), size);
    return plain && new TextDecoder().decode(plain);
  };
  const abc = [0x61, 0x62, 0x63];
  test.each<[string, number[], number, string | undefined]>([
    ["literals alone", [0x30, ...abc], 3, "abc"],
    ["a match that reaches into itself", [0x35, ...abc, 3, 0, 0x10, 0x21], 13, "abcabcabcabc!"],
    ["a long match", [0x1f, 0x61, 1, 0, 6, 0x10, 0x62], 27, `${"a".repeat(26)}b`],
    ["a match before the beginning", [0x35, ...abc, 4, 0, 0x10, 0x21], 13, undefined],
    ["more than its size", [0x30, ...abc], 2, undefined],
    ["less than its size", [0x30, ...abc], 4, undefined],
    ["a block that ends early", [0x90, ...abc], 9, undefined],
    ["a length without an end", [0xff, 255, 255], 900, undefined],
  ])("%s", (_, block, size, expected) => expect(unpack(block, size)).toBe(expected));
});
