import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { verify, createPublicKey } from "node:crypto";
import { newId } from "@hauswart/protocol/ids.ts";
import { removalOrder, serverProof } from "@hauswart/protocol/wire/proofs.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { packedMessage as packed } from "@hauswart/testkit/packed-message.ts";
import { tankRegistry, tankSample } from "@hauswart/testkit/tank-check.ts";
import { until } from "@hauswart/testkit/until.ts";
import { enrolledAgent, makeAgentKey, WireAgent, type Received } from "@hauswart/testkit/wire-agent.ts";

setDefaultTimeout(120_000);

let server: TestServer;
let token: string;

beforeAll(async () => {
  server = await testServer({ services: { checks: tankRegistry } });
  const { customerId } = await server.api("createCustomer", { body: { name: "Mill" } });
  const { siteId } = await server.api("createSite", { body: { customerId, name: "Main" } });
  token = (await server.api("createEnrolmentToken", { body: { siteId, uses: 1_000 } })).token;
});
afterAll(() => server.close());

const agentOf = () => enrolledAgent(server.url, token);
const level = (percent: number | null, change = {}) => ({ ok: tankSample({ A: percent }, change) as never });

function rows<Row extends object>(statement: string, agent: WireAgent): Promise<Row[]> {
  return server.database.transaction({ providerId: server.providerId, customers: "*" }, (tx) => tx.sql<Row>(statement, [agent.deviceId]));
}
const storedValues = async (agent: WireAgent) =>
  (await rows<{ values: number[] }>("select values from sample_batch where device_id = $1 order by received_at, sequence", agent)).map(
    ({ values }) => values,
  );
const findings = (agent: WireAgent) =>
  rows<{ code: string; subject: string; severity: string; state: string }>(
    `select code, subject, severity, case when closed_at is null then 'open' else close_reason end as state from finding where device_id = $1 order by opened_at, finding_id`,
    agent,
  );

describe("a connection", () => {
  test("the server proves itself, configures, stores and acknowledges", async () => {
    const agent = await agentOf();
    const challenge = await agent.open();
    agent.hello(challenge, { nonce: Buffer.alloc(32, 7).toString("base64") });
    const refused = await agent.answer();
    expect(refused.type).toBe("refused"); // the signature was made with another nonce
    const welcome = await agent.connect();
    expect(welcome).toMatchObject({ type: "welcome", epoch: 1, lastSequence: 0, startNewStream: false });
    const { checks } = await agent.next("configure");
    expect(checks).toMatchObject([{ number: 0, check: "tank", everySeconds: 60, selection: { only: [] } }]);
    agent.batch([level(10)]);
    await agent.stored();
    expect(await storedValues(agent)).toEqual([[2, 10]]);
    agent.drop();
  });

  test("packed batches are stored like others, also one that was sent unpacked before", async () => {
    const agent = await agentOf();
    expect(await agent.connect()).toMatchObject({ type: "welcome", packed: 1 });
    agent.isPacking = true;
    agent.batch([level(10)]);
    await agent.stored();
    agent.isPacking = false;
    const again = [{ ...level(20), at: Date.now() }];
    const sequence = agent.batch(again);
    await agent.stored();
    agent.isPacking = true;
    agent.batch(again, sequence);
    agent.batch([level(30)]);
    await agent.stored();
    expect(await storedValues(agent)).toEqual([
      [2, 10],
      [2, 20],
      [2, 30],
    ]);
    agent.drop();
  });

  test("the signature in the welcome is the pinned key's", async () => {
    const agent = await agentOf();
    const { nonce: serverNonce } = await agent.open();
    let said: { nonce: string } | undefined;
    const say = agent.say.bind(agent);
    agent.say = (message) => say((said = message as { nonce: string }));
    agent.hello({ type: "challenge", nonce: serverNonce } as never);
    const welcome = (await agent.answer()) as { signature: string };
    const key = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(server.services.identity.publicKey, "base64").toString("base64url") },
      format: "jwk",
    });
    expect(verify(null, serverProof(said!.nonce, serverNonce, agent.deviceId), key, Buffer.from(welcome.signature, "base64"))).toBe(true);
    agent.drop();
  });

  test("an agent that has its configuration is not told again", async () => {
    const agent = await agentOf();
    await agent.connect();
    agent.configurationRevision = (await agent.next("configure")).revision;
    await agent.connect();
    agent.batch([level(1)]);
    expect(await Promise.race([agent.next("configure").then(() => "told"), agent.stored().then(() => "only its message")])).toBe(
      "only its message",
    );
    agent.drop();
  });

  test("findings open and close, and the device's state follows", async () => {
    const agent = await agentOf();
    await agent.connect();
    // A minute apart: a sample of the same millisecond as another is not in the other's past.
    agent.batch([{ ...level(90), at: Date.now() - 60_000 }]);
    agent.batch([level(97)]);
    await agent.stored();
    const { items } = await server.api("listFindings", { query: { deviceId: agent.deviceId } });
    expect(items).toMatchObject([{ code: "full", subject: "A", severity: "failure", state: "open", evidence: { levelPercent: 97 } }]);
    const { items: checks } = await server.api("listDeviceChecks", { params: { deviceId: agent.deviceId } });
    const subjects = [
      { code: "full", subject: "A", state: "failure" },
      { code: "rising", subject: "A", state: "ok", evidence: { levelPercent: 97 } },
    ];
    expect(checks).toMatchObject([{ state: "failure", subjects }]);
    agent.batch([level(10)]);
    await agent.stored();
    expect(await findings(agent)).toEqual([{ code: "full", subject: "A", severity: "failure", state: "recovered" }]);
    const { events } = await server.api("getFinding", { params: { findingId: items[0]!.findingId } });
    expect(events.map(({ kind }) => kind)).toEqual(["opened", "changed", "closed"]);
    agent.drop();
  });
});

