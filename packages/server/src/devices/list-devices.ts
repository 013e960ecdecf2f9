import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { Parameters } from "../database/parameters.ts";
import { encodeCursor } from "../paging.ts";
import { isoTime } from "../times.ts";
import { readDevices } from "./device-row.ts";
import { listStatement } from "./list-statement.ts";

/**
 * Devices within the actor's reach, by name or what else is asked for; those that were revoked are a choice of their own. First the page's ids are found, then all
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
    return { items, next: last ? encodeCursor(keyOf(last)) : null, total: found.total };
  });
}

interface Key {
  device_id: Id;
  name_key: string;
  /** What comes before the name in the order; left out where the name comes first. */
  sort_key?: string;
}

const keyOf = ({ sort_key, name_key, device_id }: Key) =>
  sort_key === undefined ? [name_key, device_id] : [sort_key, name_key, device_id];

async function findDevices(tx: Tx, ctx: Context, input: Input<"listDevices">): Promise<{ keys: Key[]; total: number }> {
  const parameters = new Parameters();
  const statement = listStatement(input, { provider: ctx.providerId, now: isoTime(ctx.services.clock.now()) }, parameters);
  const keys = await tx.sql<Key & { total: number }>(statement, parameters.values);
  if (keys.length > 0 || input.cursor === undefined) return { keys, total: keys[0]?.total ?? 0 };
  return { keys, total: (await findDevices(tx, ctx, { ...input, cursor: undefined, limit: 1 })).total };
}
