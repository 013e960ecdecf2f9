import { OsError } from "@hauswart/agent/os/os.ts";
import type { WindowsCalls, WmiValue } from "@hauswart/agent/os/windows/calls.ts";
import { isCarriedCase } from "@hauswart/agent/readers/batteries/has-battery.ts";
import { clip, subjectLimit, textLimit } from "@hauswart/agent/readers/clip.ts";
import { count, share, type Battery, type ReadBatteries } from "./battery-state.ts";

type Row = Readonly<Record<string, WmiValue>>;

/** The battery class driver's own classes (ROOT\WMI): capacities in milliwatt hours. */
export const readBatteries: ReadBatteries = async (os) => {
  const calls = await os.windows();
  const { battery, chargePercent, isOnline } = await calls.power();
  if (battery === "none") return [];
  const [full, design, cycles, status] = await Promise.all([
    byInstance(calls, "select InstanceName, FullChargedCapacity from BatteryFullChargedCapacity"),
    byInstance(calls, "select InstanceName, Capabilities, DesignedCapacity, DeviceName, ManufactureName from BatteryStaticData"),
    byInstance(calls, "select InstanceName, CycleCount from BatteryCycleCount"),
    byInstance(calls, "select InstanceName, RemainingCapacity, Charging, Discharging, PowerOnline from BatteryStatus"),
  ]);
  const all = [...new Set([...full.keys(), ...design.keys(), ...status.keys()])].sort();
  const instances = all.filter((instance) => !isPowerSupply(design.get(instance)));
  if (all.length > 0 && instances.length === 0) return [];
  // Whether there is one nobody tells; in a case that stays where it is there is none.
  if (instances.length === 0 && battery === "not-told") return (await isCarriedCase(calls.registry)) === false ? [] : undefined;
  // Windows knows of a battery whose driver tells nothing more.
  if (instances.length === 0) return [{ ...untold, chargePercent, activity: isOnline === false ? "discharging" : "not-told" }];
  const batteries = instances.map((instance) => {
    const charged = number(full.get(instance), "FullChargedCapacity");
    const made = number(design.get(instance), "DesignedCapacity");
    const cycleCount = number(cycles.get(instance), "CycleCount");
    const now = status.get(instance);
    return {
      name: clip(instance, subjectLimit),
      model: clip(
        [text(design.get(instance), "ManufactureName"), text(design.get(instance), "DeviceName")].filter(Boolean).join(" "),
        textLimit,
      ),
      designCapacity: made === undefined ? "" : `${made} mWh`,
      healthPercent: share(charged, made),
      chargePercent: share(number(now, "RemainingCapacity"), charged) ?? (instances.length === 1 ? chargePercent : null),
      cycleCount: cycleCount ? count(cycleCount) : null,
      activity: activityOf(now),
      failed: false,
    };
  });
  return batteries;
};

const untold: Battery = {
  name: "battery",
  model: "",
  designCapacity: "",
  healthPercent: null,
  chargePercent: null,
  cycleCount: null,
  activity: "not-told",
  failed: false,
};

/** Some drivers refuse one of the classes; what it would have told is unknown then. */
async function byInstance(calls: WindowsCalls, query: string): Promise<ReadonlyMap<string, Row>> {
  try {
    const rows = await calls.wmi("ROOT\\WMI", query);
    return new Map(
      rows.flatMap((row) => (typeof row["InstanceName"] === "string" && row["InstanceName"] ? [[row["InstanceName"], row]] : [])),
    );
  } catch (error) {
    if (error instanceof OsError) return new Map();
    throw error;
  }
}

/** BATTERY_IS_SHORT_TERM (batclass.h): an uninterruptible power supply. */
const isPowerSupply = (row: Row | undefined) => typeof row?.["Capabilities"] === "number" && (row["Capabilities"] & 0x2000_0000) !== 0;

/** Drivers write "unknown" as all bits set. */
function number(row: Row | undefined, name: string): number | undefined {
  const value = row?.[name];
  const found = typeof value === "bigint" ? Number(value) : value;
  return typeof found === "number" && found >= 0 && found < 0xffff_ffff ? found : undefined;
}

function text(row: Row | undefined, name: string): string {
  const value = row?.[name];
  return typeof value === "string" ? value.trim() : "";
}

function activityOf(status: Row | undefined): Battery["activity"] {
  if (!status) return "not-told";
  if (status["Charging"] === true) return "charging";
  if (status["Discharging"] === true) return "discharging";
  return status["PowerOnline"] === true ? "idle" : "not-told";
}
