/** `MacosCalls` by libSystem. */
import { dlopen, ptr } from "bun:ffi";
import { OsError } from "../os.ts";
import type { MacosCalls, MacosProcessorTicks } from "./calls.ts";
import {
  asleepMs,
  mountBytes,
  processorTicksBytes,
  readMounts,
  readProcessorTicks,
  readSwapUsed,
  readTimeMs,
  readVirtualMemory,
  textAt,
  virtualMemoryBytes,
} from "./native-structures.ts";

/** Flavours of host_statistics (mach/host_info.h). */
const hostCpuLoadInfo = 3;
const hostVirtualMemory64 = 4;
/** getfsstat(2): answers from what the kernel knows, so that a dead server is not waited for. */
const mountNoWait = 2;
const sysctlLimitBytes = 4_096;
/** Mounts that may come while they are counted. */
const spareMounts = 8;

export function loadMacosCalls(): MacosCalls {
  // With 64-bit inodes; on Intel the old name still means the old structure.
  const fileSystems = process.arch === "x64" ? "getfsstat$INODE64" : "getfsstat";
  const { symbols } = dlopen("/usr/lib/libSystem.B.dylib", {
    sysctlbyname: { args: ["ptr", "ptr", "ptr", "ptr", "usize"], returns: "i32" },
    mach_absolute_time: { args: [], returns: "u64" },
    mach_continuous_time: { args: [], returns: "u64" },
    mach_timebase_info: { args: ["ptr"], returns: "i32" },
    mach_host_self: { args: [], returns: "u32" },
    host_statistics64: { args: ["u32", "i32", "ptr", "ptr"], returns: "i32" },
    host_statistics: { args: ["u32", "i32", "ptr", "ptr"], returns: "i32" },
    [fileSystems]: { args: ["ptr", "i32", "i32"], returns: "i32" },
  });
  const native = symbols as unknown as Record<string, (...values: unknown[]) => number>;
  // A right to the host's port is counted up with each call, so one is kept.
  const host = native["mach_host_self"]!();
  const [continuousTime, absoluteTime] = [
    native["mach_continuous_time"]!,
    native["mach_absolute_time"]!,
  ] as unknown as (() => bigint)[] as [() => bigint, () => bigint];
  let ticksBefore: MacosProcessorTicks | undefined;

  const sysctl = (name: string): Uint8Array | undefined => {
    const bytes = new Uint8Array(sysctlLimitBytes);
    const length = new BigUint64Array([BigInt(sysctlLimitBytes)]);
    // Held until the call is over: the kernel reads it by its address.
    const nameBytes = new TextEncoder().encode(`${name}\0`);
    const failed = native["sysctlbyname"]!(ptr(nameBytes), ptr(bytes), ptr(length), null, 0);
    return failed === 0 && nameBytes.length > 0 ? bytes.subarray(0, Number(length[0])) : undefined;
  };
  const viewOf = (bytes: Uint8Array | undefined, atLeast: number) =>
    bytes && bytes.length >= atLeast ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) : undefined;
  const statistics = (call: string, flavour: number, size: number): DataView => {
    const bytes = new Uint8Array(size);
    const count = new Uint32Array([size / 4]);
    const result = native[call]!(host, flavour, ptr(bytes), ptr(count));
    if (result !== 0) throw new OsError("COLLECT_UNREADABLE", `${call} ${flavour} answered ${result}`);
    return new DataView(bytes.buffer);
  };
  const sysctlNumber = (name: string) => {
    const bytes = sysctl(name);
    const view = viewOf(bytes, 4);
    return view && (bytes!.length >= 8 ? Number(view.getBigInt64(0, true)) : view.getInt32(0, true));
  };

  return {
    sysctlNumber,
    sysctlText: (name) => {
      const bytes = sysctl(name);
      return bytes && textAt(bytes, 0, bytes.length);
    },
    swapUsedBytes: () => {
      const view = viewOf(sysctl("vm.swapusage"), 24);
      return view && readSwapUsed(view);
    },
    bootedAtMs: () => {
      const view = viewOf(sysctl("kern.boottime"), 12);
      return view && readTimeMs(view);
    },
    asleepMs: () => {
      const timebase = new Uint32Array(2);
      native["mach_timebase_info"]!(ptr(timebase));
      return asleepMs(continuousTime(), absoluteTime(), timebase);
    },
    processorTicks: () =>
      (ticksBefore = readProcessorTicks(statistics("host_statistics", hostCpuLoadInfo, processorTicksBytes), ticksBefore)),
    memory: () => {
      const pageBytes = sysctlNumber("hw.pagesize");
      if (pageBytes === undefined) throw new OsError("COLLECT_UNREADABLE", "hw.pagesize is not told", "does-not-tell: hw.pagesize");
      return readVirtualMemory(statistics("host_statistics64", hostVirtualMemory64, virtualMemoryBytes), pageBytes);
    },
    mounts: () => {
      const expected = native[fileSystems]!(null, 0, mountNoWait);
      const bytes = new Uint8Array((Math.max(0, expected) + spareMounts) * mountBytes);
      const count = native[fileSystems]!(ptr(bytes), bytes.length, mountNoWait);
      if (count < 0) throw new OsError("COLLECT_UNREADABLE", "getfsstat failed");
      return readMounts(bytes, count);
    },
  };
}
