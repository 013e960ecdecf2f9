import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { scheduledJobs } from "../protocol.ts";
import judged from "../server/index.ts";
import collectors from "./index.ts";
import type { Selection } from "./jobs.ts";

const testOnMachine = machineTest();

async function writeTimer(machine: Machine, name: string, command: string, onCalendar = "daily"): Promise<void> {
  await machine.writeFile(`/etc/systemd/system/${name}.service`, `[Service]\nType=oneshot\nExecStart=${command}\n`);
  await machine.writeFile(
    `/etc/systemd/system/${name}.timer`,
    `[Timer]\nOnCalendar=${onCalendar}\nAccuracySec=1us\n[Install]\nWantedBy=timers.target\n`,
  );
}

function collectorAt(machine: Machine, changes: Partial<Selection>) {
  const os = osOf(machine);
  const memory: Memory = { values: new Map(), kept: {} };
  const context = { system: "linux" as const, selection: scheduledJobs.selection.parse(changes), instance: "", os, now: () => Date.now() };
  return {
    measure: async () => {
      const answer = await collectors[0]!.collect({ ...context, signal: AbortSignal.timeout(60_000) }, memory);
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      return scheduledJobs.sample.parse(answer.ok).jobs;
    },
    [Symbol.dispose]: () => os[Symbol.dispose](),
  };
}

testOnMachine(
  "timers tell how what they start has ended, also after a restart of the computer",
  async () => {
    await using machine = await bootMachine();
    await writeTimer(machine, "good", "/bin/true");
    await writeTimer(machine, "bad", "/bin/sh -c 'exit 9'");
    await writeTimer(machine, "slow", "/bin/sleep 600");
    await writeTimer(machine, "never", "/bin/true");
    await writeTimer(machine, "off", "/bin/true");
    await machine.mustRun([
      "sh",
      "-euc",
      "systemctl daemon-reload; systemctl enable --now good.timer bad.timer slow.timer never.timer; systemctl start good; systemctl start bad || true; systemctl start --no-block slow; until systemctl show --property=ActiveState slow | grep -q =activating; do sleep 0.1; done",
    ]);
    const jobs = ["good", "bad.timer", "slow", "never", "off", "missing"];
    using agent = collectorAt(machine, { jobs });
    const measured = await agent.measure();
    expect(measured.map(({ name, state, result, problem }) => [name, state, result, problem])).toEqual([
      ["bad.timer", "waiting", "failed", "exit-code 9"],
      ["good.timer", "waiting", "success", ""],
      ["missing.timer", "missing", "unknown", ""],
      ["never.timer", "waiting", "never", ""],
      ["off.timer", "inactive", "never", ""],
      ["slow.timer", "running", "unknown", ""],
    ]);
    const good = measured.find(({ name }) => name === "good.timer")!;
    expect(Math.abs(Date.now() - good.lastSuccessAt!)).toBeLessThan(120_000);

    await machine.reboot();
    using later = collectorAt(machine, { jobs });
    const after = await later.measure();
    expect(
      after.filter(({ name }) => name === "good.timer" || name === "bad.timer").map(({ name, result, problem }) => [name, result, problem]),
    ).toEqual([
      ["bad.timer", "failed", "exit-code 9"],
      ["good.timer", "success", ""],
    ]);
  },
  120_000,
);

testOnMachine(
  "cron tells when a command was started, and nothing more",
  async () => {
    await using machine = await bootMachine();
    using agent = collectorAt(machine, { cronCommands: ["/usr/local/bin/nightly*", "/usr/local/bin/other"] });
    // As cron itself writes it to the system's log.
    await machine.mustRun(["sh", "-euc", "logger --tag CRON --id=4711 '(root) CMD (/usr/local/bin/nightly --all)'; journalctl --sync"]);
    const [nightly, other] = await agent.measure();
    expect(nightly).toMatchObject({ name: "cron: /usr/local/bin/nightly*", scheduler: "cron", result: "started" });
    expect(Math.abs(Date.now() - nightly!.lastRunAt!)).toBeLessThan(120_000);
    expect(other).toMatchObject({ result: "never", lastRunAt: null });
  },
  120_000,
);

testOnMachine(
  "a job that fails alarms by mail, and is well when it has run with success",
  async () => {
    await using machine = await bootMachine();
    await writeTimer(machine, "nightly", "/bin/sh -c 'test -e /run/ready'");
    await machine.mustRun(["sh", "-euc", "systemctl daemon-reload; systemctl enable --now nightly.timer; systemctl start nightly || true"]);
    using os = osOf(machine);
    await using house = await checkHouse({ collectors: collectors as never, judged, os });
    await house.setPolicy([{ check: "scheduled-jobs", settings: { jobs: ["nightly"] } }]);
    await house.waitForCheck("scheduled-jobs", "", ({ state }) => state === "failure");
    const alarm = await house.mails.waitForMail(
      ({ message }) => message.subject?.includes("Aufgabe nightly.timer fehlgeschlagen") ?? false,
    );
    expect(alarm.message.text).toContain("PC-EMPFANG");

    await machine.mustRun(["sh", "-euc", "touch /run/ready; systemctl start nightly"]);
    await house.measureNow();
    await house.waitForCheck("scheduled-jobs", "", ({ state }) => state === "ok");
    const { items } = await house.server.api("listFindings", { query: { state: "all" } });
    expect(items.map(({ code, closedAt }) => [code, closedAt !== null])).toEqual([["job-failed", true]]);
  },
  180_000,
);
