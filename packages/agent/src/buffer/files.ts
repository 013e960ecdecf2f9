/**
 * The few file operations that the buffer needs, all synchronous: the order of write, sync and send is what its promise
 * rests on. An interface, so that tests can cut the power at any point.
 */
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

export interface OpenFile {
  size(): number;
  /** Reads up to `length` bytes; fewer at the end of the file. */
  read(position: number, length: number): Uint8Array;
  /** Writes all bytes or throws. */
  write(position: number, bytes: Uint8Array): void;
  /** Returns when what was written is on the disk. */
  sync(): void;
  truncate(size: number): void;
  close(): void;
}

export interface Files {
  list(): string[];
  /** Opens for reading and writing; makes the file when it is not there. */
  open(name: string): OpenFile;
  remove(name: string): void;
  /** Returns when created and removed names are on the disk. */
  syncNames(): void;
}

/** Files of one folder of the real disk; the folder is made when missing, for its owner alone. */
export function diskFiles(folder: string): Files {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    list: () => readdirSync(folder),
    open: (name) => openFile(join(folder, name)),
    remove: (name) => unlinkSync(join(folder, name)),
    syncNames: () => syncFolder(folder),
  };
}

/** Returns when the names in a folder are on the disk. */
export function syncFolder(folder: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(folder, "r");
    fsyncSync(descriptor);
  } catch (error) {
    // Windows opens no folders, or does not flush them; its file system journals names by itself.
    if (!["EISDIR", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function openFile(path: string): OpenFile {
  const descriptor = openReadWrite(path);
  return {
    size: () => fstatSync(descriptor).size,
    read(position, length) {
      const bytes = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const count = readSync(descriptor, bytes, filled, length - filled, position + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
    write(position, bytes) {
      let written = 0;
      while (written < bytes.length) written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
    },
    sync: () => fdatasyncSync(descriptor),
    truncate: (size) => ftruncateSync(descriptor, size),
    close: () => closeSync(descriptor),
  };
}

function openReadWrite(path: string): number {
  try {
    return openSync(path, "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return openSync(path, "wx+", 0o600);
  }
}
