/** Drives that did not tell by themselves are asked by smartctl, where it is installed; and so are those that only it can see. */
import { OsError } from "@hauswart/agent/os/os.ts";
import type { Context, Drive } from "./health.ts";
import { askSmartctl, scan } from "./smartctl.ts";

const hasNotTold = ({ state }: Drive) => state === "unreadable" || state === "behind-controller";

/** @param drives what was found without it. @returns the drives, those that smartctl measured instead of what was known of them before */
export async function askSecondSource({ os, selection, signal }: Context, drives: readonly Drive[]): Promise<Drive[]> {
  const missing = drives.filter(hasNotTold);
  if (!selection.useSmartctl || (drives.length > 0 && missing.length === 0)) return [...drives];
  const known = new Set(drives.filter((drive) => !hasNotTold(drive)).map(({ device }) => device));
  const told: Drive[] = [];
  try {
    for (const device of (await scan(os)) ?? []) {
      if (known.has(device.device) || signal.aborted) continue;
      const answer = await askSmartctl(os, device);
      if (answer && (!hasNotTold(answer) || drives.length === 0)) told.push(answer);
    }
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
  }
  return merge(drives, told);
}

/** A drive that smartctl measured takes the place of the same device; drives behind a controller take the controller's place. */
function merge(drives: readonly Drive[], told: readonly Drive[]): Drive[] {
  const byDevice = new Map(told.map((drive) => [drive.device, drive]));
  const behind = told.some(({ device }) => device.includes("["));
  const kept = drives.filter((drive) => !byDevice.has(drive.device) && !(behind && drive.state === "behind-controller"));
  return [...kept, ...told];
}
