/**
 * What the buffer remembers besides its batches, in one small file that never grows: two slots written in turn, each with a
 * checksum, so that a torn write leaves the older one, and a full disk does not prevent writing.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import * as z from "zod/mini";
import { crc32 } from "./checksum.ts";
import type { Files, OpenFile } from "./files.ts";

export const headFileName = "head";
/** Slots lie in different blocks of the disk. */
const slotBytes = 4096;

const Head = z.object({
  /** Counts up with each write; the higher slot holds. */
  generation: z.int(),
  stream: z.uuid(),
  /** Number of a batch in the stream = its position - base. */
  base: z.int(),
  /** Position up to which the server has stored everything, when this was written. */
  acknowledged: z.int(),
  /** Highest position given out, as far as it is not to be seen in the log. */
  highest: z.int(),
  /** Positions up to this one may be given out without being on the disk (see DiskBuffer, full disk); 0 for none. */
  reserved: z.int(),
  /** Samples given up and not yet reported to the server. */
  dropped: z.int(),
});
export type HeadState = Omit<z.infer<typeof Head>, "generation"> & { stream: Id };

export class HeadFile {
  readonly #file: OpenFile;
  #generation = 0;

  constructor(files: Files) {
    this.#file = files.open(headFileName);
    if (this.#file.size() >= 2 * slotBytes) return;
    // Both slots get their place on the disk now, while there is one.
    this.#file.write(0, new Uint8Array(2 * slotBytes));
    this.#file.sync();
    files.syncNames();
  }

  /** The newest state that is whole; undefined when there is none. */
  read(): HeadState | undefined {
    const found = [0, 1].flatMap((slot) => this.#readSlot(slot) ?? []).sort((a, b) => b.generation - a.generation)[0];
    if (!found) return undefined;
    this.#generation = found.generation;
    const { generation: _, ...state } = found;
    return state;
  }

  /** Returns when the state is on the disk. */
  write(state: HeadState): void {
    const generation = this.#generation + 1;
    const text = Buffer.from(JSON.stringify({ generation, ...state }));
    const slot = Buffer.alloc(slotBytes);
    slot.writeUInt32LE(text.length, 0);
    slot.writeUInt32LE(crc32(text), 4);
    slot.set(text, 8);
    this.#file.write((generation % 2) * slotBytes, slot);
    this.#file.sync();
    this.#generation = generation;
  }

  close(): void {
    this.#file.close();
  }

  #readSlot(slot: number): z.infer<typeof Head> | undefined {
    const bytes = Buffer.from(this.#file.read(slot * slotBytes, slotBytes));
    if (bytes.length < 8) return undefined;
    const length = bytes.readUInt32LE(0);
    const text = bytes.subarray(8, 8 + length);
    if (length === 0 || text.length < length || crc32(text) !== bytes.readUInt32LE(4)) return undefined;
    const parsed = Head.safeParse(JSON.parse(text.toString())); // the checksum vouches for the JSON
    return parsed.success ? parsed.data : undefined;
  }
}
