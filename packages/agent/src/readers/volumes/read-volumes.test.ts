import { describe, expect, test } from "bun:test";
import { OsError, type FileSystemSize, type Os } from "../../os/os.ts";
import { readVolumes } from "./read-volumes.linux.ts";
import type { VolumeSelection } from "./volume.ts";

const selection: VolumeSelection = { include: [], exclude: [], networkVolumes: false, removableVolumes: false, readOnlyVolumes: false };
const table = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:2 / /dead rw - ext4 /dev/sdb1 rw\n";
const size: FileSystemSize = { totalBytes: 1_000, availableBytes: 400, freeBytes: 450, totalInodes: 10, freeInodes: 5 };

function osWith(fileSystemSize: Os["fileSystemSize"]): Os {
  return { readFile: async () => table, fileSystemSize } as unknown as Os;
}

describe("reading volumes", () => {
  test("one that cannot be read does not hide the others", async () => {
    const os = osWith(async (path) => {
      if (path === "/dead") throw new OsError("COLLECT_UNREADABLE", "/dead: EIO");
      return size;
    });
    const read = await readVolumes({ os, selection, waiting: new Set() });
    expect(read).toMatchObject({
      ok: {
        volumes: [
          { mount: "/", size, problem: "" },
          { mount: "/dead", size: undefined, problem: "COLLECT_UNREADABLE: /dead: EIO" },
        ],
        mountPoints: new Set(["/", "/dead"]),
      },
    });
  });

  test("one that has not answered yet is not asked again, and is when it has", async () => {
    const asked: string[] = [];
    const os = osWith(async (path) => {
      asked.push(path);
      return size;
    });
    const waiting = new Set(["/dead"]);
    const first = await readVolumes({ os, selection, waiting });
    expect(asked).toEqual(["/"]);
    expect(first).toMatchObject({ ok: { volumes: [{ mount: "/" }, { mount: "/dead", size: undefined }] } });
    waiting.clear();
    await readVolumes({ os, selection, waiting });
    expect(asked).toEqual(["/", "/", "/dead"]);
    expect(waiting.size).toBe(0);
  });

  test("one without a size is not measured", async () => {
    const read = await readVolumes({ os: osWith(async () => ({ ...size, totalBytes: 0 })), selection, waiting: new Set() });
    expect("ok" in read && read.ok.volumes.every((volume) => volume.size === undefined && volume.problem !== "")).toBe(true);
  });

  test("a mistake in the agent is not taken for a dead volume", async () => {
    const os = osWith(async () => {
      throw new TypeError("no such method");
    });
    await expect(readVolumes({ os, selection, waiting: new Set() })).rejects.toThrow("no such method");
  });
});
