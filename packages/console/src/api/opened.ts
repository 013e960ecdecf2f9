/** What is opened beside a list, by its id in the address: a link leads there however long the list has grown since. */
import type { RequestOf, ResponseOf } from "@hauswart/protocol/api/client.ts";
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { useQuery } from "@tanstack/react-query";
import { query, type Arguments } from "./queries.ts";

export interface Opened<Item> {
  readonly data: Item | undefined;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/**
 * @param listed it, where it is among the rows that are here. @param request asks for it; undefined when nothing is opened, or the list is not here yet.
 * @returns undefined when nothing is opened.
 */
export function useOpened<Name extends RouteName>(
  name: Name,
  listed: ResponseOf<Name> | undefined,
  request: RequestOf<Name> | undefined,
): Opened<ResponseOf<Name>> | undefined {
  const isAsked = listed === undefined && request !== undefined;
  const asked = useQuery({
    ...query(name, ...([request ?? {}] as unknown as Arguments<Name>)),
    enabled: isAsked,
  });
  if (listed !== undefined) return { data: listed, error: null, refetch: asked.refetch };
  return isAsked ? { data: asked.data, error: asked.error, refetch: asked.refetch } : undefined;
}
