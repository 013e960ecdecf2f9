import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { RetentionKey } from "@hauswart/protocol/api/retention.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { readProviderSettings } from "../tenancy/provider-settings.ts";
import { isoTime } from "../times.ts";
import { oldBeforeMs, retainedTables } from "./retained.ts";

/** Counting goes on no further: whoever deletes so much wants to know that it is much. */
const countUpTo = 1_000_000;

const auditRows = [
  {
    table: "audit_entry",
    isOld: "position <= (select max(last_position) from hauswart.audit_seal where provider_id = $1 and sealed_at < $2::timestamptz)",
  },
];

/** What the next run of the retention chore would delete, if what is named here were saved; nothing is changed. Errors: FORBIDDEN. */
export async function previewRetention({ ctx, input }: Verb<Input<"previewRetention">>): Promise<Result<"previewRetention">> {
  requireScope(ctx, "settings:read");
  requireAllCustomers(ctx);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const settings = { ...(await readProviderSettings(tx, ctx)), ...input };
    const items = [];
    for (const setting of [...Object.keys(retainedTables), "auditMonths"] as RetentionKey[]) {
      const before = isoTime(oldBeforeMs(setting, settings, ctx.services.clock.now()));
      const rows = await countOld(tx, ctx, setting, before);
      items.push({ setting, before, rows: Math.min(rows, countUpTo), isMore: rows > countUpTo });
    }
    return { items, countedUpTo: countUpTo };
  });
}

/** Rows that a person would count: findings and not their events. */
async function countOld(tx: Tx, { providerId }: Context, setting: RetentionKey, before: string): Promise<number> {
  const tables =
    setting === "auditMonths"
      ? auditRows
      : setting === "findingMonths"
        ? retainedTables.findingMonths.filter(({ table }) => table === "finding")
        : retainedTables[setting];
  let rows = 0;
  for (const { table, isOld } of tables) {
    const [row] = await tx.sql<{ count: number }>(
      `select count(*)::int as count from (select from hauswart.${table} where provider_id = $1 and ${isOld} limit ${countUpTo + 1}) old`,
      [providerId, before],
    );
    rows += row?.count ?? 0;
  }
  return rows;
}
