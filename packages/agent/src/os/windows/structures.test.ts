/** Windows' structures, made by hand as its headers describe them. That they are so is shown under Wine (windows.windows.test.ts). */
import { describe, expect, test } from "bun:test";
import { parseMemory, parsePower, parseProcessEntry } from "./computer.windows.ts";
import { accessFor } from "./devices.windows.ts";
import { wide, wideText, windowsError } from "./library.ts";
import { registryValueOf } from "./registry.windows.ts";
import { parseConfig, parseServices, parseStartsByTrigger } from "./services.windows.ts";
import { parseSessions } from "./sessions.windows.ts";
import { idBytes, variantValue } from "./variant.ts";
import { parseTexts } from "./volumes.windows.ts";
import { wmiValue } from "./wmi.windows.ts";

const base = 0x7ff0_1000n;

test("services: names behind addresses, states and exit codes", () => {
  const bytes = Buffer.alloc(400);
  const put = (text: string, at: number) => wide(text).copy(bytes, at);
  put("Spooler", 200);
  put("Druckwarteschlange", 240);
  put("Odd", 300);
  bytes.writeBigUInt64LE(base + 200n, 0);
  bytes.writeBigUInt64LE(base + 240n, 8);
  [0x10, 4, 1, 0, 0, 0, 0, 1234, 0].forEach((number, index) => bytes.writeUInt32LE(number, 16 + index * 4));
  bytes.writeBigUInt64LE(base + 300n, 56);
  bytes.writeBigUInt64LE(base + 300n, 64);
  [0x20, 1, 0, 1066, 7, 0, 0, 0, 0].forEach((number, index) => bytes.writeUInt32LE(number, 72 + index * 4));
  bytes.copy(bytes, 112, 0, 56);
  bytes.writeUInt32LE(0xd0, 112 + 16); // of a user who signed in
  expect(parseServices(bytes, 3, base)).toEqual([
    { name: "Spooler", displayName: "Druckwarteschlange", state: "running", win32ExitCode: 0, serviceExitCode: 0, processId: 1234 },
    { name: "Odd", displayName: "Odd", state: "stopped", win32ExitCode: 1066, serviceExitCode: 7, processId: 0 },
  ]);
});

test("services: one without a display name is read, and holds nobody up", () => {
  const bytes = Buffer.alloc(100);
  wide("Bare").copy(bytes, 80);
  bytes.writeBigUInt64LE(base + 80n, 0);
  bytes.writeUInt32LE(0x10, 16);
  bytes.writeUInt32LE(4, 20);
  expect(parseServices(bytes, 1, base)).toMatchObject([{ name: "Bare", displayName: "", state: "running" }]);
});

test("services: how they start, and their command", () => {
  const bytes = Buffer.alloc(200);
  bytes.writeUInt32LE(2, 4);
  bytes.writeBigUInt64LE(base + 80n, 16);
  wide("C:\\a b.exe").copy(bytes, 80);
  expect(parseConfig(bytes, base)).toEqual({ start: "automatic", command: "C:\\a b.exe" });
  bytes.writeUInt32LE(4, 4);
  bytes.writeBigUInt64LE(0n, 16);
  expect(parseConfig(bytes, base)).toEqual({ start: "disabled", command: "" });
});

test("services: triggers count when they start the service, not when they stop it", () => {
  const triggers = (...actions: number[]) => {
    const bytes = Buffer.alloc(16 + 32 * actions.length);
    bytes.writeUInt32LE(actions.length, 0);
    bytes.writeBigUInt64LE(base + 16n, 8);
    actions.forEach((action, index) => bytes.writeUInt32LE(action, 16 + index * 32 + 4));
    return parseStartsByTrigger(bytes, base);
  };
  expect([triggers(), triggers(2), triggers(2, 1), triggers(1)]).toEqual([false, false, true, true]);
});

