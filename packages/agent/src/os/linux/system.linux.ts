/** Linux. */
import { readFileSync } from "node:fs";
import { fingerprintOf } from "../fingerprint.ts";
import type { Os } from "../os.ts";
import { linuxGateways } from "../network/gateways.ts";
import { openFile, plainOs, readTextFile } from "../read-files.ts";
import { runProgram } from "../run-program.ts";
import { linuxProxy } from "../system-proxy.ts";
import type { System } from "../system.ts";
import { withoutWindows } from "../unsupported.ts";
import { linuxOffset } from "./time-zone.ts";

/** What programs see: the C locale, so that their words can be read, and the system's own folders. */
const environment = { LC_ALL: "C", PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/" };

export function linuxSystem(): System {
  const os = linuxOs();
  return {
    name: "linux",
    os,
    defaultDataFolder: "/var/lib/hauswart-agent",
    describe: async () => {
      const release = parseOsRelease(await readOr("/etc/os-release", await readOr("/usr/lib/os-release", "")));
      return {
        hostname: (await readOr("/proc/sys/kernel/hostname", "")).trim().slice(0, 253) || "localhost",
        system: "linux",
        systemName: (release["PRETTY_NAME"] ?? release["NAME"] ?? "Linux").slice(0, 200),
        systemVersion: (release["VERSION_ID"] ?? release["BUILD_ID"] ?? "").slice(0, 100),
        architecture: process.arch,
        fingerprint: await fingerprint(),
        bootedAt: bootTime(await readOr("/proc/stat", ""), Date.now()),
      };
    },
    identifyProcess,
    localOffset: linuxOffset(),
    asleepMs: async () => asleepMs(await readOr("/proc/uptime", ""), await clockOfTimers()),
    watchPower: async (hear, lost) => (await import("./power.linux.ts")).watchPower(await os.systemBus(), hear, lost),
    loadSignedIn: async () => (await import("./signed-in.linux.ts")).linuxSignedIn(() => os.systemBus()),
    gateways: async () => {
      const [routes, routes6, cards] = await Promise.all(["route", "ipv6_route", "arp"].map((table) => readOr(`/proc/net/${table}`, "")));
      return linuxGateways(routes!, routes6!, cards!);
    },
    lookFor: async (address) => (await import("./look-for.linux.ts")).lookFor(address).catch(() => ({ answers: null, resolves: null })),
    endReason: () => endReason(os),
    proxy: async () => {
      const [environment, suse] = await Promise.all(["/etc/environment", "/etc/sysconfig/proxy"].map((path) => readOr(path, "")));
      const wished = linuxProxy(environment!);
      return wished.https_proxy ? wished : linuxProxy(suse!);
    },
    loadService: async () => (await import("./service.linux.ts")).linuxService(os),
  };
}

function linuxOs(): Os {
  const run: Os["run"] = (program, argumentList, options) => runProgram(program, argumentList, environment, options);
  return {
    ...plainOs,
    openFile,
    run,
    diskPages: async (path, protocol) => (await import("./disk-pages.ts")).readDiskPages(run, path, protocol),
    systemBus: async () => (await import("./dbus/connection.linux.ts")).systemBus(),
    ...withoutWindows("Linux"),
    network: async () => (await import("../network/network.ts")).openNetwork(() => import("./echo.linux.ts")),
  };
}

/** A file's text, or what is said instead when it cannot be read. */
async function readOr(path: string, otherwise: string): Promise<string> {
  return readTextFile(path).catch(() => otherwise);
}

/** os-release(5): NAME=value lines, values perhaps quoted as in a shell. */
export function parseOsRelease(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const [, name, value] = /^([A-Z0-9_]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const quoted = /^(["'])(.*)\1$/.exec(value);
    values[name] = (quoted ? quoted[2]! : value).replace(/\\(["'$`\\])/g, "$1");
  }
  return values;
}

/** When the system started, from the line `btime` of /proc/stat; the fallback where there is none. Unix time in milliseconds. */
export function bootTime(procStat: string, otherwise: number): number {
  const seconds = /^btime (\d+)$/m.exec(procStat)?.[1];
  return seconds === undefined ? otherwise : Number(seconds) * 1_000;
}

/** The file is long; where it may be read at all, its head is enough. */
const clockOfTimers = (): Promise<string> =>
  plainOs.readStart("/proc/timer_list", 200).then(
    (bytes) => Buffer.from(bytes).toString(),
    () => "",
  );

/**
 * What two clocks of the kernel differ by (clock_gettime(2)): CLOCK_BOOTTIME, which /proc/uptime tells, counts on in sleep, and
 * CLOCK_MONOTONIC, which /proc/timer_list tells, does not. Milliseconds.
 */
export function asleepMs(uptime: string, timerList: string): number | undefined {
  const seconds = /^(\d+\.\d+) /.exec(uptime)?.[1];
  const nanoseconds = /^now at (\d+) nsecs$/m.exec(timerList)?.[1];
  return seconds === undefined || nanoseconds === undefined ? undefined : Number(seconds) * 1_000 - Number(nanoseconds) / 1e6;
}

/** Machine id (new with each installation) and what the firmware says of the board (readable by root). */
async function fingerprint(): Promise<string> {
  const files = ["/etc/machine-id", "/sys/class/dmi/id/product_uuid", "/sys/class/dmi/id/board_serial"];
  return fingerprintOf(await Promise.all(files.map((path) => readOr(path, ""))));
}

/** When the process started, in ticks since the system did (proc_pid_stat(5), field 22), with the id of this run of the system. */
export function identifyProcess(processId: number): string | undefined {
  try {
    // The program's name stands in brackets and may hold anything.
    const fields = readFileSync(`/proc/${processId}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}-${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Asks systemd which jobs run: it ends us either alone, or together with everything. */
async function endReason(os: Os): Promise<"shutdown" | "restart" | "agent-stop"> {
  try {
    const { stdout } = await os.run("systemctl", ["list-jobs", "--plain", "--no-legend", "--no-pager"], { timeoutMs: 2_000 });
    return parseEndReason(stdout);
  } catch {
    return "agent-stop"; // no systemd here, or it is too busy to answer
  }
}

/** Understands `systemctl list-jobs`: lines of job number, unit, kind and state. */
export function parseEndReason(jobs: string): "shutdown" | "restart" | "agent-stop" {
  const starting = new Set(jobs.split("\n").flatMap((line) => /^\s*\d+\s+(\S+)\s+start\s/.exec(`${line} `)?.[1] ?? []));
  if (starting.has("reboot.target") || starting.has("kexec.target") || starting.has("soft-reboot.target")) return "restart";
  return starting.has("poweroff.target") || starting.has("halt.target") || starting.has("shutdown.target") ? "shutdown" : "agent-stop";
}
