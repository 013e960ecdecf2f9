/** Asks what a draft would bring about, once the typing pauses. */
import type { PolicyDraft } from "@hauswart/protocol/api/policy-preview.ts";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { query } from "../../api/queries.ts";
import type { Draft } from "./draft.ts";

/** How long nothing may change before the server is asked, milliseconds. */
const pauseMs = 500;

/** The effect of saving the draft; the one before stays until the new one is known. */
export function useEffectOf(policyId: string, draft: Draft) {
  const [settled] = useDebouncedValue(draft, pauseMs);
  const { name, checks, assignments } = settled;
  const body: Partial<PolicyDraft> = { policyId, name, checks: [...checks], assignments: [...assignments] };
  const found = useQuery({ ...query("previewPolicy", { body }), placeholderData: keepPreviousData, staleTime: 0, gcTime: 60_000 });
  return { effect: found.data, error: found.error, isStale: settled !== draft || found.isPlaceholderData || found.isFetching };
}
