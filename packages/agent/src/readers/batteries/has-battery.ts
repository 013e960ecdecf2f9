/** Whether a computer runs on a battery, so that it is carried about. */
import type { PerSystem, SystemName } from "@hauswart/protocol/check.ts";
import { OsError, type Os } from "../../os/os.ts";
import type { WindowsRegistry } from "../../os/windows/calls.ts";

/** SMBIOS, System Enclosure Types: 1 and 2 are "other" and "unknown"; portable, laptop, notebook, hand held, sub notebook, tablet, convertible, detachable. */
const unknownEnclosure = 2;
const carriedEnclosures: readonly number[] = [8, 9, 10, 11, 14, 30, 31, 32];

/** Whether Windows runs in a case that is carried about; undefined where its maker did not say. */
export async function isCarriedCase(registry: WindowsRegistry): Promise<boolean | undefined> {
  const enclosure = await registry.value("HKLM\\SYSTEM\\HardwareConfig\\Current", "EnclosureType");
  return typeof enclosure === "number" && enclosure > unknownEnclosure ? carriedEnclosures.includes(enclosure) : undefined;
}

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
  /** Windows shows an uninterruptible power supply as a battery, so what stands in a case that is not carried about has none. */
  win32: async (os) => {
    const { power, registry } = await os.windows();
    const isCarried = await isCarriedCase(registry);
    if (isCarried === false) return false;
    const { battery } = await power();
    // A notebook whose battery no longer tells is carried about all the same.
    return battery === "not-told" ? isCarried : battery === "present";
  },
  /** A Mac without a battery has no such driver, and ioreg then writes nothing. */
  darwin: async (os) => (await os.run("ioreg", ["-r", "-c", "AppleSmartBattery"])).stdout.includes("AppleSmartBattery"),
} satisfies PerSystem<(os: Os) => Promise<boolean | undefined>>;

/** @returns undefined where the system does not tell. */
export async function hasBattery(system: SystemName, os: Os): Promise<boolean | undefined> {
  try {
    return await readers[system](os);
  } catch (error) {
    if (error instanceof OsError) return undefined;
    throw error;
  }
}
