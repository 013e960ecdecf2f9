/** Delivers what goes by HTTP: webhooks, Teams, ntfy, browsers. Any number of processes may run it. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../../services.ts";
import { noticesAtOnce, queueDeliveries } from "../../webhooks/queue-deliveries.ts";
import { claimDeliveries, deliver, type ClaimedDelivery } from "./deliver.ts";

const pollMs = 2_000;
/** Deliveries under way at the same time. */
const atOnce = 8;

export interface RunningDeliveries {
  /** Waits for what is in hand. */
  stop(): Promise<void>;
}

/** Turns notices into deliveries and delivers them: at once when the bus says so, else with the next look. */
export function startDeliveries(services: Services): RunningDeliveries {
  const worker = new DeliveryWorker(services);
  const unsubscribe = [
    services.bus.subscribe("finding-notices", () => worker.wake()),
    services.bus.subscribe("deliveries-queued", () => worker.wake()),
  ];
  const poll = setInterval(() => worker.wake(), pollMs);
  worker.wake();
  return {
    async stop() {
      for (const end of unsubscribe) end();
      clearInterval(poll);
      await worker.finish();
    },
  };
}

class DeliveryWorker {
  readonly #services: Services;
  readonly #inHand = new Map<Id, Promise<void>>();
  readonly #attempts;
  #round: Promise<void> | undefined;
  #wakeAgain = false;
  #isStopped = false;

  constructor(services: Services) {
    this.#services = services;
    this.#attempts = services.metrics.counter({
      name: "delivery_attempts_total",
      help: "Attempts to deliver by HTTP, by channel and what came of them.",
      labels: ["channel", "outcome"],
    });
  }

  wake(): void {
    this.#wakeAgain = true;
    if (this.#isStopped) return;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = undefined;
      if (this.#wakeAgain && !this.#isStopped) this.wake();
    });
  }

  async finish(): Promise<void> {
    this.#isStopped = true;
    await this.#round;
    await Promise.all(this.#inHand.values());
  }

  async #rounds(): Promise<void> {
    this.#wakeAgain = false;
    try {
      for (const providerId of await this.#providersWithNotices())
        while ((await queueDeliveries(this.#services, providerId)) === noticesAtOnce);
      const free = atOnce - this.#inHand.size;
      const deliveries = free > 0 ? await claimDeliveries(this.#services, free) : [];
      for (const delivery of deliveries) this.#start(delivery);
    } catch (error) {
      this.#services.log.error("deliveries could not be worked on; they will be tried again", { error });
    }
  }

  async #providersWithNotices(): Promise<Id[]> {
    const rows = await this.#services.database.unwalled("finding notices for webhooks", (tx) =>
      tx.sql<{ provider_id: Id }>("select distinct provider_id from hauswart.finding_notice where hooked_at is null"),
    );
    return rows.map(({ provider_id }) => provider_id);
  }

  #start(delivery: ClaimedDelivery): void {
    const done = this.#deliver(delivery).finally(() => {
      this.#inHand.delete(delivery.delivery_id);
      this.wake();
    });
    this.#inHand.set(delivery.delivery_id, done);
  }

  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    const { delivery_id: deliveryId, channel } = delivery;
    try {
      const state = await deliver(this.#services, delivery);
      this.#attempts.add(1, { channel, outcome: state });
      if (state === "failed" && !delivery.is_test) this.#services.log.warn("a delivery was given up", { deliveryId, channel });
    } catch (error) {
      // The claim runs out and the delivery is tried again, under the same id.
      this.#services.log.error("what came of a delivery could not be written down", { deliveryId, error });
    }
  }
}
