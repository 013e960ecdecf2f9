import { useQuery } from "@tanstack/react-query";
import { wholeList } from "../../api/queries.ts";
import { othersOf, type OthersOf } from "./others.ts";

/** What other policies set. @param ownId the policy that is edited. */
export function useOthers(ownId: string): OthersOf {
  const found = useQuery({ queryKey: ["listPolicies", "all"], queryFn: ({ signal }) => wholeList("listPolicies", {}, 1_000, signal) });
  return (check, name) => othersOf(found.data ?? [], ownId, check, name);
}
