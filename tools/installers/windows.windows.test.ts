/** The package of Windows Installer on a Windows computer: installed silently, repeated, upgraded, removed by hand and by the console. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentConnected } from "@hauswart/testkit/agent-status.ts";
import { startFakeServer, type FakeServer } from "@hauswart/testkit/fake-server.ts";
import { installWays } from "@hauswart/server/install/install-ways.ts";
import { testServer } from "@hauswart/testkit/server.ts";
import { testNeeding, whyNoProgram, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { until } from "@hauswart/testkit/until.ts";
import { startWindows, type WindowsComputer } from "@hauswart/testkit/wine.ts";
import { buildAgent } from "../build-agent.ts";
import { readFileVersion, readProgramWords } from "../windows-resources.ts";
import { makeWindowsPackage } from "./windows.ts";

const missing = whyNoWindows() ?? whyNoProgram("wixl", "msibuild");
const windowsTest = testNeeding(missing);
const patienceMs = 180_000;
const dataFolder = "C:\\ProgramData\\Hauswart Agent";
const programFolder = "C:\\Program Files\\Hauswart Agent";
const programPath = `${programFolder}\\hauswart-agent.exe`;

describe("the package of Windows Installer", () => {
  const folder = mkdtempSync(join(tmpdir(), "hauswart-msi-"));
  let computer: WindowsComputer;
  let server: FakeServer;

  const packageOf = async (version: string) => {
    const target = join(folder, `${version}.msi`);
    const workshop = join(folder, version);
    mkdirSync(workshop);
    const { path: program } = await buildAgent("windows-x64-baseline");
    await makeWindowsPackage({ program, version, target, workshop, signing: undefined, compression: "quick" });
    await computer.installFile(target, `C:\\${version}.msi`);
  };
  const msiexec = async (...words: string[]) => {
    const { exitCode } = await computer.run(["msiexec", ...words, "/qn", "/norestart"], { timeoutMs: 120_000 });
    expect(exitCode).toBe(0);
  };
  const install = (version: string) =>
    msiexec("/i", `C:\\${version}.msi`, `SERVER=${server.url}`, `TOKEN=${server.core.behaviour.token}`, "NAME=Empfang");
  const greeted = (count: number) => server.core.until(() => server.core.hellos.length > count);
  const fileVersion = () => readFileVersion(computer.fileOf(programPath));
  const service = async () => (await computer.run(["sc", "query", "HauswartAgent"])).stdout;
  const setting = async (name: string) =>
    (await computer.run(["reg", "query", "HKLM\\SYSTEM\\CurrentControlSet\\Services\\HauswartAgent", "/v", name])).stdout;
  const installedVersions = async () => {
    const { stdout } = await computer.run(["reg", "query", "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall", "/s"]);
    return [...stdout.matchAll(/DisplayVersion\s+REG_SZ\s+(\S+)/g)].map(([, version]) => version);
  };
  const leaveBehind = async () => {
    for (const ending of ["previous", "failed", "update"])
      await computer.writeFile(`${programFolder}\\hauswart-agent.exe.${ending}`, "old");
  };
  const gone = async () => {
    let left: unknown[] = [];
    await until(
      () => `the agent to be gone; there is still ${JSON.stringify(left)}`,
      async () => {
        const folders = [programFolder, dataFolder].filter((path) => computer.exists(path));
        left = [...folders, ...[await service()].filter(Boolean), ...(await installedVersions())];
        return left.length === 0;
      },
    );
  };

  beforeAll(async () => {
    if (missing !== undefined) return;
    server = await startFakeServer({});
    computer = await startWindows({ hostName: "PC-EMPFANG" });
    await packageOf("0.1.0");
    await packageOf("0.1.1");
  }, 960_000);
  afterAll(async () => {
    await computer?.[Symbol.asyncDispose]();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  windowsTest(
    "installed silently with server and token, the device appears; the token is gone from the computer",
    async () => {
      await install("0.1.0");
      await greeted(0);
      expect(server.core.enrolments.map(({ name }) => name)).toEqual(["Empfang"]);
      expect(server.core.hellos[0]!.computer).toMatchObject({ hostname: "PC-EMPFANG", system: "win32" });
      expect(computer.exists(`${dataFolder}\\enrolment-order.json`)).toBe(false);
      expect(computer.readFile(`${dataFolder}\\agent.log`)).not.toContain(server.core.behaviour.token);
      expect(await service()).toContain("RUNNING");
      expect(readProgramWords(computer.fileOf(programPath)).words).toMatchObject({
        ProductName: "Hauswart Agent",
      });
      // Wine keeps the access list of a folder as the mode of its own.
      expect(statSync(computer.fileOf(dataFolder)).mode & 0o007).toBe(0);
    },
    patienceMs,
  );

  windowsTest(
    "the service has what an installer cannot give it",
    async () => {
      expect(await setting("DelayedAutoStart")).toContain("0x1");
      expect(await setting("PreshutdownTimeout")).toContain("0x3a98");
      expect(await setting("Environment")).toContain("BUN_GC_TIMER_DISABLE=1");
      expect(await setting("ImagePath")).toContain(`"${programFolder}\\hauswart-agent.exe" run --service`);
    },
    patienceMs,
  );

  windowsTest(
    "a person at the computer is told that it runs and is connected",
    async () => {
      const { exitCode, stdout } = await computer.run([programPath, "status"]);
      expect(stdout).toMatch(/Connection +connected/);
      expect(exitCode).toBe(0);
    },
    patienceMs,
  );

  windowsTest(
    "stopped by hand it says goodbye, and comes back",
    async () => {
      await computer.stopService("HauswartAgent");
      expect(server.core.goodbyes.splice(0)).toEqual(["agent-stop"]);
      const hellos = server.core.hellos.length;
      await computer.mustRun(["net", "start", "HauswartAgent"]);
      await greeted(hellos);
    },
    patienceMs,
  );

  windowsTest(
    "an upgrade keeps the identity, whatever it is told, leaves one version, and its own program in the place of one that has updated itself",
    async () => {
      const before = computer.readFile(`${dataFolder}\\agent.json`);
      const newer = await buildAgent("windows-x64-baseline", { version: "9.9.9", folder: join(folder, "newer") });
      await computer.stopService("HauswartAgent");
      await computer.installFile(newer.path, programPath);
      await computer.mustRun(["net", "start", "HauswartAgent"]);
      expect(fileVersion()).toBe("9.9.9.0");
      await agentConnected(() => computer.run([programPath, "status"]));
      server.core.goodbyes.length = 0;
      const hellos = server.core.hellos.length;
      await install("0.1.1");
      await greeted(hellos);
      expect(fileVersion()).not.toBe("9.9.9.0");
      expect(computer.readFile(`${dataFolder}\\agent.json`)).toBe(before);
      expect(server.core.enrolments).toHaveLength(1);
      expect(server.core.goodbyes.splice(0)).toEqual(["agent-stop"]);
      expect(await installedVersions()).toEqual(["0.1.1"]);
    },
    patienceMs,
  );

  windowsTest(
    "an older package is refused, and the agent runs on",
    async () => {
      const { exitCode } = await computer.run(["msiexec", "/i", "C:\\0.1.0.msi", "/qn"], { timeoutMs: 120_000 });
      expect(exitCode).not.toBe(0);
      expect(await installedVersions()).toEqual(["0.1.1"]);
      expect(await service()).toContain("RUNNING");
    },
    patienceMs,
  );

  windowsTest(
    "removed, it says goodbye and leaves nothing, not even what an update of the program left beside it",
    async () => {
      server.core.goodbyes.length = 0;
      await leaveBehind();
      await msiexec("/x", "C:\\0.1.1.msi");
      await gone();
      expect(server.core.goodbyes.splice(0)).toEqual(["agent-stop"]);
    },
    patienceMs,
  );

  windowsTest(
    "installed without a token it waits; enrolled by hand it goes on by itself",
    async () => {
      await msiexec("/i", "C:\\0.1.1.msi");
      expect(await service()).toContain("RUNNING");
      const hellos = server.core.hellos.length;
      await computer.mustRun([programPath, "enrol", "--server", server.url], {
        environment: { HAUSWART_AGENT_TOKEN: server.core.behaviour.token },
      });
      await greeted(hellos);
    },
    patienceMs,
  );

  windowsTest(
    "removed in the console, the package goes as well",
    async () => {
      const hellos = server.core.hellos.length;
      server.core.behaviour.refuse = { code: "DEVICE_REVOKED", retryAfterSeconds: 600, order: "removal" };
      server.core.dropConnections();
      await greeted(hellos);
      await gone();
    },
    patienceMs,
  );

  windowsTest(
    "at a real server: the console's silent command brings the device with what it is; removed there, it is gone here",
    async () => {
      await using house = await testServer();
      const { customerId } = await house.api("createCustomer", { body: { name: "Zahnarzt am Park" } });
      const { siteId } = await house.api("createSite", { body: { customerId, name: "Praxis" } });
      const { token } = await house.api("createEnrolmentToken", { body: { siteId } });
      const installers = join(folder, "handed-out");
      mkdirSync(installers);
      copyFileSync(join(folder, "0.1.1.msi"), join(installers, "hauswart-agent-windows-x64.msi"));
      await computer.installFile(join(folder, "0.1.1.msi"), "C:\\hauswart-agent-windows-x64.msi");
      const ways = await installWays({ url: house.url, token }, { installers, programs: installers });
      const command = ways.find(({ kind }) => kind === "msiexec")!.command!;
      await computer.mustRun(command.split(" "), { timeoutMs: 120_000 });

      const found = async () => (await house.api("listDevices")).items[0];
      const isSo = (wanted: "present" | "agent-stop") =>
        until(
          async () => `the device to be ${wanted}; it is ${JSON.stringify(await found())}`,
          async () => {
            const presence = (await found())?.presence;
            return presence?.state === wanted || presence?.reason === wanted;
          },
        );
      await isSo("present");
      const device = (await found())!;
      expect(device).toMatchObject({ hostname: "PC-EMPFANG", system: "win32", siteId, role: "workstation", lifecycle: "active" });
      expect(device.systemName).toContain("Windows 10");
      await computer.stopService("HauswartAgent");
      await isSo("agent-stop");
      await computer.mustRun(["net", "start", "HauswartAgent"]);
      await isSo("present");
      await house.api("revokeDevice", { params: { deviceId: device.deviceId }, body: { removeAgent: true } });
      await gone();
    },
    patienceMs,
  );

  windowsTest(
    "without the package the program installs itself as a service, and removes itself",
    async () => {
      server.core.behaviour.refuse = undefined;
      await computer.installFile((await buildAgent("windows-x64-baseline")).path, "C:\\agent.exe");
      await computer.mustRun(["C:\\agent.exe", "enrol", "--server", server.url], {
        environment: { HAUSWART_AGENT_TOKEN: server.core.behaviour.token },
      });
      const hellos = server.core.hellos.length;
      await computer.mustRun(["C:\\agent.exe", "install"]);
      await greeted(hellos);
      expect(await setting("ImagePath")).toContain(`"${programFolder}\\hauswart-agent.exe" run --service`);
      server.core.goodbyes.length = 0;
      await leaveBehind();
      await computer.mustRun([programPath, "uninstall", "--yes"]);
      await gone();
      expect(server.core.goodbyes).toEqual(["agent-stop"]);
    },
    patienceMs,
  );

  windowsTest(
    "takes the place of an agent that installed itself, and removed leaves nothing of either",
    async () => {
      await computer.mustRun(["C:\\agent.exe", "enrol", "--server", server.url], {
        environment: { HAUSWART_AGENT_TOKEN: server.core.behaviour.token },
      });
      let hellos = server.core.hellos.length;
      await computer.mustRun(["C:\\agent.exe", "install"]);
      await greeted(hellos);
      const identity = computer.readFile(`${dataFolder}\\agent.json`);
      hellos = server.core.hellos.length;
      await msiexec("/i", "C:\\0.1.1.msi");
      await greeted(hellos);
      expect(await service()).toContain("RUNNING");
      expect(computer.readFile(`${dataFolder}\\agent.json`)).toBe(identity);
      await msiexec("/x", "C:\\0.1.1.msi");
      await gone();
    },
    patienceMs,
  );
});
