/** Everything about webhooks that runs by itself. Any number of processes may run it. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../services.ts";
import { claimDeliveries, deliver, type ClaimedDelivery } from "./deliver.ts";
import { noticesAtOnce, queueDeliveries } from "./queue-deliveries.ts";

const pollMs = 2_000;
/** Deliveries under way at the same time. */
const atOnce = 8;

export interface RunningWebhooks {
  /** Waits for what is in hand. */
  stop(): Promise<void>;
}

/** Turns notices into deliveries and delivers them: at once when the bus says so, else with the next look. */
export function startWebhooks(services: Services): RunningWebhooks {
  const worker = new WebhookWorker(services);
  const unsubscribe = services.bus.subscribe("finding-notices", () => worker.wake());
  const poll = setInterval(() => worker.wake(), pollMs);
  worker.wake();
  return {
    async stop() {
      unsubscribe();
      clearInterval(poll);
      await worker.finish();
    },
  };
}

class WebhookWorker {
  readonly #services: Services;
  readonly #inHand = new Map<Id, Promise<void>>();
  readonly #attempts;
  #round: Promise<void> | undefined;
  #wakeAgain = false;
  #isStopped = false;

  constructor(services: Services) {
    this.#services = services;
    this.#attempts = services.metrics.counter({
      name: "webhook_attempts_total",
      help: "Attempts to deliver to a webhook, by what came of them.",
      labels: ["outcome"],
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
      this.#services.log.error("webhooks could not be worked on; they will be tried again", { error });
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
      this.#inHand.delete(delivery.deliveryId);
      this.wake();
    });
    this.#inHand.set(delivery.deliveryId, done);
  }

  async #deliver(delivery: ClaimedDelivery): Promise<void> {
    try {
      const state = await deliver(this.#services, delivery);
      this.#attempts.add(1, { outcome: state });
      if (state === "failed")
        this.#services.log.warn("a webhook delivery was given up", { deliveryId: delivery.deliveryId, webhookId: delivery.webhookId });
    } catch (error) {
      // The claim runs out and the delivery is tried again, under the same id.
      this.#services.log.error("what came of a delivery could not be written down", { deliveryId: delivery.deliveryId, error });
    }
  }
}
