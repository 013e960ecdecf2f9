/**
 * The built agent as a service of OpenRC: Debian's, in a folder /run of its own, where nothing of systemd is to be seen. The musl build on
 * Alpine Linux itself has not been run.
 */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { agentConnected } from "@hauswart/testkit/agent-status.ts";
import { testCertificate } from "@hauswart/testkit/certificate.ts";
import { startFakeServer, type FakeServer } from "@hauswart/testkit/fake-server.ts";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { until } from "@hauswart/testkit/until.ts";
import { buildAgent } from "../../../tools/build-agent.ts";

const missing = whyNoMachine();
const machineTest = testNeeding(missing);
const patienceMs = 120_000;
/** What OpenRC makes when it boots a computer (init.sh). */
const states = [
  "started",
  "starting",
  "inactive",
  "wasinactive",
  "stopping",
  "failed",
  "exclusive",
  "daemons",
  "options",
  "scheduled",
  "tmp",
];
const booted = `mkdir -p ${states.map((state) => `/run/openrc/${state}`).join(" ")}; echo default >/run/openrc/softlevel; exec sleep infinity`;
const places = [
  "/var/lib/hauswart-agent",
  "/usr/local/bin/hauswart-agent*",
  "/etc/init.d/hauswart-agent",
  "/etc/runlevels/*/hauswart-agent",
];

describe("the service of OpenRC", () => {
  let machine: Machine;
  let server: FakeServer;
  let inside: readonly string[];

  const mustRun = (command: readonly string[], environment: Record<string, string> = {}) =>
    machine.mustRun([...inside, ...command], { environment });
  const shell = async (script: string) => (await mustRun(["sh", "-c", script])).trim();
  const whatIsLeft = () => shell(`ls -d ${places.join(" ")} 2>/dev/null; true`);
  // Not by a shell, which would find itself.
  const processes = async () => (await machine.run([...inside, "pgrep", "-fl", "hauswart-agent( run|$)|supervise-daemon"])).stdout.trim();
  const connected = async (count: number) => {
    await server.core.until(() => server.core.hellos.length > count);
    await agentConnected(() => machine.run([...inside, "/usr/local/bin/hauswart-agent", "status"]));
  };
  const install = async () => {
    const before = server.core.hellos.length;
    await mustRun(["/root/hauswart-agent", "enrol", "--server", server.url, "--ca", "/root/ca.pem"], {
      HAUSWART_AGENT_TOKEN: server.core.behaviour.token,
    });
    await mustRun(["/root/hauswart-agent", "install"]);
    await connected(before);
  };
  const gone = async () => {
    let left: string[] = [];
    await until(
      () => `the agent to be gone; there is still ${left.join("\n")}`,
      async () => {
        left = [await whatIsLeft(), await processes()];
        return left.join("") === "";
      },
    );
  };

  beforeAll(async () => {
    if (missing !== undefined) return;
    const tls = await testCertificate();
    server = await startFakeServer({ tls });
    machine = await bootMachine({ hostName: "pc-openrc", packages: ["openrc", "procps"] });
    const world = ["--unit=openrc-world", "--property=TemporaryFileSystem=/run", "--property=PrivateMounts=yes"];
    await machine.mustRun(["systemd-run", "--quiet", ...world, "sh", "-c", booted]);
    const leader = (await machine.mustRun(["systemctl", "show", "--property=MainPID", "--value", "openrc-world"])).trim();
    inside = ["nsenter", "--target", leader, "--mount", "--"];
    await machine.installFile((await buildAgent()).path, "/root/hauswart-agent");
    await machine.writeFile("/root/ca.pem", tls.certificate);
    await install();
  }, 660_000);
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  machineTest(
    "runs, starts with the computer, and comes back after kill -9",
    async () => {
      expect(await shell("rc-service hauswart-agent status")).toContain("started");
      expect(await shell("rc-update show default")).toContain("hauswart-agent");
      const before = server.core.hellos.length;
      await shell("pkill -KILL -f '^/usr/local/bin/hauswart-agent run'");
      await connected(before);
    },
    patienceMs,
  );

  machineTest(
    "is removed by hand: service, program, key and files, and the supervisor with them",
    async () => {
      // What an update of the program leaves until it is confirmed.
      await shell("cp /usr/local/bin/hauswart-agent /usr/local/bin/hauswart-agent.previous");
      await mustRun(["/usr/local/bin/hauswart-agent", "uninstall", "--yes"]);
      expect([await whatIsLeft(), await processes()]).toEqual(["", ""]);
      expect(server.core.goodbyes.splice(0)).toEqual(["agent-stop"]);
      await install();
    },
    patienceMs,
  );

  machineTest(
    "removes itself when the server says so, and does not come back",
    async () => {
      const before = server.core.hellos.length;
      server.core.behaviour.refuse = { code: "DEVICE_REVOKED", retryAfterSeconds: 600, order: "removal" };
      server.core.dropConnections();
      await server.core.until(() => server.core.hellos.length > before);
      await gone();
      server.core.behaviour.refuse = undefined;
      const after = server.core.hellos.length;
      // Longer than the supervisor waits before it starts a service again.
      await Bun.sleep(7_000);
      expect([server.core.hellos.length, await processes()]).toEqual([after, ""]);
    },
    patienceMs,
  );
});
