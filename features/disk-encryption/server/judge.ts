/** How encryption is judged; README.md says it in words. */
import type { CheckState, Judge, JudgementOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { diskEncryption } from "../protocol.ts";

type Sample = SampleOf<typeof diskEncryption>;
type Row = Sample["volumes"][number];
type Settings = JudgementOf<typeof diskEncryption>;

export const judge: Judge<typeof diskEncryption> = ({ sample, settings }) => {
  const { battery, volumes } = sample;
  const { require } = settings;
  // Every computer has a volume to run from: that none is named is no answer.
  if (volumes.length === 0) {
    const state = stateOf({ name: "", state: "not-told" }, battery, settings);
    return [{ code: "not-encrypted", subject: "", state, evidence: { encryption: "none", battery, require }, hides: "all" }];
  }
  return volumes.map((row) => ({
    code: "not-encrypted",
    subject: row.name,
    state: stateOf(row, battery, settings),
    evidence: { encryption: row.state, method: row.method, detail: row.detail, battery, require },
  }));
};

function stateOf({ name, state }: Pick<Row, "name" | "state">, battery: Sample["battery"], { require, exclude }: Settings): CheckState {
  if (state === "encrypted" || require === "nowhere" || exclude.includes(name)) return "ok";
  if (require === "portable" && battery === "no") return "ok";
  if (state === "not-told" || state === "in-progress") return "unknown";
  return require === "portable" && battery === "not-told" ? "unknown" : "warning";
}