describe("who is not let in", () => {
  const refusal = async (agent: WireAgent, change = {}) => {
    const answer = await agent.connect(change);
    await agent.closed();
    return answer.type === "refused" ? [answer.code, answer.retryAfterSeconds > 0] : ["welcome", false];
  };

  test("a device that nobody knows", async () => {
    const { privateKey } = makeAgentKey();
    expect(await refusal(new WireAgent({ url: server.url, deviceId: newId(), privateKey }))).toEqual(["DEVICE_UNKNOWN", true]);
  });
  test("an agent that claims another device's id", async () => {
    const [one, other] = [await agentOf(), await agentOf()];
    expect(await refusal(one, { deviceId: other.deviceId })).toEqual(["SIGNATURE_INVALID", true]);
  });
  test("a revoked device, connected or not", async () => {
    const agent = await agentOf();
    await agent.connect();
    await server.api("revokeDevice", { params: { deviceId: agent.deviceId } });
    expect((await agent.next("refused")).code).toBe("DEVICE_REVOKED");
    await agent.closed();
    expect(await refusal(agent)).toEqual(["DEVICE_REVOKED", true]);
  });
  test("a removed device: its agent comes back for the signed order to remove itself, and nobody else gets one", async () => {
    const agent = await agentOf();
    await agent.connect();
    await server.api("revokeDevice", { params: { deviceId: agent.deviceId }, body: { removeAgent: true } });
    // Sent away for some seconds only.
    const { code, retryAfterSeconds } = await agent.next("refused");
    expect([code, retryAfterSeconds < 10]).toEqual(["EPOCH_OUTDATED", true]);
    await agent.closed();
    const { privateKey } = agent;
    agent.privateKey = makeAgentKey().privateKey;
    expect(await agent.connect()).not.toHaveProperty("removal");
    agent.privateKey = privateKey;
    const sent: { nonce: string }[] = [];
    const say = agent.say.bind(agent);
    agent.say = (message) => (sent.push(message as { nonce: string }), say(message));
    const challenge = await agent.open();
    agent.hello(challenge);
    const refused = (await agent.answer()) as Received<"refused">;
    expect(refused.code).toBe("DEVICE_REVOKED");
    const serverKey = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(server.services.identity.publicKey, "base64").toString("base64url") },
      format: "jwk",
    });
    const order = removalOrder(sent[0]!.nonce, challenge.nonce, agent.deviceId);
    expect(verify(null, order, serverKey, Buffer.from(refused.removal!, "base64"))).toBe(true);
  });
  test("a device that was revoked first can still be told to remove itself, and one that is enrolled anew is not", async () => {
    const agent = await agentOf();
    await server.api("revokeDevice", { params: { deviceId: agent.deviceId } });
    expect(await agent.connect()).toEqual({ type: "refused", code: "DEVICE_REVOKED", retryAfterSeconds: expect.any(Number) });
    await server.api("revokeDevice", { params: { deviceId: agent.deviceId }, body: { removeAgent: true } });
    expect(await agent.connect()).toHaveProperty("removal");
  });
  test("an agent of another time", async () => {
    expect(await refusal(await agentOf(), { version: 99 })).toEqual(["PROTOCOL_UNSUPPORTED", true]);
  });
  test("a hello that was recorded before", async () => {
    const agent = await agentOf();
    const sent: unknown[] = [];
    const say = agent.say.bind(agent);
    agent.say = (message) => (sent.push(message), say(message));
    await agent.connect();
    await agent.open();
    say(sent[0]);
    expect(await agent.answer()).toMatchObject({ type: "refused", code: "SIGNATURE_INVALID" });
  });
});

