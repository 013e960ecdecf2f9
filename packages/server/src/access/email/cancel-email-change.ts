import type { Input } from "@hauswart/protocol/api/routes.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { requireOwn } from "../factors/own-account.ts";
import { dropWaiting } from "./email-change-row.ts";

/** Takes back the change that waits; nothing happens where none does. Errors: FORBIDDEN for API keys. */
export async function cancelEmailChange({ ctx }: Verb<Input<"cancelEmailChange">>): Promise<void> {
  const own = requireOwn(ctx);
  await ctx.services.database.transaction(own.tenant, async (tx) => {
    if (!(await dropWaiting(tx, own.providerId, own.accountId, isoTime(ctx.services.clock.now())))) return;
    await audit(tx, ctx, {
      action: "account.email-change-cancel",
      subject: { kind: "account", id: own.accountId },
      customerId: null,
    });
  });
}
