/**
 * The built agent and its updates against a whole server: the old one becomes the new one, and every kind of broken one is taken back by
 * itself, told, and stops the rollout.
 */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { pack } from "@hauswart/agent/update/pack.ts";
import type { KeyStatement } from "@hauswart/protocol/release/key-chain.ts";
import type { Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { until } from "@hauswart/testkit/until.ts";
import { buildAgent, buildApplication, ownTarget } from "../../tools/build-agent.ts";
import { publicKeyOf, signKeyStatement } from "../../tools/sign-release.ts";
import { hashOf, layRelease, type TestRelease } from "./support/lay-release.ts";

/** For each test: some wait for several computers, one after the other. */
const testLimitMs = 240_000;
const offerEveryMs = 250;
/** What is to be confirmed has time for it on a busy machine too; for what never is nobody waits so long. */
const confirmSeconds = 60;
const neverConfirmedSeconds = 8;
/** What holds the main loop on a busy machine is no hang. */
const watchdogSeconds = 60;
const hangSeconds = 5;

const folder = mkdtempSync(join(tmpdir(), "hauswart-updates-"));
const releases = join(folder, "releases");
const { privateKey: releaseKey } = generateKeyPairSync("ed25519");
/** The one in use, the one that follows it, and those that come later. */
const [, nextKey, ...laterKeys] = [releaseKey, ...Array.from({ length: 4 }, () => generateKeyPairSync("ed25519").privateKey)];
const keys = [releaseKey, nextKey!].map(publicKeyOf);
let server: TestServer;
let program: string;
let application: Buffer;
let customerId: Id;

/** Puts a release where the server looks for it, and has it looked for. */
function publish(version: string, content: Uint8Array, key: KeyObject = releaseKey, more: Partial<TestRelease> = {}): void {
  const usual = { file: { target: process.platform }, change: { confirmSeconds } };
  layRelease(releases, { version, content, key, ...usual, ...more });
  server.services.bus.publish("agent-rollouts", { providerId: server.providerId });
}

function withdraw(version: string): void {
  rmSync(join(releases, version), { recursive: true, force: true });
}

/** The application, under another version. */
async function applicationOf(version: string): Promise<Buffer> {
  const path = join(folder, `${version}.pack`);
  await buildApplication(path, version, keys);
  return readFileSync(path);
}

const packed = (source: string) => Buffer.from(pack([{ name: "main.js", bytes: Buffer.from(source) }]));

/** A bundle that says its version, and does something else when it is to run. */
const broken = (version: string, run: string) =>
  packed(
    `export async function runApplication(words) { if (words[0] === "version") { console.log("hauswart-agent ${version}"); return 0; } ${run} }`,
  );

/** An agent with somebody who starts it whenever it ends, as a service manager does. */
class Computer {
  readonly data = mkdtempSync(join(folder, "data-"));
  readonly program = join(this.data, "hauswart-agent");
  deviceId: Id = "";
  #child: ReturnType<typeof Bun.spawn> | undefined;
  #isOff = false;
  readonly #patienceSeconds: number;
  starts = 0;

  constructor(patienceSeconds = watchdogSeconds) {
    this.#patienceSeconds = patienceSeconds;
  }

  async enrol(): Promise<void> {
    Bun.spawnSync(["cp", program, this.program]);
    const { items } = await server.api("listSites", { query: { customerId } });
    const { token } = await server.api("createEnrolmentToken", { body: { siteId: items[0]!.siteId, uses: 1, validHours: 1 } });
    const child = Bun.spawn([this.program, "enrol", "--server", server.url, "--token", token], { env: this.#environment, stderr: "pipe" });
    if ((await child.exited) !== 0) throw new Error(await new Response(child.stderr).text());
    // The same computer at the same site gets its device back.
    this.deviceId = (await server.api("listDevices")).items[0]!.deviceId;
    await server.api("setUpdateRing", { params: { kind: "device", subjectId: this.deviceId }, body: { ring: "canary" } });
    void this.#keepRunning();
  }

  get #environment(): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      HAUSWART_AGENT_DATA: this.data,
      HAUSWART_AGENT_WATCHDOG_SECONDS: String(this.#patienceSeconds),
    };
  }

  async #keepRunning(): Promise<void> {
    while (!this.#isOff) {
      this.starts++;
      this.#child = Bun.spawn([this.program, "run"], {
        env: this.#environment,
        stdout: "ignore",
        stderr: Bun.file(join(this.data, `log-${this.starts}`)),
      });
      await this.#child.exited;
      await Bun.sleep(100);
    }
  }

  /** Offers what there is until the device stands as wanted. */
  async until(wanted: (update: Result<"getDeviceUpdate">) => boolean): Promise<Result<"getDeviceUpdate">> {
    let last: Result<"getDeviceUpdate"> | undefined;
    return until(
      () => `the update, which stands so: ${JSON.stringify(last)}\n${this.#logs()}`,
      async () => {
        server.services.bus.publish("agent-rollouts", { providerId: server.providerId });
        last = await server.api("getDeviceUpdate", { params: { deviceId: this.deviceId } });
        if (wanted(last)) return last;
        await Bun.sleep(offerEveryMs);
      },
    );
  }

  #logs(): string {
    const logs = Array.from({ length: this.starts }, (_, index) => join(this.data, `log-${index + 1}`)).filter(existsSync);
    return logs.map((log) => readFileSync(log, "utf8")).join("\n");
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOff = true;
    this.#child?.kill("SIGKILL");
    await this.#child?.exited;
    await server.api("revokeDevice", { params: { deviceId: this.deviceId } });
  }
}

