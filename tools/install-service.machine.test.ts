/**
 * The server as a service of a real systemd, as a new operator walks through docs/install.md, docs/backup.md and docs/upgrade.md: installed
 * with a folder for backups, through a restart of the computer, with a break-glass code, a backup, another master key, and restored on a
 * second computer.
 */
import { expect } from "bun:test";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { freePort } from "@hauswart/testkit/ports.ts";
import { until } from "@hauswart/testkit/until.ts";
import { buildAgent } from "./build-agent.ts";
import { buildConsole } from "./build-console.ts";
import { parseEnvironmentFile } from "./environment-file.ts";
import { projectRoot } from "./sources.ts";

const program = "/opt/hauswart";
const bun = `${program}/node_modules/bun/bin/bun.exe`;
const backups = "/srv/backup/hauswart";
const passphrase = "/etc/hauswart/backup.passphrase";
const settingsFile = "/etc/hauswart/hauswart.env";

/** Lines that systemd, and nobody else, reads in this way. */
const settings = (port: number) =>
  [
    `HAUSWART_PORT=${port}`,
    "HAUSWART_ADMIN_EMAIL=owner@example.com",
    "HAUSWART_ADMIN_PASSWORD=test-password-of-the-owner",
    "HAUSWART_MAIL_FROM='Hauswart <hauswart@example.com>'",
    `HAUSWART_BACKUP_DIRECTORY="${backups}"`,
    "HAUSWART_BACKUP_PASSPHRASE_FILE=/etc/hauswart/\\",
    "backup.passphrase",
    "",
  ].join("\n");

const bootServer = () => bootMachine({ binds: [{ source: projectRoot, target: program, readOnly: true }] });

/** What `sudo npm run COMMAND -- WORDS` runs. */
const npmRun = (machine: Machine, command: string, ...words: string[]) => machine.run([bun, `${program}/tools/${command}.ts`, ...words]);

/** Runs a command that has to succeed. @returns what it printed for programs, and said to people */
async function mustNpmRun(machine: Machine, command: string, ...words: string[]): Promise<{ printed: string; said: string }> {
  const { exitCode, stdout, stderr } = await npmRun(machine, command, ...words);
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  return { printed: stdout.trim(), said: stderr };
}

/** Asks until the server is ready; with the unit's own words when it is not. */
async function ready(machine: Machine, address: string): Promise<void> {
  await until(
    async () => `the server: ${(await machine.run(["journalctl", "--unit", "hauswart", "--no-pager", "--lines", "40"])).stdout}`,
    async () => (await fetch(`${address}/ready`).catch(() => undefined))?.ok,
  );
}

const property = (machine: Machine, name: string) =>
  machine.mustRun(["systemctl", "show", "hauswart", "--property", name, "--value"]).then((text) => text.trim());

const ownerOf = (machine: Machine, path: string) => machine.mustRun(["stat", "--format", "%U", path]).then((text) => text.trim());