describe("values of the registry", () => {
  test("by their type", () => {
    expect(registryValueOf(1, wide("Täglich"))).toBe("Täglich");
    expect(registryValueOf(2, Buffer.from("%x%", "utf16le"))).toBe("%x%");
    expect(registryValueOf(7, Buffer.from("a\0bc\0\0", "utf16le"))).toEqual(["a", "bc"]);
    expect(registryValueOf(4, Buffer.from([255, 255, 255, 255]))).toBe(4_294_967_295);
    expect(registryValueOf(5, Buffer.from([0, 0, 1, 0]))).toBe(256);
    expect(registryValueOf(11, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]))).toBe(1);
    expect(registryValueOf(11, Buffer.alloc(8, 255))).toBe(0xffff_ffff_ffff_ffffn);
    expect(registryValueOf(3, Buffer.from([0, 255]))).toEqual(new Uint8Array([0, 255]));
  });
  test("that are shorter than their type", () => {
    expect([4, 5, 11].map((type) => registryValueOf(type, Buffer.from([1])))).toEqual([0, 0, 0]);
    expect(registryValueOf(1, Buffer.alloc(0))).toBe("");
  });
});

test("memory in bytes and in pages", () => {
  const [status, performance] = [Buffer.alloc(64), Buffer.alloc(104)];
  status.writeBigUInt64LE(16n * 2n ** 30n, 8);
  status.writeBigUInt64LE(6n * 2n ** 30n, 16);
  performance.writeBigUInt64LE(1_000_000n, 8);
  performance.writeBigUInt64LE(5_000_000n, 16);
  performance.writeBigUInt64LE(4_096n, 80);
  expect(parseMemory(status, performance, { totalPages: 1_000, usedPages: 10 })).toEqual({
    totalBytes: 16 * 2 ** 30,
    availableBytes: 6 * 2 ** 30,
    commitLimitBytes: 20_480_000_000,
    committedBytes: 4_096_000_000,
    pageFileBytes: 4_096_000,
    pageFileUsedBytes: 40_960,
  });
});

