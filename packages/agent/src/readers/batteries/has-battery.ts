/** Whether a computer runs on a battery, so that it is carried about. */
import type { PerSystem, SystemName } from "@hauswart/protocol/check.ts";
import { OsError, type Os } from "../../os/os.ts";

const readers = {
  /** Kernel documentation, ABI/testing/sysfs-class-power; batteries of mice and headsets have the scope Device. */
  linux: async (os) => {
    const folder = "/sys/class/power_supply";
    for (const name of await os.listDirectory(folder)) {
      if ((await os.readFile(`${folder}/${name}/type`)).trim() !== "Battery") continue;
      if (!/^POWER_SUPPLY_SCOPE=Device$/m.test(await os.readFile(`${folder}/${name}/uevent`))) return true;
    }
    return false;
  },
  win32: async (os) => (await (await os.windows()).power()).chargePercent !== null,
  /** A Mac without a battery has no such driver, and ioreg then writes nothing. */
  darwin: async (os) => (await os.run("ioreg", ["-r", "-c", "AppleSmartBattery"])).stdout.includes("AppleSmartBattery"),
} satisfies PerSystem<(os: Os) => Promise<boolean>>;

/** @returns undefined where the system does not tell. */
export async function hasBattery(system: SystemName, os: Os): Promise<boolean | undefined> {
  try {
    return await readers[system](os);
  } catch (error) {
    if (error instanceof OsError) return undefined;
    throw error;
  }
}