const post = (address: string, path: string, body: unknown) =>
  fetch(`${address}/api/v1${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: address },
    body: JSON.stringify(body),
  });

const signIn = (address: string) =>
  post(address, "/sessions", { email: "owner@example.com", password: "test-password-of-the-owner" }).then(({ status }) => status);

/** Writes a file where the service itself writes: as its user, in the file system that its unit gives it. */
async function writeAsService(machine: Machine, path: string): Promise<void> {
  const pid = await property(machine, "MainPID");
  const [uid = "", gid = ""] = (await machine.mustRun(["stat", "--format", "%u %g", `/proc/${pid}`])).trim().split(" ");
  expect(uid).not.toBe("0");
  await machine.mustRun(["nsenter", "--target", pid, "--mount", "--setuid", uid, "--setgid", gid, "--", "touch", path]);
}

/** The first installation: what the service's user may not read is said with what to run, before anything is started. */
async function install(machine: Machine, port: number): Promise<void> {
  await machine.writeFile(settingsFile, settings(port), "0600");
  await machine.writeFile(passphrase, "twelve words or more of a passphrase\n", "0600");
  const refused = await npmRun(machine, "install-service", "--install");
  const advice = `sudo chgrp hauswart ${passphrase} && sudo chmod 640 ${passphrase}`;
  expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining(advice)]);
  expect((await machine.run(["systemctl", "cat", "hauswart"])).exitCode).not.toBe(0);
  await machine.mustRun(["sh", "-euc", advice.replaceAll("sudo ", "")]);
}

machineTest()(
  "the server is installed as a service, keeps its data over a restart, is backed up, gets another key, and is restored on a second computer",
  async () => {
    // Built here: the machine sees the program, and may not write to it.
    await buildConsole();
    await buildAgent();
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    await using second = await bootServer();
    let backup: string;
    {
      await using first = await bootServer();
      expect((await npmRun(first, "rotate-key")).stderr).toContain("There is no server in");
      await install(first, port);
      const { said } = await mustNpmRun(first, "install-service", "--install");
      expect(said).toContain("Installed /etc/systemd/system/hauswart.service and started it on /var/lib/hauswart");
      await ready(first, address);
      expect(await property(first, "User")).toBe("hauswart");
      expect(await signIn(address)).toBe(201);
      await writeAsService(first, `${backups}/written-by-the-service`);
      const environment = (await first.readFile(`/proc/${await property(first, "MainPID")}/environ`)).split("\0");
      for (const [name, value] of Object.entries(parseEnvironmentFile(settings(port)))) expect(environment).toContain(`${name}=${value}`);

      await first.reboot();
      await ready(first, address);
      // The owner of the first start is still there: data were kept.
      expect(await signIn(address)).toBe(201);

      const { printed: code } = await mustNpmRun(first, "break-glass");
      expect((await post(address, "/sessions/break-glass", { email: "owner@example.com", code })).status).toBe(201);

      const running = await mustNpmRun(first, "backup", "--to", "/srv/before-upgrade");
      expect(running.said).toContain("The file is encrypted");
      expect(await ownerOf(first, running.printed)).toBe("hauswart");

      const refused = await npmRun(first, "rotate-key");
      expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringMatching(/Another Hauswart server .* Stop it/)]);
      await first.mustRun(["systemctl", "stop", "hauswart"]);
      expect(await property(first, "Result")).toBe("success");
      // PostgreSQL removes it when it ends in order, and leaves it when it is killed.
      expect((await first.run(["test", "-e", "/var/lib/hauswart/postgresql/postmaster.pid"])).exitCode).toBe(1);
      expect((await mustNpmRun(first, "rotate-key")).said).toMatch(/^[1-9]\d* secrets are sealed with a new master key/m);
      expect(await ownerOf(first, "/var/lib/hauswart/secrets/master.key")).toBe("hauswart");
      await first.mustRun(["systemctl", "start", "hauswart"]);
      await ready(first, address);
      expect(await signIn(address)).toBe(201);

      await first.mustRun(["systemctl", "stop", "hauswart"]);
      backup = (await mustNpmRun(first, "backup")).printed;
      expect(backup).toStartWith(`${backups}/`);
      const bytes = await first.run(["base64", backup]);
      await second.writeFile("/root/hauswart.backup", Buffer.from(bytes.stdout, "base64"), "0600");
    }

    const data = "/srv/hauswart";
    await second.writeFile(settingsFile, settings(port), "0600");
    await second.writeFile(passphrase, "twelve words or more of a passphrase\n", "0600");
    const restored = await mustNpmRun(second, "restore", "--from", "/root/hauswart.backup", "--data", data);
    expect(restored.said).toContain(`sudo npm run install-service -- --install --data ${data}\n`);
    await install(second, port);
    await mustNpmRun(second, "install-service", "--install", "--data", data);
    await ready(second, address);
    expect(await signIn(address)).toBe(201);
    expect(await ownerOf(second, `${data}/secrets/master.key`)).toBe("hauswart");
    await writeAsService(second, `${data}/written-by-the-service`);
    await writeAsService(second, `${backups}/written-by-the-service`);

    // Again, as after an upgrade: what was chosen before is kept.
    expect((await mustNpmRun(second, "install-service", "--install")).said).toContain(`started it on ${data}.`);
    await ready(second, address);
    expect(await signIn(address)).toBe(201);

    // Restored once more beside it, where the service is there already.
    await second.mustRun(["systemctl", "stop", "hauswart"]);
    await second.mustRun(["mv", data, `${data}-old`]);
    const again = await mustNpmRun(second, "restore", "--from", "/root/hauswart.backup", "--data", data);
    expect(again.said).toContain("sudo systemctl start hauswart\n");
    await second.mustRun(["systemctl", "start", "hauswart"]);
    await ready(second, address);
    expect(await signIn(address)).toBe(201);
  },
  480_000,
);
