import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { Parameters } from "../database/parameters.ts";
import { isAcknowledged } from "../findings/finding-row.ts";
import { decodeCursor, encodeCursor, nameKey } from "../paging.ts";
import { isoTime } from "../times.ts";
import { readDevices } from "./device-row.ts";
import { countedAgain, holds } from "./device-states.ts";

/**
 * Devices within the actor's reach, by name; those that were revoked are left out. First the page's ids are found, then all
 * that is shown of them is read at once. Errors: FORBIDDEN.
 */
export async function listDevices({ ctx, input }: Verb<Input<"listDevices">>): Promise<Result<"listDevices">> {
  requireScope(ctx, "devices:read");
  return ctx.services.database.transaction(ctx, async (tx) => {
    const found = await findDevices(tx, ctx, input);
    const shown = found.keys.slice(0, input.limit);
    const items = await readDevices(
      tx,
      ctx,
      shown.map(({ device_id }) => device_id),
    );
    const last = found.keys.length > input.limit ? shown.at(-1)! : undefined;
    return { items, next: last ? encodeCursor([last.name_key, last.device_id]) : null, total: found.total };
  });
}

interface Key {
  device_id: Id;
  name_key: string;
}

async function findDevices(tx: Tx, ctx: Context, input: Input<"listDevices">): Promise<{ keys: Key[]; total: number }> {
  const parameters = new Parameters();
  const provider = parameters.add(ctx.providerId);
  // A statement names every one of its parameters, so this one is added by whoever needs it.
  let added: string | undefined;
  const places: Places = { provider, now: () => (added ??= parameters.add(isoTime(ctx.services.clock.now()))) };
  const where = [`d.provider_id = ${provider}`, "d.lifecycle <> 'revoked'", ...filters(input, places, parameters)].join(" and ");
  const is = stateFilter(input, parameters);
  const page = `${afterCursor(input, parameters)} ${orders[input.sort]} limit ${parameters.add(input.limit + 1)}`;
  const statement = is
    ? byState(provider, places.now(), is, where, page)
    : wordsOf(input.search).length > 0 || input.show !== undefined
      ? `with fitting as materialized (select d.device_id, d.name_key from hauswart.device d where ${where}) ${pageOfFitting(page)}`
      : `select d.device_id, d.name_key, (select count(*)::int from hauswart.device d where ${where}) as total from hauswart.device d where ${where} and ${page}`;
  const keys = await tx.sql<Key & { total: number }>(statement, parameters.values);
  if (keys.length > 0 || input.cursor === undefined) return { keys, total: keys[0]?.total ?? 0 };
  return { keys, total: (await findDevices(tx, ctx, { ...input, cursor: undefined, limit: 1 })).total };
}

const orders = { name: "order by d.name_key, d.device_id", "-name": "order by d.name_key desc, d.device_id desc" } as const;

/** What costs to find is found once, for the page and for the total. Without such a filter an index has the page, and counting is cheap. */
const pageOfFitting = (page: string) =>
  `select d.device_id, d.name_key, (select count(*)::int from fitting) as total from fitting d where ${page}`;

/** Places of parameters. */
interface Places {
  readonly provider: string;
  readonly now: () => string;
}

/** Whether a row with a device's state and counts is asked for. */
type StateFilter = (row: string) => string;

function stateFilter({ state, show }: Input<"listDevices">, parameters: Parameters): StateFilter | undefined {
  const isUnmeasured: StateFilter = (row) => `${row}.ok + ${row}.warning + ${row}.failure = 0`;
  const wanted = state === undefined ? undefined : parameters.add(state);
  const all: StateFilter[] = [];
  if (wanted !== undefined) all.push((row) => `${row}.state = ${wanted}`);
  if (show === "not-measured") all.push(isUnmeasured);
  if (show === "unknown-checks") all.push((row) => `(${row}.unknown > 0 or ${isUnmeasured(row)})`);
  return all.length === 0 ? undefined : (row) => all.map((filter) => filter(row)).join(" and ");
}

/** By the rows that hold, and by those that had to be counted again. */
const byState = (provider: string, now: string, is: StateFilter, where: string, page: string) => `
  with ${countedAgain(provider, now)}, fitting as materialized (
    select d.device_id, d.name_key from hauswart.device_state s join hauswart.device d on d.provider_id = s.provider_id and d.device_id = s.device_id
    where s.provider_id = ${provider} and ${is("s")} and ${holds("s", now)} and ${where}
    union all
    select d.device_id, d.name_key from again a join hauswart.device d on d.provider_id = ${provider} and d.device_id = a.device_id where ${is("a")} and ${where})
  ${pageOfFitting(page)}`;

function filters(
  { customerId, siteId, tag, search, show }: Input<"listDevices">,
  { provider, now }: Places,
  parameters: Parameters,
): string[] {
  const conditions: string[] = [];
  if (customerId !== undefined) conditions.push(`d.customer_id = ${parameters.add(customerId)}`);
  if (siteId !== undefined) conditions.push(`d.site_id = ${parameters.add(siteId)}`);
  if (tag !== undefined) conditions.push(`d.tags @> array[${parameters.add(tag)}]::text[]`);
  if (show === "open-findings")
    conditions.push(`exists (select from hauswart.finding f where f.provider_id = d.provider_id and f.device_id = d.device_id
      and f.closed_at is null and not ${isAcknowledged(now())})`);
  for (const word of wordsOf(search)) conditions.push(isFound(`lower(${parameters.add(word)}::text)`, provider));
  return conditions;
}

/** Beyond these nobody looks for a device; further ones would only cost. */
const mostWords = 6;
const wordsOf = (search = "") => search.split(/\s+/).filter(Boolean).slice(0, mostWords);

/** Each word stands somewhere: in the device's name, hostname or tags, or in the name of its customer or site. */
const isFound = (word: string, provider: string) => `(position(${word} in d.search_text) > 0
  or d.customer_id in (select c.customer_id from hauswart.customer c where c.provider_id = ${provider} and position(${word} in lower(c.name)) > 0)
  or d.site_id in (select t.site_id from hauswart.site t where t.provider_id = ${provider} and position(${word} in lower(t.name)) > 0))`;

function afterCursor({ cursor, sort }: Input<"listDevices">, parameters: Parameters): string {
  const after = decodeCursor(cursor, nameKey);
  if (!after) return "true";
  return `(d.name_key, d.device_id) ${sort === "-name" ? "<" : ">"} (${parameters.add(after[0])}::text, ${parameters.add(after[1])}::uuid)`;
}
