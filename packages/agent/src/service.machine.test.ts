/** The built agent as a service of a real computer with systemd. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { testCertificate } from "@hauswart/testkit/certificate.ts";
import { startFakeServer, type FakeServer } from "@hauswart/testkit/fake-server.ts";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { until } from "@hauswart/testkit/until.ts";
import { buildAgent } from "../../../tools/build-agent.ts";

const missing = whyNoMachine();
const machineTest = testNeeding(missing);
const patienceMs = 120_000;

describe("the service", () => {
  let machine: Machine;
  let server: FakeServer;
  const mainProcess = async () => (await machine.mustRun(["systemctl", "show", "--property=MainPID", "--value", "hauswart-agent"])).trim();

  beforeAll(async () => {
    if (missing !== undefined) return;
    const tls = await testCertificate();
    server = await startFakeServer({ tls });
    server.core.behaviour.checks = [{ number: 1, check: "made-up", instance: "", everySeconds: 1, selectionVersion: 1, selection: {} }];
    machine = await bootMachine({ hostName: "pc-empfang", packages: ["libpam-systemd"] });
    await machine.installFile((await buildAgent()).path, "/root/hauswart-agent");
    await machine.writeFile("/root/ca.pem", tls.certificate);
    await machine.mustRun(["/root/hauswart-agent", "enrol", "--server", server.url, "--ca", "/root/ca.pem"], {
      environment: { HAUSWART_AGENT_TOKEN: server.core.behaviour.token },
    });
    await machine.mustRun(["/root/hauswart-agent", "install"]);
  }, 660_000);
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  const environmentOf = async (processId: string) =>
    (await machine.mustRun(["sh", "-c", `tr '\\0' '\\n' < /proc/${processId}/environ`])).split("\n");
  const pings = () => server.core.samples.filter(({ check }) => check === 2);

  machineTest(
    "starts, connects and says which computer it is",
    async () => {
      await server.core.until(() => server.core.samples.length > 0);
      expect(server.core.hellos[0]!.computer).toMatchObject({
        hostname: "pc-empfang",
        system: "linux",
        systemName: expect.stringContaining("Debian"),
      });
      expect(await machine.mustRun(["hauswart-agent", "status"])).toMatch(/Connection +connected/);
    },
    patienceMs,
  );

  machineTest(
    "runs without the runtime's compilers, tells the watchdog by its standard input, and its files are its own",
    async () => {
      const settings = await environmentOf(await mainProcess());
      expect(settings).toContain("BUN_JSC_useJIT=0");
      expect(settings).toContain("HAUSWART_AGENT_WATCHDOG_LINE=1");
      expect(await machine.mustRun(["readlink", `/proc/${await mainProcess()}/fd/0`])).toStartWith("socket:");
      expect(await machine.mustRun(["sh", "-c", "find /var/lib/hauswart-agent -perm /077"])).toBe("");
    },
    patienceMs,
  );

  machineTest(
    "begins anew with native calls, in order and in its place, when it is to ping",
    async () => {
      const before = await mainProcess();
      const selection = { target: "", family: "any", packets: 3, answerWithinMs: 1_000 };
      const ping = { number: 2, check: "network-ping", instance: "127.0.0.1", everySeconds: 60, selectionVersion: 1, selection };
      server.core.behaviour.checks = [...server.core.behaviour.checks, ping];
      server.core.broadcast({ type: "configure", revision: "with-ping", checks: server.core.behaviour.checks });
      await server.core.until(() => pings().length > 0);
      expect(pings()[0]).toMatchObject({ ok: { outcome: "answered", sentCount: 3, receivedCount: 3 } });
      expect(server.core.goodbyes.splice(0)).toEqual(["agent-update"]);
      expect(await mainProcess()).toBe(before);
      const settings = await environmentOf(before);
      expect(settings).not.toContain("BUN_JSC_useJIT=0");
      expect(settings).toContain("BUN_JSC_useBaselineJIT=0");
      expect(settings).toContain("HAUSWART_AGENT_WATCHDOG_LINE=1");
      expect(server.core.hellos.map(({ update }) => update?.ended)).toEqual(server.core.hellos.map(() => undefined));
    },
    patienceMs,
  );

  machineTest(
    "ALM-1 says that the computer goes to sleep before it does, and takes it back afterwards",
    async () => {
      // A kernel that could sleep, to logind's eyes; the sleep itself is played, and takes no clock with it.
      await machine.writeFile("/run/power/state", "freeze mem disk\n");
      await machine.writeFile("/run/power/mem_sleep", "[s2idle] deep\n");
      await machine.writeFile(
        "/run/systemd/system/systemd-suspend.service.d/played.conf",
        "[Service]\nExecStart=\nExecStart=/bin/sleep 3\n",
      );
      await machine.mustRun(["mount", "--bind", "/run/power", "/sys/power"]);
      await machine.mustRun(["systemctl", "daemon-reload"]);
      const heartbeats = server.core.heartbeats;
      await machine.mustRun(["systemctl", "suspend"]);
      await server.core.until(() => server.core.goodbyes.length > 0);
      expect([server.core.goodbyes.splice(0), server.core.heartbeats - heartbeats]).toEqual([["sleep"], 0]);
      const samples = server.core.samples.length;
      await server.core.until(() => server.core.heartbeats > heartbeats);
      expect(server.core.samples.length).toBe(samples);
      await server.core.until(() => server.core.samples.length > samples);
      await machine.mustRun(["umount", "/sys/power"]);
    },
    patienceMs,
  );

  machineTest(
    "tells a server that asks who is signed in when somebody comes and goes, and no other server",
    async () => {
      const said = (names: string[]) => () =>
        JSON.stringify(server.core.signedIn.at(-1)?.people?.map(({ name }) => name)) === JSON.stringify(names);
      expect(server.core.signedIn).toEqual([]);
      server.core.behaviour.signedIn = true;
      server.core.dropConnections();
      await server.core.until(said([]));
      await machine.mustRun(["useradd", "--create-home", "m.muster"]);
      const session = ["--property=PAMName=login", "--property=User=m.muster", "--setenv=XDG_SESSION_TYPE=tty", "--unit=session-of-test"];
      await machine.mustRun(["systemd-run", ...session, "sleep", "1000"]);
      await server.core.until(said(["m.muster"]));
      expect(server.core.signedIn.at(-1)).toMatchObject({
        people: [{ name: "m.muster", by: "text-console", state: "active", since: expect.any(Number) }],
        others: 0,
      });
      await machine.mustRun(["systemctl", "stop", "session-of-test"]);
      await server.core.until(said([]));
      server.core.behaviour.signedIn = undefined;
      expect(server.core.objections).toEqual([]);
    },
    patienceMs,
  );

  machineTest(
    "comes back after kill -9",
    async () => {
      const before = server.core.hellos.length;
      await machine.mustRun(["systemctl", "kill", "--signal=KILL", "hauswart-agent"]);
      await server.core.until(() => server.core.hellos.length > before);
      expect(server.core.goodbyes).toEqual([]);
      const answered = pings().length;
      await server.core.until(() => pings().length > answered); // it knew that it is to ping
      expect(pings().every(({ ok }) => ok?.["outcome"] === "answered")).toBe(true);
      server.core.behaviour.checks = server.core.behaviour.checks.slice(0, 1);
      expect(server.core.hellos.at(-1)!.runId).not.toBe(server.core.hellos[0]!.runId);
      expect(server.core.hellos.at(-1)!.stream).toBe(server.core.hellos[0]!.stream);
    },
    patienceMs,
  );

  const whatIsLeft = () =>
    machine.mustRun([
      "sh",
      "-c",
      "ls -d /var/lib/hauswart-agent /usr/local/bin/hauswart-agent /etc/systemd/system/hauswart-agent.service 2>/dev/null; true",
    ]);
  const isActive = async () => (await machine.mustRun(["sh", "-c", "systemctl is-active hauswart-agent; true"])).trim();
  const installAgain = async () => {
    await machine.mustRun(["/root/hauswart-agent", "enrol", "--server", server.url, "--ca", "/root/ca.pem"], {
      environment: { HAUSWART_AGENT_TOKEN: server.core.behaviour.token },
    });
    const before = server.core.hellos.length;
    await machine.mustRun(["/root/hauswart-agent", "install"]);
    await server.core.until(() => server.core.hellos.length > before);
  };

  machineTest(
    "removes itself when the server says so: service, program, key and files, and does not come back",
    async () => {
      const before = server.core.hellos.length;
      server.core.behaviour.refuse = { code: "DEVICE_REVOKED", retryAfterSeconds: 600, order: "removal" };
      server.core.dropConnections();
      await server.core.until(() => server.core.hellos.length > before);
      let standing: string[] = [];
      await until(
        () => `the agent to be gone; it stands so: ${standing.join("\n")}`,
        async () => {
          standing = [await whatIsLeft(), await isActive()];
          return standing.join() === ",inactive";
        },
      );
      server.core.behaviour.refuse = undefined;
      const after = server.core.hellos.length;
      await machine.mustRun(["systemctl", "daemon-reload"]);
      // Longer than the service manager waits before it starts a service again.
      await Bun.sleep(7_000);
      expect(server.core.hellos.length).toBe(after);
    },
    patienceMs,
  );

  machineTest(
    "is removed by hand",
    async () => {
      await installAgain();
      await machine.mustRun(["hauswart-agent", "uninstall", "--yes"]);
      expect([await whatIsLeft(), await isActive()]).toEqual(["", "inactive"]);
      expect(server.core.goodbyes.splice(0)).toEqual(["agent-stop"]);
      await installAgain();
    },
    patienceMs,
  );

  machineTest(
    "tells a stop of the service from a restart and a shutdown of the computer",
    async () => {
      const said = (count: number) => server.core.until(() => server.core.goodbyes.length === count);
      // One that has greeted and is not welcomed yet says no goodbye; what it measures it sends when it is.
      const connected = async (count: number) => {
        await server.core.until(() => server.core.hellos.length > count);
        const samples = server.core.samples.length;
        await server.core.until(() => server.core.samples.length > samples);
      };
      let before = server.core.hellos.length;
      await machine.mustRun(["systemctl", "stop", "hauswart-agent"]);
      await said(1);
      await machine.mustRun(["systemctl", "start", "hauswart-agent"]);
      await connected(before);
      before = server.core.hellos.length;
      await machine.reboot();
      await said(2);
      await connected(before);
      await machine.powerOff();
      await said(3);
      expect(server.core.goodbyes).toEqual(["agent-stop", "restart", "shutdown"]);
      expect(new Set(server.core.hellos.map(({ computer }) => computer.fingerprint)).size).toBe(1);
      expect(server.core.objections).toEqual([]);
    },
    patienceMs,
  );
});
