import type { Input } from "@hauswart/protocol/api/routes.ts";
import { requireOwn } from "../access/factors/own-account.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { customerOfSearch, readViewToChange } from "./view-row.ts";

/** Removes one's own view, or one that somebody shares, where the actor manages users; for everybody. Errors: FORBIDDEN, NOT_FOUND. */
export async function deleteSavedView({ ctx, input }: Verb<Input<"deleteSavedView">>): Promise<void> {
  const own = requireOwn(ctx);
  await ctx.services.database.transaction(own.tenant, async (tx) => {
    const { list, name, search, is_shared: isShared } = await readViewToChange(tx, ctx, own, input.savedViewId);
    await tx.sql("delete from hauswart.saved_view where provider_id = $1 and saved_view_id = $2", [own.providerId, input.savedViewId]);
    await audit(tx, ctx, {
      action: "saved-view.delete",
      subject: { kind: "saved-view", id: input.savedViewId },
      customerId: customerOfSearch(search),
      detail: { list, name, search, isShared },
    });
  });
}
