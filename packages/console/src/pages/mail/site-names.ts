/** Names of the sites of some customers. */
import { useQueries, type QueryClient } from "@tanstack/react-query";
import { wholeList } from "../../api/queries.ts";

const queriesOf = (customerIds: readonly string[]) =>
  [...new Set(customerIds)].map((customerId) => ({
    queryKey: ["listSites", { query: { customerId } }, "whole"],
    queryFn: () => wholeList("listSites", { query: { customerId } }),
    staleTime: 60_000,
  }));

/** Names by site id, all of them. Throws `ApiError`. */
export async function siteNamesOf(client: QueryClient, customerIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const answers = await Promise.all(queriesOf(customerIds).map((asked) => client.query(asked)));
  return namesOf(answers.map((data) => ({ data })));
}

/** @returns names by site id; sites that are still being asked are missing. */
export function useSiteNames(customerIds: readonly string[]): ReadonlyMap<string, string> {
  return useQueries({
    queries: queriesOf(customerIds),
    combine: namesOf,
  });
}

/** Stands apart, so that the answer is made anew only when an answer has changed. */
function namesOf(results: readonly { data?: readonly { siteId: string; name: string }[] | undefined }[]): ReadonlyMap<string, string> {
  return new Map(results.flatMap(({ data }) => (data ?? []).map(({ siteId, name }) => [siteId, name] as const)));
}
