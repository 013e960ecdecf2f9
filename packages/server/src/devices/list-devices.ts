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
import { countedAgain, stateColumn, stateJoin } from "./device-states.ts";

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

/** The page is read in the order of an index and ends with its last row; what is counted needs no order. */
async function findDevices(tx: Tx, ctx: Context, input: Input<"listDevices">): Promise<{ keys: Key[]; total: number }> {
  const parameters = new Parameters();
  const provider = parameters.add(ctx.providerId);
  const conditions = [`d.provider_id = ${provider}`, "d.lifecycle <> 'revoked'", ...filters(input, provider, parameters)];
  let [tables, from] = ["", "hauswart.device d"];
  const now = () => parameters.add(isoTime(ctx.services.clock.now()));
  if (input.state !== undefined || input.show === "not-measured" || input.show === "unknown-checks") {
    tables = `${countedAgain(provider, now())},`;
    from += stateJoin;
  }
  if (input.state !== undefined) conditions.push(`${stateColumn("state")} = ${parameters.add(input.state)}`);
  if (input.show === "not-measured") conditions.push(isUnmeasured);
  if (input.show === "unknown-checks") conditions.push(`(${stateColumn("unknown")} > 0 or ${isUnmeasured})`);
  if (input.show === "open-findings")
    conditions.push(`exists (select from hauswart.finding f where f.provider_id = d.provider_id and f.device_id = d.device_id
      and f.closed_at is null and not ${isAcknowledged(now())})`);
  const where = conditions.join(" and ");
  const order = input.sort === "-name" ? "order by name_key desc, device_id desc" : "order by name_key, device_id";
  const statement = `
    with ${tables} page as (
      select d.device_id, d.name_key from ${from} where ${where} and ${afterCursor(input, parameters)}
      ${order.replaceAll(/name_key|device_id/g, "d.$&")} limit ${parameters.add(input.limit + 1)})
    select device_id, name_key, (select count(*)::int from ${from} where ${where}) as total from page ${order}`;
  const keys = await tx.sql<Key & { total: number }>(statement, parameters.values);
  if (keys.length > 0 || input.cursor === undefined) return { keys, total: keys[0]?.total ?? 0 };
  return { keys, total: (await findDevices(tx, ctx, { ...input, cursor: undefined, limit: 1 })).total };
}

/** No check has fresh evidence. */
const isUnmeasured = `${stateColumn("ok")} + ${stateColumn("warning")} + ${stateColumn("failure")} = 0`;

function filters({ customerId, siteId, tag, search }: Input<"listDevices">, provider: string, parameters: Parameters): string[] {
  const conditions: string[] = [];
  if (customerId !== undefined) conditions.push(`d.customer_id = ${parameters.add(customerId)}`);
  if (siteId !== undefined) conditions.push(`d.site_id = ${parameters.add(siteId)}`);
  if (tag !== undefined) conditions.push(`d.tags @> array[${parameters.add(tag)}]::text[]`);
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
