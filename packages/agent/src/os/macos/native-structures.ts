/** The kernel's structures as macOS' C headers lay them out (64 bits, little endian). Pure. */
import type { MacosMemory, MacosMount, MacosProcessorTicks } from "./calls.ts";

/** host_cpu_load_info (mach/host_info.h): ticks by CPU_STATE_USER, SYSTEM, IDLE, NICE; 32 bits each. */
export const processorTicksBytes = 16;
/** struct vm_statistics64 (mach/vm_statistics.h). */
export const virtualMemoryBytes = 152;
/** struct statfs with 64-bit inodes (sys/mount.h). */
export const mountBytes = 2_168;

/** Counters of 32 bits overflow after a month on a large computer; `before` carries on where they began anew. */
export function readProcessorTicks(view: DataView, before: MacosProcessorTicks | undefined): MacosProcessorTicks {
  const tick = (index: number, last: number | undefined) => {
    const raw = view.getUint32(index * 4, true);
    return last === undefined ? raw : last + ((raw - last) >>> 0);
  };
  return { user: tick(0, before?.user), system: tick(1, before?.system), idle: tick(2, before?.idle), nice: tick(3, before?.nice) };
}

/** @param pageBytes size of a page; all counters count pages */
export function readVirtualMemory(view: DataView, pageBytes: number): MacosMemory {
  const pages = (offset: number) => view.getUint32(offset, true) * pageBytes;
  return {
    freeBytes: pages(0),
    wiredBytes: pages(12),
    purgeableBytes: pages(88),
    compressorBytes: pages(128),
    internalBytes: pages(140),
  };
}

/** @param count how many structures the kernel wrote */
export function readMounts(bytes: Uint8Array, count: number): MacosMount[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = Math.min(count, Math.floor(bytes.byteLength / mountBytes));
  return Array.from({ length: whole }, (_, index) => {
    const start = index * mountBytes;
    return {
      flags: view.getUint32(start + 64, true),
      fileSystem: textAt(bytes, start + 72, 16),
      mountPoint: textAt(bytes, start + 88, 1_024),
      source: textAt(bytes, start + 1_112, 1_024),
    };
  });
}

/** struct xsw_usage (sys/sysctl.h): total, available, used; 64 bits each. */
export const readSwapUsed = (view: DataView): number => Number(view.getBigUint64(16, true));

/** struct timeval: seconds of 64 bits, microseconds of 32. */
export const readTimeMs = (view: DataView): number =>
  Number(view.getBigInt64(0, true)) * 1_000 + Math.round(view.getInt32(8, true) / 1_000);

/**
 * What the clock that counts on in sleep (mach_continuous_time) is ahead of the one that does not (mach_absolute_time), milliseconds.
 * @param timebase nanoseconds a tick, as numerator and denominator
 */
export const asleepMs = (
  continuous: bigint,
  absolute: bigint,
  [numerator = 1, denominator = 1]: ArrayLike<number> & Iterable<number>,
): number => (Number(continuous - absolute) * numerator) / denominator / 1e6;

/** Text up to its NUL. */
export function textAt(bytes: Uint8Array, start: number, length: number): string {
  const whole = bytes.subarray(start, start + length);
  const end = whole.indexOf(0);
  return new TextDecoder().decode(end < 0 ? whole : whole.subarray(0, end));
}
