/** Real sign-ins that fail on a real Debian computer: by ssh, sudo and su; and the way from there to the mail. */
import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { failedLogins } from "../protocol.ts";
import judged from "../server/index.ts";
import collectors from "./index.ts";

const packages = ["openssh-server", "openssh-client", "sudo", "sshpass"];
const testOnMachine = machineTest(packages);
const password = "richtig-und-lang";

/** Two people who may sign in by ssh with a password; one of them may use sudo. */
async function furnish(machine: Machine): Promise<void> {
  const script = `
useradd -m -G sudo anna; useradd -m bert; echo 'anna:${password}' | chpasswd; echo 'bert:${password}' | chpasswd
mkdir -p /run/sshd; printf 'Port 2299\nListenAddress 127.0.0.1\nPasswordAuthentication yes\nMaxAuthTries 6\n' > /etc/ssh/sshd_config.d/test.conf
systemctl restart ssh`;
  await machine.mustRun(["sh", "-euc", script], { timeoutMs: 60_000 });
}

const trySsh = (machine: Machine, user: string, word: string) =>
  machine.run([
    "sshpass",
    "-p",
    word,
    "ssh",
    "-p",
    "2299",
    "-o",
    "StrictHostKeyChecking=no",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "NumberOfPasswordPrompts=1",
    "-o",
    "PubkeyAuthentication=no",
    `${user}@127.0.0.1`,
    "true",
  ]);
const trySudo = (machine: Machine, word: string) =>
  machine.run(["runuser", "-u", "anna", "--", "sudo", "-S", "-k", "true"], { input: `${word}\n${word}\n${word}\n` });
const trySu = (machine: Machine, word: string) =>
  machine.run(["runuser", "-u", "bert", "--", "su", "anna", "-c", "true"], { input: `${word}\n` });

testOnMachine(
  "MON-9: failed sign-ins by ssh, sudo and su are counted by account and source; names that do not exist stay here; a success after them is told of",
  async () => {
    await using machine = await bootMachine({ packages });
    await furnish(machine);
    using os = osOf(machine);
    const memory: Memory = { values: new Map(), kept: {} };
    const selection = failedLogins.selection.parse({ afterFailures: 4 });
    const measure = async () => {
      await machine.mustRun(["journalctl", "--sync"]);
      const answer = await collectors[0]!.collect(
        { system: "linux", selection, instance: "", os, signal: AbortSignal.timeout(30_000), now: () => Date.now() },
        memory,
      );
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      const sample = failedLogins.sample.parse(answer.ok);
      return { ...sample, account: (name: string) => sample.accounts.find(({ account }) => account === name) };
    };
    expect(await measure()).toMatchObject({ windowCount: 0, problem: "", accounts: [], sources: [] });

    for (let time = 0; time < 3; time++) await trySsh(machine, "anna", "falsch");
    await trySsh(machine, "mein-geheimes-kennwort", "anna");
    const bySsh = await measure();
    expect(bySsh).toMatchObject({ failedCount: 4, windowCount: 4 });
    expect(bySsh.account("anna")).toMatchObject({ windowCount: 3, lastSource: "127.0.0.1", service: "sshd", succeededAt: null });
    expect(bySsh.account("?")).toMatchObject({ windowCount: 1 });
    expect(bySsh.sources).toMatchObject([{ source: "127.0.0.1", windowCount: 4, accountCount: 2 }]);
    expect(JSON.stringify([bySsh, memory.kept])).not.toContain("geheim");

    expect((await trySudo(machine, "falsch")).exitCode).not.toBe(0);
    expect((await trySu(machine, "falsch")).exitCode).not.toBe(0);
    const byAll = await measure();
    expect(byAll).toMatchObject({ failedCount: 4, windowCount: 8 });
    expect(byAll.account("anna")).toMatchObject({ windowCount: 7, sourceCount: 2 });

    // Killed and started again: everything from what was saved, nothing twice.
    Object.assign(memory, { values: new Map(), kept: JSON.parse(JSON.stringify(memory.kept)) });
    expect((await trySsh(machine, "anna", password)).exitCode).toBe(0);
    const after = await measure();
    expect(after).toMatchObject({ failedCount: 0, windowCount: 8 });
    expect(after.account("anna")).toMatchObject({ succeededFrom: "127.0.0.1", failuresBeforeCount: 7 });
    expect(after.account("anna")!.succeededAt).toBeGreaterThan(Date.now() - 60_000);
  },
  240_000,
);

testOnMachine(
  "MON-9: somebody who guesses a password over ssh raises an alarm by mail",
  async () => {
    await using machine = await bootMachine({ packages });
    await furnish(machine);
    using os = osOf(machine);
    await using house = await checkHouse({ collectors, judged, os });
    await house.setPolicy([{ check: "failed-logins", settings: { accountFailures: 4 } }]);
    await house.waitForCheck("failed-logins", "", ({ state }) => state === "ok");
    for (let time = 0; time < 4; time++) await trySsh(machine, "bert", "falsch");
    await machine.mustRun(["journalctl", "--sync"]);
    await house.measureNow();
    const mail = await house.mails.waitForMail(({ message }) => (message.subject ?? "").includes("bert"));
    expect(mail.message.subject).toContain("4 gescheiterte Anmeldungen an bert");
    expect(mail.message.text).toContain("von 127.0.0.1");
  },
  240_000,
);
