/**
 * The very command that the console shows, pasted on a computer that has a network of its own: over TLS with the house's own authority,
 * from the download to a device that is there, and once more on a computer that has an agent already.
 */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { readFileSync } from "node:fs";
import type { Settings } from "@hauswart/server/settings.ts";
import { writeTestCertificate } from "@hauswart/testkit/certificate.ts";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { makeSiteNetwork, type Machine, type SiteNetwork } from "@hauswart/testkit/nspawn.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { startSiteLine, type SiteLine } from "@hauswart/testkit/site-line.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { until } from "@hauswart/testkit/until.ts";
import { buildAgent } from "../tools/build-agent.ts";
import { bootNewcomer, makeNewSite, paste, type NewSite } from "./support/pasted-command.ts";

const missing = whyNoMachine();
const machineTest = testNeeding(missing);

describe("the command of the enrolment dialog", () => {
  const folder = temporaryFolder("command");
  let network: SiteNetwork;
  let line: SiteLine;
  let server: TestServer;
  let machine: Machine;
  let site: NewSite;

  beforeAll(async () => {
    if (missing !== undefined) return;
    await buildAgent();
    network = await makeSiteNetwork();
    const tls = { kind: "certificate" as const, ...(await writeTestCertificate(folder, [network.hostAddress])) };
    server = await testServer({ settings: { tls } });
    line = await startSiteLine(network.hostAddress, Number(new URL(server.url).port));
    // As HAUSWART_URL says it: the address that other computers reach.
    (server.services.settings as { -readonly [Key in keyof Settings]: Settings[Key] }).url = `https://${network.hostAddress}:${line.port}`;
    machine = await bootNewcomer(network);
    await machine.writeFile("/usr/local/share/ca-certificates/house.crt", readFileSync(tls.certificatePath));
    site = await makeNewSite(server.api);
  }, 1_200_000);
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await line?.[Symbol.asyncDispose]();
    await server?.close();
    await network?.[Symbol.asyncDispose]();
  });

  machineTest(
    "refuses a server whose certificate the computer does not know, and leaves nothing behind",
    async () => {
      const { exitCode, stderr } = await paste(machine, await site.newCommand());
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain("certificate");
      expect(await site.devices()).toEqual([]);
      expect((await machine.run(["sh", "-c", "ls -d /tmp/tmp.* /var/lib/hauswart-agent"])).stdout).toBe("");
    },
    180_000,
  );

  machineTest(
    "installs the agent over TLS, and the computer is there",
    async () => {
      await machine.mustRun(["update-ca-certificates"]);
      const command = await site.newCommand();
      const { exitCode, stdout, stderr } = await paste(machine, command);
      expect([exitCode, stderr.includes("certificate")]).toEqual([0, false]);
      expect(stdout).toContain("The agent runs.");
      await until("the computer is there", async () => (await site.devices())[0]?.presence.state === "present");
      expect(await site.devices()).toMatchObject([{ name: "pc-empfang", system: "linux" }]);
      expect((await machine.mustRun(["systemctl", "is-enabled", "hauswart-agent"])).trim()).toBe("enabled");
      // Neither what was fetched nor the token stays.
      const token = /T=(\S+);/.exec(command)![1]!;
      expect((await machine.run(["grep", "-rlF", token, "/etc", "/var", "/root", "/tmp", "/opt"])).stdout).toBe("");
      expect((await machine.run(["sh", "-c", "ls -d /tmp/tmp.*"])).stdout).toBe("");
    },
    180_000,
  );

  machineTest(
    "pasted again it leaves the computer the device that it is",
    async () => {
      const [before] = await site.devices();
      const { exitCode } = await paste(machine, await site.newCommand());
      expect(exitCode).toBe(0);
      await until("the agent is back", async () => (await site.devices())[0]?.presence.state === "present");
      expect((await site.devices()).map(({ deviceId }) => deviceId)).toEqual([before!.deviceId]);
    },
    180_000,
  );
});
