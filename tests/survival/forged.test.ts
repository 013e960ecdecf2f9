/** Somebody who records, repeats, changes and makes up messages, and a device whose key was taken away. */
import { expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/new-id.ts";
import { enrolComputer } from "@hauswart/simulator/enrol.ts";
import { testLimitMs, until } from "@hauswart/testkit/until.ts";
import { besiegedHouse } from "./support/besieged-house.ts";
import { storedBatches } from "./support/ledger.ts";
import { WireAgent, type Speaker } from "./support/wire-agent.ts";

const siege = besiegedHouse();

const stored = ({ device }: Speaker) => storedBatches(siege.house, device.deviceId);
const epochOf = async ({ device }: Speaker) =>
  (await siege.house.query<{ epoch: string }>("select epoch from hauswart.device_link where device_id = $1", [device.deviceId]))[0]?.epoch;

/** Introduces itself and has three batches stored. @returns their frames. */
async function threeStored(agent: WireAgent): Promise<string[]> {
  const frames = [1, 2, 3].map((sequence) => JSON.stringify(agent.batch(sequence)));
  for (const frame of frames) agent.send(frame);
  await agent.acknowledged(3);
  return frames;
}

test(
  "recorded batches sent again are acknowledged and not stored again: in the same connection, and in a later one",
  async () => {
    const own = await siege.speaker();
    using agent = await WireAgent.introduced(siege.house, own);
    const frames = await threeStored(agent);
    const before = await stored(own);
    expect(before.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    for (const frame of [...frames, ...frames]) agent.send(frame);
    agent.send(agent.batch(4));
    await agent.acknowledged(4);
    agent[Symbol.dispose]();

    using later = await WireAgent.introduced(siege.house, own, { stream: agent.stream, highestSequence: 4, acknowledgedSequence: 4 });
    for (const frame of frames) later.send(frame);
    later.send(later.batch(5));
    await later.acknowledged(5);
    const after = await stored(own);
    expect(after.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(after.slice(0, 3)).toEqual(before);
  },
  testLimitMs,
);

test(
  "other content under the newest number: refused, a finding, and the agent goes on in a new stream",
  async () => {
    const own = await siege.speaker();
    using agent = await WireAgent.introduced(siege.house, own);
    await threeStored(agent);
    const before = await stored(own);
    agent.send(agent.batch(3, { samples: agent.samples(Date.now() - 5_000) }));
    expect(await agent.refused()).toBe("STREAM_DIVERGED");
    expect(await stored(own)).toEqual(before);

    using again = await WireAgent.introduced(siege.house, own, { stream: agent.stream, highestSequence: 3, acknowledgedSequence: 2 });
    expect(await again.next("welcome")).toMatchObject({ startNewStream: true });
    expect(await siege.house.openFinding(own.device.deviceId, "ran-backwards")).toMatchObject({ severity: "warning" });
    const stream = newId();
    again.send(again.batch(1, { stream }));
    await until("the new stream to be acknowledged", () =>
      again.received.some((message) => message.type === "acknowledge" && message.stream === stream),
    );
    expect((await stored(own)).filter((batch) => batch.stream === agent.stream)).toEqual(before);
  },
  testLimitMs,
);

test(
  "other content under an older number changes nothing",
  async () => {
    const own = await siege.speaker();
    using agent = await WireAgent.introduced(siege.house, own);
    await threeStored(agent);
    const before = await stored(own);
    agent.send(agent.batch(1, { samples: agent.samples(Date.now() - 5_000) }));
    agent.send(agent.batch(4));
    await agent.acknowledged(4);
    expect((await stored(own)).slice(0, 3)).toEqual(before);
  },
  testLimitMs,
);

test(
  "a batch before hello is refused",
  async () => {
    const own = await siege.speaker();
    using recorded = await WireAgent.introduced(siege.house, own);
    const frame = JSON.stringify(recorded.batch(1));
    recorded[Symbol.dispose]();
    using stranger = await WireAgent.open(siege.house, own);
    stranger.send(frame);
    expect(await stranger.refused()).toBe("MESSAGE_MALFORMED");
    expect(await stored(own)).toEqual([]);
  },
  testLimitMs,
);

test(
  "another device's id with an own key is refused, and the other one does not notice",
  async () => {
    const [own, other] = [await siege.speaker(), await siege.speaker()];
    using victim = await WireAgent.introduced(siege.house, other);
    await threeStored(victim);
    const epoch = await epochOf(other);
    using thief = await WireAgent.open(siege.house, own);
    await thief.hello({ deviceId: other.device.deviceId });
    expect(await thief.refused()).toBe("SIGNATURE_INVALID");
    victim.send(victim.batch(4));
    await victim.acknowledged(4);
    expect(await epochOf(other)).toBe(epoch);
    expect(await siege.house.findings(other.device.deviceId, "cloned")).toEqual([]);
  },
  testLimitMs,
);

test(
  "a device that does not exist is told so, and learns nothing else",
  async () => {
    using nobody = await WireAgent.open(siege.house, await siege.speaker());
    await nobody.hello({ deviceId: newId() });
    expect(await nobody.refused()).toBe("DEVICE_UNKNOWN");
  },
  testLimitMs,
);

test(
  "a recorded hello, sent again to a new challenge, opens nothing",
  async () => {
    const own = await siege.speaker();
    using agent = await WireAgent.introduced(siege.house, own);
    await threeStored(agent);
    const epoch = await epochOf(own);
    using replay = await WireAgent.open(siege.house, own);
    replay.send(agent.lastHello);
    expect(await replay.refused()).toBe("SIGNATURE_INVALID");
    agent.send(agent.batch(4));
    await agent.acknowledged(4);
    expect(await epochOf(own)).toBe(epoch);
  },
  testLimitMs,
);

test(
  "another device's recorded batches, sent over an own connection, are stored for nobody",
  async () => {
    const [own, other] = [await siege.speaker(), await siege.speaker()];
    using victim = await WireAgent.introduced(siege.house, other);
    const frames = await threeStored(victim);
    const before = await stored(other);
    using thief = await WireAgent.introduced(siege.house, own);
    await threeStored(thief);
    const ownBefore = await stored(own);
    thief.send(frames[2]!);
    expect(await thief.refused()).toBe("MESSAGE_MALFORMED");
    expect(await stored(other)).toEqual(before);
    expect(await stored(own)).toEqual(ownBefore);
  },
  testLimitMs,
);

test(
  "a number that was skipped is not acknowledged, so nothing can get lost unnoticed",
  async () => {
    const own = await siege.speaker();
    using agent = await WireAgent.introduced(siege.house, own);
    await threeStored(agent);
    agent.send(agent.batch(5));
    expect(await agent.refused()).toBe("MESSAGE_MALFORMED");
    expect((await stored(own)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  },
  testLimitMs,
);

test(
  "a revoked device: its connection ends at once, its key opens nothing any more, and it can be enrolled anew",
  async () => {
    const own = await siege.speaker();
    const { deviceId } = own.device;
    using agent = await WireAgent.introduced(siege.house, own);
    await threeStored(agent);
    await siege.house.api("revokeDevice", { params: { deviceId } });
    expect(await agent.refused()).toBe("DEVICE_REVOKED");
    agent.send(agent.batch(4));

    using again = await WireAgent.open(siege.house, own, agent.stream);
    await again.hello({ highestSequence: 4, acknowledgedSequence: 3 });
    expect(await again.refused()).toBe("DEVICE_REVOKED");
    expect((await stored(own)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    const { items } = await siege.house.api("listDevices", { query: { limit: 200 } });
    expect(items.map((device) => device.deviceId)).not.toContain(deviceId);

    const device = await enrolComputer({ url: siege.house.server.url }, own.computer, await siege.house.enrolmentToken());
    const anew = { computer: own.computer, device };
    using enrolled = await WireAgent.introduced(siege.house, anew);
    enrolled.send(enrolled.batch(1));
    await enrolled.acknowledged(1);
    using oldKey = await WireAgent.open(siege.house, own);
    await oldKey.hello();
    expect(["SIGNATURE_INVALID", "DEVICE_REVOKED"]).toContain(await oldKey.refused());
    expect(enrolled.isClosed).toBe(false);
  },
  testLimitMs,
);

test(
  "an enrolment token is good for as many devices as it says, and a made-up one for none",
  async () => {
    const { computer } = await siege.speaker();
    const token = await siege.house.enrolmentToken(1);
    const fresh = { ...computer, seed: computer.seed + 1_000_000 };
    await enrolComputer({ url: siege.house.server.url }, fresh, token);
    const refusal = { message: expect.stringContaining("ENROLMENT_TOKEN_INVALID") as string };
    await expect(enrolComputer({ url: siege.house.server.url }, { ...fresh, seed: fresh.seed + 1 }, token)).rejects.toMatchObject(refusal);
    await expect(
      enrolComputer({ url: siege.house.server.url }, { ...fresh, seed: fresh.seed + 1 }, "made-up-token-of-twenty-characters"),
    ).rejects.toMatchObject(refusal);
  },
  testLimitMs,
);
