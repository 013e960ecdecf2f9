/**
 * The built Windows agent, as a service, and its updates against a whole server, on a Windows computer (Wine). Wine carries out no failure
 * actions, so the test starts the service again, and only where Windows would: after an end that the service called a failure.
 */
import { generateKeyPairSync } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { serviceName } from "@hauswart/agent/os/windows/service-structures.ts";
import { pack } from "@hauswart/agent/update/pack.ts";
import type { Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { testNeeding, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { until } from "@hauswart/testkit/until.ts";
import { startWindows, type WindowsComputer } from "@hauswart/testkit/wine.ts";
import { buildAgent, buildApplication } from "../../tools/build-agent.ts";
import { publicKeyOf } from "../../tools/sign-release.ts";
import { hashOf, layRelease, type TestRelease } from "./support/lay-release.ts";

const missing = whyNoWindows();
const windowsTest = testNeeding(missing);
const patienceMs = 240_000;
const updateLimitMs = 180_000;
const offerEveryMs = 500;
const program = "C:\\Program Files\\Hauswart Agent\\hauswart-agent.exe";
const dataFolder = "C:\\ProgramData\\Hauswart Agent";
const serviceKey = `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${serviceName}`;

const folder = mkdtempSync(join(tmpdir(), "hauswart-updates-"));
const releases = join(folder, "releases");
const { privateKey } = generateKeyPairSync("ed25519");
const keys = [publicKeyOf(privateKey)];

describe("an agent on Windows", () => {
  let server: TestServer;
  let computer: WindowsComputer;
  let deviceId: Id;
  let isOff = false;
  let starts = 0;
  let manager: Promise<void> | undefined;

  const standing = async () => (await computer.run(["sc", "query", serviceName])).stdout;
  const startedBy = () => computer.mustRun(["reg", "query", serviceKey, "/v", "ImagePath"]);
  const agentLog = () => (computer.exists(`${dataFolder}\\agent.log`) ? computer.readFile(`${dataFolder}\\agent.log`) : "");

  /** Starts the service when it has failed, as the service manager does; one that ended well it leaves alone. */
  async function playServiceManager(): Promise<void> {
    while (!isOff) {
      const now = await standing();
      if (/STATE.*STOPPED/.test(now) && !/WIN32_EXIT_CODE *: *0 /.test(now)) {
        starts++;
        await computer.run(["net", "start", serviceName]);
      }
      await Bun.sleep(300);
    }
  }

  function publish(version: string, content: Uint8Array, more: Partial<TestRelease> = {}): void {
    const usual = { file: { target: "win32" }, change: { confirmSeconds: 60 } };
    layRelease(releases, { version, content, key: privateKey, ...usual, ...more });
  }

  /** Offers what there is until the device stands as wanted. */
  function updated(wanted: (update: Result<"getDeviceUpdate">) => boolean): Promise<Result<"getDeviceUpdate">> {
    let last: Result<"getDeviceUpdate"> | undefined;
    return until(
      async () => `the update, which stands so: ${JSON.stringify(last)}\n${await standing()}\n${agentLog()}`,
      async () => {
        server.services.bus.publish("agent-rollouts", { providerId: server.providerId });
        last = await server.api("getDeviceUpdate", { params: { deviceId } });
        if (wanted(last)) return last;
        await Bun.sleep(offerEveryMs);
      },
      updateLimitMs,
    );
  }

  beforeAll(async () => {
    if (missing !== undefined) return;
    const keysFile = join(folder, "keys.json");
    writeFileSync(keysFile, JSON.stringify({ keys }));
    server = await testServer({ settings: { releases: { directory: releases, keysFile } } });
    computer = await startWindows({ hostName: "PC-KASSE" });
    const built = await buildAgent("windows-x64", { folder, version: "1.0.0", keys });
    await computer.installFile(built.path, "C:\\agent.exe");
    const { customerId } = await server.api("createCustomer", { body: { name: "Bakery" } });
    const { siteId } = await server.api("createSite", { body: { customerId, name: "Shop" } });
    const { token } = await server.api("createEnrolmentToken", { body: { siteId, uses: 1, validHours: 1 } });
    await computer.mustRun(["C:\\agent.exe", "enrol", "--server", server.url], { environment: { HAUSWART_AGENT_TOKEN: token } });
    await computer.mustRun(["C:\\agent.exe", "install"]);
    deviceId = (await server.api("listDevices")).items[0]!.deviceId;
    await server.api("setUpdateRing", { params: { kind: "device", subjectId: deviceId }, body: { ring: "canary" } });
    manager = playServiceManager();
    await updated(({ canUpdate }) => canUpdate);
  }, 960_000);
  afterAll(async () => {
    isOff = true;
    await manager;
    await computer?.[Symbol.asyncDispose]();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  windowsTest(
    "becomes the new one",
    async () => {
      const path = join(folder, "1.1.0.pack");
      await buildApplication(path, "1.1.0", keys);
      publish("1.1.0", readFileSync(path));
      expect(await updated(({ update }) => update?.state === "confirmed")).toMatchObject({ agentVersion: "1.1.0", running: "a" });
      expect(starts).toBe(1);
      const setting = (name: string) => computer.mustRun(["reg", "query", serviceKey, "/v", name]);
      expect([await startedBy(), await setting("PreshutdownTimeout")]).toEqual([
        expect.stringContaining(`"${program}" run --service`),
        expect.stringContaining("0x3a98"),
      ]);
    },
    patienceMs,
  );

  windowsTest(
    "takes back a new one that dies at its start",
    async () => {
      const source =
        'export async function runApplication(words) { if (words[0] === "version") { console.log("hauswart-agent 1.2.0"); return 0; } process.exit(3); }';
      publish("1.2.0", pack([{ name: "main.js", bytes: Buffer.from(source) }]));
      const update = await updated((last) => last.update?.version === "1.2.0" && last.update.state === "rolled-back");
      expect(update).toMatchObject({ agentVersion: "1.1.0", running: "a", update: { code: "CRASHED" } });
    },
    patienceMs,
  );

  windowsTest(
    "starts the one of before by itself when a new one ends at once as if all were well, which no service manager mends",
    async () => {
      const source =
        'export async function runApplication(words) { if (words[0] === "version") console.log("hauswart-agent 1.3.0"); return 0; }';
      publish("1.3.0", pack([{ name: "main.js", bytes: Buffer.from(source) }]));
      const update = await updated((last) => last.update?.version === "1.3.0" && last.update.state === "rolled-back");
      expect(update).toMatchObject({ agentVersion: "1.1.0", running: "a", update: { code: "CRASHED" } });
    },
    patienceMs,
  );

  windowsTest(
    "replaces its executable while it runs",
    async () => {
      const built = await buildAgent("windows-x64", { folder: mkdtempSync(join(folder, "new-")), version: "3.0.0", keys });
      publish(built.version, readFileSync(built.path), {
        file: { kind: "executable", target: "windows-x64" },
        change: { minimalRuntime: "99.0.0", confirmSeconds: 120 },
      });
      const update = await updated((last) => last.update?.version === built.version && last.update.state === "confirmed");
      expect(update).toMatchObject({ agentVersion: built.version, running: "built-in" });
      expect([computer.exists(`${program}.previous`), await startedBy()]).toEqual([true, expect.stringContaining(`"${program}" run`)]);
    },
    patienceMs,
  );

  windowsTest(
    "goes on from the one of before when the power was cut between two steps of the replacement, and puts it back",
    async () => {
      isOff = true;
      await manager;
      await computer.stopService(serviceName);
      const [before, waiting] = [computer.fileOf(program), computer.fileOf(`${program}.previous`)];
      copyFileSync(before, waiting);
      renameSync(before, `${before}.failed`);
      const previousSha256 = hashOf(readFileSync(waiting));
      const trial = {
        slot: "executable",
        version: "9.9.9",
        starts: 0,
        confirmSeconds: 300,
        previousExecutable: `${program}.previous`,
        previousSha256,
      };
      writeFileSync(computer.fileOf(`${dataFolder}\\update\\state.json`), JSON.stringify({ current: "built-in", trial }));
      await computer.mustRun([
        "reg",
        "add",
        serviceKey,
        "/v",
        "ImagePath",
        "/t",
        "REG_EXPAND_SZ",
        "/d",
        `"${program}.previous" run --service`,
        "/f",
      ]);
      // The service manager reads its settings when the computer starts.
      await computer.powerOff();
      await computer.powerOn();
      await computer.run(["net", "start", serviceName]);
      await until("the service to run", async () => (await standing()).includes("RUNNING"));
      expect(hashOf(readFileSync(computer.fileOf(program)))).toBe(previousSha256);
      expect(await startedBy()).toContain(`"${program}" run`);
      const state = readFileSync(computer.fileOf(`${dataFolder}\\update\\state.json`), "utf8");
      expect(JSON.parse(state)).toMatchObject({ last: { version: "9.9.9", outcome: "rolled-back", code: "INTERRUPTED" } });
    },
    patienceMs,
  );
});
