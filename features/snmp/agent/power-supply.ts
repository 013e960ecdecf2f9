/** Uninterruptible power supplies: UPS-MIB (RFC 1628). */
import type { SnmpSession } from "@hauswart/agent/readers/network.ts";
import { noPowerSupply } from "../protocol/power-supply.ts";
import { numberOf, type Sample } from "./device.ts";

const root = "1.3.6.1.2.1.33.1";
/** upsBatteryStatus, upsSecondsOnBattery, upsEstimatedMinutesRemaining, upsEstimatedChargeRemaining, upsOutputSource, upsAlarmsPresent. */
const single = [`${root}.2.1.0`, `${root}.2.2.0`, `${root}.2.3.0`, `${root}.2.4.0`, `${root}.4.1.0`, `${root}.6.1.0`] as const;
/** upsOutputPercentLoad, per line. */
const loads = `${root}.4.4.1.5`;
const lineLimit = 12;

const batteries: readonly Sample["upsBattery"][] = ["unknown", "unknown", "normal", "low", "depleted"];
const sources: readonly Sample["upsSource"][] = ["other", "other", "off", "normal", "bypass", "battery", "booster", "reducer"];

export type PowerSupplyPart = Pick<Sample, keyof typeof noPowerSupply>;

const notNegative = (value: number | null) => (value === null || value < 0 ? null : value);
const percent = (value: number | null) => (value === null || value < 0 ? null : Math.min(100, value));

export async function readPowerSupply(session: SnmpSession): Promise<PowerSupplyPart> {
  const values = (await session.get(single)).map(numberOf);
  if (values.every((value) => value === null)) return noPowerSupply;
  const [battery = null, onBattery = null, minutes = null, charge = null, source = null, alarms = null] = values;
  const lines = (await session.walk(loads, lineLimit)).flatMap(({ value }) => numberOf(value) ?? []);
  const count = notNegative(alarms);
  return {
    isUps: true,
    upsBattery: batteries[battery ?? 0] ?? "unknown",
    upsSource: sources[source ?? 0] ?? "other",
    upsAlarmCount: count === null ? null : Math.round(count),
    upsChargePercent: percent(charge),
    upsLoadPercent: lines.length === 0 ? null : percent(Math.max(...lines)),
    upsRemainingSeconds: minutes === null || minutes < 0 ? null : minutes * 60,
    upsOnBatterySeconds: notNegative(onBattery),
  };
}