describe("what is no message", () => {
  const valid = JSON.stringify({
    type: "batch",
    stream: newId(),
    sequence: 1,
    sentAt: 1,
    samples: [{ check: 0, at: 1, selectionVersion: 1, tookMs: 1, noData: "x" }],
  });
  test.each([
    ["half a message", valid.slice(0, valid.length / 2)],
    ["no JSON", "hello"],
    ["an unknown type", '{"type":"dance"}'],
    ["a batch without samples", '{"type":"batch","samples":[]}'],
    ["a sequence that is no number", valid.replace('"sequence":1', '"sequence":"1"')],
    ["a second hello", JSON.stringify({ type: "hello" })],
    ["a server's message", '{"type":"welcome"}'],
    ["nesting without end", `{"type":"batch","x":${"[".repeat(50_000)}`],
    ["null", "null"],
    ["an array", "[]"],
  ])("%s ends this connection with a word, and no other", async (_name, text) => {
    const [agent, bystander] = [await agentOf(), await agentOf()];
    await agent.connect();
    await bystander.connect();
    agent.say(text);
    expect((await agent.next("refused")).code).toBe("MESSAGE_MALFORMED");
    await agent.closed();
    bystander.batch([level(1)]);
    await bystander.stored();
    await agent.connect();
    agent.batch([level(1)]);
    await agent.stored();
    agent.drop();
    bystander.drop();
  });

  test.each([
    ["binary data", new Uint8Array([1, 2, 3])],
    ["an empty frame", new Uint8Array()],
    ["a packed message of an unknown form", new Uint8Array([200, ...packed(valid).subarray(1)])],
    ["a packed message without its end", packed(valid).subarray(0, -3)],
    ["a packed message within a packed one", packed(packed(valid))],
    ["100 MB in 100 kB", packed(new Uint8Array(100 * 1024 * 1024).fill(0x20))],
    ["a packed message that is none", packed('{"type":"dance"}')],
  ])("%s ends this connection with a word, and no other", async (_name, bytes) => {
    const [agent, bystander] = [await agentOf(), await agentOf()];
    await agent.connect();
    await bystander.connect();
    agent.sayBinary(bytes);
    expect((await agent.next("refused")).code).toBe("MESSAGE_MALFORMED");
    await agent.closed();
    bystander.batch([level(1)]);
    await bystander.stored();
    for (const one of [agent, bystander]) one.drop();
  });
  test("what is packed before the welcome is not unpacked", async () => {
    const agent = await agentOf();
    await agent.open();
    agent.sayBinary(packed(valid));
    expect(await agent.next("refused")).toMatchObject({ code: "MESSAGE_MALFORMED", detail: "packed before welcome" });
    expect(await storedValues(agent)).toEqual([]);
  });
  test("nobody makes the server read much before the welcome", async () => {
    for (const [text, detail] of [
      [valid, "batch before welcome"],
      [JSON.stringify({ type: "hello", padding: "x".repeat(70_000) }), "too large before welcome"],
    ] as const) {
      const agent = await agentOf();
      await agent.open();
      agent.say(text);
      expect(await agent.next("refused")).toMatchObject({ code: "MESSAGE_MALFORMED", detail });
      expect(await storedValues(agent)).toEqual([]);
    }
  });
  test("a message of 1 MB ends the connection", async () => {
    const agent = await agentOf();
    await agent.connect();
    agent.say(`{"type":"heartbeat","x":"${"x".repeat(1024 * 1024)}"}`);
    // 1009, too big, or 1006 where the other side had gone before it could say so.
    expect([1009, 1006]).toContain(await agent.closed());
    expect((await agent.connect()).type).toBe("welcome");
    agent.drop();
  });
  test("a batch before the welcome", async () => {
    const agent = await agentOf();
    await agent.open();
    agent.batch([level(1)]);
    expect((await agent.next("refused")).code).toBe("MESSAGE_MALFORMED");
    expect(await storedValues(agent)).toEqual([]);
  });
});

