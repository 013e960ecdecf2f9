/**
 * For tests: files in memory that behave like a disk whose power can be cut. What was written and not synced survives in
 * part, as a random prefix; names that were made or removed and not synced may be there or not.
 */
import type { Files, OpenFile } from "../buffer/files.ts";

interface Content {
  durable: Uint8Array;
  current: Uint8Array;
  /** Changes since the last sync, in order. */
  pending: ({ at: number; bytes: Uint8Array } | { size: number })[];
}

export class DiskFullError extends Error {
  readonly code = "ENOSPC";
  constructor() {
    super("ENOSPC: no space left on device, write");
  }
}

export class BrittleFiles implements Files {
  #durableNames = new Map<string, Content>();
  #names = new Map<string, Content>();
  /** Set: writes that make a file longer fail. */
  full = false;
  /** Counts down with each write or sync; at 0 the power fails. */
  stepsUntilCrash = Infinity;
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Cuts the power. Open files of before must not be used any more. */
  crash(): void {
    const names = new Map<string, Content>();
    for (const name of new Set([...this.#durableNames.keys(), ...this.#names.keys()])) {
      const before = this.#durableNames.get(name);
      const after = this.#names.get(name);
      const kept = before === after || this.#random() < 0.5 ? after : before;
      if (kept) names.set(name, kept);
    }
    for (const content of names.values()) this.#settle(content);
    this.#names = names;
    this.#durableNames = new Map(names);
    this.stepsUntilCrash = Infinity;
  }

  #settle(content: Content): void {
    content.current = content.durable;
    const survivors = Math.floor(this.#random() * (content.pending.length + 1));
    for (const change of content.pending.slice(0, survivors)) apply(content, change);
    const torn = content.pending[survivors];
    if (torn && "bytes" in torn)
      apply(content, { at: torn.at, bytes: torn.bytes.subarray(0, Math.floor(this.#random() * torn.bytes.length)) });
    content.durable = content.current;
    content.pending = [];
  }

  #step(): void {
    if (--this.stepsUntilCrash <= 0) throw new PowerCut();
  }

  list(): string[] {
    return [...this.#names.keys()];
  }

  open(name: string): OpenFile {
    let content = this.#names.get(name);
    if (!content) {
      content = { durable: new Uint8Array(0), current: new Uint8Array(0), pending: [] };
      this.#names.set(name, content);
    }
    const file = content;
    return {
      size: () => file.current.length,
      read: (position, length) => file.current.slice(position, position + length),
      write: (at, bytes) => {
        this.#step();
        if (this.full && at + bytes.length > file.current.length) throw new DiskFullError();
        const change = { at, bytes: bytes.slice() };
        file.pending.push(change);
        apply(file, change);
      },
      sync: () => {
        this.#step();
        file.durable = file.current;
        file.pending = [];
      },
      truncate: (size) => {
        file.pending.push({ size });
        apply(file, { size });
      },
      close: () => {},
    };
  }

  remove(name: string): void {
    this.#step();
    this.#names.delete(name);
  }

  syncNames(): void {
    this.#step();
    this.#durableNames = new Map(this.#names);
  }
}

/** Thrown at the chosen step. */
export class PowerCut extends Error {}

function apply(content: Content, change: Content["pending"][number]): void {
  const size = "size" in change ? change.size : Math.max(content.current.length, change.at + change.bytes.length);
  const next = new Uint8Array(size);
  next.set(content.current.subarray(0, size));
  if ("bytes" in change) next.set(change.bytes, change.at);
  content.current = next;
}
