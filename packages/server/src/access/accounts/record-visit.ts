import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { isoTime, isoTimeOrNull } from "../../times.ts";
import { requireOwn } from "../factors/own-account.ts";

/** Who comes back after so long begins a new visit; a look at another page does not end one. */
export const visitEndsAfterMs = 30 * 60_000;

/**
 * Says that whoever is signed in looks at the overview now. `seenAll` begins a new visit at once: all that changed was seen. Kept
 * per person, not per browser. No entry in the audit log: nothing changes for anybody. Errors: FORBIDDEN for API keys.
 */
export async function recordVisit({ ctx, input }: Verb<Input<"recordVisit">>): Promise<Result<"recordVisit">> {
  const own = requireOwn(ctx);
  const nowMs = ctx.services.clock.now();
  return ctx.services.database.transaction(own.tenant, async (tx) => {
    const [row] = await tx.sql<{ visit_before_at: Date | null }>(
      `update hauswart.account set
         visit_before_at = case when $4 then $3::timestamptz when visit_seen_at < $5 then visit_seen_at else visit_before_at end,
         visit_seen_at = $3
       where provider_id = $1 and account_id = $2 returning visit_before_at`,
      [own.providerId, own.accountId, isoTime(nowMs), input.seenAll, isoTime(nowMs - visitEndsAfterMs)],
    );
    return { beforeAt: isoTimeOrNull(row?.visit_before_at ?? null) };
  });
}