describe("NUL bytes and broken characters", () => {
  test("are marked, stored, and harm nothing", async () => {
    const agent = await agentOf();
    await agent.connect();
    const tanks = [{ name: "A\0B", liquid: "\ud800", levelPercent: 99 }];
    agent.batch([{ ok: { ...tankSample({}), tanks, leaks: [{ at: Date.now(), tank: "\0" }] } }, { noData: "why\0" }]);
    await agent.stored();
    expect(await findings(agent)).toMatchObject([{ subject: "A\uFFFDB", state: "open" }]);
    expect(await rows("select body->>'tank' as tank from sample_entry where device_id = $1", agent)).toEqual([{ tank: "\uFFFD" }]);
    expect(await rows("select detail from sample_outcome where device_id = $1", agent)).toEqual([{ detail: "why\uFFFD" }]);
    agent.drop();
  });
});

describe("a sample that does not fit its check", () => {
  test("is put aside with its message and a finding; the others of the message are stored", async () => {
    const agent = await agentOf();
    await agent.connect();
    agent.batch([level(10), { ok: { nonsense: true } }, level(20)]);
    await agent.stored();
    expect(await storedValues(agent)).toEqual([[2, 10, 2, 20]]);
    expect(await findings(agent)).toMatchObject([{ code: "message-quarantined", state: "open" }]);
    const [quarantined] = await rows<{ body: Buffer; error: string }>(
      "select body, error from quarantined_message where device_id = $1",
      agent,
    );
    expect(quarantined!.body.toString()).toContain("nonsense");
    expect(quarantined!.error).toContain("pumpCount");
    agent.drop();
  });
});

describe("going and coming back", () => {
  const presence = async (agent: WireAgent) => (await server.api("getDevice", { params: { deviceId: agent.deviceId } })).presence;
  const untilShown = (agent: WireAgent, state: string, reason: string | null) =>
    until(`${state} ${reason}`, async () => {
      const now = await presence(agent);
      return now.state === state && now.reason === reason;
    });

  test("a goodbye is written down, an agent that speaks again did not go", async () => {
    const agent = await agentOf();
    expect((await presence(agent)).state).toBe("never-connected");
    await agent.connect();
    await untilShown(agent, "present", null);
    agent.say({ type: "goodbye", reason: "sleep", at: Date.now() });
    await untilShown(agent, "shut-down", "sleep");
    agent.say({ type: "heartbeat", agentTime: Date.now() });
    await untilShown(agent, "present", null);
    agent.say({ type: "goodbye", reason: "shutdown", at: Date.now() });
    agent.drop();
    await untilShown(agent, "shut-down", "shutdown");
    await agent.connect();
    await untilShown(agent, "present", null);
    agent.drop();
  });

  test("of many goodbyes the last counts, a device that says too many is turned away, and no other waits for them", async () => {
    const [agent, bystander] = [await agentOf(), await agentOf()];
    await agent.connect();
    await bystander.connect();
    for (let index = 0; index < 1_000; index++) agent.say({ type: "goodbye", reason: index % 2 ? "sleep" : "shutdown", at: Date.now() });
    bystander.say({ type: "goodbye", reason: "restart", at: Date.now() });
    await untilShown(bystander, "shut-down", "restart");
    bystander.drop();
    await untilShown(agent, "shut-down", "sleep");
    for (let index = 0; index < 5_000; index++) agent.say({ type: "goodbye", reason: "restart", at: Date.now() });
    expect(await agent.next("refused")).toMatchObject({ code: "SERVER_BUSY", detail: "more than a device may send" });
    await agent.closed();
    // Who comes back at once has no more than before.
    await agent.connect();
    agent.say({ type: "goodbye", reason: "sleep", at: Date.now() });
    expect(await agent.next("refused")).toMatchObject({ detail: "more than a device may send" });
  });

  test("the connection that ended last does not undo the one that took over", async () => {
    const agent = await agentOf();
    await agent.connect();
    const second = new WireAgent({ url: server.url, deviceId: agent.deviceId, privateKey: agent.privateKey, computer: agent.computer });
    Object.assign(second, { runId: agent.runId, stream: agent.stream });
    expect(await second.connect()).toMatchObject({ type: "welcome", epoch: 2 });
    expect((await agent.next("refused")).code).toBe("EPOCH_OUTDATED");
    await agent.closed();
    second.batch([level(3)]);
    await second.stored();
    expect((await presence(agent)).state).toBe("present");
    second.drop();
  });

  test("what an agent says of its computer is written down, with its clock put right", async () => {
    const agent = await agentOf();
    agent.clockOffsetMs = 7_200_000;
    const bootedAt = Date.now() - 60_000;
    agent.computer = { ...agent.computer, hostname: "renamed", agentVersion: "0.2.0", bootedAt: bootedAt + agent.clockOffsetMs };
    await agent.connect();
    const device = await server.api("getDevice", { params: { deviceId: agent.deviceId } });
    expect(device).toMatchObject({ name: "renamed", hostname: "renamed", agentVersion: "0.2.0" });
    expect(Math.abs(Date.parse(device.bootedAt!) - bootedAt)).toBeLessThan(5_000);
    expect(await findings(agent)).toMatchObject([{ code: "clock-wrong", state: "open" }]);
    agent.drop();
  });
});

