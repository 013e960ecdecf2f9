/** The server as a service of a real systemd: `install-service -- --install`, through a restart of the computer, stopped in order. */
import { expect } from "bun:test";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { freePort } from "@hauswart/testkit/ports.ts";
import { buildAgent } from "./build-agent.ts";
import { buildConsole } from "./build-console.ts";
import { projectRoot } from "./sources.ts";

const program = "/opt/hauswart";
const bun = `${program}/node_modules/bun/bin/bun.exe`;

/** Asks until the server is ready; with the unit's own words when it is not. */
async function ready(machine: Machine, address: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await fetch(`${address}/ready`).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline)
      throw new Error((await machine.run(["journalctl", "--unit", "hauswart", "--no-pager", "--lines", "40"])).stdout);
    await Bun.sleep(250);
  }
}

const property = (machine: Machine, name: string) =>
  machine.mustRun(["systemctl", "show", "hauswart", "--property", name, "--value"]).then((text) => text.trim());

testNeeding(whyNoMachine())(
  "the server is installed as a service, keeps its data over a restart of the computer, and ends in order",
  async () => {
    // Built here: the machine sees the program, and may not write to it.
    await buildConsole();
    await buildAgent();
    const port = await freePort();
    await using machine = await bootMachine({ binds: [{ source: projectRoot, target: program, readOnly: true }] });
    await machine.writeFile(
      "/etc/hauswart/hauswart.env",
      `HAUSWART_PORT=${port}\nHAUSWART_ADMIN_EMAIL=owner@example.com\nHAUSWART_ADMIN_PASSWORD=test-password-of-the-owner\n`,
      "0600",
    );
    const said = await machine.run([bun, `${program}/tools/install-service.ts`, "--install"]);
    expect([said.exitCode, said.stderr]).toEqual([0, expect.stringContaining("Installed /etc/systemd/system/hauswart.service")]);
    const address = `http://127.0.0.1:${port}`;
    await ready(machine, address);
    expect(await property(machine, "User")).toBe("hauswart");

    const signIn = () =>
      fetch(`${address}/api/v1/sessions`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: address },
        body: JSON.stringify({ email: "owner@example.com", password: "test-password-of-the-owner" }),
      });
    expect((await signIn()).status).toBe(201);

    await machine.reboot();
    await ready(machine, address);
    // The owner of the first start is still there: data were kept.
    expect((await signIn()).status).toBe(201);

    await machine.mustRun(["systemctl", "stop", "hauswart"]);
    expect(await property(machine, "Result")).toBe("success");
    // PostgreSQL removes it when it ends in order, and leaves it when it is killed.
    expect((await machine.run(["test", "-e", "/var/lib/hauswart/postgresql/postmaster.pid"])).exitCode).toBe(1);
  },
  240_000,
);
