/** eMMC, soldered into small computers: the kernel reads its own account of wear (extended CSD, JESD84-B51). */
import type { Os } from "@hauswart/agent/os/os.ts";
import { driveName, makeDrive, type Drive } from "./health.ts";
import { read } from "./sysfs.linux.ts";

export async function readEmmc(os: Os, names: readonly string[]): Promise<Drive[]> {
  const drives = await Promise.all(names.filter((name) => /^mmcblk\d+$/.test(name)).map((name) => readOne(os, name)));
  return drives.filter((drive) => drive !== undefined);
}

async function readOne(os: Os, name: string): Promise<Drive | undefined> {
  const folder = `/sys/block/${name}`;
  const [type, model, serial, firmware, lifeTime, endOfLife, sectors] = await Promise.all([
    ...["type", "name", "serial", "fwrev", "life_time", "pre_eol_info"].map((file) => read(os, `${folder}/device/${file}`)),
    read(os, `${folder}/size`),
  ]);
  // SD cards are removable and tell nothing.
  if (type !== "MMC") return undefined;
  const device = `/dev/${name}`;
  const wearPercent = usedLife(lifeTime!);
  const reserve = parseHex(endOfLife!);
  const hasTold = wearPercent !== null || reserve > 0;
  return makeDrive({
    drive: driveName(model!, serial!, device),
    device,
    kind: "emmc",
    state: hasTold ? "measured" : "unreadable",
    source: hasTold ? "drive" : "none",
    problem: hasTold ? "" : "The eMMC does not tell how much of its life is used.",
    firmware: firmware!,
    capacityBytes: Number(sectors) > 0 ? Number(sectors) * 512 : null,
    wearPercent,
    prediction: reserve === 3 ? "failing" : reserve > 0 || wearPercent !== null ? "healthy" : "not-told",
    failingReasons: reserve === 3 ? "reserved blocks nearly used up" : "",
  });
}

const parseHex = (text: string) => (/^0x[0-9a-f]{1,2}$/i.test(text) ? Number.parseInt(text, 16) : 0);

/** Two areas, each in steps of ten percent: 0x01 is up to 10 %, 0x0b is beyond what was expected. */
function usedLife(text: string): number | null {
  const steps = text
    .split(/\s+/)
    .map(parseHex)
    .filter((step) => step > 0);
  return steps.length > 0 ? Math.min(100, Math.max(...steps) * 10) : null;
}
