import { describe, expect, test } from "bun:test";
import type { SignedIn, SignedInPerson } from "@hauswart/protocol/wire/messages.ts";
import { createLog } from "../log.ts";
import { FakeClock } from "../testing/fake-clock.ts";
import { SignedInWatch } from "./signed-in-watch.ts";

const person = (name: string): SignedInPerson => ({ name, by: "screen", since: 1, state: "active" });

/** A computer at which people come and go as the test wants. */
function setUp({ follows = true } = {}) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const said: (readonly string[] | null)[] = [];
  const messages: Omit<SignedIn, "type">[] = [];
  const computer = {
    people: [person("anna")] as readonly SignedInPerson[] | null,
    problem: undefined as string | undefined,
    loads: 0,
    reads: 0,
    changed: undefined as (() => void) | undefined,
    lost: () => {},
    isConnected: true,
  };
  const watch = new SignedInWatch({
    clock,
    log: createLog((line) => lines.push(line), clock.now),
    load: async () => {
      computer.loads++;
      return {
        everyMs: 60_000,
        read: async () => {
          computer.reads++;
          if (computer.problem !== undefined) throw new Error(computer.problem);
          return computer.people;
        },
        ...(follows
          ? {
              follow: async (changed: () => void, lost: () => void) => {
                Object.assign(computer, { changed, lost });
                return () => (computer.changed = undefined);
              },
            }
          : {}),
      };
    },
    tell: (message) => {
      if (!computer.isConnected) return false;
      messages.push(message);
      said.push(message.people?.map(({ name }) => name) ?? null);
      return true;
    },
  });
  return { clock, computer, watch, said, messages, lines };
}

describe("who is signed in", () => {
  test("is neither looked for nor told until a server asks, and never again once it does not", async () => {
    const { clock, computer, watch, said } = setUp();
    watch.asked(false);
    await clock.advance(3_600_000);
    expect([computer.loads, said]).toEqual([0, []]);
    watch.asked(true);
    await clock.advance(1);
    expect(said).toEqual([["anna"]]);
    watch.asked(false);
    expect(computer.changed).toBeUndefined();
    computer.people = [person("ben")];
    const { reads } = computer;
    await clock.advance(3_600_000);
    expect([computer.reads, said]).toEqual([reads, [["anna"]]]);
    expect(clock.nextTimerMs).toBeUndefined();
  });

  test("is told when it changes, what comes together in one message, and what comes to nothing not at all", async () => {
    const { clock, computer, watch, said } = setUp();
    watch.asked(true);
    await clock.advance(20_000);
    computer.people = [];
    computer.changed!();
    await clock.advance(500);
    computer.people = [person("ben"), person("cora")];
    computer.changed!();
    await clock.advance(1_000);
    expect(said).toEqual([["anna"], ["ben", "cora"]]);
    computer.changed!();
    await clock.advance(30_000);
    expect(said).toHaveLength(2);
  });

  test("costs little where somebody comes and goes every second", async () => {
    const { clock, computer, watch, said } = setUp();
    watch.asked(true);
    for (let second = 0; second < 60; second++) {
      await clock.advance(1_000);
      computer.people = second % 2 === 0 ? [] : [person("backup")];
      computer.changed!();
    }
    expect(said.length).toBeLessThanOrEqual(5);
    expect(said.length).toBeGreaterThan(1);
  });

  test("is looked for from time to time where the system says nothing of changes, and where it ceases to", async () => {
    const { clock, computer, watch, said } = setUp({ follows: false });
    watch.asked(true);
    await clock.advance(59_000);
    computer.people = [];
    expect(said).toEqual([["anna"]]);
    await clock.advance(2_000);
    expect(said).toEqual([["anna"], []]);

    const other = setUp();
    other.watch.asked(true);
    await other.clock.advance(20_000);
    other.computer.people = [person("ben")];
    other.computer.lost();
    await other.clock.advance(2_000);
    expect(other.said).toEqual([["anna"], ["ben"]]);
  });

  test("is told anew to each connection, and later where it could not be said", async () => {
    const { clock, computer, watch, said } = setUp();
    watch.asked(true);
    await clock.advance(1_000);
    watch.asked(true);
    await clock.advance(1_000);
    expect(said).toEqual([["anna"], ["anna"]]);
    computer.isConnected = false;
    computer.people = [];
    await clock.advance(20_000);
    computer.changed!();
    await clock.advance(2_000);
    expect(said).toHaveLength(2);
    computer.isConnected = true;
    await clock.advance(60_000);
    expect(said.at(-1)).toEqual([]);
  });

  test("is not known where it cannot be read: told once, logged once, and put right by the next look", async () => {
    const { clock, computer, watch, said, lines } = setUp({ follows: false });
    computer.problem = "no such thing";
    watch.asked(true);
    await clock.advance(200_000);
    expect(said).toEqual([null]);
    expect(lines.filter((line) => line.includes("no such thing"))).toHaveLength(1);
    computer.problem = undefined;
    await clock.advance(60_000);
    expect(said).toEqual([null, ["anna"]]);
  });

  test("of a terminal server are named as many as the protocol takes, and the others counted", async () => {
    const { clock, computer, watch, messages } = setUp();
    computer.people = Array.from({ length: 73 }, (_, index) => person(`${index}`.padEnd(200, "x")));
    watch.asked(true);
    await clock.advance(1_000);
    expect(messages[0]!.people).toHaveLength(50);
    expect(messages[0]!.people![0]!.name).toHaveLength(120);
    expect(messages[0]!.others).toBe(23);
  });

  test("is not told after the end", async () => {
    const { clock, computer, watch, said } = setUp();
    watch.asked(true);
    watch.stop();
    watch.asked(true);
    await clock.advance(60_000);
    expect([computer.reads, said]).toEqual([0, []]);
  });
});
