/**
 * The agent's only door to the computer: processes, system files, FFI, system sockets. Everything else in the agent works on
 * what comes through it, so every collector can be tested on recorded input.
 */

import type { FailureDetail } from "@hauswart/protocol/failure-detail.ts";
import type { MacosCalls } from "./macos/calls.ts";
import type { NetworkCalls } from "./network/calls.ts";
import type { WindowsCalls } from "./windows/calls.ts";

/** A program's answer. */
export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class OsError extends Error {
  readonly code:
    | "COLLECT_PERMISSION_DENIED"
    | "COLLECT_TIMED_OUT"
    | "COLLECT_UNREADABLE"
    | "COLLECT_UNSUPPORTED"
    | "COLLECT_OUTPUT_TOO_LARGE";
  /** What the measurement says where the error ends it; undefined where the message is the system's own word. */
  readonly said: FailureDetail | undefined;
  /** @param detail for logs, in English. */
  constructor(code: OsError["code"], detail: string, said?: FailureDetail) {
    super(detail);
    this.said = said;
    this.name = "OsError";
    this.code = code;
  }
}

/** How a disk is spoken to. */
export type DiskProtocol = "nvme" | "ata";

/** What a disk tells of its health, as the NVM Express Base Specification and ATA8-ACS lay it out. */
export type DiskPageName =
  | "nvme-identify"
  | "nvme-health"
  | "ata-identify"
  | "ata-attributes"
  | "ata-thresholds"
  | "ata-error-statistics"
  | "ata-wear-statistics";

/** Raw pages of a disk. */
export interface DiskPages {
  /** It sleeps, and was not woken: then there are no pages. */
  readonly isAsleep: boolean;
  /** What SMART RETURN STATUS says; undefined when the disk did not tell. */
  readonly predictsFailure: boolean | undefined;
  /** What the disk refused is not there. */
  readonly pages: Readonly<Partial<Record<DiskPageName, Uint8Array>>>;
  /** Why there are not all pages, for a technician; empty when there are. */
  readonly problem: string;
}

/** Sizes of a mounted file system, as statfs(2) tells them. */
export interface FileSystemSize {
  readonly totalBytes: number;
  /** What an unprivileged user can still write. */
  readonly availableBytes: number;
  readonly freeBytes: number;
  readonly totalInodes: number;
  readonly freeInodes: number;
}

/** What the file system knows of a file; symbolic links are followed. */
export interface FileInfo {
  readonly kind: "file" | "folder" | "other";
  readonly sizeBytes: number;
  /** Of its content, Unix time in milliseconds. */
  readonly modifiedAtMs: number;
  /** Of its content, owner, rights or name, Unix time in milliseconds; nobody can set it back. */
  readonly changedAtMs: number;
}

/** What lies in a folder itself; symbolic links are left out. */
export interface FolderContent {
  /** Names. */
  readonly folders: readonly string[];
  /** Bytes are those that the file takes up: fewer than its length where it has holes. Times are Unix milliseconds. */
  readonly files: readonly { readonly bytes: number; readonly modifiedAtMs: number }[];
  /** There is more in it than was looked at. */
  readonly isCut: boolean;
}

/** A file of which pieces are read where they are needed. */
export interface OpenFile {
  readonly sizeBytes: number;
  /** Fills `target` from the position on. @returns how many bytes there were. Does not wait for anything but the disk. Throws OsError. */
  read(position: number, target: Uint8Array): number;
  close(): void;
}

export interface Os {
  /** Reads a text file; at most `limitBytes` (1 MiB). Throws OsError. */
  readFile(path: string, limitBytes?: number): Promise<string>;
  /** The first bytes of a file; fewer when it is shorter. Throws OsError. */
  readStart(path: string, bytes: number): Promise<Uint8Array>;
  /** On Linux: the file stays open until it is closed. Throws OsError. */
  openFile?(path: string): Promise<OpenFile>;
  listDirectory(path: string): Promise<string[]>;
  /** A folder with the sizes of its files. Files that go meanwhile are left out. @param most of what is in it is looked at. Throws OsError. */
  listFolder(path: string, most: number): Promise<FolderContent>;
  /** Target of a symbolic link; undefined when there is none. */
  readLink(path: string): Promise<string | undefined>;
  fileSystemSize(path: string): Promise<FileSystemSize>;
  /** undefined when there is nothing at the path. Throws OsError for other reasons. */
  fileInfo(path: string): Promise<FileInfo | undefined>;
  /** Asks an SQLite file of another program, without writing to it. @returns rows by column name. Throws OsError. */
  queryDatabase(path: string, query: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Runs a program: argument array, no shell, C locale, time limit, output limit. Throws OsError; an exit code other than 0 is not an error. */
  run(program: string, argumentList: readonly string[], options?: { timeoutMs?: number; limitBytes?: number }): Promise<ProgramResult>;
  /** The system's D-Bus, opened when first used. Throws OsError where there is none. */
  systemBus(): Promise<SystemBus>;
  /** Asks a disk for its health, without waking it; on Linux. Throws OsError. */
  diskPages(path: string, protocol: DiskProtocol): Promise<DiskPages>;
  /** Windows' native calls, loaded when first used. Throws OsError on other systems. */
  windows(): Promise<WindowsCalls>;
  /** Asks other computers. Loaded when first used. Ask by `networkOf` (readers/network.ts). */
  network?(): Promise<NetworkCalls>;
  /** macOS' native calls, loaded when first used; only there. Ask by `macosCalls`. */
  macos?(): Promise<MacosCalls>;
}

/** Just enough of D-Bus: calls and signals on the system bus. Values are plain JavaScript; 64-bit numbers are bigint. */
export interface SystemBus {
  call(
    destination: string,
    path: string,
    interfaceName: string,
    member: string,
    signature?: string,
    values?: readonly unknown[],
  ): Promise<unknown[]>;
  /** @param match a D-Bus match rule. @returns a function that ends it. */
  onSignal(
    match: string,
    handler: (signal: { path: string; interfaceName: string; member: string; body: unknown[] }) => void,
  ): Promise<() => void>;
  /** Called once when the connection is lost. */
  onClose(handler: () => void): void;
}
