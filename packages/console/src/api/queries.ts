/** Queries over the typed client. A query's key is the route's name and what it was asked, so a live event can name what it touches. */
import type { Client, RequestOf, ResponseOf } from "@hauswart/protocol/api/client.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api } from "./client.ts";
import { csvSource, type WholeCsv } from "./csv.ts";
import { keepAnswer } from "./keep-answer.ts";

/** What a call of a route takes: a request, which may be left out where nothing has to be said. */
export type Arguments<Name extends RouteName> =
  Record<never, never> extends RequestOf<Name> ? [request?: RequestOf<Name>] : [request: RequestOf<Name>];

/** A call by name with a request that the compiler has already matched to it. */
const call = api as unknown as <Name extends RouteName>(
  name: Name,
  request: unknown,
  signal?: AbortSignal,
) => ReturnType<Client> & Promise<ResponseOf<Name>>;

/** Options of a query on one route. */
export function query<Name extends RouteName>(name: Name, ...[request]: Arguments<Name>) {
  return queryOptions({
    queryKey: [name, request ?? {}] as const,
    queryFn: ({ signal }): Promise<ResponseOf<Name>> => call(name, request ?? {}, signal),
  });
}

/** Routes that answer page by page. */
export type ListRoute = {
  [Name in RouteName]: ResponseOf<Name> extends { items: unknown[]; next: string | null } ? Name : never;
}[RouteName];

export type ListItem<Name extends ListRoute> = ResponseOf<Name> extends { items: (infer Item)[] } ? Item : never;

/** Options of a query that fetches a list page by page. */
export function listQuery<Name extends ListRoute>(name: Name, ...[request]: Arguments<Name>) {
  const asked = (request ?? {}) as { query?: Record<string, unknown> };
  return infiniteQueryOptions({
    queryKey: [name, asked, "pages"] as const,
    queryFn: ({ pageParam, signal }): Promise<ResponseOf<Name>> =>
      call(name, { ...asked, query: { ...asked.query, cursor: pageParam } }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: ResponseOf<Name>) => (last as { next: string | null }).next ?? undefined,
  });
}

export interface List<Item> {
  readonly rows: readonly Item[];
  /** True until the first answer. */
  readonly isLoading: boolean;
  /** The rows belong to the question before; show them greyed. */
  readonly isStale: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Over all pages, where the server counts them. */
  readonly total: number | null;
  /** The same list as CSV, all of its rows. */
  readonly csv: WholeCsv<Item>;
  /** Fetches every row. Throws `ApiError`. */
  readonly whole: () => Promise<Item[]>;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

const none: readonly never[] = [];

/** A list with its pages joined. While a new question about the same is under way, the rows of the one before stay. */
export function useList<Name extends ListRoute>(name: Name, ...request: Arguments<Name>): List<ListItem<Name>> {
  const found = useInfiniteQuery({ ...listQuery(name, ...request), placeholderData: keepAnswer(request[0]) });
  const pages = found.data?.pages;
  const rows = useMemo(() => (pages ? pages.flatMap((page) => (page as unknown as { items: ListItem<Name>[] }).items) : none), [pages]);
  const query = (request[0] as { query?: Record<string, unknown> } | undefined)?.query;
  const whole = () => wholeList(name, request[0] ?? {}, Infinity);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = found;
  return {
    rows,
    isLoading: found.isPending,
    isStale: found.isPlaceholderData,
    error: found.error,
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
    csv: csvSource(name, query) ?? whole,
    whole,
    total: (pages?.[0] as { total?: number } | undefined)?.total ?? null,
    loadMore: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    retry: () => void found.refetch(),
  };
}

/** One answer. While a new question about the same is under way, the answer before stays; `isStale` says so, see Stale. */
export function useAnswer<Name extends RouteName>(
  name: Name,
  request: RequestOf<Name>,
  options: { readonly staleTime?: number; readonly refetchInterval?: number } = {},
) {
  const found = useQuery({
    ...query(name, ...([request] as unknown as Arguments<Name>)),
    ...options,
    placeholderData: keepAnswer(request),
  });
  return { data: found.data, error: found.error, isStale: found.isPlaceholderData, retry: () => void found.refetch() };
}

/** Every page of a list at once: for choices such as customers and sites, up to `most` rows. */
export async function wholeList<Name extends ListRoute>(
  name: Name,
  request: RequestOf<Name> | Record<never, never>,
  most = 5_000,
  signal?: AbortSignal,
): Promise<ListItem<Name>[]> {
  const rows: ListItem<Name>[] = [];
  let cursor: string | undefined;
  do {
    const asked = request as { query?: Record<string, unknown> };
    const page = (await call(name, { ...asked, query: { ...asked.query, limit: 500, cursor } }, signal)) as unknown as {
      items: ListItem<Name>[];
      next: string | null;
    };
    rows.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && rows.length < most);
  return rows;
}
