/** How batteries are judged; README.md says it in words. Beyond a threshold counts, exactly on it does not. */
import type { CheckState, Judge, JudgementOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { battery } from "../protocol.ts";

type Row = SampleOf<typeof battery>["batteries"][number];

export const judge: Judge<typeof battery> = ({ sample, settings }) => {
  if (sample.batteries.length === 0) return [{ code: "worn", subject: "", state: "ok", evidence: { batteries: 0 } }];
  return sample.batteries.map((row) => {
    const { name, model, healthPercent, chargePercent, cycleCount, activity, failed } = row;
    const evidence = { model, healthPercent, chargePercent, cycleCount, activity, failed, ...settings };
    const state = stateOf(row, settings);
    // One that does not tell may be called otherwise than when it told.
    return { code: "worn", subject: name, state, evidence, ...(state === "unknown" && { hides: "all" }) };
  });
};

function stateOf({ failed, healthPercent }: Row, settings: JudgementOf<typeof battery>): CheckState {
  if (failed) return "failure";
  if (healthPercent === null) return "unknown";
  if (healthPercent < settings.failureBelowHealthPercent) return "failure";
  return healthPercent < settings.warningBelowHealthPercent ? "warning" : "ok";
}
