/** Rings, halts and resumes against a whole server, with agents that only speak the protocol. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { HelloUpdate } from "@hauswart/protocol/wire/messages.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { until } from "@hauswart/testkit/until.ts";
import { enrolledAgent, testComputer, type WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { publicKeyOf } from "../../tools/sign-release.ts";
import { layRelease } from "./support/lay-release.ts";

const folder = mkdtempSync(join(tmpdir(), "hauswart-rollout-"));
const releases = join(folder, "releases");
const { privateKey } = generateKeyPairSync("ed25519");
const update: HelloUpdate = { format: 1, loader: 1, runtime: "1.4.5", target: "linux-x64", running: "built-in", isTrial: false };
const version = "5.0.0";
/** Of the server's clock. */
let offsetMs = 0;
let server: TestServer;
let canary: WireAgent;
let early: WireAgent;
let old: WireAgent;

const sweep = () => server.services.bus.publish("agent-rollouts", { providerId: server.providerId });
/** Until one more sweep is done. It may have begun before; the next one has not. */
async function swept(): Promise<void> {
  const sweeps = async () =>
    Number(/chore_runs_total\{chore="agent-updates",outcome="ok"\} (\d+)/.exec(await server.services.metrics.text())?.[1] ?? 0);
  const before = await sweeps();
  sweep();
  await until("another sweep", async () => (await sweeps()) > before);
}
const rollout = async () => (await server.api("listAgentReleases")).releases[0]?.rollout;
const standing = (agent: WireAgent) => server.api("getDeviceUpdate", { params: { deviceId: agent.deviceId } });
const report = (agent: WireAgent, state: string, code = "") =>
  agent.say({ type: "update-report", version, state, code, detail: "", at: Date.now() });

/** Lets the rollouts go on until what is read is as wanted. */
async function came<Value>(read: () => Promise<Value>, wanted: (value: Value) => boolean): Promise<Value> {
  let last: Value | undefined;
  const { value } = await until(
    () => `another state than ${JSON.stringify(last)}`,
    async () => {
      const value = (last = await read());
      if (wanted(value)) return { value };
      sweep();
      return false;
    },
  );
  return value;
}

function putOnShelf(name: string, daysOld: number): void {
  const change = { createdAtMs: Date.now() - daysOld * 86_400_000 };
  layRelease(releases, { version: name, content: Buffer.from(`// application ${name}`), key: privateKey, change });
}

