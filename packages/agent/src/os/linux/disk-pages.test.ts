import { toArrayBuffer } from "bun:ffi";
import { describe, expect, test } from "bun:test";
import type { OsError } from "../os.ts";
import { ataCommands, ataPassThrough, isAsleep, nvmeCommands, nvmeRequest, registersIn, saysFailing, sgRequest } from "./disk-commands.ts";
import { askDisk, DiskError, readPages, type Ioctl } from "./disk-pages.linux.ts";
import { parseDiskPages, readDiskPages } from "./disk-pages.ts";

const at = (structure: Uint8Array) => new DataView(structure.buffer, structure.byteOffset, structure.byteLength);
/** The memory that a structure points to. */
const memory = (structure: Uint8Array, offset: number, bytes: number) =>
  new Uint8Array(toArrayBuffer(Number(at(structure).getBigUint64(offset, true)), 0, bytes));

interface MadeAta {
  /** Answer of CHECK POWER MODE; undefined: it is refused. */
  readonly power?: number;
  /** Middle and high address after SMART RETURN STATUS. */
  readonly status?: readonly [number, number];
  /** First byte of each page by command, feature and address; a page that is not there is refused. */
  readonly pages?: Readonly<Record<string, number>>;
}

/** A drive that answers ATA PASS-THROUGH as SAT wants it; the sense data have the descriptor form. */
function ataDrive({ power, status, pages = {} }: MadeAta): Ioctl {
  return (request, structure) => {
    expect([request, structure.length, at(structure).getUint8(0)]).toEqual([0x2285n, 88, 0x53]);
    const command = memory(structure, 24, 16);
    const sense = memory(structure, 32, 32);
    const answer = (count: number, middle: number, high: number, error = 0) => {
      sense.set([0x72, 0, 0, 0, 0, 0, 0, 14, 0x09, 0x0c, 0, error, 0, count, 0, 0, 0, middle, 0, high, 0, error ? 0x51 : 0x50]);
      structure[64] = 2;
    };
    const code = command[14];
    if (code === 0xe5) return power === undefined ? answer(0, 0, 0, 4) : answer(power, 0, 0);
    if (code === 0xb0 && command[4] === 0xda) return status ? answer(0, status[0], status[1]) : answer(0, 0, 0, 4);
    const page = pages[[code, command[4], command[10], command[8]].map((byte) => byte!.toString(16)).join(" ")];
    if (page === undefined) return answer(0, 0, 0, 4);
    const data = memory(structure, 16, at(structure).getUint32(12, true));
    expect([data.length, at(structure).getInt32(4, true)]).toEqual([512, -3]);
    data[0] = page;
  };
}

const allPages = { "ec 0 0 0": 1, "b0 d0 4f 0": 2, "b0 d1 4f 0": 3, "2f 0 4 4": 4, "2f 0 7 4": 5 };
const firstBytes = (pages: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(pages).map(([name, base64]) => [name, Buffer.from(base64, "base64")[0]]));

describe("an ATA drive", () => {
  test("tells everything", () => {
    const answer = askDisk(ataDrive({ power: 0xff, status: [0x4f, 0xc2], pages: allPages }), "ata");
    expect(answer).toMatchObject({ isAsleep: false, predictsFailure: false, problem: "", isDenied: false });
    expect(firstBytes(answer.pages)).toEqual({
      "ata-identify": 1,
      "ata-attributes": 2,
      "ata-thresholds": 3,
      "ata-error-statistics": 4,
      "ata-wear-statistics": 5,
    });
  });
  test("that predicts its failure says so, also without statistics", () => {
    const answer = askDisk(ataDrive({ power: 0x80, status: [0xf4, 0x2c], pages: { "ec 0 0 0": 1, "b0 d0 4f 0": 2 } }), "ata");
    expect(answer).toMatchObject({ predictsFailure: true, problem: "" });
    expect(Object.keys(answer.pages)).toEqual(["ata-identify", "ata-attributes"]);
  });
  test.each([0x00, 0x01])("in standby (%p) is asked nothing more", (power) => {
    expect(askDisk(ataDrive({ power }), "ata")).toEqual({ isAsleep: true, predictsFailure: null, pages: {}, problem: "", isDenied: false });
  });
  test("that does not tell whether it sleeps is awake", () => {
    expect(askDisk(ataDrive({ pages: allPages }), "ata")).toMatchObject({ isAsleep: false, predictsFailure: null });
  });
  test("that does not even say its name is refused with a reason", () => {
    expect(askDisk(ataDrive({ power: 0xff }), "ata")).toMatchObject({ pages: {}, problem: "the disk refused command ec (2/0/0)" });
  });
});

