import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { isoTime } from "../times.ts";
import { presentWindow, selectWindows, type WindowRow } from "./window-row.ts";

const stateConditions = {
  current: "and (now.starts_at is not null or next.starts_at is not null)",
  over: "and now.starts_at is null and next.starts_at is null",
  all: "",
} as const;

/** Windows within the actor's reach, the newest first. Errors: FORBIDDEN, INVALID_REQUEST (cursor). */
export async function listMaintenanceWindows({
  ctx,
  input,
}: Verb<Input<"listMaintenanceWindows">>): Promise<Result<"listMaintenanceWindows">> {
  requireScope(ctx, "findings:read");
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<WindowRow>(
      `${selectWindows} ${stateConditions[input.state]}
         and ($3::uuid is null or w.customer_id = $3 or w.customer_id is null) and ($4::text is null or w.scope = $4) and ($5::text is null or w.scope_id = $5)
         and ($6::uuid is null or w.maintenance_window_id < $6)
       order by w.maintenance_window_id desc limit $7`,
      [
        ctx.providerId,
        isoTime(ctx.services.clock.now()),
        input.customerId ?? null,
        input.scope ?? null,
        input.scopeId ?? null,
        after,
        input.limit + 1,
      ],
    );
    return pageOf(rows, input.limit, ({ maintenance_window_id }) => [maintenance_window_id], presentWindow);
  });
}
