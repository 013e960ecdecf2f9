/**
 * For tests: the folder of updates on a disk whose power can be cut before any change. What was appended and not synced survives in part;
 * a replaced or moved file is the old one or the new one.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UpdateFiles } from "../update/update-files.ts";
import { PowerCut } from "./brittle-files.ts";

interface Content {
  bytes: Uint8Array;
  /** So much of it is on the disk. */
  synced: number;
}

export class BrittleFolder implements UpdateFiles {
  readonly #files = new Map<string, Content>();
  readonly #random: () => number;
  /** Counts down with each change; at 0 the power fails. */
  stepsUntilCrash = Infinity;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A file that was there before, and is on the disk. */
  provide(name: string, bytes: Uint8Array): void {
    this.#files.set(name, { bytes, synced: bytes.length });
  }

  /** The power is back. */
  restart(): void {
    this.stepsUntilCrash = Infinity;
    for (const content of this.#files.values()) {
      const kept = content.synced + Math.floor(this.#random() * (content.bytes.length - content.synced + 1));
      content.bytes = content.bytes.slice(0, kept);
      content.synced = kept;
    }
  }

  /** The power was cut, and nothing reaches the disk until `restart`. */
  get isOff(): boolean {
    return this.stepsUntilCrash <= 0;
  }

  #change(work: () => void): void {
    if (this.isOff) throw new PowerCut();
    this.stepsUntilCrash--;
    // The change in which the power fails may have reached the disk.
    if (!this.isOff || this.#random() < 0.5) work();
    if (this.isOff) throw new PowerCut();
  }

  read(name: string): Uint8Array | undefined {
    return this.#files.get(name)?.bytes;
  }
  readPart(name: string, position: number, length: number): Uint8Array {
    return (this.read(name) ?? new Uint8Array(0)).slice(position, position + length);
  }
  size(name: string): number {
    return this.#files.get(name)?.bytes.length ?? 0;
  }
  hash(name: string): string {
    return new Bun.CryptoHasher("sha256").update(this.read(name) ?? new Uint8Array(0)).digest("hex");
  }
  replace(name: string, text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#change(() => this.#files.set(name, { bytes, synced: bytes.length }));
  }
  append(name: string, bytes: Uint8Array): void {
    this.#change(() => {
      const before = this.#files.get(name) ?? { bytes: new Uint8Array(0), synced: 0 };
      this.#files.set(name, { bytes: Buffer.concat([before.bytes, bytes]), synced: before.synced });
    });
  }
  sync(name: string): void {
    this.#change(() => {
      const content = this.#files.get(name);
      if (content) content.synced = content.bytes.length;
    });
  }
  truncate(name: string, size: number): void {
    this.#change(() => {
      const content = this.#files.get(name);
      if (content) this.#files.set(name, { bytes: content.bytes.slice(0, size), synced: Math.min(content.synced, size) });
    });
  }
  keep(name: string, as: string): void {
    this.#change(() => {
      const content = this.#files.get(name);
      if (!content) throw new Error(`there is no ${name}`);
      this.#files.set(as, { bytes: content.bytes, synced: content.bytes.length });
    });
  }
  move(from: string, to: string): void {
    this.#change(() => {
      const content = this.#files.get(from);
      if (!content) throw new Error(`there is no ${from}`);
      this.#files.delete(from);
      this.#files.set(to, content);
    });
  }
  remove(name: string): void {
    this.#change(() => {
      for (const each of this.#files.keys()) if (each === name || each.startsWith(`${name}/`)) this.#files.delete(each);
    });
  }
  path(name: string): string {
    return join(tmpdir(), "brittle", name);
  }
}
