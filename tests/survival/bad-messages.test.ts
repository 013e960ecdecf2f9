/** Messages that no agent of ours would send: too large, malformed, binary, nested without end, cut off. The worst that follows is the end of one connection. */
import { describe, expect, test } from "bun:test";
import { messageLimitBytes } from "@hauswart/protocol/wire/versions.ts";
import { newId } from "@hauswart/protocol/new-id.ts";
import { testLimitMs, until } from "@hauswart/testkit/until.ts";
import { besiegedHouse } from "./support/besieged-house.ts";
import { storedBatches } from "./support/ledger.ts";
import { RawWebSocket, textFrame } from "./support/raw-web-socket.ts";
import { helloText, WireAgent, type Speaker } from "./support/wire-agent.ts";

const siege = besiegedHouse();

/** The same agent comes back and is served as if nothing had been. */
async function works(own: Speaker): Promise<void> {
  using agent = await WireAgent.introduced(siege.house, own);
  agent.send(agent.batch(1));
  await agent.acknowledged(1);
  const stored = await storedBatches(siege.house, own.device.deviceId);
  expect(stored.map(({ stream, sequence }) => [stream, sequence])).toEqual([[agent.stream, 1]]);
}

const nested = (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
const batchAround = (ok: string) =>
  `{"type":"batch","stream":"${newId()}","sequence":1,"sentAt":${Date.now()},"samples":[{"check":0,"at":${Date.now()},"selectionVersion":0,"tookMs":1,"ok":${ok}}]}`;

const malformed: Readonly<Record<string, string>> = {
  nothing: "",
  "half a JSON text": '{"type":"batch","stre',
  "no object": "null",
  "a list": "[]",
  "a number without end": "1".repeat(10_000),
  "an unknown type": '{"type":"shutdown"}',
  "a type that objects have by nature": '{"type":"__proto__"}',
  "a batch without anything": '{"type":"batch"}',
  "a batch with number 0": batchAround("{}").replace('"sequence":1', '"sequence":0'),
  "a batch with a number beyond all bounds": batchAround("{}").replace('"sequence":1', '"sequence":1e300'),
  "a batch with a stream that is none": batchAround("{}").replace(/"stream":"[^"]*"/, '"stream":"x"'),
  "a batch without samples": batchAround("{}").replace(/"samples":.*$/, '"samples":[]}'),
  "more samples than a batch may have": batchAround("{}").replace(
    /"samples":\[(.*)\]\}$/,
    (_, sample: string) => `"samples":[${Array.from({ length: 201 }, () => sample).join()}]}`,
  ),
  "a sample from before time": batchAround("{}").replace(/"at":\d+/, '"at":-1'),
  "lists nested without end": `{"type":"batch","samples":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
  "a sample nested without end, with a NUL": batchAround(nested(120_000)).replace('"tookMs"', '"detail":"\\u0000","tookMs"'),
};

describe("a malformed message ends the connection, with the reason, and nothing else", () => {
  for (const [name, text] of Object.entries(malformed)) {
    test(
      name,
      async () => {
        const own = await siege.speaker();
        using stranger = await WireAgent.open(siege.house, own);
        stranger.send(text);
        siege.bystanders.measure();
        expect(await stranger.refused()).toBe("MESSAGE_MALFORMED");
        using agent = await WireAgent.introduced(siege.house, own);
        agent.send(text);
        siege.bystanders.measure();
        expect(await agent.refused()).toBe("MESSAGE_MALFORMED");
        expect(await storedBatches(siege.house, own.device.deviceId)).toEqual([]);
        await works(own);
      },
      testLimitMs,
    );
  }
});

test(
  "binary messages end the connection",
  async () => {
    const own = await siege.speaker();
    using agent = await WireAgent.introduced(siege.house, own);
    agent.send(crypto.getRandomValues(new Uint8Array(1_000)));
    expect(await agent.refused()).toBe("MESSAGE_MALFORMED");
    await works(own);
  },
  testLimitMs,
);

test(
  "1 MB in one message ends the connection, before and after the welcome",
  async () => {
    const own = await siege.speaker();
    const megabyte = batchAround(JSON.stringify({ filling: "x".repeat(1024 * 1024) }));
    using stranger = await WireAgent.open(siege.house, own);
    stranger.send(megabyte);
    await until("the end of the connection", () => stranger.isClosed);
    using agent = await WireAgent.introduced(siege.house, own);
    agent.send(megabyte);
    siege.bystanders.measure();
    await until("the end of the connection", () => agent.isClosed);
    expect(await storedBatches(siege.house, own.device.deviceId)).toEqual([]);
    await works(own);
  },
  testLimitMs,
);

test(
  "1 MB in one request is refused by the API and at enrolment",
  async () => {
    const body = JSON.stringify({ name: "x".repeat(1024 * 1024) });
    for (const path of ["/api/v1/customers", "/agent/v1/enrol"]) {
      const response = await fetch(siege.house.server.url + path, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${siege.house.token}` },
        body,
      });
      expect([path, response.status]).toEqual([path, 413]);
    }
  },
  testLimitMs,
);

