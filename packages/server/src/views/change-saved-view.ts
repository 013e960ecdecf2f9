import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireOwn } from "../access/factors/own-account.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { json } from "../database/query.ts";
import { isoTime } from "../times.ts";
import { customerOfSearch, presentView, readView, readViewToChange } from "./view-row.ts";

/**
 * Changes one's own view, or one that somebody shares, where the actor manages users; that one stays shared. What is left out stays. Whoever had a view of somebody else's as default that is no longer shared has
 * none. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (name).
 */
export async function changeSavedView({ ctx, input }: Verb<Input<"changeSavedView">>): Promise<Result<"changeSavedView">> {
  const own = requireOwn(ctx);
  const { savedViewId, ...change } = input;
  return ctx.services.database.transaction(own.tenant, async (tx) => {
    const before = await readViewToChange(tx, ctx, own, savedViewId);
    if (before.account_id !== own.accountId && change.isShared === false)
      throw new HauswartError("FORBIDDEN", "Only its owner takes a view back from the others; remove it instead.");
    const next = {
      name: change.name ?? before.name,
      search: change.search ?? before.search,
      columns: change.columns === undefined ? before.columns : change.columns,
      isShared: change.isShared ?? before.is_shared,
    };
    await tx.sql(
      `update hauswart.saved_view set name = $3, search = $4, columns = $5::text::jsonb, is_shared = $6, updated_at = $7
       where provider_id = $1 and saved_view_id = $2`,
      [
        own.providerId,
        savedViewId,
        next.name,
        next.search,
        next.columns && json(next.columns),
        next.isShared,
        isoTime(ctx.services.clock.now()),
      ],
    );
    if (!next.isShared)
      await tx.sql("delete from hauswart.saved_view_default where provider_id = $1 and saved_view_id = $2 and account_id <> $3", [
        own.providerId,
        savedViewId,
        before.account_id,
      ]);
    await audit(tx, ctx, {
      action: "saved-view.change",
      subject: { kind: "saved-view", id: savedViewId },
      customerId: customerOfSearch(next.search) ?? customerOfSearch(before.search),
      detail: { before: { name: before.name, search: before.search, isShared: before.is_shared }, change },
    });
    return presentView(ctx, await readView(tx, ctx, own, savedViewId), own.accountId);
  });
}
