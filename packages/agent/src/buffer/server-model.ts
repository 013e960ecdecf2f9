/** For tests: what a server keeps of a device's streams, and what it objects to. */
import type { OutgoingBatch } from "./sample-buffer.ts";

export class ServerModel {
  readonly stored: string[] = [];
  readonly #streams = new Map<string, { last: number; contents: Map<number, string> }>();

  last(stream: string): number {
    return this.#stream(stream).last;
  }

  /** Stores a batch. Throws when a number is skipped, or comes again with other content. */
  receive(stream: string, batch: OutgoingBatch): void {
    const known = this.#stream(stream);
    const before = known.contents.get(batch.sequence);
    if (before !== undefined && before !== batch.samplesJson) throw new Error(`number ${batch.sequence} came again with other content`);
    if (before !== undefined) return;
    if (batch.sequence !== known.last + 1) throw new Error(`number ${batch.sequence} came after ${known.last}`);
    known.last = batch.sequence;
    known.contents.set(batch.sequence, batch.samplesJson);
    this.stored.push(...(JSON.parse(batch.samplesJson) as { id: number }[]).map(({ id }) => String(id)));
  }

  #stream(stream: string) {
    let known = this.#streams.get(stream);
    if (!known) this.#streams.set(stream, (known = { last: 0, contents: new Map() }));
    return known;
  }
}
