import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { requireOwn } from "../factors/own-account.ts";

/** The change of one's own e-mail address that waits to be confirmed. Errors: FORBIDDEN for API keys. */
export async function getEmailChange({ ctx }: Verb<Input<"getEmailChange">>): Promise<Result<"getEmailChange">> {
  const own = requireOwn(ctx);
  return ctx.services.database.transaction(own.tenant, async (tx) => {
    const [row] = await tx.sql<{ new_email: string; confirm_until: Date }>(
      `select new_email, confirm_until from hauswart.email_change
       where provider_id = $1 and account_id = $2 and confirmed_at is null and dropped_at is null and confirm_until > $3`,
      [own.providerId, own.accountId, isoTime(ctx.services.clock.now())],
    );
    return { waiting: row ? { email: row.new_email, expiresAt: isoTime(row.confirm_until) } : null };
  });
}