beforeAll(async () => {
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ keys: [publicKeyOf(privateKey)] }));
  putOnShelf(version, 100);
  server = await testServer({
    services: { clock: { now: () => Date.now() + offsetMs } },
    settings: { releases: { directory: releases, keysFile: join(folder, "keys.json") } },
  });
  const { customerId } = await server.api("createCustomer", { body: { name: "Bakery" } });
  const { siteId } = await server.api("createSite", { body: { customerId, name: "Shop" } });
  const { token } = await server.api("createEnrolmentToken", { body: { siteId, uses: 3, validHours: 1 } });
  [canary, early, old] = (await Promise.all([1, 2, 3].map(() => enrolledAgent(server.url, token, testComputer())))) as [
    WireAgent,
    WireAgent,
    WireAgent,
  ];
  for (const [agent, ring] of [
    [canary, "canary"],
    [early, "early"],
  ] as const)
    await server.api("setUpdateRing", { params: { kind: "device", subjectId: agent.deviceId }, body: { ring } });
  for (const agent of [canary, early]) await agent.connect({ update });
  await old.connect();
}, 60_000);
afterAll(async () => {
  for (const agent of [canary, early, old]) agent?.drop();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("goes to the first ring alone, halts at its failure, and goes on when somebody says so", async () => {
  sweep();
  const offer = await canary.next("update-offer");
  expect(JSON.parse(offer.envelope)).toMatchObject({ format: 1 });
  expect(await rollout()).toMatchObject({ state: "running", stage: "canary" });
  expect((await standing(early)).update).toBeNull();

  report(canary, "failed", "DISK_FULL");
  expect(await came(rollout, (now) => now?.state === "halted")).toMatchObject({ failedDevices: 1, endedDevices: 1 });
  expect((await standing(canary)).update).toMatchObject({ state: "failed", code: "DISK_FULL" });
  expect((await standing(early)).update).toBeNull();

  await server.api("changeAgentRollout", { params: { version }, body: { action: "advance" } });
  await early.next("update-offer");
  expect(await rollout()).toMatchObject({ state: "running", stage: "early" });
  const { items } = await server.api("listAudit", { query: { subject: "agent-release" } });
  expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(["agent-rollout.halt", "agent-rollout.change"]));
});

test("what an agent repeats of a failure before is not taken for one of the attempt under way", async () => {
  const attempts = async () => (await standing(canary)).update;
  const findings = async () => (await server.api("listFindings", { query: { deviceId: canary.deviceId } })).items;
  const failed = { version, outcome: "failed", code: "DISK_FULL", detail: "", at: Date.now() - 1_000 } as const;
  const before = await findings();
  // The next day.
  await server.services.database.transaction({ providerId: server.providerId, customers: "*" }, (tx) =>
    tx.sql("update hauswart.device_update set changed_at = changed_at - interval '25 hours' where device_id = $1", [canary.deviceId]),
  );
  await came(attempts, (now) => now?.attempts === 2);
  await canary.next("update-offer");
  for (const running of ["a", "b"] as const) {
    canary.drop();
    await canary.connect({ update: { ...update, running, last: failed } });
    const noted = await came(
      () => standing(canary),
      (now) => now.running === running,
    );
    expect(noted.update).toMatchObject({ state: "offered", code: "" });
  }
  expect(await findings()).toEqual(before);
  expect(await rollout()).toMatchObject({ state: "running" });

  canary.drop();
  await canary.connect({ update: { ...update, last: { ...failed, outcome: "rolled-back", code: "NO_LINK", at: Date.now() } } });
  expect(await came(attempts, (now) => now?.state === "rolled-back")).toMatchObject({ code: "NO_LINK", attempts: 2 });
  await came(rollout, (now) => now?.state === "halted");
  await server.api("changeAgentRollout", { params: { version }, body: { action: "resume" } });
});

test("can be paused and resumed, and what is over cannot be done again", async () => {
  const change = (action: "pause" | "resume") => server.api("changeAgentRollout", { params: { version }, body: { action } });
  expect(await change("pause")).toMatchObject({ state: "paused" });
  await expect(change("pause")).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await change("resume")).toMatchObject({ state: "running" });
});

test("a confirmed update closes the finding of the one that failed", async () => {
  const findings = async () =>
    (await server.api("listFindings", { query: { deviceId: canary.deviceId } })).items.filter(({ code }) => code === "update-failed");
  expect((await findings()).length).toBe(1);
  canary.drop();
  canary.computer = { ...canary.computer, agentVersion: version };
  const last = { version, outcome: "confirmed", code: "", detail: "", at: Date.now() } as const;
  await canary.connect({ update: { ...update, running: "a", last } });
  await came(
    async () => (await standing(canary)).update,
    (now) => now?.state === "confirmed",
  );
  expect((await findings()).filter(({ state }) => state !== "closed")).toEqual([]);
});

test("a ring in which nobody runs the release holds it up, whatever the ring before did", async () => {
  expect(await rollout()).toMatchObject({ state: "running", stage: "early" });
  await server.services.database.transaction({ providerId: server.providerId, customers: "*" }, (tx) =>
    tx.sql("update hauswart.agent_rollout set stage_since = stage_since - interval '10 days' where version = $1", [version]),
  );
  for (let round = 0; round < 3; round++) await swept();
  expect(await rollout()).toMatchObject({ state: "running", stage: "early" });
  // As an installer leaves it: the agent was never offered anything.
  const { computer } = early;
  early.drop();
  early.computer = { ...early.computer, agentVersion: version };
  await early.connect({ update: { ...update, running: "a" } });
  await came(rollout, (now) => now?.stage === "all");
  early.drop();
  early.computer = computer;
  await early.connect({ update });
});

