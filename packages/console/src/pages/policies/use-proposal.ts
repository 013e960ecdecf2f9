/**
 * What the noise page proposes: the draft as it is is tried on the past, what that suggests is put into the draft, and the draft is
 * tried again, to show what it would have done. Nothing is saved.
 */
import type { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import type { ReplaySuggestion } from "@hauswart/protocol/api/policy-replay.ts";
import { useEffect, useState } from "react";
import type { ReplayRun } from "./use-replay.ts";

interface Wanted {
  readonly isWanted: boolean;
  readonly days: number;
  readonly check: PolicyCheck;
  readonly onChange: (check: PolicyCheck) => void;
}

type Stage = "none" | "wanted" | "searching" | "filling" | "filled" | "empty";

export interface Proposal {
  readonly stage: Stage;
  /** What was put into the draft. */
  readonly filled: readonly ReplaySuggestion[];
}

/** Values of a suggestion, as a policy sets them. */
export const valuesOf = ({ badForMinutes, goodForMinutes, recoverAt, flapping }: ReplaySuggestion): Partial<PolicyCheck> => ({
  ...(badForMinutes !== undefined && { badForMinutes }),
  ...(goodForMinutes !== undefined && { goodForMinutes }),
  ...(recoverAt && { recoverAt }),
  ...(flapping && { flapping }),
});

export function useProposal(run: ReplayRun, { isWanted, days, check, onChange }: Wanted): Proposal {
  const [proposal, setProposal] = useState<Proposal>({ stage: isWanted ? "wanted" : "none", filled: [] });
  const { stage } = proposal;
  useEffect(() => {
    const next = (to: Stage, filled = proposal.filled) => setProposal({ stage: to, filled });
    if (stage === "wanted") {
      run.start(days);
      next("searching");
    } else if (stage === "searching" && run.replay?.result && !run.isStale) {
      const { suggestions } = run.replay.result;
      if (suggestions.length > 0) onChange(Object.assign({}, check, ...suggestions.map(valuesOf)) as PolicyCheck);
      next(suggestions.length > 0 ? "filling" : "empty", suggestions);
    } else if (stage === "filling" && run.isStale) {
      // The draft has the values by now.
      run.start(days);
      next("filled");
    } else if (stage === "searching" && (run.error || run.replay?.state === "failed" || run.replay?.state === "cancelled")) next("none");
  }, [stage, proposal.filled, run, days, check, onChange]);
  return proposal;
}
