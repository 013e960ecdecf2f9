/** Reading of files, the same on every system. */
import { closeSync, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
import { open, readdir, readlink, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { OsError, type Os, type FileInfo, type FileSystemSize, type FolderContent, type OpenFile } from "./os.ts";

const defaultLimitBytes = 1024 * 1024;

/** A failed call of the system, as collectors know it. */
export function osError(what: string, error: unknown): OsError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM") return new OsError("COLLECT_PERMISSION_DENIED", `${what}: ${code}`);
  return new OsError("COLLECT_UNREADABLE", `${what}: ${code ?? (error instanceof Error ? error.message : String(error))}`);
}

/** Reads text. Files of /proc and /sys say that they are empty, so it is read to the end and not to its size. Throws OsError. */
export async function readTextFile(path: string, limitBytes = defaultLimitBytes): Promise<string> {
  if (answeredAtOnce.test(path)) return readAtOnce(path, limitBytes);
  let file;
  try {
    file = await open(path, "r");
  } catch (error) {
    throw osError(path, error);
  }
  try {
    const parts: Buffer[] = [];
    let filled = 0;
    for (;;) {
      const part = Buffer.allocUnsafe(Math.min(16 * 1024, limitBytes + 1 - filled));
      const { bytesRead } = await file.read(part, 0, part.length);
      if (bytesRead === 0) break;
      filled += bytesRead;
      if (filled > limitBytes)
        throw new OsError("COLLECT_OUTPUT_TOO_LARGE", `${path} is larger than ${limitBytes} bytes`, `file-too-large: ${path}`);
      parts.push(part.subarray(0, bytesRead));
    }
    return Buffer.concat(parts).toString();
  } catch (error) {
    throw error instanceof OsError ? error : osError(path, error);
  } finally {
    await file.close();
  }
}

/**
 * Files that the kernel answers from its own memory at once, without waiting for a disk or a lock of the process that they are
 * about. Reading them where we are costs a tenth of going through a thread, and they are what is read most.
 */
const answeredAtOnce = /^\/proc\/(?:[a-z]|\d+\/(?:stat|status|statm|comm)$)/;

function readAtOnce(path: string, limitBytes: number): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    let bytes = Buffer.allocUnsafe(8 * 1024);
    let filled = 0;
    for (;;) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, null);
      if (count === 0) return bytes.toString("utf8", 0, filled);
      filled += count;
      if (filled > limitBytes)
        throw new OsError("COLLECT_OUTPUT_TOO_LARGE", `${path} is larger than ${limitBytes} bytes`, `file-too-large: ${path}`);
      if (filled === bytes.length) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(bytes.length)]);
    }
  } catch (error) {
    throw error instanceof OsError ? error : osError(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Opens a file to read pieces of it. Throws OsError. */
export async function openFile(path: string): Promise<OpenFile> {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    throw osError(path, error);
  }
  return {
    sizeBytes: fstatSync(descriptor).size,
    read(position, target) {
      try {
        return readSync(descriptor, target, 0, target.length, position);
      } catch (error) {
        throw osError(path, error);
      }
    },
    close: () => closeSync(descriptor),
  };
}

/** The first bytes of a file; fewer when it is shorter. Throws OsError. */
export async function readStart(path: string, bytes: number): Promise<Uint8Array> {
  let file;
  try {
    file = await open(path, "r");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return new Uint8Array(buffer.subarray(0, bytesRead));
  } catch (error) {
    throw osError(path, error);
  } finally {
    await file?.close();
  }
}

/** Throws OsError. */
export async function listDirectory(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    throw osError(path, error);
  }
}

/** Of what is asked at once; then others have their turn. */
const lookedAtAtOnce = 1_000;

/** See `Os.listFolder`. */
export async function listFolder(path: string, most: number): Promise<FolderContent> {
  // Names alone: with their types a folder of a million files takes some 150 MB.
  const names = await listDirectory(path);
  const folders: string[] = [];
  const files: FolderContent["files"][number][] = [];
  for (let from = 0; from < Math.min(names.length, most); from += lookedAtAtOnce) {
    if (from > 0) await setImmediate();
    for (const name of names.slice(from, Math.min(from + lookedAtAtOnce, most))) {
      const entry = lookAt(join(path, name));
      if (entry?.isDirectory()) folders.push(name);
      else if (entry?.isFile()) files.push({ bytes: takenUp(entry), modifiedAtMs: Math.round(entry.mtimeMs) });
    }
  }
  return { folders, files, isCut: names.length > most };
}

/** At once: a question to the thread pool costs several times what the answer does. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // It may not be looked at; its folder may still tell of the others.
    return undefined;
  }
}

/** Blocks are of 512 bytes, whatever the file system's own (stat(2)); where none are counted the length has to do. */
const takenUp = ({ size, blocks }: { readonly size: number; readonly blocks: number }) =>
  blocks > 0 ? Math.min(size, blocks * 512) : size;

/** Target of a symbolic link; undefined where there is none. Throws OsError for other reasons. */
export async function readLink(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (["ENOENT", "EINVAL"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw osError(path, error);
  }
}

/** Sizes by statfs(2). Blocks count in fragments (f_frsize), as statvfs(3) has it. Throws OsError. */
export async function fileSystemSize(path: string): Promise<FileSystemSize> {
  try {
    const sizes = await statfs(path);
    const unit = (sizes as { frsize?: number }).frsize || sizes.bsize;
    return {
      totalBytes: sizes.blocks * unit,
      availableBytes: sizes.bavail * unit,
      freeBytes: sizes.bfree * unit,
      totalInodes: sizes.files,
      freeInodes: sizes.ffree,
    };
  } catch (error) {
    throw osError(path, error);
  }
}

/** See `Os.queryDatabase`. */
export async function queryDatabase(path: string, query: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await import("./read-database.ts")).readDatabase(path, query);
}

/** undefined when there is nothing at the path. Throws OsError for other reasons. */
export async function fileInfo(path: string): Promise<FileInfo | undefined> {
  try {
    const found = await stat(path);
    const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
    return { kind, sizeBytes: found.size, modifiedAtMs: Math.round(found.mtimeMs), changedAtMs: Math.round(found.ctimeMs) };
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw osError(path, error);
  }
}

/** What of `Os` is the same on every system. */
export const plainOs = {
  readFile: readTextFile,
  readStart,
  listDirectory,
  listFolder,
  readLink,
  fileSystemSize,
  fileInfo,
  queryDatabase,
} satisfies Partial<Os>;
