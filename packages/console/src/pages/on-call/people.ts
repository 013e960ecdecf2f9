/** People of the house, for whoever may see them. */
import type { ItemOf } from "@hauswart/protocol/api/client.ts";
import { useQuery } from "@tanstack/react-query";
import { query } from "../../api/queries.ts";
import { useMay } from "../../app/session.ts";

export function usePeople(): readonly ItemOf<"listAccounts">[] {
  const isAllowed = useMay("access:read");
  const { data } = useQuery({ ...query("listAccounts"), enabled: isAllowed, retry: false });
  return data?.items ?? [];
}
