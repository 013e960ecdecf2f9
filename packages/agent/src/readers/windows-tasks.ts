/**
 * Tasks of the Windows Task Scheduler, from where it keeps them itself (the registry's TaskCache): cheap, without a program, and what its
 * own window shows. Layouts as forensic literature has them. DynamicInfo: version, registered, last started, state, result, last completed.
 * Actions: version, account, then each program with id, command, arguments and folder.
 */
import { OsError } from "../os/os.ts";
import type { WindowsRegistry } from "../os/windows/calls.ts";
import { fromFileTime } from "./file-time.ts";

const cache = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache";
const pathsLifeMs = 3_600_000;

/** Results that say where a task stands and not how it ended (winerror.h, SCHED_S_…). */
const isRunning = 0x41301;
const hasNotRun = 0x41303;
const isQueued = 0x41325;

/** How a task stands and how its last run that has ended went. Moments are Unix time in milliseconds. */
export interface TaskRun {
  readonly state: "waiting" | "running";
  readonly result: "success" | "failed" | "never" | "unknown";
  readonly lastRunAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly runningSince: number | null;
  readonly problem: string;
}

/** Of a task of which nothing is known. */
export const noTaskRun: TaskRun = {
  state: "waiting",
  result: "unknown",
  lastRunAt: null,
  lastSuccessAt: null,
  runningSince: null,
  problem: "",
};

/** Ids by path, \Folder\Task. @param values where they are remembered for an hour. Throws OsError. */
export async function readTaskIds(
  registry: WindowsRegistry,
  values: Map<string, unknown>,
  nowMs: number,
): Promise<ReadonlyMap<string, string>> {
  const known = values.get("task ids") as { readonly atMs: number; readonly paths: ReadonlyMap<string, string> } | undefined;
  if (known && Math.abs(nowMs - known.atMs) < pathsLifeMs) return known.paths;
  const ids = await registry.keys(`${cache}\\Tasks`);
  if (ids === undefined)
    throw new OsError("COLLECT_UNREADABLE", "the Task Scheduler's cache is not in the registry", "does-not-tell: TaskCache");
  const paths = new Map<string, string>();
  for (const id of ids) {
    const path = await registry.value(`${cache}\\Tasks\\${id}`, "Path");
    if (typeof path === "string" && path !== "") paths.set(path, id);
  }
  values.set("task ids", { atMs: nowMs, paths });
  return paths;
}

/** Throws OsError. */
export async function readTaskRun(registry: WindowsRegistry, id: string): Promise<TaskRun> {
  const info = await registry.value(`${cache}\\Tasks\\${id}`, "DynamicInfo");
  return understandRun(info instanceof Uint8Array ? info : undefined);
}

/** Command and arguments of the programs that a task runs; empty when it runs none, or where that cannot be read. Throws OsError. */
export async function readTaskPrograms(registry: WindowsRegistry, id: string): Promise<readonly TaskProgram[]> {
  const actions = await registry.value(`${cache}\\Tasks\\${id}`, "Actions");
  return actions instanceof Uint8Array ? understandActions(actions) : [];
}

/** @param info value of DynamicInfo, of 28 bytes or, since Windows 10, of 36 */
export function understandRun(info: Uint8Array | undefined): TaskRun {
  if (!info || info.length < 28) return { ...noTaskRun, problem: "What the Task Scheduler knows of its last run cannot be read." };
  const startedAt = fromFileTime(info.subarray(12, 20));
  const completedAt = info.length >= 36 ? fromFileTime(info.subarray(28, 36)) : null;
  const code = new DataView(info.buffer, info.byteOffset, info.byteLength).getUint32(24, true);
  if (startedAt === null || code === hasNotRun) return { ...noTaskRun, result: "never" };
  if (code === isRunning) return { ...noTaskRun, state: "running", runningSince: startedAt };
  if (code === isQueued) return noTaskRun;
  const endedAt = completedAt !== null && completedAt >= startedAt ? completedAt : startedAt;
  if (code === 0) return { ...noTaskRun, result: "success", lastRunAt: endedAt, lastSuccessAt: endedAt };
  // One that completed before this run began did so with success; of this run the result says that it did not.
  const lastSuccessAt = completedAt !== null && completedAt < startedAt ? completedAt : null;
  return { ...noTaskRun, result: "failed", lastRunAt: endedAt, lastSuccessAt, problem: `0x${code.toString(16).padStart(8, "0")}` };
}

/** A program that a task runs. */
export interface TaskProgram {
  readonly command: string;
  readonly argumentText: string;
}

/** What begins the part of a program; others show a text, send a mail or call a COM object. */
const programMark = 0x6666;

/** @param bytes value of Actions */
export function understandActions(bytes: Uint8Array): TaskProgram[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  const nextText = (): string | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + view.getUint32(at, true);
    if (end > bytes.length) return undefined;
    const text = new TextDecoder("utf-16le").decode(bytes.subarray(at + 4, end));
    at = end;
    return text;
  };
  const version = bytes.length < 2 ? 0 : view.getUint16(0, true);
  if (version < 2 || version > 3 || nextText() === undefined) return [];
  const programs: TaskProgram[] = [];
  while (at + 2 <= bytes.length && view.getUint16(at, true) === programMark) {
    at += 2;
    const [, command, argumentText, folder] = [nextText(), nextText(), nextText(), nextText()];
    if (folder === undefined) break;
    programs.push({ command: command!, argumentText: argumentText! });
    if (version === 3) at += 2;
  }
  return programs;
}
