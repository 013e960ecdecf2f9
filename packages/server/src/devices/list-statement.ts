/**
 * The statement that finds a page of devices, and how many there are in all. What the page is found by decides what is read:
 *
 * - by name: an index has the page, and counts.
 * - by state: one pass over the narrow rows of device_state, which have the name as well; devices are read only where something
 *   of theirs is asked for.
 * - by customer: the customers are few and sorted; an index has the devices of each by name.
 */
import type { Input } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { z } from "zod";
import type { Parameters } from "../database/parameters.ts";
import { needsSomebody } from "../findings/finding-row.ts";
import { decodeCursor, nameKey } from "../paging.ts";
import { isPresentSql, presenceJoin } from "../presence/presence-of.ts";
import { countedAgain, isLacking, isUnmeasured, statesNow } from "./device-states.ts";

type Query = Input<"listDevices">;

/** Places of parameters. */
interface Places {
  readonly provider: string;
  /** The moment in question. A statement names every one of its parameters, so it is added by whoever needs it. */
  readonly now: () => string;
}

/** SQL for a page of devices: device_id, name_key, sort_key where it is not sorted by name, total. @param now ISO 8601. Errors: INVALID_REQUEST (cursor). */
export function listStatement(input: Query, { provider, now }: { provider: Id; now: string }, parameters: Parameters): string {
  let added: string | undefined;
  const places: Places = { provider: parameters.add(provider), now: () => (added ??= parameters.add(now)) };
  const asked = askedFor(input, places, parameters);
  const { key } = orderOf(input.sort);
  const isCostly = asked.isCostly || key === "presence";
  if (key === "customer" && asked.states.length === 0 && !isCostly)
    return byCustomer(asked, places, pageOf(input, parameters, "k.sort_key"));
  const page = pageOf(input, parameters, "d.sort_key");
  const readsStates = key === "state" || asked.states.length > 0;
  const tables = readsStates ? [countedAgain(places.provider, places.now())] : [];
  const fitting = fittingDevices(asked, places, key, readsStates);
  // What costs to find is found once, for the page and for the total.
  if (isCostly) tables.push(`fitting as materialized ${fitting}`);
  const source = isCostly ? "fitting" : fitting;
  // What they are sorted by says nothing of how many there are.
  const counted = isCostly ? source : fittingDevices(asked, places, undefined, asked.states.length > 0);
  return `${tables.length > 0 ? `with ${tables.join(", ")}` : ""}
    select d.device_id, d.name_key, ${key ? "d.sort_key::text as sort_key, " : ""}(select count(*)::int from ${counted} counted) as total
    from ${source} d where ${page.after} ${page.end}`;
}

type SortKey = keyof typeof sortKeys;

/** What the list can be sorted by before the name. No index has it: what moves with every message of an agent would cost the way of the values too much. */
const sortKeys = {
  state: { cast: "bigint", sql: () => "case h.state when 'failure' then 0 when 'warning' then 1 when 'unknown' then 2 else 3 end::bigint" },
  customer: { cast: "text", sql: () => "lower(c.name)" },
  // Those that are here come last; those that never were, first. Milliseconds.
  presence: {
    cast: "bigint",
    sql: (now: () => string) => `case when ${isPresentSql("l", now())} then 9000000000000000
      else coalesce((extract(epoch from greatest(l.last_seen_at, l.disconnected_at)) * 1000)::bigint, -1) end`,
  },
} as const;

function orderOf(sort: Query["sort"]): { key: SortKey | undefined; direction: "" | " desc" } {
  const named = sort.replace("-", "");
  return { key: named === "name" ? undefined : (named as SortKey), direction: sort.startsWith("-") ? " desc" : "" };
}

/** Which page of devices `d` is asked for. */
interface Page {
  readonly direction: "" | " desc";
  /** Condition: comes after the page before. */
  readonly after: string;
  /** Place of the page before's last sort key; undefined on the first page and where the name comes first. */
  readonly lastKey: string | undefined;
  /** Order and limit. */
  readonly end: string;
}

/** Errors: INVALID_REQUEST (cursor). */
function pageOf({ sort, cursor, limit }: Query, parameters: Parameters, sortKey: string): Page {
  const { key, direction } = orderOf(sort);
  const columns = [...(key ? [sortKey] : []), "d.name_key", "d.device_id"];
  const page = (after: string, lastKey?: string): Page => ({
    direction,
    after,
    lastKey,
    end: `order by ${columns.map((column) => `${column}${direction}`).join(", ")} limit ${parameters.add(limit + 1)}`,
  });
  const cast = key && sortKeys[key].cast;
  const last = decodeCursor(
    cursor,
    cast === undefined ? nameKey : z.tuple([cast === "text" ? z.string().max(1_000) : wholeNumber, ...nameKey.def.items]),
  );
  if (!last) return page("true");
  const casts = [...(cast === undefined ? [] : [`text::${cast}`]), "text", "uuid"];
  const places = last.map((value, at) => `${parameters.add(value)}::${casts[at]!}`);
  return page(`(${columns.join(", ")}) ${direction === "" ? ">" : "<"} (${places.join(", ")})`, cast && places[0]);
}

const wholeNumber = z.string().regex(/^-?\d{1,16}$/);

