/**
 * By which settings samples were judged is written down where they are judged, between two samples of the stream: so that a
 * replay changes the settings at the very same place, however late the samples came.
 */
import { neverMeasured } from "../evaluate/judged-state.ts";
import type { DeviceMemory } from "./device-memory.ts";
import type { NewPeriod, TakenBatch } from "./taken-batch.ts";

/** Notes what was found at take-over: settings that changed while the device was not connected. */
export function noteSettings({ device, periods }: TakenBatch): void {
  if (!device.unnotedSettings) return;
  for (const position of device.unnotedSettings) periods.push(periodAt(device, position, "continued"));
  device.unnotedSettings = undefined;
}

/**
 * Notes what a changed layout brought. Called after the newest samples were judged again.
 * @param before by number of the instance: its settings until now. @param judgedAgain positions.
 */
export function noteChangedSettings(
  { device, periods }: TakenBatch,
  before: ReadonlyMap<number, string>,
  judgedAgain: readonly number[],
): void {
  device.layout.plans.forEach((plan, position) => {
    if (before.get(device.layout.numbers[position]!) === plan.settingsKey) return;
    periods.push(periodAt(device, position, judgedAgain.includes(position) ? "rejudged" : "continued"));
  });
}

/** Settings by number of the instance. */
export const settingsByNumber = ({ layout }: DeviceMemory): Map<number, string> =>
  new Map(layout.plans.map((plan, position) => [layout.numbers[position]!, plan.settingsKey]));

function periodAt(device: DeviceMemory, position: number, kind: "continued" | "rejudged"): NewPeriod {
  const checkNumber = device.layout.numbers[position]!;
  const isNew = device.stateOf(position) === neverMeasured;
  return {
    checkNumber,
    plan: device.layout.plans[position]!,
    kind: isNew ? "started" : kind,
    afterMs: device.get("evidenceAtMs", position),
  };
}
