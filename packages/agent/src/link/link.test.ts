import { describe, expect, test } from "bun:test";
import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from "node:crypto";
import { newId } from "@hauswart/protocol/new-id.ts";
import type { Configure } from "@hauswart/protocol/wire/messages.ts";
import { messageLimitBytes, packedForm } from "@hauswart/protocol/wire/versions.ts";
import { FakeServerCore, type FakeConnection } from "@hauswart/testkit/fake-server.ts";
import { MemoryBuffer } from "../buffer/memory-buffer.ts";
import { FakeClock, settle } from "../testing/fake-clock.ts";
import { createLog } from "../log.ts";
import { longestWaitMs, waitAfterRefusalMs, waitMs } from "./backoff.ts";
import { AgentLink, type LinkOptions } from "./link.ts";
import { packMessage } from "./pack-message.ts";
import type { SocketEvents } from "./socket.ts";

const computer = {
  hostname: "test",
  system: "linux" as const,
  systemName: "Test",
  systemVersion: "1",
  architecture: "x64",
  fingerprint: "0123456789abcdef",
  bootedAt: 1,
  agentVersion: "0",
};
const sample = (at: number) => JSON.stringify({ check: 1, at, selectionVersion: 1, tookMs: 1, ok: { value: at } });

/** Of a size that is worth packing. */
const wideSample = (at: number) => JSON.stringify({ check: 1, at, selectionVersion: 1, tookMs: 1, ok: { name: "x".repeat(200) } });

const rawKey = (key: KeyObject) => Buffer.from(key.export({ format: "jwk" }).x!, "base64url").toString("base64");

/** Keys that sign at once: WebCrypto's threads would make a test wait for an unknown time. */
function promptIdentity(serverPublicKey: string) {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const server = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(serverPublicKey, "base64").toString("base64url") },
    format: "jwk",
  });
  return {
    publicKey: rawKey(publicKey),
    sign: async (message: Uint8Array) => sign(null, message, privateKey).toString("base64"),
    verifyServer: async (message: Uint8Array, signature: string) => verify(null, message, server, Buffer.from(signature, "base64")),
  };
}

/** A link and a server joined by a wire that can be cut. */
function setUp(change: Partial<LinkOptions> = {}) {
  const clock = new FakeClock();
  const server = new FakeServerCore(clock.now);
  const { publicKey, ...identity } = promptIdentity(server.publicKey);
  const deviceId = newId();
  server.addDevice(deviceId, publicKey);
  const buffer = new MemoryBuffer();
  const wire = { reachable: true, attempts: 0, pings: 0, answersPings: true, ended: "", current: undefined as SocketEvents | undefined };
  const configured: Configure[] = [];
  const measured: (readonly number[] | undefined)[] = [];
  const removals: number[] = [];
  const lines: string[] = [];
  const link = new AgentLink({
    identity: { deviceId, ...identity },
    runId: newId(),
    buffer,
    clock,
    log: createLog((line) => lines.push(line), clock.now),
    random: () => 0.5,
    describeComputer: async () => computer,
    checks: { test: 1 },
    configurationRevision: () => configured.at(-1)?.revision ?? "",
    configure: (configuration) => configured.push(configuration),
    removeItself: () => void removals.push(clock.now()),
    measureNow: (checks) => measured.push(checks),
    openSocket: (events) => {
      wire.attempts++;
      wire.current = events;
      let open = true;
      const connection: FakeConnection = {
        send: (text) => void (open && queueMicrotask(() => events.message(text))),
        close: () => {
          if (!open) return;
          open = false;
          queueMicrotask(() => events.closed("closed by the server"));
          server.closed(connection);
        },
      };
      queueMicrotask(() => (wire.reachable ? server.opened(connection) : events.closed("unreachable")));
      const end = (how: string) => {
        wire.ended = how;
        if (open) server.closed(connection);
        open = false;
      };
      return {
        send: (message) => open && server.received(connection, message),
        ping: () => {
          wire.pings++;
          if (wire.answersPings) queueMicrotask(() => events.alive());
        },
        unsentBytes: 0,
        close: () => end("close"),
        terminate: () => end("terminate"),
      };
    },
    ...change,
  });
  const connect = async () => {
    link.start();
    await clock.advance(1_000);
  };
  return { clock, server, buffer, wire, configured, measured, removals, lines, link, connect };
}