describe("an NVMe drive", () => {
  const drive: Ioctl = (request, structure) => {
    expect([request, structure.length]).toEqual([0xc048_4e41n, 72]);
    const data = memory(structure, 24, at(structure).getUint32(36, true));
    data[0] = structure[0]!;
    data[data.length - 1] = at(structure).getUint32(40, true) & 0xff;
  };
  test("tells both pages", () => {
    const { pages } = askDisk(drive, "nvme");
    const bytes = Object.entries(pages).map(([name, base64]) => [name, Buffer.from(base64, "base64")] as const);
    expect(bytes.map(([name, page]) => [name, page.length, page[0], page.at(-1)])).toEqual([
      ["nvme-identify", 4_096, 0x06, 0x01],
      ["nvme-health", 512, 0x02, 0x02],
    ]);
  });
  test("that is not for us says so", () => {
    const refuse: Ioctl = () => {
      throw new DiskError("ioctl: error 13", true);
    };
    expect(askDisk(refuse, "nvme")).toMatchObject({ isDenied: true, problem: "ioctl: error 13", pages: {} });
  });
  test("is asked for whole logs of all namespaces", () => {
    const request = at(nvmeRequest(nvmeCommands["nvme-health"], 0x1000));
    expect([request.getUint32(4, true), request.getUint32(40, true)]).toEqual([0xffff_ffff, 0x007f_0002]);
    expect(at(nvmeRequest(nvmeCommands["nvme-identify"], 0x1000)).getUint32(4, true)).toBe(0);
  });
});

describe("bytes", () => {
  test("of commands", () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    expect(hex(ataPassThrough(ataCommands["ata-attributes"]))).toBe("85080e00d00001000000 4f00c200b000".replaceAll(" ", ""));
    expect(hex(ataPassThrough(ataCommands.status))).toBe("85062000da00000000004f00c200b000");
    expect(hex(ataPassThrough(ataCommands["ata-wear-statistics"]))).toBe("85090e00000001000400070000002f00");
    expect(at(sgRequest({ command: 1, data: 2, dataBytes: 0, sense: 3 })).getInt32(4, true)).toBe(-1);
  });
  test("of registers, in both forms and in none", () => {
    const fixed = new Uint8Array(32);
    fixed.set([0x70, 0, 1, 0x00, 0x50, 0xa0, 0x80, 10, 0, 0, 0xf4, 0x2c, 0x00, 0x1d]);
    const registers = registersIn(fixed)!;
    expect([saysFailing(registers), isAsleep(registers)]).toEqual([true, false]);
    expect(registersIn(new Uint8Array(32))).toBeUndefined();
    expect(saysFailing({ ...registers, addressHigh: 0 })).toBeUndefined();
  });
});

describe("the process", () => {
  test("asks the kernel, which knows no disk by that name or kind", () => {
    expect(readPages("/dev/null", "ata")).toMatchObject({ pages: {}, problem: "ioctl: error 25", isDenied: false });
    expect(readPages("/dev/null", "nvme")).toMatchObject({ problem: "ioctl: error 25" });
    expect(readPages("/nowhere/at/all", "nvme").problem).toContain("ENOENT");
  });

  test("is started with its own program, and its answer is understood", async () => {
    const asked: string[][] = [];
    const run = async (program: string, words: readonly string[]) => {
      asked.push([program, ...words]);
      const stdout = JSON.stringify({
        isAsleep: false,
        predictsFailure: true,
        pages: { "nvme-health": "AQI=" },
        problem: "",
        isDenied: false,
      });
      return { exitCode: 0, stdout, stderr: "" };
    };
    expect(await readDiskPages(run, "/dev/nvme0", "nvme")).toEqual({
      isAsleep: false,
      predictsFailure: true,
      pages: { "nvme-health": Uint8Array.of(1, 2) },
      problem: "",
    });
    expect(asked[0]).toEqual([
      process.execPath,
      expect.stringMatching(/main\.ts$/),
      "disk-pages",
      "--device",
      "/dev/nvme0",
      "--protocol",
      "nvme",
    ]);
  });

  test.each<[string, string, OsError["code"]]>([
    ["nonsense", "no json", "COLLECT_UNREADABLE"],
    ["a denial", '{"isDenied":true,"problem":"EPERM"}', "COLLECT_PERMISSION_DENIED"],
  ])("that answers %s is an error", (_, text, code) => {
    expect(() => parseDiskPages("/dev/sda", text)).toThrow(expect.objectContaining({ code }));
  });
});
