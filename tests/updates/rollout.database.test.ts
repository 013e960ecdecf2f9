/** Rings, halts and resumes against a whole server, with agents that only speak the protocol. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { HelloUpdate } from "@hauswart/protocol/wire/messages.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { enrolledAgent, testComputer, type WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { publicKeyOf, signManifest } from "../../tools/sign-release.ts";

const folder = mkdtempSync(join(tmpdir(), "hauswart-rollout-"));
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
const rollout = async () => (await server.api("listAgentReleases")).releases[0]?.rollout;
const standing = (agent: WireAgent) => server.api("getDeviceUpdate", { params: { deviceId: agent.deviceId } });
const report = (agent: WireAgent, state: string, code = "") =>
  agent.say({ type: "update-report", version, state, code, detail: "", at: Date.now() });

/** Sweeps until something is as wanted. */
async function until<Value>(read: () => Promise<Value>, wanted: (value: Value) => boolean): Promise<Value> {
  for (let tries = 0; ; tries++) {
    const value = await read();
    if (wanted(value)) return value;
    if (tries > 200) throw new Error(`It did not get there: ${JSON.stringify(value)}`);
    sweep();
    await Bun.sleep(50);
  }
}

beforeAll(async () => {
  const bundle = Buffer.from("// an application");
  const release = join(folder, "releases", version);
  mkdirSync(release, { recursive: true });
  writeFileSync(join(release, "agent.pack"), bundle);
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ keys: [publicKeyOf(privateKey)] }));
  const sha256 = createHash("sha256").update(bundle).digest("hex");
  const files = [{ kind: "application", target: "linux", name: "agent.pack", sizeBytes: bundle.length, sha256 }] as const;
  const manifest = {
    version,
    channel: "stable",
    createdAtMs: Date.now() - 100 * 86_400_000,
    expiresAtMs: Date.now() + 86_400_000,
    minimalLoader: 1,
    minimalRuntime: "1.0.0",
    confirmSeconds: 300,
    files,
  };
  writeFileSync(join(release, "release.json"), signManifest(manifest, [privateKey]));
  server = await testServer({
    services: { clock: { now: () => Date.now() + offsetMs } },
    settings: { releases: { directory: join(folder, "releases"), keysFile: join(folder, "keys.json") } },
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
  expect(await until(rollout, (now) => now?.state === "halted")).toMatchObject({ failedDevices: 1, endedDevices: 1 });
  expect((await standing(canary)).update).toMatchObject({ state: "failed", code: "DISK_FULL" });
  expect((await standing(early)).update).toBeNull();

  await server.api("changeAgentRollout", { params: { version }, body: { action: "advance" } });
  await early.next("update-offer");
  expect(await rollout()).toMatchObject({ state: "running", stage: "early" });
  const { items } = await server.api("listAudit", { query: { subject: "agent-release" } });
  expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(["agent-rollout.halt", "agent-rollout.change"]));
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
  await until(
    async () => (await standing(canary)).update,
    (now) => now?.state === "confirmed",
  );
  expect((await findings()).filter(({ state }) => state !== "closed")).toEqual([]);
});

test("an agent that lacks a release of three months ago is a finding, and one that never spoke of updates is offered nothing", async () => {
  const outdated = async () =>
    (await server.api("listFindings", { query: { deviceId: early.deviceId } })).items.filter(({ code }) => code === "agent-outdated");
  expect((await until(outdated, (found) => found.length > 0)).length).toBe(1);
  expect(await standing(old)).toMatchObject({ canUpdate: false, update: null });
});

test("an agent that begins anew and is not heard of again counts as failed", async () => {
  report(early, "starting");
  await until(
    async () => (await standing(early)).update,
    (now) => now?.state === "starting",
  );
  offsetMs = 31 * 60_000;
  const { update: now } = await until(
    () => standing(early),
    ({ update: last }) => last?.state === "failed",
  );
  expect(now).toMatchObject({ code: "NO_ANSWER", attempts: 1 });
});
