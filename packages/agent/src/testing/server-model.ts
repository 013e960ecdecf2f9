/** For tests: what a server keeps of a device's streams, and what it objects to. It joins streams as the gateway does. */
import type { OutgoingBatch, SampleBuffer } from "../buffer/sample-buffer.ts";

export class ServerModel {
  readonly stored: string[] = [];
  readonly #streams = new Map<string, { last: number; contents: Map<number, string> }>();

  /** Begins a connection: hello, welcome and what the agent makes of it. Throws when the server would find that the stream ran backwards. */
  connect(buffer: SampleBuffer): void {
    const { last } = this.#stream(buffer.stream);
    if (buffer.highestSequence < last)
      throw new Error(`the stream ran backwards: ${last} is stored, ${buffer.highestSequence} was given out`);
    const dropped = buffer.droppedSamples;
    const sendNewestAgain = last > 0 && buffer.acknowledgedSequence < last && dropped === 0;
    buffer.rewind(sendNewestAgain ? last - 1 : last);
    buffer.droppedReported(dropped);
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
