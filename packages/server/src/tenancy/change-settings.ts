import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { isShortening } from "@hauswart/protocol/api/dangers.ts";
import { announceAccess } from "../access/accounts/announce-access.ts";
import { requireFreshProof } from "../access/factors/fresh-proof.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { audit } from "../audit/audit.ts";
import { announceCalendars } from "../calendars/calendars-of.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { json } from "../database/query.ts";
import { deleteSignedIn } from "../devices/signed-in.ts";
import { readProviderSettings } from "./provider-settings.ts";

/** Changes settings; what is left out stays. Errors: FORBIDDEN, STEP_UP_REQUIRED where something is to be kept for a shorter time. */
export async function changeSettings({ ctx, input }: Verb<Input<"changeSettings">>): Promise<Result<"changeSettings">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { name, language, timeZone, ...others } = input;
  const now = await ctx.services.database.transaction(ctx, (tx) => readProviderSettings(tx, ctx));
  if (isShortening("changeSettings", input, now)) await requireFreshProof(ctx);
  return ctx.services.database.transaction(ctx, async (tx) => {
    const before = await readProviderSettings(tx, ctx);
    await tx.sql(
      `update hauswart.provider set name = coalesce($2, name), language = coalesce($3, language), time_zone = coalesce($4, time_zone), settings = settings || $5::text::jsonb
       where provider_id = $1`,
      [ctx.providerId, name ?? null, language ?? null, timeZone ?? null, json(others)],
    );
    if (timeZone !== undefined) announceCalendars(tx, ctx);
    if (input.asksSignedIn === false) await deleteSignedIn(tx, ctx.providerId, {});
    if (input.asksSignedIn !== undefined) tx.afterCommit(() => ctx.services.bus.publish("signed-in-asked", { providerId: ctx.providerId }));
    // Who owes a second factor from now on owes it in the open streams too.
    if (input.secondFactor !== undefined) announceAccess(tx, ctx, await accountsOf(tx, ctx));
    await audit(tx, ctx, {
      action: "settings.change",
      subject: { kind: "provider", id: ctx.providerId },
      customerId: null,
      detail: { before, change: input },
    });
    return readProviderSettings(tx, ctx);
  });
}

async function accountsOf(tx: Tx, { providerId }: Context): Promise<Id[]> {
  const rows = await tx.sql<{ account_id: Id }>("select account_id from hauswart.account where provider_id = $1", [providerId]);
  return rows.map((row) => row.account_id);
}
