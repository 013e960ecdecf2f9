import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { backupStatus } from "../protocol.ts";
import judged from "../server/index.ts";
import collectors from "./index.ts";
import type { Selection } from "./jobs.ts";

const packages = ["restic", "borgbackup", "rsnapshot"];
const testOnMachine = machineTest(packages);

/** The collector as it runs in the agent. `measure` answers with the rows by name. */
function collectorAt(machine: Machine, changes: Partial<Selection>, now = () => Date.now()) {
  const os = osOf(machine);
  const memory: Memory = { values: new Map(), kept: {} };
  const context = { system: "linux" as const, selection: backupStatus.selection.parse(changes), instance: "", os, now };
  return {
    measure: async () => {
      const answer = await collectors[0]!.collect({ ...context, signal: AbortSignal.timeout(60_000) }, memory);
      // What is kept goes through a file.
      Object.assign(memory.kept, JSON.parse(JSON.stringify(memory.kept)));
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      backupStatus.sample.parse(answer.ok);
      return { ...answer.ok, job: (name: string) => answer.ok.jobs.find((job) => job.name === name) };
    },
    [Symbol.dispose]: () => os[Symbol.dispose](),
  };
}

const shell = (machine: Machine, script: string) =>
  machine.mustRun(["sh", "-euc", script], { environment: { RESTIC_PASSWORD: "x", BORG_PASSPHRASE: "x", TZ: "UTC" }, timeoutMs: 60_000 });
const isRecent = (at: number | null | undefined) => at !== null && at !== undefined && Math.abs(Date.now() - at) < 120_000;

testOnMachine(
  "restic: a repository tells of its last backup, a lock of one that runs or was broken off, and a repository that is gone is not forgotten",
  async () => {
    await using machine = await bootMachine({ packages });
    using agent = collectorAt(machine, { repositories: ["/srv/restic/"] });
    expect(await agent.measure()).toMatchObject({ jobCount: 0, jobs: [] });

    await shell(machine, "mkdir -p /srv/data; echo 1 > /srv/data/a; restic -q init -r /srv/restic");
    expect((await agent.measure()).job("restic /srv/restic")).toMatchObject({ result: "unknown", lastSuccessAt: null });

    await shell(machine, "restic -q backup -r /srv/restic /srv/data");
    const saved = (await agent.measure()).job("restic /srv/restic")!;
    expect(saved).toMatchObject({
      program: "restic",
      evidence: "repository",
      result: "success",
      runningSince: null,
      isThere: true,
      problem: "",
    });
    expect(isRecent(saved.lastSuccessAt)).toBe(true);

    await shell(machine, "touch -d '3 hours ago' /srv/restic/locks/0123");
    const broken = (await agent.measure()).job("restic /srv/restic")!;
    expect(Math.round((Date.now() - broken.runningSince!) / 3_600_000)).toBe(3);
    expect(broken.problem).toContain("broken off");

    await shell(machine, "rm -r /srv/restic");
    expect((await agent.measure()).job("restic /srv/restic")).toMatchObject({
      isThere: false,
      lastSuccessAt: saved.lastSuccessAt,
      runningSince: null,
    });
  },
  180_000,
);

testOnMachine(
  "borg: its cache tells when something was saved, which neither looking nor thinning out counts as",
  async () => {
    await using machine = await bootMachine({ packages });
    using agent = collectorAt(machine, { repositories: ["/srv/borg"] });
    await shell(machine, "mkdir -p /srv/data; echo 1 > /srv/data/a; borg init -e repokey /srv/borg 2> /dev/null");
    expect((await agent.measure()).job("borg /srv/borg")).toMatchObject({ evidence: "cache", result: "unknown", lastSuccessAt: null });

    await shell(machine, "borg create /srv/borg::one /srv/data; borg create /srv/borg::two /srv/data");
    const saved = (await agent.measure()).job("borg /srv/borg")!;
    expect(saved).toMatchObject({ result: "success", runningSince: null });
    expect(isRecent(saved.lastSuccessAt)).toBe(true);

    await shell(machine, "sleep 1.1; borg list /srv/borg > /dev/null; borg prune --keep-last 1 /srv/borg; borg compact /srv/borg");
    expect((await agent.measure()).job("borg /srv/borg")).toMatchObject({ lastSuccessAt: saved.lastSuccessAt });

    await shell(machine, "mkdir /srv/borg/lock.exclusive");
    expect(isRecent((await agent.measure()).job("borg /srv/borg")!.runningSince)).toBe(true);
    await shell(machine, "rmdir /srv/borg/lock.exclusive; rm -r /root/.cache/borg");
    expect((await agent.measure()).job("borg /srv/borg")).toMatchObject({ evidence: "repository", result: "success" });
  },
  180_000,
);