test("an offer that nothing came of is made again, and is no attempt", async () => {
  await server.services.database.transaction({ providerId: server.providerId, customers: "*" }, (tx) =>
    tx.sql("update hauswart.device_update set state = 'downloading', changed_at = changed_at - interval '2 hours' where device_id = $1", [
      early.deviceId,
    ]),
  );
  const { update: again } = await came(
    () => standing(early),
    ({ update: last }) => last?.state === "offered",
  );
  expect(again).toMatchObject({ attempts: 1 });
});

test("an agent that begins anew and is not heard of again counts as failed", async () => {
  report(early, "starting");
  await came(
    async () => (await standing(early)).update,
    (now) => now?.state === "starting",
  );
  offsetMs = 31 * 60_000;
  const { update: now } = await came(
    () => standing(early),
    ({ update: last }) => last?.state === "failed",
  );
  expect(now).toMatchObject({ code: "NO_ANSWER", attempts: 1 });
});

test("an agent that lacks a release of three months ago is a finding, though there is a newer one; one that never spoke of updates is offered nothing", async () => {
  const outdated = async (agent: WireAgent) =>
    (await server.api("listFindings", { query: { deviceId: agent.deviceId } })).items.filter(
      ({ code, state }) => code === "agent-outdated" && state !== "closed",
    );
  expect(await standing(old)).toMatchObject({ canUpdate: false, update: null });
  putOnShelf("6.0.0", 1);
  const newest = async () => (await server.api("listAgentReleases")).releases[0];
  await came(newest, (shown) => shown?.version === "6.0.0" && shown.rollout !== null);
  old.drop();
  await old.connect({ update });
  await came(
    () => outdated(old),
    (found) => found.length === 1,
  );
  expect(await outdated(canary)).toEqual([]);

  // One that was taken back months ago is what nobody has to have: canary has the newest before it.
  await server.database.unwalled("a test", (tx) =>
    tx.sql(
      `insert into hauswart.agent_rollout (provider_id, version, state, stage, stage_since, judged_from, started_at)
       select provider_id, '9.0.0', 'halted', stage, stage_since, judged_from, started_at - interval '100 days' from hauswart.agent_rollout where version = $1`,
      [version],
    ),
  );
  await server.database.unwalled("a test", (tx) =>
    tx.sql("update hauswart.device set agent_version = $1 where device_id = $2", [version, old.deviceId]),
  );
  await came(
    () => outdated(old),
    (found) => found.length === 0,
  );
  expect(await outdated(canary)).toEqual([]);
});

test("a release that becomes the newest again goes on from its ring, unless somebody had stopped it", async () => {
  // Who acts has signed in just now.
  offsetMs = 0;
  const of = async (name: string) => (await server.api("listAgentReleases")).releases.find((release) => release.version === name)?.rollout;
  const seven = () => of("7.0.0");
  const replaceAndTakeBack = async () => {
    putOnShelf("8.0.0", 0);
    await came(
      () => of("8.0.0"),
      (now) => now?.state === "running",
    );
    expect(await seven()).toMatchObject({ state: "finished", stage: "canary" });
    const resume = server.api("changeAgentRollout", { params: { version: "7.0.0" }, body: { action: "resume" } });
    await expect(resume).rejects.toMatchObject({ code: "CONFLICT" });
    rmSync(join(releases, "8.0.0"), { recursive: true });
  };
  putOnShelf("7.0.0", 0);
  const before = await came(seven, (now) => now?.state === "running");
  await replaceAndTakeBack();
  const again = await came(seven, (now) => now?.state === "running");
  expect(again).toMatchObject({ stage: "canary" });
  expect(Date.parse(again!.stageSince)).toBeGreaterThan(Date.parse(before!.stageSince));

  await server.api("changeAgentRollout", { params: { version: "7.0.0" }, body: { action: "pause" } });
  await replaceAndTakeBack();
  sweep();
  expect(await came(seven, (now) => now?.state !== "finished")).toMatchObject({ state: "paused", stage: "canary" });
});
