import { macosCalls } from "@hauswart/agent/os/macos/calls.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { Boot, BootReader, HowItEnded } from "./boot.ts";
import { parseLast } from "./parse-last.ts";

async function boot(os: Os): Promise<Boot> {
  const calls = await macosCalls(os);
  const id = calls.sysctlText("kern.bootsessionuuid");
  const bootedAt = calls.bootedAtMs();
  if (!id || bootedAt === undefined)
    throw new OsError("COLLECT_UNREADABLE", "sysctl does not tell when the system was started.", "does-not-tell: sysctl");
  // Both by the same clock: macOS moves the moment of the start when the clock is set.
  return { id, bootedAt: Math.round(bootedAt / 1_000) * 1_000, uptimeSeconds: Math.max(0, Math.round((Date.now() - bootedAt) / 1_000)) };
}

/** The record of log-ins holds starts and orderly ends (last(1)). */
async function howThePreviousRunEnded(os: Os): Promise<HowItEnded> {
  try {
    const { exitCode, stdout } = await os.run("last", ["-2", "reboot", "shutdown"]);
    return exitCode === 0 ? parseLast(stdout) : "undetermined";
  } catch (error) {
    if (error instanceof OsError) return "undetermined";
    throw error;
  }
}

export const reader: BootReader = { boot, howThePreviousRunEnded };