beforeAll(async () => {
  program = (await buildAgent(undefined, { folder, version: "1.0.0", keys })).path;
  application = await applicationOf("1.1.0");
  const keysFile = join(folder, "keys.json");
  writeFileSync(keysFile, JSON.stringify({ keys }));
  server = await testServer({ settings: { releases: { directory: releases, keysFile } } });
  ({ customerId } = await server.api("createCustomer", { body: { name: "Bakery" } }));
  await server.api("createSite", { body: { customerId, name: "Shop" } });
}, testLimitMs);
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const rolloutOf = async (version: string) =>
  (await server.api("listAgentReleases")).releases.find((release) => release.version === version)?.rollout;
const findingsOf = async (deviceId: Id) =>
  (await server.api("listFindings", { query: { deviceId } })).items.filter(({ code }) => code === "update-failed");

/** The rollout once the sweep after the failure has seen it. */
function haltedRollout(computer: Computer, version: string) {
  return until(`a halt of ${version}`, async () => {
    await computer.until(() => true);
    const rollout = await rolloutOf(version);
    return rollout?.state === "halted" && rollout;
  });
}

describe("an agent", () => {
  test(
    "becomes the new one by itself, without being started by anybody, and stays it",
    async () => {
      await using computer = new Computer();
      await computer.enrol();
      await computer.until(({ agentVersion, canUpdate }) => agentVersion.startsWith("1.0.0") && canUpdate);
      publish("1.1.0", application);
      const update = await computer.until(({ update: last }) => last?.state === "confirmed");
      expect(update).toMatchObject({ agentVersion: "1.1.0", running: "a", update: { version: "1.1.0" } });
      expect(computer.starts).toBe(1);
      computer.kill();
      await computer.until(({ ended }) => ended?.reason === "ended");
      expect(await computer.until(({ agentVersion }) => agentVersion === "1.1.0")).toMatchObject({ running: "a" });
      withdraw("1.1.0");
    },
    testLimitMs,
  );

  const kinds: [what: string, version: string, run: string, code: string][] = [
    ["dies at its start", "2.0.0", "process.exit(3);", "CRASHED"],
    ["ends at its start as if all were well", "2.0.1", "return 0;", "CRASHED"],
    ["asks at its start to be started again", "2.0.2", "process.exit(86);", "CRASHED"],
    ["throws at its start", "2.1.0", 'throw new Error("broken");', "CRASHED"],
    ["is killed at its start", "2.2.0", 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {});', "DID_NOT_LAST"],
    ["hangs", "2.3.0", "for (;;);", "DID_NOT_LAST"],
    ["never reaches its server", "2.4.0", "setInterval(() => {}, 1000); await new Promise(() => {});", "NO_LINK"],
  ];
  test.each(kinds)(
    "takes a new one back that %s, tells why, and the rollout stops",
    async (what, version, run, code) => {
      await using computer = new Computer(what === "hangs" ? hangSeconds : watchdogSeconds);
      await computer.enrol();
      await computer.until(({ canUpdate }) => canUpdate);
      publish(version, broken(version, run), releaseKey, { change: { confirmSeconds: neverConfirmedSeconds } });
      const update = await computer.until(({ update: last }) => last?.version === version && last.state === "rolled-back");
      expect(update).toMatchObject({ running: "built-in", update: { version, code } });
      expect(update.agentVersion).toStartWith("1.0.0");
      if (code === "DID_NOT_LAST") await computer.until(({ ended }) => ended?.reason === (what === "hangs" ? "hung" : "ended"));
      expect((await findingsOf(computer.deviceId)).length).toBe(1);
      expect(await haltedRollout(computer, version)).toMatchObject({ state: "halted", failedDevices: 1 });
      withdraw(version);
    },
    testLimitMs,
  );

  test(
    "never starts a new one that cannot even say its version",
    async () => {
      await using computer = new Computer();
      await computer.enrol();
      await computer.until(({ canUpdate }) => canUpdate);
      publish("2.5.0", Buffer.from("this is no program"));
      expect(await computer.until(({ update }) => update?.version === "2.5.0" && update.state === "failed")).toMatchObject({
        update: { code: "DOES_NOT_START" },
      });
      expect(computer.starts).toBe(1);
      withdraw("2.5.0");
    },
    testLimitMs,
  );
});

