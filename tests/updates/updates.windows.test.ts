/** The built Windows agent and its updates against a whole server, on a Windows computer (Wine). */
import { createHash, generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { pack } from "@hauswart/agent/update/pack.ts";
import type { Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { ReleaseManifest } from "@hauswart/protocol/release/manifest.ts";
import { testNeeding, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { startWindows, type WindowsComputer, type WindowsProgram } from "@hauswart/testkit/wine.ts";
import { buildAgent, buildApplication } from "../../tools/build-agent.ts";
import { publicKeyOf, signManifest } from "../../tools/sign-release.ts";

const missing = whyNoWindows();
const windowsTest = testNeeding(missing);
const patienceMs = 240_000;
const program = "C:\\Hauswart\\hauswart-agent.exe";
const dataFolder = "C:\\Hauswart\\data";

const folder = mkdtempSync(join(tmpdir(), "hauswart-updates-"));
const { privateKey } = generateKeyPairSync("ed25519");
const keys = [publicKeyOf(privateKey)];

describe("an agent on Windows", () => {
  let server: TestServer;
  let computer: WindowsComputer;
  let deviceId: Id;
  let agent: WindowsProgram | undefined;
  let isOff = false;
  let starts = 0;

  /** Starts it whenever it ends, as the service manager does. */
  async function keepRunning(): Promise<void> {
    while (!isOff) {
      starts++;
      agent = computer.start([program, "run", "--data", dataFolder], { environment: { HAUSWART_AGENT_WATCHDOG_SECONDS: "20" } });
      await agent.exited;
    }
  }

  function publish(version: string, content: Uint8Array, change: Partial<ReleaseManifest> = {}): void {
    const release = join(folder, "releases", version);
    mkdirSync(release, { recursive: true });
    writeFileSync(join(release, "agent.pack"), content);
    const sha256 = createHash("sha256").update(content).digest("hex");
    const files = [{ kind: "application", target: "win32", name: "agent.pack", sizeBytes: content.length, sha256 }] as const;
    const moments = { createdAtMs: Date.now(), expiresAtMs: Date.now() + 86_400_000 };
    const manifest = {
      version,
      channel: "stable",
      ...moments,
      minimalLoader: 1,
      minimalRuntime: "1.0.0",
      confirmSeconds: 60,
      files,
      ...change,
    };
    writeFileSync(join(release, "release.json"), signManifest(manifest, [privateKey]));
  }

  async function until(wanted: (update: Result<"getDeviceUpdate">) => boolean): Promise<Result<"getDeviceUpdate">> {
    let last: Result<"getDeviceUpdate"> | undefined;
    for (const endMs = Date.now() + 180_000; Date.now() < endMs;) {
      server.services.bus.publish("agent-rollouts", { providerId: server.providerId });
      last = await server.api("getDeviceUpdate", { params: { deviceId } });
      if (wanted(last)) return last;
      await Bun.sleep(500);
    }
    throw new Error(`It did not get there: ${JSON.stringify(last)}\n${agent?.output() ?? ""}`);
  }

  beforeAll(async () => {
    if (missing !== undefined) return;
    const keysFile = join(folder, "keys.json");
    writeFileSync(keysFile, JSON.stringify({ keys }));
    server = await testServer({ settings: { releases: { directory: join(folder, "releases"), keysFile } } });
    computer = await startWindows({ hostName: "PC-KASSE" });
    const built = await buildAgent("windows-x64", { folder, version: "1.0.0", keys });
    await computer.installFile(built.path, program);
    const { customerId } = await server.api("createCustomer", { body: { name: "Bakery" } });
    const { siteId } = await server.api("createSite", { body: { customerId, name: "Shop" } });
    const { token } = await server.api("createEnrolmentToken", { body: { siteId, uses: 1, validHours: 1 } });
    await computer.mustRun([program, "enrol", "--server", server.url, "--token", token, "--data", dataFolder]);
    deviceId = (await server.api("listDevices")).items[0]!.deviceId;
    await server.api("setUpdateRing", { params: { kind: "device", subjectId: deviceId }, body: { ring: "canary" } });
    void keepRunning();
    await until(({ canUpdate }) => canUpdate);
  }, 960_000);
  afterAll(async () => {
    isOff = true;
    await agent?.kill();
    await computer?.[Symbol.asyncDispose]();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  windowsTest(
    "becomes the new one",
    async () => {
      const path = join(folder, "1.1.0.pack");
      await buildApplication(path, "1.1.0", keys);
      publish("1.1.0", readFileSync(path));
      expect(await until(({ update }) => update?.state === "confirmed")).toMatchObject({ agentVersion: "1.1.0", running: "a" });
      expect(starts).toBe(2);
    },
    patienceMs,
  );

  windowsTest(
    "takes back a new one that dies at its start",
    async () => {
      const source =
        'export async function runApplication(words) { if (words[0] === "version") { console.log("hauswart-agent 1.2.0"); return 0; } process.exit(3); }';
      publish("1.2.0", pack([{ name: "main.js", bytes: Buffer.from(source) }]));
      const update = await until((last) => last.update?.version === "1.2.0" && last.update.state === "rolled-back");
      expect(update).toMatchObject({ agentVersion: "1.1.0", running: "a", update: { code: "CRASHED" } });
    },
    patienceMs,
  );

  windowsTest(
    "replaces its executable while it runs",
    async () => {
      const built = await buildAgent("windows-x64", { folder: mkdtempSync(join(folder, "new-")), version: "3.0.0", keys });
      const content = readFileSync(built.path);
      const sha256 = createHash("sha256").update(content).digest("hex");
      const file = { kind: "executable", target: "windows-x64", name: "agent.pack", sizeBytes: content.length, sha256 } as const;
      publish(built.version, content, { minimalRuntime: "99.0.0", files: [file], confirmSeconds: 120 });
      const update = await until((last) => last.update?.version === built.version && last.update.state === "confirmed");
      expect(update).toMatchObject({ agentVersion: built.version, running: "built-in" });
      expect(basename(computer.fileOf(program))).toBe("hauswart-agent.exe");
      expect(computer.exists(`${program}.previous`)).toBe(true);
    },
    patienceMs,
  );
});