test(
  "a sample that is nested without end is put aside, and the stream goes on",
  async () => {
    const own = await siege.speaker();
    using agent = await WireAgent.introduced(siege.house, own);
    const { number } = agent.instances[0]!;
    const sample = `{"check":${number},"at":${Date.now()},"selectionVersion":0,"tookMs":1,"ok":${nested(100_000)}}`;
    const text = `{"type":"batch","stream":"${agent.stream}","sequence":1,"sentAt":${Date.now()},"samples":[${sample}]}`;
    expect(text.length).toBeLessThan(messageLimitBytes);
    agent.send(text);
    await agent.acknowledged(1);
    agent.send(agent.batch(2));
    await agent.acknowledged(2);
    const aside = await siege.house.query<{ body: Buffer }>("select body from hauswart.quarantined_message where device_id = $1", [
      own.device.deviceId,
    ]);
    expect(aside.map(({ body }) => body.toString())).toEqual([text]);
    expect((await storedBatches(siege.house, own.device.deviceId)).map(({ sequence }) => sequence)).toContain(2);
    expect(await siege.house.openFinding(own.device.deviceId, "message-quarantined")).toMatchObject({ severity: "failure" });
  },
  testLimitMs,
);

test(
  "a connection that is cut in the middle of a message leaves nothing behind",
  async () => {
    const own = await siege.speaker();
    using first = await WireAgent.introduced(siege.house, own);
    const batch = JSON.stringify(first.batch(1));
    first[Symbol.dispose]();

    const raw = await RawWebSocket.open(siege.house.server.url);
    const heard = await raw.until('"challenge"');
    const nonce = /"nonce":"([^"]+)"/.exec(heard)![1]!;
    raw.write(textFrame(await helloText(nonce, own, { stream: first.stream })));
    await raw.until('"welcome"');
    const frame = textFrame(batch);
    raw.write(frame.subarray(0, frame.length / 2));
    siege.bystanders.measure();
    await raw.until('"configure"');
    raw.cut();
    await until("the end of the connection", () => raw.isClosed);
    expect(await storedBatches(siege.house, own.device.deviceId)).toEqual([]);

    using agent = await WireAgent.introduced(siege.house, own, { stream: first.stream });
    agent.send(batch);
    await agent.acknowledged(1);
    expect(await storedBatches(siege.house, own.device.deviceId)).toHaveLength(1);
  },
  testLimitMs,
);

test(
  "a frame that announces more than it brings, and one that announces more than is allowed",
  async () => {
    const patient = await RawWebSocket.open(siege.house.server.url);
    await patient.until('"challenge"');
    patient.write(textFrame('{"type":"hello"', 5_000));
    const greedy = await RawWebSocket.open(siege.house.server.url);
    await greedy.until('"challenge"');
    greedy.write(textFrame('{"type":"hello"', 2 ** 40));
    await until("the end of the connection", () => greedy.isClosed);
    expect(await siege.bystanders.harm(siege.house)).toEqual([]);
    patient.cut();
  },
  testLimitMs,
);
