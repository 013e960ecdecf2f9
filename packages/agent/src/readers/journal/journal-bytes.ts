/** Random access to a journal file: little-endian numbers and texts, read in pages that are kept while the file is looked at. */
import type { OpenFile } from "../../os/os.ts";

const pageBytes = 32 * 1024;
/** Half a megabyte at most; the newest entries lie close together. */
const pagesKept = 16;

/** The file is not what the format says. Entries of it that were not read yet are lost, those of other files are not. */
export class JournalDamage extends Error {
  override readonly name = "JournalDamage";
}

export class JournalBytes {
  readonly #file: OpenFile;
  readonly #pages = new Map<number, Buffer>();

  constructor(file: OpenFile) {
    this.#file = file;
  }

  byte(offset: number): number {
    return this.#page(offset)[offset % pageBytes]!;
  }

  /** Numbers of the format are aligned to 4 and 8 bytes and never span pages. */
  number32(offset: number): number {
    return this.#page(offset).readUInt32LE(offset % pageBytes);
  }

  /** Offsets and counts are far below 2^53; a larger number is damage. */
  number64(offset: number): number {
    const page = this.#page(offset);
    const at = offset % pageBytes;
    const high = page.readUInt32LE(at + 4);
    if (high > 0x1fffff) throw new JournalDamage(`a number at ${offset} is too large`);
    return page.readUInt32LE(at) + high * 0x1_0000_0000;
  }

  /** A copy. */
  slice(offset: number, length: number): Buffer {
    const start = offset % pageBytes;
    if (start + length <= pageBytes) return this.#page(offset, length).subarray(start, start + length);
    const target = Buffer.alloc(length);
    if (this.#file.read(offset, target) < length) throw new JournalDamage(`the file ends before ${offset + length}`);
    return target;
  }

  #page(offset: number, needed = 1): Buffer {
    const index = Math.floor(offset / pageBytes);
    const known = this.#pages.get(index);
    if (known && known.length >= (offset % pageBytes) + needed) return known;
    const page = Buffer.alloc(pageBytes);
    const filled = this.#file.read(index * pageBytes, page);
    if (filled <= offset % pageBytes) throw new JournalDamage(`the file ends before ${offset}`);
    if (this.#pages.size >= pagesKept) this.#pages.delete(this.#pages.keys().next().value!);
    const whole = page.subarray(0, filled);
    this.#pages.set(index, whole);
    return whole;
  }
}
