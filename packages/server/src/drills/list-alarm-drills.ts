import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { presentDrill, selectDrills, type DrillRow } from "./drill-row.ts";

/** Alarm drills of customers within the actor's reach, newest first. Errors: FORBIDDEN. */
export async function listAlarmDrills({ ctx, input }: Verb<Input<"listAlarmDrills">>): Promise<Result<"listAlarmDrills">> {
  requireScope(ctx, "findings:read");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<DrillRow>(
      `${selectDrills} and ($2::uuid is null or a.drill_id < $2) and ($3::uuid is null or a.customer_id = $3) order by a.drill_id desc limit $4`,
      [ctx.providerId, after, input.customerId ?? null, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.drill_id], presentDrill);
  });
}
