/** Nothing acknowledged is lost, nothing is counted twice, and nobody is believed who cannot be. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { tankRegistry, tankSample } from "@hauswart/testkit/tank-check.ts";
import { enrolledAgent, enrolOverHttp, WireAgent } from "@hauswart/testkit/wire-agent.ts";

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
const level = (percent: number, change = {}) => ({ ok: tankSample({ A: percent }) as never, ...change });

function rows<Row extends object>(statement: string, agent: WireAgent): Promise<Row[]> {
  return server.database.transaction({ providerId: server.providerId, customers: "*" }, (tx) => tx.sql<Row>(statement, [agent.deviceId]));
}
/** The stored levels, in the order of their messages. */
const levels = async (agent: WireAgent) =>
  (
    await rows<{ level: number }>("select values[2] as level from sample_batch where device_id = $1 order by received_at, sequence", agent)
  ).map((row) => row.level);
const findings = async (agent: WireAgent) =>
  (
    await rows<{ code: string; state: string }>(
      "select code, case when closed_at is null then 'open' else close_reason end as state from finding where device_id = $1 order by finding_id",
      agent,
    )
  ).map(({ code, state }) => `${code} ${state}`);
const link = async (agent: WireAgent) =>
  (
    await rows<{ epoch: number; last_sequence: number; stream_id: string }>(
      "select epoch, last_sequence, stream_id from device_link where device_id = $1",
      agent,
    )
  )[0]!;

/** Another agent with the same key, as a copied disk makes it. */
function copyOf(agent: WireAgent, change: Partial<WireAgent> = {}): WireAgent {
  const copy = new WireAgent({ url: agent.url, deviceId: agent.deviceId, privateKey: agent.privateKey, computer: agent.computer });
  const { stream, highestSequence, acknowledgedSequence, runId } = agent;
  return Object.assign(copy, { stream, highestSequence, acknowledgedSequence, runId, ...change });
}

describe("numbers of a stream", () => {
  test("a replayed message is acknowledged and not stored again", async () => {
    const agent = await agentOf();
    await agent.connect();
    const at = Date.now();
    agent.batch([level(90, { at })]);
    await agent.stored();
    agent.batch([level(90, { at })], 1);
    await agent.stored(1);
    expect([await levels(agent), await findings(agent)]).toEqual([[90], ["full open"]]);
    agent.drop();
  });

  test("what was sent and not acknowledged before a break is sent again, and stored once", async () => {
    const agent = await agentOf();
    await agent.connect();
    const at = Date.now();
    for (const percent of [1, 2, 3]) agent.batch([level(percent, { at: at + percent })]);
    await agent.stored();
    // The last acknowledgement was lost on the way.
    agent.acknowledgedSequence = 2;
    agent.drop();
    const welcome = await agent.connect();
    expect(welcome).toMatchObject({ lastSequence: 2, startNewStream: false });
    agent.batch([level(3, { at: at + 3 })], 3);
    agent.batch([level(4)], 4);
    await agent.stored(4);
    expect([await levels(agent), await findings(agent)]).toEqual([[1, 2, 3, 4], []]);
    agent.drop();
  });

  test("a forged message, in the name of a stream that it does not belong to, is refused", async () => {
    const agent = await agentOf();
    await agent.connect();
    agent.batch([level(1)]);
    await agent.stored();
    agent.stream = newId();
    agent.batch([level(2)]);
    expect((await agent.next("refused")).code).toBe("MESSAGE_MALFORMED");
    expect(await levels(agent)).toEqual([1]);
  });

  test("a number that is skipped is refused", async () => {
    const agent = await agentOf();
    await agent.connect();
    agent.batch([level(1)]);
    await agent.stored();
    agent.batch([level(3)], 3);
    expect((await agent.next("refused")).code).toBe("MESSAGE_MALFORMED");
    await agent.closed();
    const welcome = await agent.connect();
    expect(welcome).toMatchObject({ lastSequence: 1 });
    agent.drop();
  });

  test("samples that the agent gave up are a finding", async () => {
    const agent = await agentOf();
    agent.droppedSamples = 120;
    await agent.connect();
    expect(await findings(agent)).toEqual(["samples-dropped open"]);
    agent.drop();
  });
});

