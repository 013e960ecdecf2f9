/** Asks for the overview before it is shown: the server answers while the browser still loads and runs the rest of the console. */
import type { QueryClient } from "@tanstack/react-query";
import { query } from "../../api/queries.ts";
import { parseSearch, text } from "../../app/search.ts";
import { sessionQuery } from "../../app/session.ts";
import { sinceAhead } from "./visit.ts";

/** What the overview's page asks, in the same words, so that it finds the answer or waits for this one. */
export const overviewQuery = (customerId: string | undefined, sinceMs: number) =>
  ({ query: { customerId, since: new Date(sinceMs).toISOString() } }) as const;

/** Never throws: who is not signed in, and what could not be asked, is told by the page, which asks again. */
export async function askAhead(client: QueryClient): Promise<void> {
  const session = await client.query({ ...sessionQuery(), staleTime: "static" }).catch(() => null);
  if (!session?.account) return;
  const customerId = text(parseSearch(location.search)["customer"]);
  const overview = query("getOverview", overviewQuery(customerId, sinceAhead(session.account.accountId)));
  await client.query(overview).catch(() => null);
}