describe("AgentLink", () => {
  test("proves itself, is configured, sends what the buffer holds and what comes later", async () => {
    const { server, buffer, link, connect, configured } = setUp();
    buffer.append([sample(1)]);
    await connect();
    expect(link.state.kind).toBe("connected");
    expect(configured.length).toBe(1);
    buffer.append([sample(2), sample(3)]);
    link.wake();
    await settle();
    expect(server.samples.map(({ at }) => at)).toEqual([1, 2, 3]);
    expect(buffer.acknowledgedSequence).toBe(2);
    expect(link.lastAcknowledgedMs).toBeDefined();
    expect(server.objections).toEqual([]);
  });

  test("says nothing more to a server that cannot prove the pinned key", async () => {
    const { server, buffer, link, connect, configured } = setUp();
    server.behaviour.impostor = true;
    buffer.append([sample(1)]);
    await connect();
    expect(link.state).toMatchObject({ kind: "waiting", reason: expect.stringContaining("could not prove") });
    expect(server.samples).toEqual([]);
    expect(configured).toEqual([]);
  });

  test("several batches are under way at once, at most a window of them", async () => {
    const { server, buffer, connect } = setUp();
    server.behaviour.acknowledge = false;
    for (let at = 1; at <= 40; at++) buffer.append([sample(at)]);
    await connect();
    expect(server.samples.length).toBe(16);
    server.behaviour.acknowledge = true;
    server.broadcast({ type: "acknowledge", stream: buffer.stream, sequence: 16 });
    await settle();
    expect(server.samples.length).toBe(40);
    expect(buffer.acknowledgedSequence).toBe(40);
  });

  test("packs a message that goes while nothing is under way; of a backlog only the first", async () => {
    const { server, buffer, connect, link } = setUp({ pack: packMessage });
    for (let at = 1; at <= 5; at++) buffer.append([wideSample(at)]);
    await connect();
    expect([server.samples.length, server.packedMessages]).toEqual([5, 1]);
    buffer.append([wideSample(6)]);
    link.wake();
    await settle();
    expect(server.samples.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5, 6]);
    expect([server.packedMessages, server.objections]).toEqual([2, []]);
  });

  test.each([undefined, packedForm - 1])("packs nothing for a server that says %p of packed messages", async (packed) => {
    const { server, buffer, connect } = setUp({ pack: packMessage });
    server.behaviour.packed = packed;
    buffer.append([wideSample(1)]);
    await connect();
    // Of a form that does not exist it is told that the welcome does not fit the protocol.
    expect([server.packedMessages, server.samples.length]).toEqual([0, packed === undefined ? 1 : 0]);
  });

  test("a server that unpacks newer forms gets the one that this agent knows", async () => {
    const { server, buffer, connect } = setUp({ pack: packMessage });
    server.behaviour.packed = packedForm + 1;
    buffer.append([wideSample(1)]);
    await connect();
    expect([server.packedMessages, server.samples.length]).toEqual([1, 1]);
  });

  test("after a lost connection it sends again what was not stored, and nothing twice", async () => {
    const { clock, server, buffer, connect, link } = setUp();
    server.behaviour.acknowledge = false;
    for (let at = 1; at <= 5; at++) buffer.append([sample(at)]);
    await connect();
    expect(server.samples.length).toBe(5);
    server.dropConnections();
    server.behaviour.acknowledge = true;
    buffer.append([sample(6)]);
    await clock.advance(longestWaitMs);
    expect(link.state.kind).toBe("connected");
    expect(server.samples.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(server.hellos.length).toBe(2);
    expect(server.hellos[1]!.runId).toBe(server.hellos[0]!.runId);
  });

  test("a server that knows more of the stream gets the same samples in a new stream", async () => {
    const { clock, server, buffer, connect, link } = setUp();
    buffer.append([sample(1)]);
    await connect();
    const [device] = server.devices.values();
    device!.lastSequence = 9; // the agent's disk was set back
    server.dropConnections();
    buffer.append([sample(2)]);
    const before = buffer.stream;
    await clock.advance(longestWaitMs);
    expect(link.state.kind).toBe("connected");
    expect(buffer.stream).not.toBe(before);
    expect(server.samples.map(({ at }) => at)).toEqual([1, 2]);
    expect(server.objections).toEqual([]);
  });

  test("a refusal is honoured: not before the named time, soon after it", async () => {
    const { clock, server, connect, link, wire } = setUp();
    server.behaviour.refuse = { code: "DEVICE_REVOKED", retryAfterSeconds: 600 };
    await connect();
    expect(link.state).toMatchObject({ kind: "waiting", reason: "refused: DEVICE_REVOKED" });
    await clock.advance(598_000);
    expect(wire.attempts).toBe(1);
    server.behaviour.refuse = undefined;
    await clock.advance(70_000);
    expect(link.state.kind).toBe("connected");
  });

  test("removes itself when the server says so in its own hand, for this connection, and for nobody else", async () => {
    const told = async (order: "removal" | "removal-of-another" | undefined, impostor: boolean) => {
      const { server, connect, removals } = setUp();
      server.behaviour.refuse = { code: "DEVICE_REVOKED", retryAfterSeconds: 600, ...(order ? { order } : {}) };
      server.behaviour.impostor = impostor;
      await connect();
      return removals.length;
    };
    expect(await told("removal", false)).toBe(1);
    expect(await told(undefined, false)).toBe(0);
    expect(await told("removal", true)).toBe(0);
    expect(await told("removal-of-another", false)).toBe(0);
  });

  test("is back within 30 seconds of the server's return, however long it was gone", async () => {
    const { clock, server, connect, link, wire } = setUp({ random: () => 1 });
    await connect();
    await clock.advance(1_000);
    wire.reachable = false;
    server.dropConnections();
    await clock.advance(2 * 3_600_000);
    expect(link.state.kind).toBe("waiting");
    wire.reachable = true;
    await clock.advance(30_000);
    expect(link.state.kind).toBe("connected");
  });

  test("shows that it lives each half minute, and notices a server that went silent", async () => {
    const { clock, server, connect, link, wire } = setUp();
    await connect();
    await clock.advance(5 * 60_000);
    expect(wire.pings).toBe(10);
    expect(link.state.kind).toBe("connected");
    server.behaviour.silent = true;
    wire.answersPings = false;
    await clock.advance(3 * 60_000);
    expect(wire.ended).toBe("terminate");
    expect(link.state.kind).not.toBe("connected");
  });

  test("gives up on a server that takes the connection and says nothing", async () => {
    const { clock, server, connect, link, lines } = setUp();
    server.behaviour.silent = true;
    await connect();
    await clock.advance(20_000);
    expect(lines.join()).toContain("did not answer in time");
    expect(link.state.kind).not.toBe("connected");
  });

  test("says goodbye after the last samples are stored", async () => {
    const { server, buffer, connect, link, wire } = setUp();
    await connect();
    buffer.append([sample(7)]);
    await link.stop("restart");
    expect(server.goodbyes).toEqual(["restart"]);
    expect(server.samples.map(({ at }) => at)).toEqual([7]);
    expect(buffer.acknowledgedSequence).toBe(1);
    expect([link.state.kind, wire.ended]).toEqual(["stopped", "close"]);
  });

  test("ALM-1 says that the computer sleeps at once, sends nothing after it, and takes it back when nothing came of it", async () => {
    const { clock, server, buffer, connect, link } = setUp();
    server.behaviour.acknowledge = false;
    await connect();
    link.doze();
    buffer.append([sample(7)]);
    link.wake();
    await settle();
    expect([server.goodbyes, server.samples]).toEqual([["sleep"], []]);
    const heartbeats = server.heartbeats;
    link.rouse(0);
    await settle();
    expect([server.heartbeats - heartbeats, server.samples.length]).toEqual([1, 1]);
    // One that nobody takes back is over by itself.
    link.doze();
    buffer.append([sample(8)]);
    await clock.advance(90_000);
    expect(server.samples.map(({ at }) => at)).toEqual([7, 8]);
    expect(link.state.kind).toBe("connected");
  });

  test("ALM-1 connects anew after sleep, and tells how long it was until a server has heard it", async () => {
    const untold = [{ from: 1_000, until: 5_000_000 }];
    const told: unknown[] = [];
    const { clock, server, wire, connect, link } = setUp({ sleep: { untold, told: (sleeps) => told.push(...sleeps) } });
    wire.reachable = false;
    await connect();
    await clock.advance(600_000); // waits long between its attempts by now
    expect([link.state.kind, told]).toEqual(["waiting", []]);
    wire.reachable = true;
    link.rouse(600_000);
    await clock.advance(1_000);
    expect(link.state.kind).toBe("connected");
    expect([server.hellos.at(-1)!.slept, told]).toEqual([untold, untold]);
    // Slept for longer than the server waits: the connection is dead, though nothing told us.
    const hellos = server.hellos.length;
    link.rouse(3_600_000);
    await clock.advance(1_000);
    expect([wire.ended, server.hellos.length - hellos, link.state.kind]).toEqual(["terminate", 1, "connected"]);
    expect(server.objections).toEqual([]);
    await link.stop("agent-stop");
    link.rouse(3_600_000);
    expect(link.state.kind).toBe("stopped");
  });

  test("a stop does not wait for ever for a server that does not acknowledge", async () => {
    const { clock, server, buffer, connect, link } = setUp();
    server.behaviour.acknowledge = false;
    await connect();
    buffer.append([sample(7)]);
    const stopped = link.stop("shutdown");
    await clock.advance(3_000);
    await stopped;
    expect(server.goodbyes).toEqual(["shutdown"]);
  });

  test("measures the clock's offset", async () => {
    const { server, connect, link } = setUp();
    server.behaviour.clockOffsetMs = -90_000;
    await connect();
    expect(link.clockOffsetMs).toBe(90_000);
  });

  test("a server that speaks only newer versions is asked again later, and the reason is told", async () => {
    const { clock, server, connect, link, wire } = setUp();
    server.behaviour.versions = { oldest: 7, newest: 9 };
    await connect();
    expect(link.state).toMatchObject({ reason: expect.stringContaining("no protocol version") });
    await clock.advance(299_000);
    expect(wire.attempts).toBe(1);
    expect(server.hellos).toEqual([]);
  });

  test("asks to measure now are passed on", async () => {
    const { server, connect, measured } = setUp();
    await connect();
    server.broadcast({ type: "measure-now", checks: [3] });
    server.broadcast({ type: "measure-now" });
    await settle();
    expect(measured).toEqual([[3], undefined]);
  });

  const wrong: [string, string][] = [
    ["is not JSON", "{"],
    ["has a type nobody knows", '{"type":"dance"}'],
    ["does not fit its schema", '{"type":"acknowledge","stream":"x","sequence":-1}'],
    ["is too large", `{"type":"measure-now","x":"${"x".repeat(messageLimitBytes)}"}`],
    ["comes out of turn", JSON.stringify({ type: "challenge", nonce: "A".repeat(44), versions: { oldest: 1, newest: 1 }, serverTime: 1 })],
  ];
  for (const [what, text] of wrong) {
    test(`a message that ${what} ends the connection, and the next one works`, async () => {
      const { clock, server, connect, link } = setUp();
      await connect();
      server.broadcast(text);
      await settle();
      expect(link.state.kind).toBe("waiting");
      await clock.advance(longestWaitMs);
      expect(link.state.kind).toBe("connected");
    });
  }

  test("orders before the server has proven itself end the connection", async () => {
    const { clock, server, link, wire, measured } = setUp();
    server.behaviour.silent = true;
    link.start();
    await clock.advance(1_000);
    wire.current!.message(JSON.stringify({ type: "measure-now" }));
    await settle();
    expect(measured).toEqual([]);
    expect(link.state.kind).toBe("waiting");
  });

  test("an acknowledgement of another stream changes nothing", async () => {
    const { server, buffer, connect, link } = setUp();
    server.behaviour.acknowledge = false;
    buffer.append([sample(1)]);
    await connect();
    server.broadcast({ type: "acknowledge", stream: newId(), sequence: 1 });
    await settle();
    expect(buffer.acknowledgedSequence).toBe(0);
    expect(link.state.kind).toBe("connected");
  });
});

describe("waits", () => {
  test("grow to their bound and are spread over all of it", () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((failures) => waitMs(failures, 1))).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(waitMs(50, 0)).toBe(0);
  });
  test("after a refusal are at least what was named", () => {
    for (const random of [0, 0.3, 1]) expect(waitAfterRefusalMs(600, 0, random)).toBeGreaterThanOrEqual(600_000);
    expect(waitAfterRefusalMs(600, 0, 1)).toBe(660_000);
    expect(waitAfterRefusalMs(0, 4, 1)).toBe(16_000);
  });
});
