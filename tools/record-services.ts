/**
 * Records what a real systemd answers to the services check, in features/services/testdata. Needs root and systemd-nspawn, because
 * it boots a test machine: node_modules/.bin/bun tools/record-services.ts
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openBus } from "@hauswart/agent/os/linux/dbus/connection.linux.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { recordingBus, recordingToText, type BusRecording } from "@hauswart/testkit/recorded-bus.ts";
import { openServiceManager } from "../features/services/agent/read-services.linux.ts";
import { services } from "../features/services/protocol.ts";

const folder = join(import.meta.dir, "../features/services/testdata");

/** Services in every state that one can be in. Name → what stands in [Service], and in [Unit]. */
const oddServices: Readonly<Record<string, readonly [service: string, unit?: string]>> = {
  "odd-runs": ["ExecStart=/bin/sleep infinity"],
  "odd-stopped": ["ExecStart=/bin/sleep infinity"],
  "odd-stopped-politely": ["ExecStart=/bin/sh -c 'trap \"exit 0\" TERM; while :; do sleep 0.2; done'"],
  "odd-ended-at-once": ["ExecStart=/bin/true"],
  "odd-exit-code": ["ExecStart=/bin/sh -c 'sleep 1; exit 3'"],
  "odd-signal": ["ExecStart=/bin/sleep infinity"],
  "odd-crashing": ["ExecStart=/bin/sh -c 'sleep 1; exit 3'\nRestart=always\nRestartSec=5"],
  "odd-job-failed": ["Type=oneshot\nExecStart=/bin/false"],
  "odd-job-done": ["Type=oneshot\nExecStart=/bin/true"],
  "odd-job-stays": ["Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true"],
  "odd-skipped": ["ExecStart=/bin/sleep infinity", "ConditionPathExists=/nowhere"],
  "odd-never-started": ["ExecStart=/bin/sleep infinity"],
  "odd-starting": ["Type=notify\nExecStart=/bin/sleep infinity\nTimeoutStartSec=600"],
  "odd-socket": ["ExecStart=/bin/sleep infinity"],
  "odd-disabled": ["ExecStart=/bin/sleep infinity"],
  "odd-masked": ["ExecStart=/bin/sleep infinity"],
};
const notStarted = ["odd-never-started", "odd-starting", "odd-socket", "odd-disabled", "odd-masked"];

async function recordAs(machine: Machine, name: string, listed: string[]): Promise<void> {
  const bus = await openBus(`unix:path=${machine.root}/run/dbus/system_bus_socket`);
  const recording: BusRecording = {};
  const os = { listDirectory: async () => [], systemBus: async () => recordingBus(bus, recording) } as unknown as Os;
  const manager = openServiceManager(os);
  const watcher = await manager.watch(() => {});
  const answer = await manager.read({ ...services.selection.parse({}), listed }, Date.now());
  watcher.stop();
  bus.close();
  await writeFile(join(folder, `${name}.json`), recordingToText(recording));
  console.log(name, JSON.stringify(answer, undefined, 1));
}

async function makeOddServices(machine: Machine): Promise<void> {
  for (const [name, [service, unit = ""]] of Object.entries(oddServices)) {
    await machine.writeFile(
      `/etc/systemd/system/${name}.service`,
      `[Unit]\nDescription=${name}\n${unit}\n[Service]\n${service}\n[Install]\nWantedBy=multi-user.target\n`,
    );
  }
  await machine.writeFile(
    "/etc/systemd/system/odd-socket.socket",
    "[Socket]\nListenStream=/run/odd-socket\n[Install]\nWantedBy=sockets.target\n",
  );
  const script = [
    "systemctl daemon-reload",
    `systemctl enable --quiet ${Object.keys(oddServices)
      .filter((name) => name !== "odd-disabled" && name !== "odd-masked")
      .join(" ")} odd-socket.socket`,
    "rm /etc/systemd/system/odd-masked.service; systemctl mask --quiet odd-masked",
    "systemctl start odd-socket.socket",
    ...Object.keys(oddServices)
      .filter((name) => !notStarted.includes(name))
      .map((name) => `systemctl start ${name} || true`),
    "systemctl start --no-block odd-starting",
    "sleep 2",
    "systemctl stop odd-stopped odd-stopped-politely",
    "systemctl kill --signal=SEGV odd-signal",
    "sleep 1",
  ];
  await machine.mustRun(["sh", "-euc", script.join("\n")]);
}

await using machine = await bootMachine({ hostName: "pc-recorded" });
await recordAs(machine, "fresh-debian-12", []);
await machine.mustRun(["systemctl", "stop", "cron"]);
await recordAs(machine, "cron-stopped", []);
await machine.mustRun(["systemctl", "disable", "--quiet", "cron"]);
await makeOddServices(machine);
await recordAs(machine, "odd-services", ["odd-disabled", "odd-masked", "odd-job-done", "odd-missing", "autovt@odd.service"]);
