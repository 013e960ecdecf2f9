/** Sends the question for a lost neighbour to the agent whose link this process holds, and writes its answer down. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Seen } from "@hauswart/protocol/wire/messages.ts";
import type { DeviceIdentity } from "../ingest/device-memory.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import type { Care } from "./care.ts";

interface Asked {
  readonly deviceId: Id;
  readonly witnessId: Id;
  readonly atMs: number;
}

/** An agent that has not answered by then will not. */
const patienceMs = 120_000;
const mostAsked = 1_000;

export class Witnesses {
  readonly #services: Services;
  readonly #care: Care;
  readonly #asked = new Map<number, Asked>();
  #last = 0;

  constructor(services: Services, care: Care) {
    this.#services = services;
    this.#care = care;
  }

  /** Asks one agent, unless it is asked for the same device just now. */
  ask(deviceId: Id, witnessId: Id, addresses: readonly string[]): void {
    const link = this.#care.linkOf(witnessId);
    if (!link) return;
    const atMs = this.#services.clock.now();
    for (const [request, asked] of this.#asked) if (atMs - asked.atMs > patienceMs) this.#asked.delete(request);
    const isUnderWay = [...this.#asked.values()].some((asked) => asked.deviceId === deviceId && asked.witnessId === witnessId);
    if (isUnderWay || this.#asked.size >= mostAsked) return;
    const request = (this.#last += 1);
    this.#asked.set(request, { deviceId, witnessId, atMs });
    link.send({ type: "look-for", request, addresses: addresses.slice(0, 4) });
  }

  /** Only what this agent was asked for is taken from it. */
  answered(witness: DeviceIdentity, { request, answers, resolves }: Seen): void {
    const asked = this.#asked.get(request);
    if (!asked || asked.witnessId !== witness.deviceId) return;
    this.#asked.delete(request);
    const { database, clock, log } = this.#services;
    database
      .transaction({ providerId: witness.providerId, customers: "*" }, (tx) =>
        tx.sql(
          `insert into hauswart.presence_witness (provider_id, device_id, witness_device_id, customer_id, asked_at, answered_at, answers_ping, resolves)
           select $1, d.device_id, $3, d.customer_id, $4::timestamptz, $5::timestamptz, $6, $7
           from hauswart.device d where d.provider_id = $1 and d.device_id = $2 and d.customer_id = $8
           on conflict (provider_id, device_id, witness_device_id) do update
             set asked_at = excluded.asked_at, answered_at = excluded.answered_at, answers_ping = excluded.answers_ping, resolves = excluded.resolves`,
          [
            witness.providerId,
            asked.deviceId,
            witness.deviceId,
            isoTime(asked.atMs),
            isoTime(clock.now()),
            answers,
            resolves,
            witness.customerId,
          ],
        ),
      )
      .catch((error: unknown) => log.warn("what a neighbour saw could not be stored", { deviceId: asked.deviceId, error }));
  }
}
