/**
 * One file of systemd's journal, read by its own indexes (systemd.io/JOURNAL_FILE_FORMAT): a field's values are chained, and each value
 * has the list of its entries. So entries that nobody asks for cost nothing, and those that are asked for are counted without being
 * read. The file may be written to meanwhile: what is linked is complete, what is not linked is not seen.
 */
import type { OpenFile } from "../../os/os.ts";
import { JournalBytes, JournalDamage } from "./journal-bytes.ts";
import { unpackLz4 } from "./lz4.ts";

const signature = "LPKSHHRH";
const headerBytes = 240;
const incompatible = { compact: 16, known: 31 };
const compressed = { xz: 1, lz4: 2, zstd: 4 };
const types = { data: 1, field: 2, entry: 3, entryArray: 6 };
const chainLimit = 100_000;
/** Longer values are cut; what is compressed and larger than this once unpacked is left out. */
const valueLimitBytes = 8 * 1024;
const unpackedLimitBytes = 256 * 1024;
const rememberedValues = 4_000;

/** Entries of a list, as far as they were asked for. */
export interface EntryList {
  /** The newest, oldest first; at most as many as asked. */
  readonly offsets: readonly number[];
  /** How many there are. */
  readonly count: number;
}

export interface JournalEntry {
  /** Unix time in milliseconds. */
  readonly atMs: number;
  readonly fields: ReadonlyMap<string, string>;
}

/** A piece of a list: where its items begin and how many there are. */
interface Span {
  readonly start: number;
  readonly count: number;
}

export class JournalFile {
  /** Stays when the file is renamed. */
  readonly id: string;
  readonly tailAtMs: number;
  readonly entryCount: number;
  readonly #bytes: JournalBytes;
  readonly #wanted: ReadonlySet<string>;
  readonly #sizeBytes: number;
  readonly #isCompact: boolean;
  /** By offset: what a data object says; null for a field that nobody asked for. */
  readonly #data = new Map<number, readonly [string, string] | null>();

  /** @param wanted the fields that are asked for. Throws JournalDamage for what is no journal, or one of a later form. */
  constructor(file: OpenFile, wanted: ReadonlySet<string>) {
    const bytes = new JournalBytes(file);
    if (file.sizeBytes < headerBytes || bytes.slice(0, 8).toString("latin1") !== signature)
      throw new JournalDamage("this is no journal file");
    const flags = bytes.number32(12);
    if ((flags & ~incompatible.known) !== 0) throw new JournalDamage(`the journal has a form that is not known (flags ${flags})`);
    this.#bytes = bytes;
    this.#wanted = wanted;
    this.#sizeBytes = file.sizeBytes;
    this.#isCompact = (flags & incompatible.compact) !== 0;
    this.id = bytes.slice(24, 16).toString("hex");
    this.entryCount = bytes.number64(152);
    this.tailAtMs = Math.floor(bytes.number64(192) / 1_000);
  }

  /** Where the last entry lies; 0 when there is none. */
  lastEntry(): number {
    return this.#ending(this.#allEntries()).at(-1) ?? 0;
  }

