/** The bus of a server that is alone: messages stay in the process. */
import type { Logger } from "../operation/log.ts";
import type { Bus, Topics } from "./bus.ts";

type Handler = (message: never) => void | Promise<void>;

/**
 * Delivers each message after the publisher has finished its own work, in the order of publishing, to everybody who is
 * subscribed at that moment. A handler that fails is logged and harms nobody else.
 */
export function inProcessBus(log: Logger): Bus {
  const handlers = new Map<keyof Topics, Set<{ readonly handle: Handler }>>();
  const deliver = async (topic: keyof Topics, handle: Handler, message: unknown) => {
    try {
      await handle(message as never);
    } catch (error) {
      log.error("a receiver of the bus failed", { topic, error });
    }
  };
  return {
    publish(topic, message) {
      queueMicrotask(() => {
        const subscribed = [...(handlers.get(topic) ?? [])];
        for (const { handle } of subscribed) void deliver(topic, handle, message);
      });
    },
    subscribe(topic, handler) {
      const subscription = { handle: handler as Handler };
      const subscribed = handlers.get(topic) ?? new Set();
      handlers.set(topic, subscribed.add(subscription));
      return () => void subscribed.delete(subscription);
    },
  };
}