testOnMachine(
  "rsnapshot: its log tells success, warnings and failure",
  async () => {
    await using machine = await bootMachine({ packages });
    using agent = collectorAt(machine, {});
    expect(await agent.measure()).toMatchObject({ jobCount: 0, programs: [{ name: "rsnapshot", evidence: "/etc/rsnapshot.conf" }] });

    const configuration = (source: string) =>
      [
        "config_version\t1.2",
        "snapshot_root\t/srv/snapshots/",
        "cmd_rsync\t/usr/bin/rsync",
        "retain\talpha\t3",
        "logfile\t/var/log/rsnapshot.log",
        "lockfile\t/run/rsnapshot.pid",
        `backup\t${source}\tlocalhost/`,
      ].join("\n") + "\n";
    await machine.writeFile("/etc/rsnapshot.conf", configuration("/srv/data/"));
    await shell(machine, "mkdir -p /srv/data; echo 1 > /srv/data/a; rsnapshot alpha");
    const saved = (await agent.measure()).job("rsnapshot /srv/snapshots")!;
    expect(saved).toMatchObject({ evidence: "log", result: "success", problem: "" });

    await machine.writeFile("/etc/rsnapshot.conf", configuration("/srv/gone/"));
    await shell(machine, "sleep 1.1; rsnapshot alpha 2> /dev/null || true; cat /var/log/rsnapshot.log");
    const failed = (await agent.measure()).job("rsnapshot /srv/snapshots")!;
    expect(["failed", "partial"]).toContain(failed.result);
    expect(failed.lastSuccessAt).toBe(saved.lastSuccessAt);
    expect(failed.problem).not.toBe("");
  },
  180_000,
);

testOnMachine(
  "services: success, failure, partial success and one that runs; and what was known survives a restart of the computer",
  async () => {
    await using machine = await bootMachine({ packages });
    const unit = (name: string, command: string) =>
      machine.writeFile(
        `/etc/systemd/system/${name}.service`,
        `[Service]\nType=oneshot\nExecStart=${command}\n[Install]\nWantedBy=never.target\n`,
      );
    await unit("backup-good", "/bin/true");
    await unit("backup-bad", "/bin/sh -c 'exit 7'");
    await unit("backup-slow", "/bin/sleep 600");
    await unit("backup-never", "/bin/true");
    await machine.writeFile("/usr/local/bin/restic", "#!/bin/sh\nexit 3\n", "0755");
    await unit("restic-part", "/usr/local/bin/restic");
    await machine.mustRun(["systemctl", "daemon-reload"]);
    const services = ["backup-good", "backup-bad", "backup-slow", "backup-never", "restic-part", "backup-missing"];
    using agent = collectorAt(machine, { services });
    await shell(
      machine,
      "systemctl start backup-good; for one in backup-bad restic-part; do systemctl start $one || true; done; systemctl start --no-block backup-slow; until systemctl show --property=ActiveState backup-slow | grep -q =activating; do sleep 0.1; done",
    );
    const first = await agent.measure();
    expect(first.jobs.map(({ name, result, problem }) => [name, result, problem])).toEqual([
      ["backup-bad.service", "failed", "exit-code 7"],
      ["backup-good.service", "success", ""],
      ["backup-never.service", "unknown", ""],
      ["backup-slow.service", "unknown", ""],
      ["restic-part.service", "partial", "exit-code 3"],
    ]);
    expect(isRecent(first.job("backup-good.service")!.lastSuccessAt)).toBe(true);
    expect(isRecent(first.job("backup-slow.service")!.runningSince)).toBe(true);
    expect(first.job("restic-part.service")).toMatchObject({
      lastSuccessAt: null,
      lastPartialAt: first.job("restic-part.service")!.lastRunAt,
    });

    await machine.reboot();
    using later = collectorAt(machine, { services });
    const after = await later.measure();
    for (const name of ["backup-good.service", "backup-bad.service"]) {
      const { result, problem, lastRunAt, lastSuccessAt } = first.job(name)!;
      const found = after.job(name)!;
      expect([found.result, found.problem, found.lastSuccessAt === null]).toEqual([result, problem, lastSuccessAt === null]);
      expect(Math.abs(found.lastRunAt! - lastRunAt!)).toBeLessThan(2_000);
    }
  },
  180_000,
);

testOnMachine(
  "MON-12: a backup that fails alarms by mail, and is well when it has succeeded",
  async () => {
    await using machine = await bootMachine({ packages });
    await machine.writeFile(
      "/etc/systemd/system/restic-daily.service",
      "[Service]\nType=oneshot\nEnvironment=RESTIC_PASSWORD=x RESTIC_REPOSITORY=/srv/restic HOME=/root\nExecStart=/usr/bin/restic -q backup /srv/data\n",
    );
    await shell(machine, "systemctl daemon-reload; mkdir -p /srv/data; echo 1 > /srv/data/a; systemctl start restic-daily || true");
    using os = osOf(machine);
    await using house = await checkHouse({ collectors: collectors as never, judged, os });
    await house.setPolicy([{ check: "backup-status", settings: { services: ["restic-daily"], repositories: ["/srv/restic"] } }]);
    await house.waitForCheck("backup-status", "", ({ state }) => state === "failure");
    const alarm = await house.mails.waitForMail(
      ({ message }) => message.subject?.includes("Sicherung restic-daily.service fehlgeschlagen") ?? false,
    );
    expect(alarm.message.text).toContain("PC-EMPFANG");
    expect(alarm.message.text).toContain("exit-code 1");

    await shell(machine, "restic -q init -r /srv/restic; systemctl start restic-daily");
    await house.measureNow();
    const well = await house.waitForCheck("backup-status", "", ({ state }) => state === "ok");
    expect([...new Set(well.subjects.map(({ subject }) => subject))].sort()).toEqual(["", "restic /srv/restic", "restic-daily.service"]);
    const { items } = await house.server.api("listFindings", { query: { state: "all" } });
    expect(items.map(({ code, closedAt }) => [code, closedAt !== null])).toEqual([["run-failed", true]]);
  },
  240_000,
);
