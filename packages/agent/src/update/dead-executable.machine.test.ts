/** A new executable that dies before its loader runs, on a real computer with systemd. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { testCertificate } from "@hauswart/testkit/certificate.ts";
import { startFakeServer, type FakeServer } from "@hauswart/testkit/fake-server.ts";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { buildAgent } from "../../../../tools/build-agent.ts";
import { parseState } from "./state.ts";

const missing = whyNoMachine();
const machineTest = testNeeding(missing);
const program = "/usr/local/bin/hauswart-agent";
const folder = "/var/lib/hauswart-agent/update";

describe("a new executable that dies at once", () => {
  let machine: Machine;
  let server: FakeServer;

  const shell = (script: string) => machine.mustRun(["/bin/sh", "-ec", script]);
  const greetings = () => server.core.hellos.length;

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
    // Shorter than on a customer's computer, so that nobody waits.
    await machine.mustRun(["mkdir", "-p", "/etc/systemd/system/hauswart-agent.service.d"]);
    await machine.writeFile("/etc/systemd/system/hauswart-agent.service.d/test.conf", "[Service]\nRestartSec=200ms\n");
    await machine.mustRun(["/root/hauswart-agent", "install"]);
    await server.core.until(() => greetings() > 0);
  }, 660_000);
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
    await server?.stop();
  });

  /** As the agent leaves it when it has put a new executable into its place. */
  const replaceBy = async (script: string) => {
    const trial = { slot: "executable", version: "9.9.9", starts: 0, confirmSeconds: 300, previousExecutable: `${program}.previous` };
    await machine.writeFile("/root/state.json", JSON.stringify({ current: "built-in", trial }));
    await shell(`mkdir -p ${folder}; cp /root/state.json ${folder}/state.json; cp ${program} ${program}.previous
      ${script}
      chmod 755 /root/new; mv /root/new ${program}; systemctl restart hauswart-agent || true`);
  };

  for (const [what, script] of [
    ["a file that is no program", "head -c 4096 /dev/urandom >/root/new"],
    // What a program for another C library meets: its interpreter is not there.
    ["a program that lacks a library", `printf '#!/lib/ld-musl-none.so.1\\n' >/root/new`],
    ["a program that ends with an error", `printf '#!/bin/sh\\nexit 127\\n' >/root/new`],
  ] as const)
    machineTest(
      `${what} is taken back by itself, and the server hears of it`,
      async () => {
        const before = greetings();
        await replaceBy(script);
        await server.core.until(() => greetings() > before);
        expect(parseState(await machine.readFile(`${folder}/state.json`))).toMatchObject({
          current: "built-in",
          last: { version: "9.9.9", outcome: "rolled-back", code: "DIES_AT_ONCE" },
        });
        expect(await machine.mustRun([program, "version"])).toContain("hauswart-agent");
        expect((await shell(`ls ${folder} ${program}*`)).match(/starts|taken-back|previous|failed/g)).toBeNull();
      },
      120_000,
    );
});