describe("a computer that was set back", () => {
  test("to an older number begins a new stream; its samples are kept, none is stored twice", async () => {
    const agent = await agentOf();
    await agent.connect();
    const at = Date.now() - 600_000;
    for (const minute of [1, 2, 3]) agent.batch([level(minute, { at: at + minute * 60_000 })]);
    await agent.stored();
    agent.drop();
    // The snapshot had sent one message and held the second one; it has measured once since.
    Object.assign(agent, { acknowledgedSequence: 1, highestSequence: 2, runId: newId() });
    const welcome = await agent.connect();
    expect(welcome).toMatchObject({ type: "welcome", startNewStream: true, lastSequence: 0 });
    expect(await findings(agent)).toEqual(["ran-backwards open"]);
    Object.assign(agent, { stream: newId(), highestSequence: 0, acknowledgedSequence: 0 });
    agent.batch([level(2, { at: at + 120_000 })]);
    agent.batch([level(77)]);
    await agent.stored();
    expect(await levels(agent)).toEqual([1, 2, 3, 77]);
    expect(await link(agent)).toMatchObject({ stream_id: agent.stream, last_sequence: 2 });
    agent.drop();
  });

  test("and then measured past the old number is noticed by the content", async () => {
    const agent = await agentOf();
    await agent.connect();
    for (const percent of [1, 2, 3]) agent.batch([level(percent, { at: Date.now() - 60_000 })]);
    await agent.stored();
    agent.drop();
    Object.assign(agent, { acknowledgedSequence: 1, highestSequence: 4, runId: newId() });
    expect(await agent.connect()).toMatchObject({ startNewStream: false, lastSequence: 2 });
    agent.batch([level(33)], 3);
    expect((await agent.next("refused")).code).toBe("STREAM_DIVERGED");
    await agent.closed();
    expect(await agent.connect()).toMatchObject({ startNewStream: true, lastSequence: 0 });
    expect(await findings(agent)).toEqual(["ran-backwards open"]);
    Object.assign(agent, { stream: newId(), highestSequence: 0, acknowledgedSequence: 0 });
    for (const percent of [33, 34]) agent.batch([level(percent)]);
    await agent.stored();
    expect(await levels(agent)).toEqual([1, 2, 3, 33, 34]);
    agent.drop();
  });
});

describe("one key on two computers", () => {
  test("both alive: neither is believed, both are told, a finding says so", async () => {
    const agent = await agentOf();
    const clone = copyOf(agent, { runId: newId() });
    await agent.connect();
    expect(await clone.connect()).toMatchObject({ type: "refused", code: "DEVICE_QUARANTINED" });
    expect((await agent.next("refused")).code).toBe("DEVICE_QUARANTINED");
    await agent.closed();
    expect(await findings(agent)).toEqual(["cloned open"]);
    expect(await server.api("getDevice", { params: { deviceId: agent.deviceId } })).toMatchObject({ lifecycle: "quarantined" });
    expect(await agent.connect()).toMatchObject({ type: "refused", code: "DEVICE_QUARANTINED" });
  });

  test("enrolled anew it is the same device, the finding is over, and the old key is worth nothing", async () => {
    const agent = await agentOf();
    const clone = copyOf(agent, { runId: newId() });
    await agent.connect();
    await clone.connect();
    const { body, key } = await enrolOverHttp(server.url, token, agent.computer);
    expect(body.deviceId).toBe(agent.deviceId);
    expect(await findings(agent)).toEqual(["cloned enrolled-anew"]);
    expect(await clone.connect()).toMatchObject({ type: "refused", code: "SIGNATURE_INVALID" });
    agent.privateKey = key.privateKey;
    expect((await agent.connect()).type).toBe("welcome");
    agent.drop();
  });

  test("the same agent, restarted while its old connection hangs, is no clone", async () => {
    const agent = await agentOf();
    await agent.connect();
    agent.drop();
    const restarted = copyOf(agent, { runId: newId() });
    expect(await restarted.connect()).toMatchObject({ type: "welcome", epoch: 2 });
    expect(await findings(agent)).toEqual([]);
    restarted.drop();
  });
});

describe("a clock in 2099", () => {
  test("harms nobody else's commit, and its own samples have the right time", async () => {
    const [wrong, right] = [await agentOf(), await agentOf()];
    wrong.clockOffsetMs = Date.UTC(2099, 0, 1) - Date.now();
    await wrong.connect();
    await right.connect();
    const before = Date.now();
    wrong.batch([level(5)]);
    right.batch([level(6)]);
    await Promise.all([wrong.stored(), right.stored()]);
    expect([await levels(wrong), await levels(right)]).toEqual([[5], [6]]);
    const [{ at } = { at: new Date(0) }] = await rows<{ at: Date }>(
      "select evidence_at[1] as at from device_link where device_id = $1",
      wrong,
    );
    expect(Math.abs(at.getTime() - before)).toBeLessThan(5_000);
    expect([await findings(wrong), await findings(right)]).toEqual([["clock-wrong open"], []]);
    wrong.drop();
    right.drop();
  });
});

describe("a link row of another epoch", () => {
  test("refuses the commit: nothing is stored, the connection ends, and the agent sends it again", async () => {
    const [agent, bystander] = [await agentOf(), await agentOf()];
    await agent.connect();
    await bystander.connect();
    // Another process takes the device over behind this one's back.
    await server.database.transaction({ providerId: server.providerId, customers: "*" }, (tx) =>
      tx.sql("update device_link set epoch = epoch + 1 where device_id = $1", [agent.deviceId]),
    );
    agent.batch([level(97)]);
    bystander.batch([level(1)]);
    expect((await agent.next("refused")).code).toBe("EPOCH_OUTDATED");
    await bystander.stored();
    expect([await levels(agent), await findings(agent), await levels(bystander)]).toEqual([[], [], [1]]);
    await agent.closed();
    await agent.connect();
    agent.batch([level(97)], 1);
    await agent.stored();
    expect([await levels(agent), await findings(agent)]).toEqual([[97], ["full open"]]);
    agent.drop();
    bystander.drop();
  });
});
