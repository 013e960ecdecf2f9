import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { listFolder } from "../../os/read-files.ts";
import { OsError, type FolderContent, type Os } from "../../os/os.ts";
import { findWrittenFolders } from "./written-folders.ts";

const sinceMs = Date.UTC(2026, 10, 21);
const [before, after] = [sinceMs - 1, sinceMs + 1].map((ms) => new Date(ms)) as [Date, Date];
const none: ReadonlySet<string> = new Set();

describe("on a real file system", () => {
  let root: string;
  const file = (path: string, kilobytes: number, changed = after) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), Buffer.alloc(kilobytes * 1_000, 1));
    utimesSync(join(root, path), changed, changed);
  };
  const found = async (change: Partial<Parameters<typeof findWrittenFolders>[0]> = {}) => {
    const { folders, isPartial } = await findWrittenFolders({
      os: { listFolder } as Os,
      mount: root,
      mountPoints: none,
      sinceMs,
      pauseMs: 0,
      ...change,
    });
    return { folders: folders.map(({ path, bytes, files }) => [path.slice(root.length), bytes, files]), isPartial };
  };
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "hauswart-written-"));
    file("var/log/app/huge.log", 500);
    file("var/log/app/huge.log.1", 900, before);
    file("var/lib/docker/overlay2/a/b/c/layer", 300);
    for (let index = 0; index < 40; index++) file(`home/u/mails/${index}/mail`, 5);
    file("etc/small", 1);
    file("mnt/other/elsewhere", 5_000);
    symlinkSync(join(root, "mnt"), join(root, "var/link"));
    symlinkSync(root, join(root, "home/loop"));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  test("folders are named where much was written; what is scattered counts to what holds it all", async () => {
    expect(await found({ mountPoints: new Set([join(root, "mnt/other")]) })).toEqual({
      folders: [
        ["/var/log/app", 500_000, 1],
        ["/var/lib/docker/overlay2", 300_000, 1],
        ["/home/u/mails", 200_000, 40],
        ["", 1_000, 1],
      ],
      isPartial: false,
    });
  });

  test("a walk that becomes too long ends, and says so", async () => {
    expect((await found({ mostEntries: 10 })).isPartial).toBe(true);
  });

  test("of one folder with endless files no more are looked at, and it is named", async () => {
    for (let index = 0; index < 2_500; index++) file(`spool/${index}`, 1);
    const mount = join(root, "spool");
    const limited = await findWrittenFolders({
      os: { listFolder } as Os,
      mount,
      mountPoints: none,
      sinceMs,
      pauseMs: 0,
      mostEntries: 2_000,
    });
    expect([limited.isPartial, limited.folders.map(({ path, files }) => [path, files])]).toEqual([true, [[mount, 2_000]]]);
    rmSync(mount, { recursive: true });
  });

  test("a file with holes counts with what it takes up", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hauswart-holes-"));
    try {
      const handle = Bun.file(join(folder, "holes"));
      await Bun.write(handle, "x");
      const { truncateSync } = await import("node:fs");
      truncateSync(join(folder, "holes"), 50_000_000);
      const [only] = (await listFolder(folder, 10)).files;
      expect(only!.bytes).toBeLessThan(1_000_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test("a folder that may not be looked into makes the answer partial, and hides no other", async () => {
  const content: Record<string, FolderContent> = {
    "C:\\": { folders: ["System Volume Information", "Users"], files: [], isCut: false },
    "C:\\Users": { folders: [], files: [{ bytes: 7, modifiedAtMs: sinceMs }], isCut: false },
  };
  const os = {
    listFolder: (path: string) =>
      content[path] ? Promise.resolve(content[path]) : Promise.reject(new OsError("COLLECT_PERMISSION_DENIED", path)),
  } as unknown as Os;
  expect(await findWrittenFolders({ os, mount: "C:", mountPoints: none, sinceMs, pauseMs: 0 })).toEqual({
    folders: [{ path: "C:\\Users", bytes: 7, files: 1 }],
    isPartial: true,
  });
});

test("nothing written names nothing", async () => {
  const os = {
    listFolder: () => Promise.resolve({ folders: [], files: [{ bytes: 9, modifiedAtMs: sinceMs - 1 }], isCut: false }),
  } as unknown as Os;
  expect(await findWrittenFolders({ os, mount: "/", mountPoints: none, sinceMs, pauseMs: 0 })).toEqual({ folders: [], isPartial: false });
});
