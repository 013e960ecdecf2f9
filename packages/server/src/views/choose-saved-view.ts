import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireOwn } from "../access/factors/own-account.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { readView } from "./view-row.ts";

/** Says with which view a list opens for whoever asks. Errors: FORBIDDEN for API keys, NOT_FOUND, also for a view of another list. */
export async function chooseSavedView({ ctx, input }: Verb<Input<"chooseSavedView">>): Promise<void> {
  const own = requireOwn(ctx);
  const { list, savedViewId } = input;
  await ctx.services.database.transaction(own.tenant, async (tx) => {
    if (savedViewId === null) {
      await tx.sql("delete from hauswart.saved_view_default where provider_id = $1 and account_id = $2 and list = $3", [
        own.providerId,
        own.accountId,
        list,
      ]);
    } else {
      const view = await readView(tx, ctx, own, savedViewId);
      if (view.list !== list) throw new HauswartError("NOT_FOUND");
      await tx.sql(
        `insert into hauswart.saved_view_default (provider_id, account_id, list, saved_view_id) values ($1, $2, $3, $4)
         on conflict (provider_id, account_id, list) do update set saved_view_id = excluded.saved_view_id`,
        [own.providerId, own.accountId, list, savedViewId],
      );
    }
    const subject = { kind: "account", id: own.accountId } as const;
    await audit(tx, ctx, { action: "saved-view.choose", subject, customerId: null, detail: { list, savedViewId } });
  });
}
