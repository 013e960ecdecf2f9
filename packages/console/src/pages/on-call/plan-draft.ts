/** An escalation plan as the form has it. Pure. */
import type { EscalationPlan, EscalationTarget, Hours, Rota } from "@hauswart/protocol/api/routing.ts";
import type { Topic } from "@hauswart/protocol/topics.ts";

export interface PlanDraft {
  readonly customerId: string | null;
  readonly name: string;
  readonly fromSeverity: "warning" | "failure";
  readonly topics: readonly Topic[];
  readonly hours: Hours;
  readonly steps: readonly { readonly afterMinutes: number; readonly to: string }[];
  readonly repeats: number;
}

export const mostSteps = 10;

/** A target as the value of a choice. */
export const targetKey = (to: EscalationTarget): string =>
  to.kind === "rota" ? `rota ${to.rotaId} ${to.layer}` : to.kind === "account" ? `account ${to.accountId}` : "owners";

function targetOf(key: string): EscalationTarget {
  const [kind, id = "", layer] = key.split(" ");
  if (kind === "rota") return { kind: "rota", rotaId: id, layer: Number(layer) };
  return kind === "account" ? { kind: "account", accountId: id } : { kind: "owners" };
}

export function planDraft({ topics, steps, ...plan }: EscalationPlan): PlanDraft {
  const { customerId, name, fromSeverity, hours, repeats } = plan;
  return {
    customerId,
    name,
    fromSeverity,
    hours,
    repeats,
    topics: topics ?? [],
    steps: steps.map(({ afterMinutes, to }) => ({ afterMinutes, to: targetKey(to) })),
  };
}

/** One step for each line of a rota, the owners after them. */
export const emptyPlan = (rota: Rota | undefined): PlanDraft => ({
  customerId: null,
  name: "",
  fromSeverity: "failure",
  topics: [],
  hours: "always",
  repeats: 1,
  steps: [
    ...(rota?.layers ?? []).map((_, layer) => ({
      afterMinutes: layer === 0 ? 0 : 15,
      to: targetKey({ kind: "rota", rotaId: rota!.rotaId, layer }),
    })),
    { afterMinutes: rota ? 15 : 0, to: "owners" },
  ],
});

export const planFrom = ({ topics, steps, name, ...draft }: PlanDraft) => ({
  ...draft,
  name: name.trim(),
  topics: topics.length === 0 ? null : [...topics],
  steps: steps.map(({ afterMinutes, to }) => ({ afterMinutes, to: targetOf(to) })),
});
