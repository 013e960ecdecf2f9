/**
 * The folder `update` in the agent's data directory. Few operations, each of them whole or not there after a power cut, so that tests
 * can cut the power between any two.
 */
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { syncFolder } from "../buffer/files.ts";

const hashPieceBytes = 256 * 1024;

export interface UpdateFiles {
  /** undefined when there is no such file. */
  read(name: string): Uint8Array | undefined;
  /** 0 when there is no such file. */
  size(name: string): number;
  /** Up to `length` bytes from a position; fewer at the end of the file. Throws where there is no such file. */
  readPart(name: string, position: number, length: number): Uint8Array;
  /** SHA-256 in lower-case hexadecimal, read piece by piece; of nothing where there is no such file. */
  hash(name: string): string;
  /** Replaces a file as a whole. Returns when it is on the disk. */
  replace(name: string, text: string): void;
  /** Appends; on the disk after `sync`. */
  append(name: string, bytes: Uint8Array): void;
  sync(name: string): void;
  /** Cuts a file off; nothing happens where there is none. */
  truncate(name: string, size: number): void;
  /** Has a second file that is the same, whole and on the disk when this returns; the first one is not written to meanwhile. */
  keep(name: string, as: string): void;
  /** Puts a file in the place of another. Returns when that is on the disk. */
  move(from: string, to: string): void;
  /** Removes a file, or a folder with what is in it. */
  remove(name: string): void;
  /** Where a file lies on the disk. */
  path(name: string): string;
}

/** Files of a folder of the real disk; it is made when something is written, for its owner alone. */
export function updateFiles(folder: string): UpdateFiles {
  const path = (name: string) => join(folder, name);
  const write = (descriptor: number, bytes: Uint8Array) => {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
  };
  const opened = (name: string, flags: string, work: (descriptor: number) => void) => {
    mkdirSync(dirname(path(name)), { recursive: true, mode: 0o700 });
    const descriptor = openSync(path(name), flags, 0o600);
    try {
      work(descriptor);
    } finally {
      closeSync(descriptor);
    }
  };
  return {
    path,
    read(name) {
      try {
        return readFileSync(path(name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    size: (name) => statSync(path(name), { throwIfNoEntry: false })?.size ?? 0,
    readPart(name, position, length) {
      const bytes = Buffer.allocUnsafe(Math.min(length, Math.max(0, this.size(name) - position)));
      let filled = 0;
      opened(name, "r", (descriptor) => {
        for (let count; (count = readSync(descriptor, bytes, filled, bytes.length - filled, position + filled)) > 0;) filled += count;
      });
      return bytes.subarray(0, filled);
    },
    hash(name) {
      const hasher = new Bun.CryptoHasher("sha256");
      if (this.size(name) === 0) return hasher.digest("hex");
      opened(name, "r", (descriptor) => {
        const piece = new Uint8Array(hashPieceBytes);
        for (let count; (count = readSync(descriptor, piece, 0, piece.length, null)) > 0;) hasher.update(piece.subarray(0, count));
      });
      return hasher.digest("hex");
    },
    replace(name, text) {
      opened(`${name}.new`, "w", (descriptor) => {
        write(descriptor, Buffer.from(text));
        fsyncSync(descriptor);
      });
      this.move(`${name}.new`, name);
    },
    append: (name, bytes) => opened(name, "a", (descriptor) => write(descriptor, bytes)),
    sync: (name) => opened(name, "r+", fsyncSync),
    truncate(name, size) {
      if (this.size(name) > size) truncateSync(path(name), size);
    },
    keep(name, as) {
      // No hard link: Windows removes and replaces no name of a file that runs.
      copyFileSync(path(name), path(`${as}.new`));
      this.sync(`${as}.new`);
      this.move(`${as}.new`, as);
    },
    move(from, to) {
      renameSync(path(from), path(to));
      syncFolder(folder);
    },
    remove: (name) => rmSync(path(name), { force: true, recursive: true }),
  };
}