test(
  "an executable is replaced when a release needs another runtime, and carries its own application from then on",
  async () => {
    await using computer = new Computer();
    await computer.enrol();
    await computer.until(({ canUpdate }) => canUpdate);
    const built = await buildAgent(undefined, { folder: mkdtempSync(join(folder, "new-")), version: "3.0.0", keys });
    publish(built.version, readFileSync(built.path), releaseKey, {
      file: { kind: "executable", target: ownTarget() },
      change: { minimalRuntime: "99.0.0", confirmSeconds },
    });
    const update = await computer.until(({ update: last }) => last?.version === built.version && last.state === "confirmed");
    expect(update).toMatchObject({ agentVersion: built.version, running: "built-in" });
    expect([computer.starts, existsSync(`${computer.program}.previous`)]).toEqual([1, true]);
    computer.kill();
    await computer.until(({ ended }) => ended?.reason === "ended" && computer.starts === 2);
    expect(existsSync(`${computer.program}.previous`)).toBe(false);
    withdraw(built.version);
  },
  testLimitMs,
);

test(
  "release keys follow one another three times: the first loader goes along, step by step or at once, and the first key is worth nothing then",
  async () => {
    const statements: KeyStatement[] = [];
    let staying = nextKey!;
    {
      await using computer = new Computer();
      await computer.enrol();
      await computer.until(({ canUpdate }) => canUpdate);
      for (const [index, newKey] of laterKeys.entries()) {
        const version = `6.${index}.0`;
        statements.push(signKeyStatement({ number: index + 2, keys: [publicKeyOf(staying), publicKeyOf(newKey)] }, staying));
        if (index > 0) withdraw(`6.${index - 1}.0`);
        publish(version, await applicationOf(version), index === 0 ? staying : newKey, { statements });
        expect(await computer.until(({ update }) => update?.version === version && update.state === "confirmed")).toMatchObject({
          agentVersion: version,
        });
        staying = newKey;
      }
      publish("6.9.0", application, releaseKey);
      expect(await computer.until(({ update }) => update?.version === "6.9.0" && update.state === "refused")).toMatchObject({
        agentVersion: "6.2.0",
        update: { code: "MANIFEST_NOT_SIGNED" },
      });
      withdraw("6.9.0");
      computer.kill();
      await computer.until(({ ended }) => ended?.reason === "ended");
      expect(await computer.until(({ running }) => running !== "built-in")).toMatchObject({ agentVersion: "6.2.0" });
    }
    await using newcomer = new Computer();
    await newcomer.enrol();
    expect(await newcomer.until(({ update }) => update?.state === "confirmed")).toMatchObject({ agentVersion: "6.2.0" });
    withdraw("6.2.0");
  },
  testLimitMs,
);

test("a release that no release key has signed is not offered, and people see why", async () => {
  publish("9.0.0", application, generateKeyPairSync("ed25519").privateKey);
  const { releases, problems } = await server.api("listAgentReleases");
  expect(releases.map(({ version }) => version)).not.toContain("9.0.0");
  expect(problems).toMatchObject([{ folder: "9.0.0", problem: expect.stringContaining("MANIFEST_NOT_SIGNED") }]);
  withdraw("9.0.0");
});

test("files of releases are for agents that prove themselves", async () => {
  publish("9.1.0", application);
  await server.api("listAgentReleases");
  const answer = await fetch(`${server.url}/agent/v1/release/${hashOf(application)}`);
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([401, "SIGNATURE_INVALID"]);
  withdraw("9.1.0");
});
