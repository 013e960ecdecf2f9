/** Customers and sites as choices, and the customer to whom the whole console is narrowed. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { wholeList } from "../api/queries.ts";

const app = getRouteApi("/app");

/** Id of the chosen customer; undefined for all. Stands in the address as `customer`. */
export function useScope(): string | undefined {
  return app.useSearch().customer;
}

/** All customers by name. */
export function useCustomers() {
  return useQuery({
    queryKey: ["listCustomers", {}, "whole"],
    queryFn: ({ signal }) => wholeList("listCustomers", {}, 5_000, signal),
    staleTime: 60_000,
  });
}

/** All sites of a customer by name; none for no customer. */
export function useSites(customerId: string | undefined) {
  return useQuery({
    queryKey: ["listSites", { query: { customerId } }, "whole"],
    queryFn: ({ signal }) => wholeList("listSites", { query: { customerId } }, 5_000, signal),
    staleTime: 60_000,
    enabled: customerId !== undefined,
  });
}
