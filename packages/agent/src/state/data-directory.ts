/**
 * The agent's own folder: settings, key, buffer, what it was told. 0700, its files 0600. Files are replaced as a whole, so
 * that a reader, and an agent that starts after a power cut, finds the old one or the new one.
 */
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { join, resolve } from "node:path";
import type * as z from "zod/mini";
import { syncFolder } from "../buffer/files.ts";

/** A state file that is there but cannot be understood. */
export class StateFileError extends Error {
  override readonly name = "StateFileError";
}

export class DataDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** Makes the folder when missing, for its owner alone. */
  ensure(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    if ((statSync(this.path).mode & 0o077) !== 0) chmodSync(this.path, 0o700);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** The text of a file; undefined when there is none. */
  readText(name: string): string | undefined {
    try {
      return readFileSync(this.file(name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** The parsed content of a JSON file; undefined when there is none. Throws StateFileError when it does not fit. */
  readJson<Schema extends z.ZodMiniType>(name: string, schema: Schema): z.infer<Schema> | undefined {
    const text = this.readText(name);
    if (text === undefined) return undefined;
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      throw new StateFileError(`${this.file(name)} is not JSON`);
    }
    const parsed = schema.safeParse(content);
    if (!parsed.success)
      throw new StateFileError(
        `${this.file(name)} does not fit: ${parsed.error.issues[0]?.path.join(".") ?? ""} ${parsed.error.issues[0]?.message ?? ""}`,
      );
    return parsed.data;
  }

  /** Replaces a file. Returns when it is on the disk. */
  writeText(name: string, text: string): void {
    const temporary = this.file(`${name}.new`);
    const descriptor = openSync(temporary, "w", 0o600);
    try {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, this.file(name));
    syncFolder(this.path);
  }

  remove(name: string): void {
    rmSync(this.file(name), { recursive: true, force: true });
  }
}
