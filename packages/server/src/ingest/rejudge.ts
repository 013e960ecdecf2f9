/** Settings that have changed hold at once: the newest samples of a device are judged again with the new ones. */
import type { Past } from "@hauswart/protocol/check.ts";
import type { DeviceMemory } from "./device-memory.ts";
import { noPast } from "./judge-history.ts";
import type { NewestFacts } from "./load-devices.ts";
import { noteOutcome, type TakeInNeeds } from "./take-in-sample.ts";
import type { TakenBatch } from "./taken-batch.ts";

/**
 * Judges the newest samples at these positions again. Left alone are positions without a sample (no data stays no data) and
 * those whose newest sample is not committed yet.
 * @param taken where the changes are noted.
 */
export function rejudge(needs: TakeInNeeds, taken: TakenBatch, positions: readonly number[], facts: NewestFacts): void {
  const { device } = taken;
  for (const position of positions) {
    const fact = facts.get(position);
    if (!fact || device.get("fact", position) !== fact.number) continue;
    const outcome = judgeAgain(needs, device, position, fact.body);
    if (outcome)
      noteOutcome({ batch: taken, noticeDueAtMs: null }, position, { atMs: device.get("evidenceAtMs", position) }, outcome, true);
  }
}

function judgeAgain(needs: TakeInNeeds, device: DeviceMemory, position: number, fact: Readonly<Record<string, unknown>>) {
  const { check, judgement } = device.layout.plans[position]!;
  const at = device.get("evidenceAtMs", position);
  const history = device.histories?.get(position);
  // The sample in hand may have become a point since it was judged first.
  const past: Past = history ? { points: (field, subject) => history.points(field, subject).filter((point) => point.at < at) } : noPast;
  const values = [...device.latestOf(position)].map((value) => (Number.isNaN(value) ? null : value));
  try {
    const sample = check.codec.join(fact, values);
    return { kind: "measured", verdicts: check.judge({ sample, settings: judgement, past, at }) } as const;
  } catch (error) {
    needs.judgeFailed(check.definition.id, error);
    return undefined;
  }
}
