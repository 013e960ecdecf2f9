import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireOwn } from "../access/factors/own-account.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { json } from "../database/query.ts";
import { isoTime } from "../times.ts";
import { customerOfSearch, presentView, readView } from "./view-row.ts";

/** More than anybody finds anything in. */
const mostViews = 200;

/** Keeps a view. Errors: FORBIDDEN for API keys, CONFLICT when one's own of this list has the name, or there are too many. */
export async function createSavedView({ ctx, input }: Verb<Input<"createSavedView">>): Promise<Result<"createSavedView">> {
  const own = requireOwn(ctx);
  const { list, name, search, columns, isShared } = input;
  const nowMs = ctx.services.clock.now();
  const savedViewId = newId(nowMs);
  return ctx.services.database.transaction(own.tenant, async (tx) => {
    const [count] = await tx.sql<{ views: number }>(
      "select count(*)::int as views from hauswart.saved_view where provider_id = $1 and account_id = $2",
      [own.providerId, own.accountId],
    );
    if (count!.views >= mostViews) throw new HauswartError("CONFLICT", `Nobody can have more than ${mostViews} views; delete some.`);
    await tx.sql(
      `insert into hauswart.saved_view (provider_id, saved_view_id, account_id, list, name, search, columns, is_shared, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9, $9)`,
      [own.providerId, savedViewId, own.accountId, list, name, search, columns && json(columns), isShared, isoTime(nowMs)],
    );
    await audit(tx, ctx, {
      action: "saved-view.create",
      subject: { kind: "saved-view", id: savedViewId },
      customerId: customerOfSearch(search),
      detail: { list, name, search, isShared },
    });
    return presentView(ctx, await readView(tx, ctx, own, savedViewId), own.accountId);
  });
}
