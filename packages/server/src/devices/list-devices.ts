import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { Parameters } from "../database/parameters.ts";
import { decodeCursor, encodeCursor, nameKey } from "../paging.ts";
import { isoTime } from "../times.ts";
import { readDevices } from "./device-row.ts";
import { countStates } from "./state-counts.ts";

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
  const conditions = [`d.provider_id = ${provider}`, "d.lifecycle <> 'revoked'", ...filters(input, parameters)];
  let from = "hauswart.device d";
  if (input.state !== undefined) {
    from += ` left join (${countStates(parameters.add(isoTime(ctx.services.clock.now())), `ci.provider_id = ${provider}`)}) t on t.device_id = d.device_id`;
    conditions.push(`coalesce(t.state, 'unknown') = ${parameters.add(input.state)}`);
  }
  // The filter is costly when it asks for a state, so it runs once, for the page and for the total.
  const down = input.sort === "-name";
  const statement = `
    with matching as materialized (select d.device_id, lower(d.name) as name_key from ${from} where ${conditions.join(" and ")})
    select device_id, name_key, (select count(*)::int from matching) as total from matching
    where ${afterCursor(input.cursor, down, parameters)} order by name_key ${down ? "desc" : ""}, device_id ${down ? "desc" : ""} limit ${parameters.add(input.limit + 1)}`;
  const keys = await tx.sql<Key & { total: number }>(statement, parameters.values);
  if (keys.length > 0 || input.cursor === undefined) return { keys, total: keys[0]?.total ?? 0 };
  return { keys, total: (await findDevices(tx, ctx, { ...input, cursor: undefined, limit: 1 })).total };
}

function filters({ customerId, siteId, tag, search }: Input<"listDevices">, parameters: Parameters): string[] {
  const conditions: string[] = [];
  if (customerId !== undefined) conditions.push(`d.customer_id = ${parameters.add(customerId)}`);
  if (siteId !== undefined) conditions.push(`d.site_id = ${parameters.add(siteId)}`);
  if (tag !== undefined) conditions.push(`d.tags @> array[${parameters.add(tag)}]::text[]`);
  if (search !== undefined && search.trim() !== "") {
    const wanted = parameters.add(search.trim());
    conditions.push(`(position(lower(${wanted}) in lower(d.name)) > 0 or position(lower(${wanted}) in lower(d.hostname)) > 0)`);
  }
  return conditions;
}

function afterCursor(cursor: string | undefined, down: boolean, parameters: Parameters): string {
  const after = decodeCursor(cursor, nameKey);
  if (!after) return "true";
  return `(name_key, device_id) ${down ? "<" : ">"} (${parameters.add(after[0])}::text, ${parameters.add(after[1])}::uuid)`;
}
