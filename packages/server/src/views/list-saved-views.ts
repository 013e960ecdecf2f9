import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireOwn } from "../access/factors/own-account.ts";
import type { Verb } from "../context.ts";
import { mayBeShown, presentView, selectViews, type ViewRow } from "./view-row.ts";

/** One's own views and those that others share, by name. Errors: FORBIDDEN for API keys. */
export async function listSavedViews({ ctx, input }: Verb<Input<"listSavedViews">>): Promise<Result<"listSavedViews">> {
  const own = requireOwn(ctx);
  return ctx.services.database.transaction(own.tenant, async (tx) => {
    const rows = await tx.sql<ViewRow>(`${selectViews} and ($3::text is null or v.list = $3) order by lower(v.name), v.saved_view_id`, [
      own.providerId,
      own.accountId,
      input.list ?? null,
    ]);
    const items = rows.filter((row) => mayBeShown(ctx, row, own.accountId)).map((row) => presentView(ctx, row, own.accountId));
    return { items, next: null };
  });
}
