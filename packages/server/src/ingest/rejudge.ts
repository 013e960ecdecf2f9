/** Settings that have changed hold at once: the newest samples of a device are judged again with the new ones. */
import type { Past } from "@hauswart/protocol/check.ts";
import type { DeviceMemory } from "./device-memory.ts";
import { noPast } from "./judge-history.ts";
import type { NewestFacts } from "./load-devices.ts";
import { calendarFor, dampingOfSample, noteOutcome, type TakeInNeeds } from "./take-in-sample.ts";
import type { TakenBatch } from "./taken-batch.ts";

/**
 * Judges the newest samples at these positions again. Left alone are positions without a sample (no data stays no data) and
 * those whose newest sample is not committed yet.
 * @param taken where the changes are noted.
 * @returns the positions that were judged again.
 */
export function rejudge(needs: TakeInNeeds, taken: TakenBatch, positions: readonly number[], facts: NewestFacts): number[] {
  const { device } = taken;
  const again: number[] = [];
  for (const position of positions) {
    const fact = facts.get(position);
    if (!fact || device.get("fact", position) !== fact.number) continue;
    const judged = judgeAgain(needs, device, position, fact.body);
    if (!judged) continue;
    const { outcome, damping } = judged;
    noteOutcome({ batch: taken, noticeDueAtMs: null }, position, { atMs: device.get("evidenceAtMs", position) }, outcome, true, damping);
    again.push(position);
  }
  return again;
}

function judgeAgain(needs: TakeInNeeds, device: DeviceMemory, position: number, fact: Readonly<Record<string, unknown>>) {
  const plan = device.layout.plans[position]!;
  const { check, judgement } = plan;
  const at = device.get("evidenceAtMs", position);
  const history = device.histories?.get(position);
  // The sample in hand may have become a point since it was judged first.
  const past: Past = history ? { points: (field, subject) => history.points(field, subject).filter((point) => point.at < at) } : noPast;
  const values = [...device.latestOf(position)].map((value) => (Number.isNaN(value) ? null : value));
  try {
    const judged = { sample: check.codec.join(fact, values), past, at, calendar: calendarFor(needs, check, device) };
    const outcome = { kind: "measured", verdicts: check.judge({ ...judged, settings: judgement }) } as const;
    return { outcome, damping: dampingOfSample(needs, plan, judged) };
  } catch (error) {
    needs.judgeFailed(check.definition.id, error);
    return undefined;
  }
}
