/**
 * Books of what agents sent and what the server acknowledged, kept between link and socket, and their comparison with what
 * PostgreSQL holds in the end.
 */
import type { OpenSocket } from "@hauswart/agent/link/socket.ts";
import { Acknowledge, Batch } from "@hauswart/protocol/wire/messages.ts";
import type { z } from "zod/mini";
import type { House } from "./house.ts";
import { messageText } from "@hauswart/testkit/packed-message.ts";

type Sample = z.infer<typeof Batch>["samples"][number];

/** One stream of one device. */
interface Page {
  /** Samples by the batch's number. */
  readonly sent: Map<number, readonly Sample[]>;
  acknowledged: number;
}

/** A batch as the database holds it. */
export interface StoredBatch {
  readonly stream: string;
  readonly sequence: number;
  /** In order, each with the numbers of its series. */
  readonly samples: readonly { readonly check: number; readonly values: readonly number[] }[];
}

export class Ledger {
  readonly #pages = new Map<string, Page>();
  /** Acknowledged batches whose numbers were given to others: the server had forgotten them. */
  readonly #broken: string[] = [];
  /** Told of each acknowledgement in the moment in which it arrives. */
  onAcknowledge: ((stream: string, sequence: number) => void) | undefined;

  /** Books what goes through. */
  wrap =
    (open: OpenSocket): OpenSocket =>
    (events) => {
      const socket = open({
        message: (text) => {
          this.received(text);
          events.message(text);
        },
        alive: () => events.alive(),
        closed: (reason) => events.closed(reason),
      });
      return {
        send: (message) => {
          this.sent(messageText(message));
          socket.send(message);
        },
        ping: () => socket.ping(),
        get unsentBytes() {
          return socket.unsentBytes;
        },
        close: () => socket.close(),
        terminate: () => socket.terminate(),
      };
    };

  sent(text: string): void {
    if (!text.startsWith('{"type":"batch"')) return;
    const { stream, sequence, samples } = Batch.parse(JSON.parse(text));
    const page = this.#page(stream);
    const before = page.sent.get(sequence);
    if (sequence > page.acknowledged || !before) page.sent.set(sequence, samples);
    else if (JSON.stringify(before) !== JSON.stringify(samples))
      this.#broken.push(`${stream} ${sequence} was acknowledged, and then forgotten`);
  }

  received(text: string): void {
    if (!text.startsWith('{"type":"acknowledge"')) return;
    const { stream, sequence } = Acknowledge.parse(JSON.parse(text));
    const page = this.#page(stream);
    page.acknowledged = Math.max(page.acknowledged, sequence);
    this.onAcknowledge?.(stream, sequence);
  }

  /** Batches sent and not acknowledged. */
  get underWay(): number {
    return [...this.#pages.values()].reduce(
      (sum, { sent, acknowledged }) => sum + [...sent.keys()].filter((sequence) => sequence > acknowledged).length,
      0,
    );
  }

  /** Batches acknowledged, over all streams. */
  get acknowledged(): number {
    return [...this.#pages.values()].reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }

  /** What the server has given its word for up to now: each batch with the numbers of its checks. */
  promised(): { readonly stream: string; readonly sequence: number; readonly checks: string }[] {
    return [...this.#pages].flatMap(([stream, { sent, acknowledged }]) =>
      [...sent].flatMap(([sequence, samples]) =>
        sequence <= acknowledged ? [{ stream, sequence, checks: samples.map(({ check }) => check).join() }] : [],
      ),
    );
  }

  /** Every sample of every batch that was acknowledged; one that came in two batches twice. */
  acknowledgedSamples(): Sample[] {
    return [...this.#pages.values()].flatMap(({ sent, acknowledged }) =>
      [...sent].flatMap(([sequence, samples]) => (sequence <= acknowledged ? samples : [])),
    );
  }

  /** What the books and the database disagree about; empty when nothing acknowledged is missing and nothing is there twice. */
  async discrepancies(house: House): Promise<string[]> {
    // Noted before the database is asked: agents that still run are given more words while it answers.
    const promised = [...this.#pages].map(([stream, { sent, acknowledged }]) => ({ stream, sent, acknowledged }));
    const stored = Map.groupBy(await storedBatches(house), ({ stream, sequence }) => `${stream} ${sequence}`);
    const problems = [...this.#broken];
    problems.push(...[...stored].flatMap(([name, rows]) => (rows.length > 1 ? [`${name} is stored ${rows.length} times`] : [])));
    for (const { stream, sent, acknowledged } of promised) {
      for (let sequence = 1; sequence <= acknowledged; sequence++) {
        const row = stored.get(`${stream} ${sequence}`)?.[0];
        if (!row) problems.push(`${stream} ${sequence} was acknowledged and is not stored`);
        else if (
          sent.has(sequence) &&
          row.samples.map(({ check }) => check).join() !==
            sent
              .get(sequence)!
              .map(({ check }) => check)
              .join()
        )
          problems.push(`${stream} ${sequence} is not stored as it was sent`);
      }
    }
    return problems;
  }

  #page(stream: string): Page {
    const page = this.#pages.get(stream) ?? { sent: new Map<number, readonly Sample[]>(), acknowledged: 0 };
    this.#pages.set(stream, page);
    return page;
  }
}

/** What is stored of all devices, or of one. */
export async function storedBatches(house: House, deviceId?: string): Promise<StoredBatch[]> {
  const rows = await house.query<{
    stream_id: string;
    sequence: string;
    check_numbers: number[];
    value_counts: number[];
    values: number[];
  }>(
    `select stream_id, sequence, check_numbers, value_counts, values from hauswart.sample_batch
     where $1::uuid is null or device_id = $1 order by received_at, sequence`,
    [deviceId ?? null],
  );
  return rows.map((row) => {
    let end = 0;
    const samples = row.check_numbers.map((check, at) => ({ check, values: row.values.slice(end, (end += row.value_counts[at]!)) }));
    return { stream: row.stream_id, sequence: Number(row.sequence), samples };
  });
}
