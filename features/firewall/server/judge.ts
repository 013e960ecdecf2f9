/** How a firewall is judged; README.md says it in words. */
import type { CheckState, Judge, JudgementOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { firewall } from "../protocol.ts";

type Row = SampleOf<typeof firewall>["profiles"][number];

export const judge: Judge<typeof firewall> = ({ sample, settings }) =>
  sample.profiles.map((row) => {
    const { name, state, program, detail, byPolicy } = row;
    return {
      code: "off",
      subject: name,
      state: stateOf(row, settings),
      evidence: { firewallState: state, program, detail, byPolicy, require: settings.require },
    };
  });

function stateOf({ state, onByItself }: Row, { require }: JudgementOf<typeof firewall>): CheckState {
  if (state === "on" || state === "other-product" || require === "nowhere") return "ok";
  if (state === "not-told") return "unknown";
  return require === "everywhere" || onByItself ? "failure" : "ok";
}