test("power: mains, battery, neither, and what Windows does not know", () => {
  const power = (...bytes: number[]) => parsePower(Buffer.from([...bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  expect(power(1, 128, 255)).toEqual({ isOnline: true, battery: "none", chargePercent: null });
  expect(power(0, 1, 83)).toEqual({ isOnline: false, battery: "present", chargePercent: 83 });
  expect(power(0, 0, 255)).toEqual({ isOnline: false, battery: "present", chargePercent: null });
  expect(power(255, 255, 255)).toEqual({ isOnline: null, battery: "not-told", chargePercent: null });
});

test("processes and sessions", () => {
  const entry = Buffer.alloc(568);
  entry.writeUInt32LE(4_321, 8);
  entry.writeUInt32LE(4, 32);
  wide("svchost.exe").copy(entry, 44);
  expect(parseProcessEntry(entry)).toEqual({ processId: 4_321, parentId: 4, name: "svchost.exe" });
  const sessions = Buffer.alloc(48);
  sessions.writeUInt32LE(1, 24);
  sessions.writeUInt32LE(4, 16);
  expect(parseSessions(sessions, 2)).toEqual([
    { sessionId: 0, state: "disconnected" },
    { sessionId: 1, state: "active" },
  ]);
});

test("texts: one after the other, and without their zero", () => {
  expect(parseTexts(Buffer.from("C:\\\0D:\\Data\\\0\0rest", "utf16le"))).toEqual(["C:\\", "D:\\Data\\"]);
  expect(parseTexts(Buffer.from("\0\0", "utf16le"))).toEqual([]);
  expect(wideText(Buffer.from("ab", "utf16le"))).toBe("ab");
});

test("what a device is opened for stands in the order's code", () => {
  expect(accessFor(0x2d1400)).toBe(0); // IOCTL_STORAGE_QUERY_PROPERTY
  expect(accessFor(0x7c088)).toBe(0xc0000000); // SMART_RCV_DRIVE_DATA
  expect(accessFor(0x4d02c)).toBe(0xc0000000); // IOCTL_ATA_PASS_THROUGH
  expect(accessFor(0x74080)).toBe(0x80000000); // SMART_GET_VERSION
});

test("errors have the codes of collectors", () => {
  expect([5, 2, 120, 50].map((code) => windowsError("x", code).code)).toEqual([
    "COLLECT_PERMISSION_DENIED",
    "COLLECT_UNREADABLE",
    "COLLECT_UNSUPPORTED",
    "COLLECT_UNSUPPORTED",
  ]);
});

describe("values of COM", () => {
  const memory = new Map<bigint, Buffer>();
  const read = (address: bigint, length: number): Buffer => {
    const bytes = memory.get(address);
    if (!bytes || bytes.length < length) throw new Error(`nothing at ${address}`);
    return bytes.subarray(0, length);
  };
  const text = (address: bigint, value: string) => {
    const bytes = Buffer.from(value, "utf16le");
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    memory.set(address, bytes);
    memory.set(address - 4n, length);
  };
  const variant = (type: number, write: (bytes: Buffer) => void) => {
    const bytes = Buffer.alloc(24);
    bytes.writeUInt16LE(type);
    write(bytes);
    return variantValue(bytes, read);
  };

  test("simple ones", () => {
    text(0x5000n, "Grüße");
    expect(variant(8, (bytes) => bytes.writeBigUInt64LE(0x5000n, 8))).toBe("Grüße");
    expect(variant(8, () => {})).toBe("");
    expect(variant(3, (bytes) => bytes.writeInt32LE(-5, 8))).toBe(-5);
    expect(variant(11, (bytes) => bytes.writeInt16LE(-1, 8))).toBe(true);
    expect(variant(17, (bytes) => bytes.writeUInt8(200, 8))).toBe(200);
    expect(variant(21, (bytes) => bytes.writeBigUInt64LE(2n ** 60n, 8))).toBe(2n ** 60n);
    expect(variant(7, (bytes) => bytes.writeDoubleLE(46_000.5, 8))).toEqual({ dateMs: Date.UTC(2025, 11, 9, 12) });
    expect(variant(9, (bytes) => bytes.writeBigUInt64LE(0x77n, 8))).toEqual({ object: 0x77n });
    expect([variant(0, () => {}), variant(1, () => {}), variant(0x4000, () => {})]).toEqual([null, null, null]);
  });

  test("lists of one dimension", () => {
    text(0x6000n, "a");
    text(0x6100n, "b");
    const head = Buffer.alloc(32);
    head.writeUInt16LE(1, 0);
    head.writeBigUInt64LE(0x7100n, 16);
    head.writeUInt32LE(2, 24);
    const items = Buffer.alloc(16);
    items.writeBigUInt64LE(0x6000n, 0);
    items.writeBigUInt64LE(0x6100n, 8);
    memory.set(0x7000n, head).set(0x7100n, items);
    expect(variant(0x2008, (bytes) => bytes.writeBigUInt64LE(0x7000n, 8))).toEqual(["a", "b"]);
    expect(variant(0x2008, () => {})).toBeNull();
  });

  test("as WMI means them", () => {
    expect(wmiValue("18446744073709551615", 21)).toBe(2n ** 64n - 1n);
    expect(wmiValue("-12", 20)).toBe(-12);
    expect(wmiValue(-1, 19)).toBe(4_294_967_295);
    expect(wmiValue(-1, 18)).toBe(65_535);
    expect(wmiValue(-1, 3)).toBe(-1);
    expect(wmiValue("12", 8)).toBe("12");
    expect(wmiValue(["7", "8"], 21 | 0x2000)).toEqual([7, 8]);
    expect(wmiValue({ object: 5n }, 13)).toBeNull();
  });

  test("identities have their first three parts turned round", () => {
    expect(idBytes("4590F811-1D3A-11D0-891F-00AA004B2E24").toString("hex")).toBe("11f890453a1dd011891f00aa004b2e24");
  });
});
