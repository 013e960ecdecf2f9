import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { testServices, type TestServices } from "@hauswart/testkit/seed.ts";
import type { MailboxHandler, MailboxMessage, OpenMailbox } from "./mailbox.ts";
import { readNew } from "./read-new.ts";
import { startMailbox } from "./start-mailbox.ts";
import { holdMailbox, lastUid, mailboxStanding, readerMs, releaseMailbox } from "./store.ts";

let database: TestDatabase;
let services: TestServices;
let name: string;

beforeAll(async () => {
  database = await testDatabase();
}, 60_000);
afterAll(() => database.close());
beforeEach(() => {
  name = `someone at mail.example, ${newId()}`;
  services = testServices(database);
});

const dayMs = 86_400_000;
const never = new AbortController().signal;

/** A mailbox in memory: messages by uid, each with the time at which it came. */
class MadeUpMailbox implements OpenMailbox {
  uidValidity = 1n;
  readonly received = new Map<number, number>();
  readonly marks: string[] = [];
  isReadOnly = false;

  get newestUid(): number {
    return Math.max(0, ...this.received.keys());
  }

  put(...uids: number[]): void {
    for (const uid of uids) this.received.set(uid, services.clock.now());
  }

  async uidsAfter(uid: number, since: number | undefined): Promise<number[]> {
    return [...this.received].filter(([one, at]) => one > uid && (since === undefined || at >= since)).map(([one]) => one);
  }

  async read(uid: number): Promise<MailboxMessage | undefined> {
    const receivedAtMs = this.received.get(uid);
    return receivedAtMs === undefined ? undefined : { uid, sizeBytes: 1, receivedAtMs, source: new Uint8Array(1) };
  }

  async mark(uid: number, outcome: "taken" | "given-up"): Promise<void> {
    if (this.isReadOnly) throw new Error("read-only");
    this.marks.push(`${uid} ${outcome}`);
  }

  async news(_withinMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
  }

  close(): void {
    this.marks.push("closed");
  }
}

/** Notes what it gets, and takes even numbers. */
function handler(take: (uid: number) => boolean | Promise<boolean> = (uid) => uid % 2 === 0) {
  const seen: number[] = [];
  const made: MailboxHandler = {
    name: "test",
    take: async ({ uid }) => {
      seen.push(uid);
      return take(uid);
    },
  };
  return { seen, handlers: [made] };
}

async function pass(mailbox: MadeUpMailbox, handlers: readonly MailboxHandler[]): Promise<number> {
  await holdMailbox({ services, name });
  return readNew({ services, name, handlers }, mailbox, never);
}

