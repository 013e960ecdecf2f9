/** What the Windows Task Scheduler writes of a task into its TaskCache, made for tests. */
import type { TaskProgram } from "../readers/windows-tasks.ts";

/** FILETIME: 100 ns since 1601. @param atMs null = never */
export const madeFileTime = (atMs: number | null): bigint => (atMs === null ? 0n : (BigInt(atMs) + 11_644_473_600_000n) * 10_000n);

/** DynamicInfo: version, registered, last started, state, result, last completed. @param length 28 as on Windows 7, or 36 */
export function madeTaskRun(startedAtMs: number | null, code: number, completedAtMs: number | null, length = 36): Uint8Array {
  const bytes = Buffer.alloc(36);
  bytes.writeUInt32LE(3, 0);
  bytes.writeBigUInt64LE(madeFileTime(Date.UTC(2026, 0, 1)), 4);
  bytes.writeBigUInt64LE(madeFileTime(startedAtMs), 12);
  bytes.writeUInt32LE(code, 24);
  bytes.writeBigUInt64LE(madeFileTime(completedAtMs), 28);
  return new Uint8Array(bytes.subarray(0, length));
}

/** Actions: version 3, account, and of each program its mark, id, command, arguments, folder and flags. */
export function madeTaskActions(...programs: readonly TaskProgram[]): Uint8Array {
  const text = (value: string) => {
    const bytes = Buffer.from(value, "utf16le");
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const parts = programs.flatMap(({ command, argumentText }) => [
    Buffer.from([0x66, 0x66]),
    text(""),
    text(command),
    text(argumentText),
    text(""),
    Buffer.alloc(2),
  ]);
  return new Uint8Array(Buffer.concat([Buffer.from([3, 0]), text("Author"), ...parts]));
}
