/** What every bus must do, whichever way its messages travel. */
import { describe, expect, test } from "bun:test";
import type { Bus } from "@hauswart/server/bus/bus.ts";
import { newId } from "@hauswart/protocol/ids.ts";

export interface BusUnderTest {
  /** Where messages are put in. */
  readonly sender: Bus;
  /** Where they come out; the same bus in one process, another end of it between several. */
  readonly receiver: Bus;
  /** Settled when everything that was published has been delivered, and every receiver has finished. */
  readonly settle: () => Promise<void>;
  /** How often a receiver's failure was logged. */
  readonly failures: () => number;
  readonly close: () => Promise<void>;
}

type WithBus = (work: (bus: BusUnderTest) => Promise<void>) => () => Promise<void>;

const notice = () => ({ providerId: newId() });

/** Declares the tests for one kind of bus. */
export function describeBus(name: string, make: () => Promise<BusUnderTest>): void {
  const withBus: WithBus = (work) => async () => {
    const bus = await make();
    try {
      await work(bus);
    } finally {
      await bus.close();
    }
  };
  describe(`${name} keeps the contract of a bus`, () => {
    testDelivery(withBus);
    testReceivers(withBus);
  });
}

/** Who hears what, and when. */
function testDelivery(withBus: WithBus): void {
  test(
    "a message reaches everybody who is subscribed to its topic, as it was sent",
    withBus(async ({ sender, receiver, settle }) => {
      const heard: unknown[] = [];
      receiver.subscribe("device-measure", (message) => void heard.push(["first", message]));
      receiver.subscribe("device-measure", (message) => void heard.push(["second", message]));
      const message = { providerId: newId(), deviceId: newId(), checks: [1, 2] };
      sender.publish("device-measure", message);
      await settle();
      expect(heard).toEqual([
        ["first", message],
        ["second", message],
      ]);
    }),
  );

  test(
    "other topics do not hear it",
    withBus(async ({ sender, receiver, settle }) => {
      const heard: unknown[] = [];
      receiver.subscribe("mail-queued", (message) => void heard.push(message));
      sender.publish("finding-notices", notice());
      await settle();
      expect(heard).toEqual([]);
    }),
  );

  test(
    "messages of a topic come in the order in which they were sent",
    withBus(async ({ sender, receiver, settle }) => {
      const sent = Array.from({ length: 50 }, notice);
      const heard: unknown[] = [];
      receiver.subscribe("finding-notices", (message) => void heard.push(message));
      for (const message of sent) sender.publish("finding-notices", message);
      await settle();
      expect(heard).toEqual(sent);
    }),
  );

  test(
    "publishing does not run the receivers: the sender finishes first",
    withBus(async ({ sender, receiver, settle }) => {
      const order: string[] = [];
      receiver.subscribe("finding-notices", () => void order.push("received"));
      sender.publish("finding-notices", notice());
      order.push("published");
      await settle();
      expect(order).toEqual(["published", "received"]);
    }),
  );
}

/** Receivers that fail, leave, or are not there. */
function testReceivers(withBus: WithBus): void {
  test(
    "a receiver that throws or rejects is logged and harms neither the sender nor the others",
    withBus(async ({ sender, receiver, settle, failures }) => {
      const heard: unknown[] = [];
      receiver.subscribe("mail-queued", () => {
        throw new Error("at once");
      });
      receiver.subscribe("mail-queued", () => Promise.reject(new Error("later")));
      receiver.subscribe("mail-queued", (message) => void heard.push(message));
      sender.publish("mail-queued", notice());
      await settle();
      expect([heard.length, failures()]).toEqual([1, 2]);
    }),
  );

  test(
    "who has ended a subscription hears nothing more; others with the same handler do",
    withBus(async ({ sender, receiver, settle }) => {
      let count = 0;
      const handler = () => void count++;
      const end = receiver.subscribe("mail-queued", handler);
      receiver.subscribe("mail-queued", handler);
      end();
      end();
      sender.publish("mail-queued", notice());
      await settle();
      expect(count).toBe(1);
    }),
  );

  test(
    "nobody listening is no error",
    withBus(async ({ sender, settle }) => {
      expect(() => sender.publish("mail-queued", notice())).not.toThrow();
      await settle();
    }),
  );
}
