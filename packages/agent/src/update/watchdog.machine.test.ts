/** A hung agent on a real computer with systemd. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { testCertificate } from "@hauswart/testkit/certificate.ts";
import { startFakeServer, type FakeServer } from "@hauswart/testkit/fake-server.ts";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { buildAgent } from "../../../../tools/build-agent.ts";

const missing = whyNoMachine();
const machineTest = testNeeding(missing);

describe("an agent that hangs", () => {
  let machine: Machine;
  let server: FakeServer;

  beforeAll(async () => {
    if (missing !== undefined) return;
    const tls = await testCertificate();
    server = await startFakeServer({ tls });
    machine = await bootMachine();
    await machine.installFile((await buildAgent()).path, "/root/hauswart-agent");
    await machine.writeFile("/root/ca.pem", tls.certificate);
    await machine.mustRun(["/root/hauswart-agent", "enrol", "--server", server.url, "--ca", "/root/ca.pem"], {
      environment: { HAUSWART_AGENT_TOKEN: server.core.behaviour.token },
    });
    // Shorter than on a customer's computer, so that nobody waits for three minutes here; and with a setting of earlier services.
    await machine.mustRun(["mkdir", "-p", "/etc/systemd/system/hauswart-agent.service.d"]);
    await machine.writeFile(
      "/etc/systemd/system/hauswart-agent.service.d/test.conf",
      "[Service]\nWatchdogSec=6\nEnvironment=BUN_JSC_useJIT=0\n",
    );
    await machine.mustRun(["/root/hauswart-agent", "install"]);
    await server.core.until(() => server.core.hellos.length > 0);
  }, 660_000);
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  machineTest(
    "is left alone while it answers, ended when it does not, started again, and tells the server why",
    async () => {
      const mainProcess = async () =>
        (await machine.mustRun(["systemctl", "show", "--property=MainPID", "--value", "hauswart-agent"])).trim();
      const first = await mainProcess();
      await Bun.sleep(13_000);
      expect(await mainProcess()).toBe(first);
      expect(server.core.hellos.map(({ update }) => update?.ended)).toEqual([undefined]);
      // It says so without starting a program: no page was ever touched by a child (cminflt, proc_pid_stat(5)).
      const [, , , , , , , , childrenPages] = (await machine.readFile(`/proc/${first}/stat`)).split(") ").at(-1)!.split(" ");
      expect(childrenPages).toBe("0");
      await machine.mustRun(["systemctl", "kill", "--kill-whom=main", "--signal=STOP", "hauswart-agent"]);
      await server.core.until(() => server.core.hellos.length > 1);
      expect(server.core.hellos[1]!.update).toMatchObject({ running: "built-in", ended: { reason: "hung" } });
      expect(Math.abs(server.core.hellos[1]!.update!.ended!.at - Date.now())).toBeLessThan(60_000);
      expect(await mainProcess()).not.toBe(first);
    },
    120_000,
  );
});