/** Conditions on devices. */
interface Asked {
  /** Of a row that bears its customer, a device's or a state's. */
  readonly ofAny: (row: string) => readonly string[];
  /** On the wide row of device `d` alone. */
  readonly ofDevice: readonly string[];
  /** On the state `h`. */
  readonly states: readonly string[];
  readonly isRemoved: boolean;
  /** No index has it, so that it is not to be looked for twice. */
  readonly isCostly: boolean;
}

function askedFor({ customerId, siteId, tag, search, show, state }: Query, { provider, now }: Places, parameters: Parameters): Asked {
  const customer = customerId === undefined ? undefined : parameters.add(customerId);
  const ofDevice: string[] = [];
  if (siteId !== undefined) ofDevice.push(`d.site_id = ${parameters.add(siteId)}`);
  if (tag !== undefined) ofDevice.push(`d.tags @> array[${parameters.add(tag)}]::text[]`);
  if (show === "open-findings")
    ofDevice.push(`exists (select from hauswart.finding f where f.provider_id = d.provider_id and f.device_id = d.device_id
      and ${needsSomebody(now())})`);
  const words = wordsOf(search);
  for (const word of words) ofDevice.push(isFound(`lower(${parameters.add(word)}::text)`, provider));
  const states: string[] = [];
  if (state !== undefined) states.push(`h.state = ${parameters.add(state)}`);
  if (show === "not-measured") states.push(isUnmeasured);
  if (show === "unknown-checks") states.push(isLacking);
  return {
    ofAny: (row) => (customer === undefined ? [] : [`${row}.customer_id = ${customer}`]),
    ofDevice,
    states,
    isRemoved: show === "removed",
    isCostly: words.length > 0 || show === "open-findings" || (states.length > 0 && ofDevice.length > 0),
  };
}

const isListed = ({ isRemoved }: Asked) => `d.lifecycle ${isRemoved ? "=" : "<>"} 'revoked'`;

/** All devices that fit, with what they are sorted by: a subquery. */
function fittingDevices(asked: Asked, { provider, now }: Places, key: SortKey | undefined, readsStates: boolean): string {
  const { ofAny, ofDevice, states } = asked;
  const readsDevices = !readsStates || ofDevice.length > 0;
  const d = readsDevices ? "d" : "h";
  const ofStates = [asked.isRemoved ? "not h.is_listed" : "h.is_listed", ...ofAny("h"), ...states].join(" and ");
  const tables = [
    ...(readsStates ? [`${statesNow(provider, now(), "h.device_id, h.customer_id, h.name_key, h.state", ofStates)} h`] : []),
    ...(readsDevices ? ["hauswart.device d"] : []),
  ].join(" cross join ");
  const joins = {
    state: "",
    customer: `join hauswart.customer c on c.provider_id = ${provider} and c.customer_id = ${d}.customer_id`,
    presence: `left join hauswart.device_link l on l.provider_id = ${provider} and l.device_id = ${d}.device_id ${presenceJoin("l")}`,
  };
  const where = [
    ...(readsDevices ? [`d.provider_id = ${provider}`, isListed(asked), ...ofDevice] : []),
    ...(readsStates ? [] : ofAny("d")),
    ...(readsStates && readsDevices ? ["d.device_id = h.device_id"] : []),
  ].join(" and ");
  return `(select ${d}.device_id, ${d}.name_key${key ? `, ${sortKeys[key].sql(now)} as sort_key` : ""}
    from ${tables} ${key ? joins[key] : ""} ${where === "" ? "" : `where ${where}`})`;
}

/** Customer by customer, whose names are unique, until the page is full. */
function byCustomer(asked: Asked, { provider }: Places, page: Page): string {
  const where = [`d.provider_id = ${provider}`, isListed(asked), ...asked.ofAny("d"), ...asked.ofDevice].join(" and ");
  const fromLast = page.lastKey === undefined ? [] : [`lower(c.name) ${page.direction === "" ? ">=" : "<="} ${page.lastKey}`];
  const customers = [`c.provider_id = ${provider}`, ...asked.ofAny("c"), ...fromLast].join(" and ");
  return `
    select d.device_id, d.name_key, k.sort_key, (select count(*)::int from hauswart.device d where ${where}) as total
    from (select c.customer_id, lower(c.name) as sort_key from hauswart.customer c where ${customers} order by sort_key${page.direction}) k
    cross join lateral (
      select d.device_id, d.name_key from hauswart.device d
      where ${where} and d.customer_id = k.customer_id and ${page.after} ${page.end}) d
    ${page.end}`;
}

/** Beyond these nobody looks for a device; further ones would only cost. */
const mostWords = 6;
const wordsOf = (search = "") => search.split(/\s+/).filter(Boolean).slice(0, mostWords);

/** Each word stands somewhere: in the device's name, hostname or tags, or in the name of its customer or site. */
const isFound = (word: string, provider: string) => `(position(${word} in d.search_text) > 0
  or d.customer_id in (select c.customer_id from hauswart.customer c where c.provider_id = ${provider} and position(${word} in lower(c.name)) > 0)
  or d.site_id in (select t.site_id from hauswart.site t where t.provider_id = ${provider} and position(${word} in lower(t.name)) > 0))`;
