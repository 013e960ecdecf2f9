import { listIfThere } from "@hauswart/agent/readers/if-there.ts";
import { clip, textLimit } from "@hauswart/agent/readers/clip.ts";
import { count, share, type Battery, type ReadBatteries } from "./battery-state.ts";

/** Kernel documentation, ABI/testing/sysfs-class-power. */
const folder = "/sys/class/power_supply";

export const readBatteries: ReadBatteries = async (os) => {
  const names = await listIfThere(os, folder);
  if (!names) return undefined;
  const batteries: Battery[] = [];
  for (const name of names.toSorted()) {
    const type = (await os.readFile(`${folder}/${name}/type`)).trim();
    if (type !== "Battery") continue;
    const battery = parseSupply(name, await os.readFile(`${folder}/${name}/uevent`));
    if (battery) batteries.push(battery);
  }
  return batteries;
};

const activities: Readonly<Record<string, Battery["activity"]>> = {
  Charging: "charging",
  Discharging: "discharging",
  Full: "full",
  "Not charging": "idle",
};

/**
 * Reads a supply's `uevent`: lines of POWER_SUPPLY_NAME=value; amounts are millionths of watt hours (ENERGY_) or ampere hours (CHARGE_).
 * @returns undefined for a battery of something that is connected (a mouse), and for a place without a battery in it
 */
export function parseSupply(name: string, uevent: string): Battery | undefined {
  const values = new Map<string, string>();
  for (const line of uevent.split("\n")) {
    const [, key, value] = /^POWER_SUPPLY_([A-Z_0-9]+)=(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value.trim());
  }
  if (values.get("SCOPE") === "Device" || values.get("PRESENT") === "0") return undefined;
  const number = (key: string) => {
    const text = values.get(key);
    return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text);
  };
  const unit = number("ENERGY_FULL_DESIGN") === undefined ? "CHARGE" : "ENERGY";
  const design = number(`${unit}_FULL_DESIGN`);
  const full = number(`${unit}_FULL`);
  const capacity = number("CAPACITY");
  const cycles = number("CYCLE_COUNT");
  return {
    name,
    model: clip([values.get("MANUFACTURER"), values.get("MODEL_NAME")].filter(Boolean).join(" "), textLimit),
    designCapacity: design === undefined ? "" : `${Math.round(design / 1_000)} ${unit === "ENERGY" ? "mWh" : "mAh"}`,
    healthPercent: share(full, design),
    chargePercent: capacity === undefined ? share(number(`${unit}_NOW`), full) : Math.min(100, Math.max(0, capacity)),
    // Firmware that does not count says 0 for ever.
    cycleCount: cycles ? count(cycles) : null,
    activity: activities[values.get("STATUS") ?? ""] ?? "not-told",
    failed: values.get("HEALTH") === "Dead" || values.get("HEALTH") === "Unspecified failure",
  };
}