  /** Where the last entry before a moment lies; 0 when there is none. */
  lastEntryBefore(atMs: number): number {
    let found = 0;
    for (const span of this.#allEntries().reverse()) {
      if (span.count === 0 || this.#timeOf(this.#item(span, 0)) >= atMs) continue;
      let [low, high] = [0, span.count - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (this.#timeOf(this.#item(span, middle)) < atMs) low = middle;
        else high = middle - 1;
      }
      found = this.#item(span, low);
      break;
    }
    return found;
  }

  /** Places of the data of a wanted field whose values are wanted too. Compressed ones are too long to be names and left out. */
  valuesOf(field: string, isWanted: (value: string) => boolean): number[] {
    const found: number[] = [];
    let data = this.#firstDataOf(field);
    for (let steps = 0; data !== 0; steps++) {
      if (steps > chainLimit) throw new JournalDamage(`the values of ${field} have no end`);
      this.#expect(data, types.data);
      const said = this.#say(data);
      if (said && isWanted(said[1])) found.push(data);
      data = this.#bytes.number64(data + 32);
    }
    return found;
  }

  /**
   * The entries that hold a data object.
   * @param after only those behind this place @param until and not behind this one @param limit at most so many, the newest
   */
  entriesWith(data: number, after: number, until: number, limit: number): EntryList {
    this.#expect(data, types.data);
    const count = this.#bytes.number64(data + 56);
    const first = this.#bytes.number64(data + 40);
    const spans = this.#spans(this.#bytes.number64(data + 48), Math.max(0, count - 1));
    const offsets: number[] = [];
    let found = 0;
    for (const span of spans.reverse()) {
      const [from, to] = [this.#firstBehind(span, after), this.#firstBehind(span, until)];
      found += to - from;
      for (let index = to - 1; index >= from && offsets.length < limit; index--) offsets.push(this.#item(span, index));
      if (from > 0) break;
    }
    if (first > after && first <= until && first !== 0) {
      found++;
      if (offsets.length < limit) offsets.push(first);
    }
    return { offsets: offsets.reverse(), count: found };
  }

  /** One entry, with the wanted ones among its fields. */
  entry(offset: number): JournalEntry {
    const size = this.#expect(offset, types.entry);
    const step = this.#isCompact ? 4 : 16;
    const fields = new Map<string, string>();
    const items = this.#bytes.slice(offset + 64, size - 64);
    for (let at = 0; at + step <= items.length; at += step) {
      const data = this.#isCompact ? items.readUInt32LE(at) : items.readUInt32LE(at) + items.readUInt32LE(at + 4) * 0x1_0000_0000;
      const said = this.#say(data);
      if (said) fields.set(said[0], said[1]);
    }
    return { atMs: this.#timeOf(offset), fields };
  }

  #timeOf(entry: number): number {
    return Math.floor(this.#bytes.number64(entry + 24) / 1_000);
  }

  /** @returns the object's size */
  #expect(offset: number, type: number): number {
    if (offset % 8 !== 0 || offset < headerBytes || offset + 16 > this.#sizeBytes || this.#bytes.byte(offset) !== type)
      throw new JournalDamage(`there is no object of kind ${type} at ${offset}`);
    const size = this.#bytes.number64(offset + 8);
    if (size < 16 || offset + size > this.#sizeBytes) throw new JournalDamage(`the object at ${offset} has ${size} bytes`);
    return size;
  }

  #firstDataOf(name: string): number {
    const table = this.#bytes.number64(120);
    const buckets = this.#bytes.number64(128) / 16;
    for (let bucket = 0; bucket < Math.min(buckets, chainLimit); bucket++) {
      let field = this.#bytes.number64(table + bucket * 16);
      for (let steps = 0; field !== 0; steps++) {
        const size = this.#expect(field, types.field);
        if (size === 40 + name.length && this.#bytes.slice(field + 40, name.length).toString("latin1") === name)
          return this.#bytes.number64(field + 32);
        if (steps > chainLimit) throw new JournalDamage("the fields have no end");
        field = this.#bytes.number64(field + 24);
      }
    }
    return 0;
  }

  #say(data: number): readonly [string, string] | null {
    const known = this.#data.get(data);
    if (known !== undefined) return known;
    if (this.#data.size >= rememberedValues) this.#data.clear();
    const said = this.#read(data);
    this.#data.set(data, said);
    return said;
  }

  #read(data: number): readonly [string, string] | null {
    const size = this.#expect(data, types.data);
    const start = this.#isCompact ? 72 : 64;
    const flags = this.#bytes.byte(data + 1);
    if ((flags & (compressed.xz | compressed.lz4 | compressed.zstd)) !== 0) {
      const packed = this.#bytes.slice(data + start, Math.min(size - start, unpackedLimitBytes));
      return partsOf(unpack(packed, flags), this.#wanted);
    }
    return partsOf(this.#bytes.slice(data + start, Math.min(size - start, valueLimitBytes)), this.#wanted);
  }

  #allEntries(): Span[] {
    return this.#spans(this.#bytes.number64(176), this.entryCount);
  }

  /** The arrays of a list, oldest first. Each is larger than the one before, so there are few. */
  #spans(first: number, count: number): Span[] {
    const spans: Span[] = [];
    let [array, left] = [first, count];
    while (array !== 0 && left > 0) {
      const capacity = Math.floor((this.#expect(array, types.entryArray) - 24) / this.#itemBytes);
      if (capacity === 0 || spans.length > chainLimit) throw new JournalDamage("a list of entries has no end");
      spans.push({ start: array + 24, count: Math.min(capacity, left) });
      left -= capacity;
      array = this.#bytes.number64(array + 16);
    }
    return spans;
  }

  get #itemBytes(): number {
    return this.#isCompact ? 4 : 8;
  }

  #item(span: Span, index: number): number {
    const at = span.start + index * this.#itemBytes;
    return this.#isCompact ? this.#bytes.number32(at) : this.#bytes.number64(at);
  }

  /** The index of the first item behind a place; an item that is not written yet counts as behind. */
  #firstBehind(span: Span, place: number): number {
    let [low, high] = [0, span.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.#item(span, middle);
      if (item !== 0 && item <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The last written item of a list, if there is one. */
  #ending(spans: readonly Span[]): number[] {
    for (const span of [...spans].reverse()) {
      for (let index = span.count - 1; index >= 0; index--) {
        const item = this.#item(span, index);
        if (item !== 0) return [item];
      }
    }
    return [];
  }
}

/** FIELD=value, as bytes; null when the field is not wanted or the value could not be unpacked. */
function partsOf(payload: Buffer | undefined, wanted: ReadonlySet<string>): readonly [string, string] | null {
  // Names have at most 64 characters.
  const equals = payload?.subarray(0, 65).indexOf(0x3d) ?? -1;
  if (!payload || equals < 1) return null;
  const name = payload.toString("latin1", 0, equals);
  return wanted.has(name) ? [name, payload.toString("utf8", equals + 1, Math.min(payload.length, valueLimitBytes))] : null;
}

/** undefined for what cannot be unpacked here: XZ, which systemd stopped writing in 2014, and damage. */
function unpack(packed: Buffer, flags: number): Buffer | undefined {
  try {
    if ((flags & compressed.zstd) !== 0) return Bun.zstdDecompressSync(new Uint8Array(packed));
    if ((flags & compressed.lz4) === 0) return undefined;
    const size = packed.readUInt32LE(0);
    const plain = size <= unpackedLimitBytes ? unpackLz4(packed.subarray(8), size) : undefined;
    return plain && Buffer.from(plain.buffer);
  } catch {
    return undefined;
  }
}
