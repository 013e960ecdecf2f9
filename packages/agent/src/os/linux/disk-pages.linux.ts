/** `hauswart-agent disk-pages`: asks one disk for its health pages by ioctl(2), writes them as JSON, and ends. */
import { dlopen, FFIType, ptr, read, type Pointer } from "bun:ffi";
import { closeSync, constants, openSync } from "node:fs";
import type { DiskPageName, DiskProtocol } from "../os.ts";
import {
  ataCommands,
  ataPassThrough,
  isAsleep,
  nvmeAdminRequest,
  nvmeCommands,
  nvmeRequest,
  registersIn,
  saysFailing,
  senseBytes,
  sgIoRequest,
  sgOutcome,
  sgRequest,
  type AtaCommand,
  type AtaRegisters,
} from "./disk-commands.ts";
import type { DiskPagesAnswer } from "./disk-pages.ts";

const symbols = {
  ioctl: { args: [FFIType.i32, FFIType.u64, FFIType.ptr], returns: FFIType.i32 },
  __errno_location: { args: [], returns: FFIType.ptr },
} as const;
const libraries = ["libc.so.6", `libc.musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`];
const denied = new Set([1, 13]); // EPERM, EACCES

export class DiskError extends Error {
  readonly isDenied: boolean;
  constructor(message: string, isDenied = false) {
    super(message);
    this.isDenied = isDenied;
  }
}

/** ioctl(2) on the open disk. Throws DiskError. */
export type Ioctl = (request: bigint, structure: Uint8Array) => void;
type Answer = { -readonly [Key in keyof DiskPagesAnswer]: DiskPagesAnswer[Key] } & { pages: Partial<Record<DiskPageName, string>> };

function openLibrary() {
  for (const name of libraries) {
    try {
      return dlopen(name, symbols);
    } catch {
      // the other C library
    }
  }
  throw new DiskError("the C library cannot be opened");
}

function ioctlOf(descriptor: number): Ioctl {
  const { symbols: library } = openLibrary();
  return (request, structure) => {
    if (library.ioctl(descriptor, request, ptr(structure)) >= 0) return;
    const code = read.i32(library.__errno_location() as Pointer, 0);
    throw new DiskError(`ioctl: error ${code}`, denied.has(code));
  };
}

const nothing: DiskPagesAnswer = { isAsleep: false, predictsFailure: null, pages: {}, problem: "", isDenied: false };

/** Reads the pages of a disk. Never throws: what went wrong stands in the answer. */
export function readPages(path: string, protocol: DiskProtocol): DiskPagesAnswer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return askDisk(ioctlOf(descriptor), protocol);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const problem = error instanceof Error ? error.message : String(error);
    return { ...nothing, problem, isDenied: code === "EACCES" || code === "EPERM" };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Asks an open disk. What it told before it failed stays in the answer. */
export function askDisk(ioctl: Ioctl, protocol: DiskProtocol): DiskPagesAnswer {
  const answer: Answer = { ...nothing, pages: {} };
  try {
    if (protocol === "nvme") readNvme(ioctl, answer);
    else readAta(ioctl, answer);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    answer.problem = error.message;
    answer.isDenied = error.isDenied;
  }
  return answer;
}

function readNvme(ioctl: Ioctl, answer: Answer): void {
  for (const [name, command] of Object.entries(nvmeCommands)) {
    const data = new Uint8Array(command.bytes);
    ioctl(nvmeAdminRequest, nvmeRequest(command, ptr(data)));
    answer.pages[name as DiskPageName] = Buffer.from(data).toString("base64");
  }
}

/** Whether the disk sleeps is asked first; a disk that does not tell is awake. A single page that is refused is left out. */
function readAta(ioctl: Ioctl, answer: Answer): void {
  const registers = attempt(() => askRegisters(ioctl, ataCommands.powerMode));
  answer.isAsleep = registers !== undefined && isAsleep(registers);
  if (answer.isAsleep) return;
  answer.pages["ata-identify"] = askPage(ioctl, ataCommands["ata-identify"]);
  const status = attempt(() => askRegisters(ioctl, ataCommands.status));
  answer.predictsFailure = (status && saysFailing(status)) ?? null;
  for (const name of ["ata-attributes", "ata-thresholds", "ata-error-statistics", "ata-wear-statistics"] as const) {
    const page = attempt(() => askPage(ioctl, ataCommands[name]));
    if (page !== undefined) answer.pages[name] = page;
  }
}

function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof DiskError && !error.isDenied) return undefined;
    throw error;
  }
}

function askPage(ioctl: Ioctl, command: AtaCommand): string {
  return Buffer.from(ask(ioctl, command).data).toString("base64");
}

function askRegisters(ioctl: Ioctl, command: AtaCommand): AtaRegisters {
  const { registers } = ask(ioctl, command);
  if (!registers) throw new DiskError("the disk gave no registers back");
  return registers;
}

function ask(ioctl: Ioctl, command: AtaCommand): { data: Uint8Array; registers: AtaRegisters | undefined } {
  const data = new Uint8Array(512);
  const sense = new Uint8Array(senseBytes);
  const passThrough = ataPassThrough(command);
  const request = sgRequest({ command: ptr(passThrough), data: ptr(data), dataBytes: command.sectors * 512, sense: ptr(sense) });
  ioctl(sgIoRequest, request);
  const { status, hostStatus, driverStatus } = sgOutcome(request);
  const registers = registersIn(sense);
  const failed = registers !== undefined && (registers.status & 0x01) !== 0;
  // 02h: check condition, which is how registers come back; 08h: sense data are there.
  if (hostStatus !== 0 || (driverStatus & 0x07) !== 0 || failed || (status !== 0 && !(status === 2 && registers !== undefined)))
    throw new DiskError(`the disk refused command ${passThrough[14]!.toString(16)} (${status}/${hostStatus}/${driverStatus})`);
  return { data, registers };
}
