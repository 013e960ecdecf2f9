/** Who is signed in, and what they may do. */
import { scopesOfRole } from "@hauswart/protocol/roles.ts";
import { useQuery } from "@tanstack/react-query";
import { query } from "../api/queries.ts";

export const sessionQuery = () => ({ ...query("getSession"), staleTime: 5 * 60_000 });

/** The signed-in account; undefined while it is being asked. */
export function useAccount() {
  return useQuery(sessionQuery()).data?.account ?? undefined;
}

export type Right = (typeof scopesOfRole)["owner"][number];

/** Whether the reader's role covers something; the server decides, this only spares the reader what it would refuse. */
export function useMay(right: Right): boolean {
  const account = useAccount();
  return account !== undefined && scopesOfRole[account.role].includes(right);
}

/** Whether a place is for the reader. While the account is being asked every place is, so that the rail does not jump. */
export function useMayVisit({ needs }: { readonly needs?: Right }): boolean {
  const account = useAccount();
  return needs === undefined || account === undefined || scopesOfRole[account.role].includes(needs);
}
