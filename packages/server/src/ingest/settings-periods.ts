/**
 * By which settings and which calendar samples were judged is written down where they are judged, between two samples of the
 * stream: so that a replay changes them at the very same place, however late the samples came.
 */
import { neverMeasured } from "../evaluate/judged-state.ts";
import type { DeviceMemory } from "./device-memory.ts";
import { judgedCalendar, type TakeInNeeds } from "./take-in-sample.ts";
import type { NewPeriod, TakenBatch } from "./taken-batch.ts";

/** Notes what was found at take-over: settings and calendars that changed while the device was not connected. */
export function noteSettings(needs: TakeInNeeds, { device, periods }: TakenBatch): void {
  if (!device.unnotedSettings && !device.judgedCalendars) return;
  const unnoted = new Set([...(device.unnotedSettings ?? []), ...positionsOf(device, moveCalendar(needs, device))]);
  device.unnotedSettings = undefined;
  for (const position of unnoted) periods.push(periodAt(needs, device, position, "continued"));
}

/**
 * Notes what a changed layout or calendar brought. Called after the newest samples were judged again.
 * @param before by number of the instance: its settings until now. @param moved numbers of instances whose calendar is another now.
 * @param judgedAgain positions.
 */
export function noteChangedSettings(
  needs: TakeInNeeds,
  { device, periods }: TakenBatch,
  before: ReadonlyMap<number, string>,
  moved: readonly number[],
  judgedAgain: readonly number[],
): void {
  device.layout.plans.forEach((plan, position) => {
    const number = device.layout.numbers[position]!;
    if (before.get(number) === plan.settingsKey && !moved.includes(number)) return;
    periods.push(periodAt(needs, device, position, judgedAgain.includes(position) ? "rejudged" : "continued"));
  });
}

/** Settings by number of the instance. */
export const settingsByNumber = ({ layout }: DeviceMemory): Map<number, string> =>
  new Map(layout.plans.map((plan, position) => [layout.numbers[position]!, plan.settingsKey]));

const nobody: readonly number[] = [];

/**
 * From now on the device is judged by the calendar that holds.
 * @returns numbers of the instances that were judged by another one.
 */
export function moveCalendar(needs: TakeInNeeds, device: DeviceMemory): readonly number[] {
  const { calendar, judgedCalendars, layout } = device;
  device.judgedCalendars = undefined;
  const asking = [...layout.numbers].filter((_, position) => layout.plans[position]!.check.definition.needsCalendar);
  if (asking.length === 0 || (!calendar && !judgedCalendars)) return nobody;
  const now = needs.calendarOf(device.identity);
  device.calendar = now;
  return asking.filter((number) => (judgedCalendars ? judgedCalendars[number] : calendar!.key) !== now.key);
}

/** Positions of instances that the device runs. */
export const positionsOf = ({ layout }: DeviceMemory, numbers: readonly number[]): number[] =>
  numbers.map((number) => layout.positionOf(number)).filter((position) => position !== -1);

function periodAt(needs: TakeInNeeds, device: DeviceMemory, position: number, kind: "continued" | "rejudged"): NewPeriod {
  const checkNumber = device.layout.numbers[position]!;
  const plan = device.layout.plans[position]!;
  const isNew = device.stateOf(position) === neverMeasured;
  return {
    checkNumber,
    plan,
    calendar: plan.check.definition.needsCalendar ? judgedCalendar(needs, device) : undefined,
    kind: isNew ? "started" : kind,
    afterMs: device.get("evidenceAtMs", position),
  };
}
