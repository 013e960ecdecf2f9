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

type Asker = NonNullable<ReturnType<typeof useAccount>>;

/** Nobody has given the account a customer yet, or its last one is gone. */
export const reachesNobody = ({ reach }: Pick<Asker, "reach">): boolean => reach.mode === "include" && reach.customerIds.length === 0;

/**
 * People are everybody's. What belongs to the house as a whole is for those who reach all customers; of other things the reader is
 * shown only what is within reach, and whoever reaches nobody has nothing to change.
 */
function covers(asker: Asker, right: Right, owner: string | null | undefined): boolean {
  const { role, reach } = asker;
  if (right.endsWith(":write") && reachesNobody(asker)) return false;
  const isOfHouse = owner === null || right === "access:read" || right === "access:write";
  return scopesOfRole[role].includes(right) && (!isOfHouse || reach.mode === "all");
}

/**
 * Whether the reader's role and reach cover something; the server decides, this only spares the reader what it would refuse.
 * @param owner the customer whose it is; null: the house as a whole, all customers; left out: any thing that the reader is shown.
 */
export function useMay(right: Right, owner?: string | null): boolean {
  const account = useAccount();
  return account !== undefined && covers(account, right, owner);
}

/** Whether a place is for the reader. While the account is being asked every place is, so that the rail does not jump. */
export function useMayVisit({ needs }: { readonly needs?: Right }): boolean {
  const account = useAccount();
  return needs === undefined || account === undefined || covers(account, needs, undefined);
}
