/** A replay of the draft: started, followed, given up. */
import type { Replay } from "@hauswart/protocol/api/policy-replay.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../../api/change.ts";
import { query } from "../../api/queries.ts";
import type { Draft } from "./draft.ts";

const lookEveryMs = 700;

const isOver = (replay: Replay | undefined) => replay !== undefined && replay.state !== "waiting" && replay.state !== "running";

export interface ReplayRun {
  readonly replay: Replay | undefined;
  readonly error: Error | null;
  readonly isStarting: boolean;
  /** What is shown belongs to a draft from before. */
  readonly isStale: boolean;
  start(days: number): void;
  cancel(): void;
}

/** @param check and instance that are replayed, as the draft sets them. */
export function useReplay(policyId: string, draft: Draft, check: string, instance: string): ReplayRun {
  const [asked, setAsked] = useState<{ replayId: string; draft: Draft } | null>(null);
  const start = useChange("startReplay", { touches: [], quiet: true });
  const cancel = useChange("cancelReplay", { touches: ["getReplay"] });
  const found = useQuery({
    ...query("getReplay", { params: { replayId: asked?.replayId ?? "" } }),
    enabled: asked !== null,
    refetchInterval: ({ state }) => (isOver(state.data) ? false : lookEveryMs),
    staleTime: Infinity,
  });
  return {
    replay: asked ? (found.data ?? start.data) : undefined,
    error: start.error ?? found.error,
    isStarting: start.isPending,
    isStale: asked !== null && asked.draft !== draft,
    start(days) {
      const { name, checks, assignments } = draft;
      const body = { policyId, name, checks: [...checks], assignments: [...assignments], check, instance, days };
      start.mutate({ body }, { onSuccess: ({ replayId }) => setAsked({ replayId, draft }) });
    },
    cancel() {
      if (asked) cancel.mutate({ params: { replayId: asked.replayId } });
    },
  };
}