describe("a pass over the mailbox", () => {
  test("hands over each message once, oldest first, and marks what was taken", async () => {
    const mailbox = new MadeUpMailbox();
    const { seen, handlers } = handler();
    mailbox.put(1, 2, 3);
    expect(await pass(mailbox, handlers)).toBe(3);
    mailbox.put(4);
    expect(await pass(mailbox, handlers)).toBe(1);
    expect(await pass(mailbox, handlers)).toBe(0);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(mailbox.marks).toEqual(["2 taken", "4 taken"]);
  });

  test("of a mailbox that is new the last week is read, and never what is older", async () => {
    const mailbox = new MadeUpMailbox();
    const { seen, handlers } = handler();
    mailbox.put(1, 2);
    services.clock.advance(8 * dayMs);
    await pass(mailbox, handlers);
    await pass(mailbox, handlers);
    expect(seen).toEqual([]);
    mailbox.put(3);
    await pass(mailbox, handlers);
    expect(seen).toEqual([3]);
  });

  test("numbered anew, the last week is read again", async () => {
    const mailbox = new MadeUpMailbox();
    const { seen, handlers } = handler();
    mailbox.put(7, 8);
    await pass(mailbox, handlers);
    mailbox.uidValidity = 2n;
    mailbox.received.clear();
    mailbox.put(1, 2);
    await pass(mailbox, handlers);
    expect(seen).toEqual([7, 8, 1, 2]);
    expect(await lastUid({ services, name }, 2n)).toBe(2);
  });

  test("a handler that fails has the message again, first of all", async () => {
    const mailbox = new MadeUpMailbox();
    let isBroken = true;
    const { seen, handlers } = handler(() => {
      if (isBroken) throw new Error("the database is away");
      return true;
    });
    mailbox.put(1, 2);
    await expect(pass(mailbox, handlers)).rejects.toThrow("the database is away");
    isBroken = false;
    await pass(mailbox, handlers);
    expect(seen).toEqual([1, 1, 2]);
    expect(mailbox.marks).toEqual(["1 taken", "2 taken"]);
  });

  test("a message that nobody can deal with is flagged after three attempts, also by processes that died of it, and stops no later one", async () => {
    const mailbox = new MadeUpMailbox();
    const { seen, handlers } = handler((uid) => {
      if (uid === 1) throw new Error("no sense in it");
      return true;
    });
    mailbox.put(1, 2);
    for (let attempt = 1; attempt <= 3; attempt++) await expect(pass(mailbox, handlers)).rejects.toThrow("no sense in it");
    await pass(mailbox, handlers);
    expect(seen).toEqual([1, 1, 1, 2]);
    expect(mailbox.marks).toEqual(["1 given-up", "2 taken"]);
    expect(await services.metrics.text()).toContain('hauswart_mailbox_messages_total{outcome="given-up"} 1');
  });

  test("a message at which the mail server hangs up is flagged after three attempts too", async () => {
    const mailbox = new MadeUpMailbox();
    const { seen, handlers } = handler(() => true);
    const { read } = mailbox;
    mailbox.read = async (uid) => {
      if (uid === 1) throw new Error("connection lost");
      return read.call(mailbox, uid);
    };
    mailbox.put(1, 2);
    for (let attempt = 1; attempt <= 3; attempt++) await expect(pass(mailbox, handlers)).rejects.toThrow("connection lost");
    await pass(mailbox, handlers);
    expect(seen).toEqual([2]);
    expect(mailbox.marks).toEqual(["1 given-up", "2 taken"]);
  });

  test("a message that is gone, and one that cannot be marked, are passed over", async () => {
    const mailbox = new MadeUpMailbox();
    mailbox.isReadOnly = true;
    const { seen, handlers } = handler();
    mailbox.put(2, 4);
    mailbox.uidsAfter = async () => [1, 2, 4];
    expect(await pass(mailbox, handlers)).toBe(3);
    expect(seen).toEqual([2, 4]);
    expect(await lastUid({ services, name }, 1n)).toBe(4);
  });
});

describe("who reads", () => {
  test("one process, until it lets go or says nothing for long", async () => {
    const other = testServices(database, { clock: services.clock });
    expect(await holdMailbox({ services, name })).toBe(true);
    expect(await holdMailbox({ services: other, name })).toBe(false);
    expect(await holdMailbox({ services, name })).toBe(true);
    await releaseMailbox({ services: other, name });
    expect(await holdMailbox({ services: other, name })).toBe(false);
    await releaseMailbox({ services, name });
    expect(await holdMailbox({ services: other, name })).toBe(true);
    services.clock.advance(readerMs + 1);
    expect(await holdMailbox({ services, name })).toBe(true);
  });

  test("a mailbox that cannot be opened is tried again, and what is wrong stands in the database until it can be", async () => {
    const mailbox = new MadeUpMailbox();
    mailbox.put(2);
    let attempts = 0;
    let onTaken: () => void = () => undefined;
    const taken = new Promise<void>((resolve) => (onTaken = resolve));
    const { handlers } = handler(() => {
      onTaken();
      return true;
    });
    const failed: (string | undefined)[] = [];
    const running = startMailbox(services, {
      name,
      handlers,
      open: async () => {
        if (++attempts === 1) throw new Error("no way to imaps://me:hunter2@mail.example");
        failed.push((await mailboxStanding({ services, name }))?.problem);
        return mailbox;
      },
    });
    await taken;
    await running.stop();
    expect(failed).toEqual(["no way to imaps://[hidden]@mail.example"]);
    expect(mailbox.marks.at(-1)).toBe("closed");
    // It let go: another process begins at once.
    expect(await holdMailbox({ services: testServices(database, { clock: services.clock }), name })).toBe(true);
  });
});
