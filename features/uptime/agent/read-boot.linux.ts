import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { Boot, BootReader, HowItEnded } from "./boot.ts";
import { parseLast } from "./parse-last.ts";

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
  if (!parsed) throw new OsError("COLLECT_UNREADABLE", "/proc does not tell when the system was started.", "does-not-tell: /proc/stat");
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

export const reader: BootReader = { boot, howThePreviousRunEnded };
