/**
 * What the agent asks of macOS natively, so that no program runs for what is measured all day: the shape that features work against,
 * and that tests answer from made input. Every call throws OsError.
 */
import { OsError, type Os } from "../os.ts";

/** Ticks since the start, 100 a second, of all processors together. */
export interface MacosProcessorTicks {
  readonly user: number;
  readonly system: number;
  readonly idle: number;
  readonly nice: number;
}

/** From vm_statistics64 (mach/vm_statistics.h), in bytes. */
export interface MacosMemory {
  readonly freeBytes: number;
  readonly wiredBytes: number;
  /** Of programs. */
  readonly internalBytes: number;
  /** Of programs, which allow the system to drop it. */
  readonly purgeableBytes: number;
  /** What the compressor occupies. */
  readonly compressorBytes: number;
}

/** A mounted file system, as getfsstat(2) tells of it. */
export interface MacosMount {
  readonly mountPoint: string;
  /** /dev/disk3s5, or what a server is called. */
  readonly source: string;
  readonly fileSystem: string;
  /** MNT_… of sys/mount.h. */
  readonly flags: number;
}

export interface MacosCalls {
  /** A number of sysctl(3); undefined where this system has none of that name. */
  sysctlNumber(name: string): number | undefined;
  /** A text of sysctl(3); undefined where this system has none of that name. */
  sysctlText(name: string): string | undefined;
  /** Used part of swap space. */
  swapUsedBytes(): number | undefined;
  /** When the system started, by its clock of today, Unix time in milliseconds. */
  bootedAtMs(): number | undefined;
  /** Sleep since the system started, milliseconds. */
  asleepMs(): number;
  processorTicks(): MacosProcessorTicks;
  memory(): MacosMemory;
  mounts(): readonly MacosMount[];
}

/** macOS' native calls. Throws OsError on other systems. */
export async function macosCalls(os: Os): Promise<MacosCalls> {
  if (!os.macos) throw new OsError("COLLECT_UNSUPPORTED", "there are no calls of macOS on this system", "not-on-this-system: macOS");
  return os.macos();
}
