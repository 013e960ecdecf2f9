/** A device's checks have changed while it is connected: its memory moves to the new layout and keeps what was judged. */
import { isDeepStrictEqual } from "node:util";
import { neverMeasured } from "../evaluate/judged-state.ts";
import type { CheckPlan } from "./check-layout.ts";
import type { DeviceMemory } from "./device-memory.ts";
import { HistoryBook } from "./history-book.ts";

/** Numbers of the instances whose state is judged and stored; none while a message of the device waits for its commit. */
export function storedJudgements(device: DeviceMemory): ReadonlySet<number> {
  if (device.lastSequence !== device.committedSequence) return new Set();
  return new Set([...device.layout.numbers].filter((_, position) => device.stateOf(position) !== neverMeasured));
}

/**
 * Instances that were ended and have started again before anybody looked: what was judged of them is forgotten in the database, which has
 * evidence of them all the same.
 * @param stored what `storedJudgements` said before `fresh` was loaded
 * @returns their numbers; `isCertain` is false while it cannot be told from a first judgement that is not stored yet
 */
export function startedAgain(
  device: DeviceMemory,
  fresh: DeviceMemory,
  stored: ReadonlySet<number>,
): { again: readonly number[]; isCertain: boolean } {
  const forgotten = [...fresh.layout.numbers].filter((number, position) => {
    const old = device.layout.positionOf(number);
    if (old === -1 || device.stateOf(old) === neverMeasured) return false;
    return fresh.stateOf(position) === neverMeasured && fresh.isMeasured(position);
  });
  const again = forgotten.filter((number) => stored.has(number));
  return { again, isCertain: again.length === forgotten.length };
}

/**
 * @param fresh the same device as the database knows it now: gives the new layout, and what is stored of instances that
 * start (again).
 * @param again numbers of those that run here and have started again.
 * @returns positions in the new layout whose judgement changed although the instance went on: their newest samples have to
 * be judged again.
 */
export function changeLayout(device: DeviceMemory, fresh: DeviceMemory, again: readonly number[]): number[] {
  if (device.layout === fresh.layout && again.length === 0) return [];
  const judgedAnew: number[] = [];
  fresh.layout.numbers.forEach((number, position) => {
    const old = device.layout.positionOf(number);
    if (old === -1 || again.includes(number)) return;
    copyInstance(device, old, fresh, position);
    const [oldPlan, plan] = [device.layout.plans[old]!, fresh.layout.plans[position]!];
    if (isJudgedOtherwise(oldPlan, plan)) judgedAnew.push(position);
  });
  device.adoptChecks(fresh);
  // Positions have moved, and what may still come of the time before a set-back is little.
  device.repeatedUntilMs = undefined;
  return judgedAnew;
}

/** Plans with equal settings are one object, so are the parts of them. */
function isJudgedOtherwise(one: CheckPlan, other: CheckPlan): boolean {
  return (
    one !== other &&
    (one.failuresBeforeFinding !== other.failuresBeforeFinding ||
      !isDeepStrictEqual(one.judgement, other.judgement) ||
      !isDeepStrictEqual(one.damping?.rule, other.damping?.rule))
  );
}

/** What this process knows of a running instance is newer than what the database does. */
function copyInstance(from: DeviceMemory, old: number, to: DeviceMemory, position: number): void {
  for (const column of ["evidenceAtMs", "knownFactHash", "knownFact", "nextFact", "fact"] as const)
    to.set(column, position, from.get(column, old));
  to.restoreState(position, from.stateOf(old), from.get("stateSinceMs", old));
  to.setLatest(position, from.latestOf(old));
  const facts = from.olderFacts?.get(old);
  if (facts) (to.olderFacts ??= new Map()).set(position, facts);
  const history = from.histories?.get(old);
  if (history && history.table.length > 0) (to.histories ??= new HistoryBook()).put(position, history);
  if (from.changedStates?.has(old)) (to.changedStates ??= new Set()).add(position);
  if (from.changedHistories?.has(old)) (to.changedHistories ??= new Set()).add(position);
}
