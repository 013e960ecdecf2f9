import { expect, test } from "bun:test";
import {
  afterFailure,
  failureActions,
  isForeign,
  powerOfControl,
  reasonOfControl,
  takeBackCommand,
  restartDelaysMs,
  serviceState,
  serviceStatus,
  wide,
  wideList,
} from "./service-structures.ts";

const numbers = (bytes: Buffer) => Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4));

test("a running service takes stop, shutdown, preshutdown and power events; one that ends takes nothing", () => {
  expect(numbers(serviceStatus({ state: serviceState.running }))).toEqual([0x10, 4, 0x145, 0, 0, 0, 0]);
  expect(numbers(serviceStatus({ state: serviceState.stopPending, checkpoint: 1, waitHintMs: 9_000 }))).toEqual([
    0x10, 3, 0, 0, 0, 1, 9_000,
  ]);
});

test("a service that ends with an error says so in the way that makes Windows start it again", () => {
  expect(numbers(serviceStatus({ state: serviceState.stopped, exitCode: 7 }))).toEqual([0x10, 1, 0, 1066, 7, 0, 0]);
  expect(numbers(serviceStatus({ state: serviceState.stopped }))).toEqual([0x10, 1, 0, 0, 0, 0, 0]);
});

test("controls have their reasons", () => {
  expect([1, 5, 0xf, 4, 0xb].map(reasonOfControl)).toEqual(["agent-stop", "shutdown", "shutdown", undefined, undefined]);
});

test("power events say when the computer sleeps and that it woke; other events and controls say nothing of it", () => {
  expect([4, 0x12, 7, 0xa, 0x8013].map((event) => powerOfControl(0xd, event))).toEqual(["sleep", "wake", undefined, undefined, undefined]);
  expect([1, 4, 0xe].map((control) => powerOfControl(control, 4))).toEqual([undefined, undefined, undefined]);
});

test("failure actions: restart after each delay, counted anew after a day", () => {
  expect(numbers(afterFailure("restart"))).toEqual(restartDelaysMs.flatMap((delayMs) => [1, delayMs]));
  expect(numbers(afterFailure("command"))).toEqual(restartDelaysMs.flatMap((delayMs) => [3, delayMs]));
  const bytes = failureActions(0x1122334455667788n);
  expect([bytes.readUInt32LE(0), bytes.readUInt32LE(24), bytes.readBigUInt64LE(32)]).toEqual([86_400, 3, 0x1122334455667788n]);
  expect([bytes.readBigUInt64LE(16), failureActions(1n, 7n).readBigUInt64LE(16)]).toEqual([0n, 7n]);
});

test("a command names no path that could end its quotes", () => {
  const names = (path: string) =>
    takeBackCommand({ name: "A", executable: path, previous: "C:\\p", updateFolder: "C:\\u", systemRoot: "C:\\Windows" });
  expect(names("C:\\Program Files\\a.exe")).toContain('move /y "C:\\p" "C:\\Program Files\\a.exe"');
  for (const path of ['C:\\a" & del', "C:\\%PATH%"]) expect(() => names(path)).toThrow("cannot name");
});

test("a folder is foreign that another user has filled", () => {
  const [system, administrators, user] = ["010100000000000512000000", "01020000000000052000000020020000", "0105"];
  expect(isForeign(user, administrators, false)).toBe(true);
  expect(isForeign(user, administrators, true)).toBe(false);
  expect([system, administrators, user].map((owner) => isForeign(owner, user, false))).toEqual([false, false, false]);
});

test("texts end as Windows expects", () => {
  expect(wide("Ä1").toString("hex")).toBe("c40031000000");
  expect(wideList(["a", "b"]).toString("utf16le")).toBe("a\0b\0\0");
});
