/**
 * Watches for finding notices. The bus wakes it at once; a poll finds what a lost nudge or a dead process left behind; a timer
 * wakes it when a gathering ends.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Services } from "../../services.ts";
import { composeMails } from "./compose-mails.ts";
import { nobodyToldCounter } from "./nobody-told.ts";

const pollMs = 5_000;

export interface Composer {
  /** Ends the watching and waits for the round in hand. */
  stop(): Promise<void>;
}

/** Starts composing for all providers. */
export function startComposer(services: Services): Composer {
  const { bus, log, metrics, clock } = services;
  const nobody = nobodyToldCounter(metrics);
  const composed = metrics.counter({ name: "mails_composed_total", help: "Mails written into the outbox." });
  const running = new Map<Id, { again: boolean; done: Promise<void> }>();
  const timers = new Map<Id, ReturnType<typeof setTimeout>>();
  let stopped = false;

  const round = async (providerId: Id) => {
    const { mails, nobodyTold, nextAtMs } = await composeMails(services, providerId);
    composed.add(mails);
    if (nobodyTold > 0) {
      nobody.add(nobodyTold);
      log.warn("no recipient is set for a finding", { providerId, findings: nobodyTold });
    }
    clearTimeout(timers.get(providerId));
    if (nextAtMs !== undefined && !stopped)
      timers.set(
        providerId,
        setTimeout(() => compose(providerId), Math.max(0, nextAtMs - clock.now()) + 1),
      );
  };

  /** One round at a time per provider; a nudge during a round makes one more. */
  const compose = (providerId: Id) => {
    const current = running.get(providerId);
    if (current) current.again = true;
    else if (!stopped) {
      const state = { again: false, done: Promise.resolve() };
      running.set(providerId, state);
      state.done = rounds(providerId, state);
    }
  };
  const rounds = async (providerId: Id, state: { again: boolean }) => {
    try {
      do {
        state.again = false;
        await round(providerId);
      } while (state.again && !stopped);
    } catch (error) {
      log.error("mails could not be composed; they will be tried again", { providerId, error });
    } finally {
      running.delete(providerId);
    }
  };

  const poll = async () => {
    try {
      for (const providerId of await providersWithNotices(services)) compose(providerId);
    } catch (error) {
      log.error("finding notices could not be looked for", { error });
    }
  };
  const unsubscribe = bus.subscribe("finding-notices", ({ providerId }) => compose(providerId));
  const interval = setInterval(() => void poll(), pollMs);
  void poll();
  return {
    async stop() {
      stopped = true;
      unsubscribe();
      clearInterval(interval);
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

async function providersWithNotices({ database }: Services): Promise<Id[]> {
  const rows = await database.unwalled("finding notices to mail", (tx) =>
    tx.sql<{ provider_id: Id }>("select distinct provider_id from hauswart.finding_notice where mailed_at is null"),
  );
  return rows.map(({ provider_id }) => provider_id);
}
