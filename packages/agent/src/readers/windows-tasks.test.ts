import { expect, test } from "bun:test";
import { madeTaskActions, madeTaskRun } from "../testing/made-task.ts";
import { fromFileTime } from "./file-time.ts";
import { understandActions, understandRun, type TaskRun } from "./windows-tasks.ts";

const now = Date.UTC(2026, 10, 22, 10);

test("bytes as they were found on a computer", () => {
  const hexadecimal = "0300000008d12a59c5a9d4018495ae0ddfa9d401000000000000000007654515dfa9d401";
  const found = understandRun(Uint8Array.from(Buffer.from(hexadecimal, "hex")));
  expect(found).toMatchObject({ result: "success", state: "waiting" });
  expect(new Date(found.lastRunAt!).toISOString().slice(0, 16)).toBe("2019-01-11T18:54");
});

test.each<[string, Uint8Array | undefined, Partial<TaskRun>]>([
  ["success", madeTaskRun(now - 9_000, 0, now - 5_000), { result: "success", lastRunAt: now - 5_000, lastSuccessAt: now - 5_000 }],
  ["success on Windows 7, which notes no end", madeTaskRun(now - 9_000, 0, null, 28), { result: "success", lastSuccessAt: now - 9_000 }],
  [
    "failed",
    madeTaskRun(now - 9_000, 1, now - 99_000),
    { result: "failed", lastRunAt: now - 9_000, lastSuccessAt: now - 99_000, problem: "0x00000001" },
  ],
  [
    "failed, with its own end",
    madeTaskRun(now - 9_000, 0x80070002, now - 5_000),
    { result: "failed", lastSuccessAt: null, problem: "0x80070002" },
  ],
  ["running", madeTaskRun(now - 9_000, 0x41301, null), { state: "running", result: "unknown", runningSince: now - 9_000 }],
  ["never run", madeTaskRun(null, 0x41303, null), { result: "never", lastRunAt: null }],
  ["unreadable", new Uint8Array(4), { result: "unknown", lastRunAt: null }],
  ["nothing", undefined, { result: "unknown" }],
])("%s", (_, info, expected) => {
  expect(understandRun(info)).toMatchObject(expected);
});

test("the programs of a task", () => {
  const reflect = { command: "C:\\Program Files\\Macrium\\Reflect\\Reflect.exe", argumentText: '-e -w -full "C:\\Sicherung ä.xml"' };
  const second = { command: "cmd.exe", argumentText: "" };
  expect(understandActions(madeTaskActions(reflect, second))).toEqual([reflect, second]);
  expect(understandActions(madeTaskActions())).toEqual([]);
});

test("actions that are cut off, or of another version, are no programs", () => {
  const whole = madeTaskActions({ command: "a.exe", argumentText: "b" });
  for (let length = 0; length < whole.length - 2; length++) expect(understandActions(whole.slice(0, length))).toEqual([]);
  expect(understandActions(Uint8Array.of(9, ...whole.slice(1)))).toEqual([]);
});

test("FILETIME as a number and as bytes", () => {
  expect(fromFileTime(134_083_584_000_000_000n)).toBe(1_763_884_800_000);
  expect(fromFileTime(madeTaskRun(now, 0, null).subarray(12, 20))).toBe(now);
  for (const value of [0n, "x", undefined, -1, new Uint8Array(8), new Uint8Array(4)]) expect(fromFileTime(value)).toBeNull();
});
