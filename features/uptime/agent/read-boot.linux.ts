import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { Boot, BootReader, HowItEnded } from "./boot.ts";

/** Ticks of process times in /proc, the same on all architectures that people use (proc_pid_stat(5)). */
const ticksPerSecond = 100;

/**
 * Counts from the start of the first process: on a computer that is the start of the system, in a container the container's.
 * @returns undefined when a file is not what it should be.
 */
export function parseBoot(files: { bootId: string; stat: string; uptime: string; firstProcess: string }): Boot | undefined {
  const kernelBootSeconds = Number(/^btime (\d+)$/m.exec(files.stat)?.[1]);
  const kernelUptimeSeconds = Number.parseFloat(files.uptime);
  const fields = files.firstProcess.slice(files.firstProcess.lastIndexOf(")") + 2).split(" ");
  const startSeconds = Number(fields[19]) / ticksPerSecond;
  const id = files.bootId.trim();
  if (id === "" || ![kernelBootSeconds, kernelUptimeSeconds, startSeconds].every(Number.isFinite)) return undefined;
  return {
    id,
    bootedAt: Math.round(kernelBootSeconds + startSeconds) * 1_000,
    uptimeSeconds: Math.max(0, Math.round(kernelUptimeSeconds - startSeconds)),
  };
}

async function boot(os: Os): Promise<Boot> {
  const [bootId, stat, uptime, firstProcess] = await Promise.all(
    ["/proc/sys/kernel/random/boot_id", "/proc/stat", "/proc/uptime", "/proc/1/stat"].map((path) => os.readFile(path)),
  );
  const parsed = parseBoot({ bootId: bootId!, stat: stat!, uptime: uptime!, firstProcess: firstProcess! });
  if (!parsed) throw new OsError("COLLECT_UNREADABLE", "/proc does not tell when the system was started.");
  return parsed;
}

/** systemd reached its shutdown target, or logind announced a shutdown (sd-messages(3)). */
const shutdownTraces = [
  "MESSAGE_ID=39f53479d3a045ac8e11786248231fbf",
  "UNIT=shutdown.target",
  "+",
  "MESSAGE_ID=98268866d1d54a499c4e98921d93bc40",
];

/** The journal knows best, where it is kept over restarts; else the record of log-ins. */
async function howThePreviousRunEnded(os: Os): Promise<HowItEnded> {
  const byJournal = await endByJournal(os);
  return byJournal === "undetermined" ? endByLoginRecord(os) : byJournal;
}

async function endByJournal(os: Os): Promise<HowItEnded> {
  const ask = async (matches: readonly string[]) =>
    (await runIfThere(os, "journalctl", ["--boot=-1", "--quiet", "--no-pager", "--output=cat", "--lines=1", ...matches])).trim() !== "";
  if (!(await ask([]))) return "undetermined";
  return (await ask(shutdownTraces)) ? "orderly" : "unexpected";
}

async function endByLoginRecord(os: Os): Promise<HowItEnded> {
  return parseLast(await runIfThere(os, "last", ["-x", "-n", "2", "shutdown", "reboot"]));
}

/** Reads last(1), newest first: this start, and what came before it. Two starts without a shutdown between them are a crash. */
export function parseLast(text: string): HowItEnded {
  const [current, before] = text.split("\n").map((line) => line.split(/\s/)[0]);
  if (current !== "reboot") return "undetermined";
  return before === "shutdown" ? "orderly" : before === "reboot" ? "unexpected" : "undetermined";
}

/** What a program writes; nothing when it is not installed, refuses or fails. */
async function runIfThere(os: Os, program: string, argumentList: readonly string[]): Promise<string> {
  try {
    const { exitCode, stdout } = await os.run(program, argumentList);
    return exitCode === 0 ? stdout : "";
  } catch (error) {
    if (error instanceof OsError) return "";
    throw error;
  }
}

async function restartReasons(os: Os): Promise<readonly string[]> {
  const reasons = [...(await packagesThatAsk(os))];
  const kernel = await newerKernel(os);
  if (kernel !== undefined) reasons.push(`kernel ${kernel}`);
  return reasons;
}

/** Debian and Ubuntu put these files down when a package needs a restart (update-notifier, unattended-upgrades). */
async function packagesThatAsk(os: Os): Promise<string[]> {
  if ((await readIfThere(os, "/run/reboot-required")) === undefined) return [];
  const names = ((await readIfThere(os, "/run/reboot-required.pkgs")) ?? "").split("\n").map((line) => line.trim());
  const packages = [...new Set(names.filter(Boolean))].sort();
  return packages.length > 0 ? packages : ["reboot-required"];
}

/**
 * The kernel that the next start will take, if it is another one. Told only where the running kernel comes from the same folder: one that
 * was handed in from outside (some virtual computers) is not replaced by a restart.
 */
async function newerKernel(os: Os): Promise<string | undefined> {
  const target = (await os.readLink("/vmlinuz")) ?? (await os.readLink("/boot/vmlinuz"));
  const next = /vmlinuz-(.+)$/.exec(target ?? "")?.[1];
  if (next === undefined) return undefined;
  const running = (await os.readFile("/proc/sys/kernel/osrelease")).trim();
  if (next === running) return undefined;
  const images = await os.listDirectory("/boot");
  return images.includes(`vmlinuz-${running}`) && images.includes(`vmlinuz-${next}`) ? next : undefined;
}

async function readIfThere(os: Os, path: string): Promise<string | undefined> {
  try {
    return await os.readFile(path);
  } catch (error) {
    if (error instanceof OsError && error.code === "COLLECT_UNREADABLE") return undefined;
    throw error;
  }
}

export const reader: BootReader = { boot, howThePreviousRunEnded, restartReasons };
