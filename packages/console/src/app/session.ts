/** Who is signed in. */
import { useQuery } from "@tanstack/react-query";
import { query } from "../api/queries.ts";

export const sessionQuery = () => ({ ...query("getSession"), staleTime: 5 * 60_000 });

/** The signed-in account; undefined while it is being asked. */
export function useAccount() {
  return useQuery(sessionQuery()).data?.account ?? undefined;
}