describe("orders from the server", () => {
  test("measure now", async () => {
    const agent = await agentOf();
    await agent.connect();
    await server.api("measureDevice", { params: { deviceId: agent.deviceId }, body: { checks: [0] } });
    expect(await agent.next("measure-now")).toEqual({ type: "measure-now", checks: [0] });
    agent.drop();
  });

  test("a changed threshold holds at once, for what was measured before", async () => {
    const agent = await agentOf();
    await agent.connect();
    agent.batch([level(70)]);
    await agent.stored();
    expect(await findings(agent)).toEqual([]);
    const policy = await server.api("createPolicy", {
      body: {
        name: `low ${agent.deviceId}`,
        checks: [{ check: "tank", settings: { warningAbove: 60 } }],
        assignments: [{ scope: "device", scopeId: agent.deviceId }],
      },
    });
    const settled = async (state: string) => {
      await until(`a finding that is ${state}`, async () => (await findings(agent))[0]?.state === state);
      expect((await findings(agent)).map((finding) => finding.state)).toEqual([state]);
    };
    await settled("open");
    await server.api("deletePolicy", { params: { policyId: policy.policyId } });
    await settled("recovered");
    agent.drop();
  });

  test("a changed selection reaches the agent", async () => {
    const agent = await agentOf();
    await agent.connect();
    const { revision } = await agent.next("configure");
    await server.api("createPolicy", {
      body: {
        name: `only ${agent.deviceId}`,
        checks: [{ check: "tank", settings: { only: ["A"] } }],
        assignments: [{ scope: "device", scopeId: agent.deviceId }],
      },
    });
    const changed = await agent.next("configure");
    expect(changed.checks).toMatchObject([{ selection: { only: ["A"] }, selectionVersion: 2 }]);
    expect(changed.revision).not.toBe(revision);
    agent.drop();
  });

  test("a check that is switched off leaves no finding behind, and its late samples are not kept", async () => {
    const agent = await agentOf();
    await agent.connect();
    agent.batch([level(99)]);
    await agent.stored();
    expect((await findings(agent)).map((finding) => finding.state)).toEqual(["open"]);
    await server.api("createPolicy", {
      body: {
        name: `off ${agent.deviceId}`,
        checks: [{ check: "tank", enabled: false }],
        assignments: [{ scope: "device", scopeId: agent.deviceId }],
      },
    });
    const { checks } = await agent.next("configure");
    expect(checks).toEqual([]);
    agent.batch([level(99)]);
    await agent.stored();
    expect((await findings(agent)).map((finding) => finding.state)).toEqual(["check-ended"]);
    expect(await storedValues(agent)).toEqual([[2, 99]]);
    agent.drop();
  });
});
