import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { requireAllCustomers, requireScope } from "./require-scope.ts";

/** Ends a key at once, and every key that was made with it. Doing it twice changes nothing. Errors: FORBIDDEN, NOT_FOUND. */
export async function revokeApiKey({ ctx, input }: Verb<Input<"revokeApiKey">>): Promise<void> {
  requireScope(ctx, "access:write");
  requireAllCustomers(ctx);
  await ctx.services.database.transaction(ctx, async (tx) => {
    const family = await tx.sql<{ api_key_id: Id; revoked: boolean }>(
      `with recursive family as (
         select api_key_id, revoked_at from hauswart.api_key where provider_id = $1 and api_key_id = $2
         union
         select k.api_key_id, k.revoked_at from hauswart.api_key k join family f on k.created_by = 'api-key:' || f.api_key_id where k.provider_id = $1)
       select api_key_id, revoked_at is not null as revoked from family`,
      [ctx.providerId, input.apiKeyId],
    );
    if (family.length === 0) throw new HauswartError("NOT_FOUND");
    for (const { api_key_id } of family.filter(({ revoked }) => !revoked)) {
      await tx.sql("update hauswart.api_key set revoked_at = $3 where provider_id = $1 and api_key_id = $2", [
        ctx.providerId,
        api_key_id,
        isoTime(ctx.services.clock.now()),
      ]);
      await audit(tx, ctx, {
        action: "api-key.revoke",
        subject: { kind: "api-key", id: api_key_id },
        customerId: null,
        detail: { madeWith: api_key_id === input.apiKeyId ? null : input.apiKeyId },
      });
    }
  });
}
