/** The Debian package on a real Debian: installed, upgraded, removed, purged. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentConnected } from "@hauswart/testkit/agent-status.ts";
import { testCertificate } from "@hauswart/testkit/certificate.ts";
import { startFakeServer, type FakeServer } from "@hauswart/testkit/fake-server.ts";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { until } from "@hauswart/testkit/until.ts";
import { buildAgent } from "../build-agent.ts";
import { makeDebianPackage } from "./debian.ts";

const missing = whyNoMachine();
const machineTest = testNeeding(missing);
const patienceMs = 120_000;
const places = ["/usr/bin/hauswart-agent*", "/lib/systemd/system/hauswart-agent.service", "/var/lib/hauswart-agent", "/etc/hauswart-agent"];

describe("the Debian package", () => {
  const folder = mkdtempSync(join(tmpdir(), "hauswart-deb-"));
  let machine: Machine;
  let server: FakeServer;

  const packageOf = async (version: string) => {
    const target = join(folder, `${version}.deb`);
    const { path: program } = await buildAgent();
    await makeDebianPackage({ program, version, architecture: "amd64", target, workshop: join(folder, version), compression: "gzip" });
    await machine.installFile(target, `/root/${version}.deb`);
  };
  const shell = async (script: string) => (await machine.mustRun(["sh", "-c", script])).trim();
  const whatIsLeft = () => shell(`ls -d ${places.join(" ")} 2>/dev/null; true`);
  const order = () =>
    machine.writeFile(
      "/etc/hauswart-agent/enrol.conf",
      `HAUSWART_AGENT_SERVER=${server.url}\nHAUSWART_AGENT_TOKEN=${server.core.behaviour.token}\nHAUSWART_AGENT_CA=/root/ca.pem\n`,
    );
  const greeted = (count: number) => server.core.until(() => server.core.hellos.length > count);
  const connected = async (count: number) => {
    await greeted(count);
    await agentConnected(() => machine.run(["hauswart-agent", "status"]));
  };

  beforeAll(async () => {
    if (missing !== undefined) return;
    const tls = await testCertificate();
    server = await startFakeServer({ tls });
    machine = await bootMachine({ hostName: "pc-paket" });
    await machine.writeFile("/root/ca.pem", tls.certificate);
    await packageOf("0.1.0");
    await packageOf("0.1.1");
  }, 660_000);
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  machineTest(
    "installed without an order, it waits for somebody to enrol the computer",
    async () => {
      await machine.mustRun(["dpkg", "--install", "/root/0.1.0.deb"]);
      expect(await shell("systemctl is-enabled hauswart-agent; systemctl is-active hauswart-agent; true")).toBe("enabled\ninactive");
      expect(server.core.hellos).toHaveLength(0);
      await machine.mustRun(["dpkg", "--purge", "hauswart-agent"]);
      expect(await whatIsLeft()).toBe("");
    },
    patienceMs,
  );

  machineTest(
    "installed with an order, it enrols by itself, and the token is gone from the computer",
    async () => {
      await order();
      await machine.mustRun(["dpkg", "--install", "/root/0.1.0.deb"]);
      await connected(0);
      expect(server.core.hellos[0]!.computer.hostname).toBe("pc-paket");
      expect(await shell("ls /etc/hauswart-agent /var/lib/hauswart-agent/enrolment-order.json 2>/dev/null; true")).toBe("");
      expect(await shell(`grep -rl ${server.core.behaviour.token} /etc /var/lib 2>/dev/null; true`)).toBe("");
      expect(await shell("find /var/lib/hauswart-agent -perm /077")).toBe("");
      expect(await shell("dpkg --verify hauswart-agent")).toBe("");
    },
    patienceMs,
  );

  machineTest(
    "an upgrade keeps the identity, whatever order it is given",
    async () => {
      const before = await shell("cat /var/lib/hauswart-agent/agent.json");
      await order();
      const hellos = server.core.hellos.length;
      await machine.mustRun(["dpkg", "--install", "/root/0.1.1.deb"]);
      await connected(hellos);
      expect(await shell("cat /var/lib/hauswart-agent/agent.json")).toBe(before);
      expect(server.core.enrolments).toHaveLength(1);
      expect(server.core.goodbyes.splice(0)).toEqual(["agent-stop"]);
      expect(await shell("dpkg-query --show --showformat='${Version}' hauswart-agent")).toBe("0.1.1");
    },
    patienceMs,
  );

  machineTest(
    "removed, it keeps its identity for the next installation; purged, nothing is left",
    async () => {
      // What an update of the program leaves until it is confirmed.
      await shell("for ending in previous failed update; do : > /usr/bin/hauswart-agent.$ending; done");
      await machine.mustRun(["dpkg", "--remove", "hauswart-agent"]);
      expect(await whatIsLeft()).toBe("/var/lib/hauswart-agent");
      expect(server.core.goodbyes.splice(0)).toEqual(["agent-stop"]);
      const hellos = server.core.hellos.length;
      await machine.mustRun(["dpkg", "--install", "/root/0.1.1.deb"]);
      await greeted(hellos);
      expect(server.core.enrolments).toHaveLength(1);
      await machine.mustRun(["dpkg", "--purge", "hauswart-agent"]);
      expect(await whatIsLeft()).toBe("");
      expect(await shell("systemctl list-unit-files 'hauswart*' --no-legend; true")).toBe("");
    },
    patienceMs,
  );

  machineTest(
    "takes the place of one that was installed by hand, and removed in the console takes the package away",
    async () => {
      await machine.mustRun(["sh", "-c", "dpkg-deb --extract /root/0.1.0.deb /root/by-hand"]);
      await machine.mustRun(["/root/by-hand/usr/bin/hauswart-agent", "enrol", "--server", server.url, "--ca", "/root/ca.pem"], {
        environment: { HAUSWART_AGENT_TOKEN: server.core.behaviour.token },
      });
      let hellos = server.core.hellos.length;
      await machine.mustRun(["/root/by-hand/usr/bin/hauswart-agent", "install"]);
      await greeted(hellos);
      hellos = server.core.hellos.length;
      await machine.mustRun(["dpkg", "--install", "/root/0.1.1.deb"]);
      await greeted(hellos);
      expect(await shell("ls /usr/local/bin/hauswart-agent /etc/systemd/system/hauswart-agent.service 2>/dev/null; true")).toBe("");
      hellos = server.core.hellos.length;
      server.core.behaviour.refuse = { code: "DEVICE_REVOKED", retryAfterSeconds: 600, order: "removal" };
      server.core.dropConnections();
      await greeted(hellos);
      let left = "";
      await until(
        () => `the package to be gone; there is still ${left}`,
        async () => {
          left = (await whatIsLeft()) + (await shell("dpkg-query --show hauswart-agent 2>/dev/null; true"));
          return left === "";
        },
      );
    },
    patienceMs,
  );
});
