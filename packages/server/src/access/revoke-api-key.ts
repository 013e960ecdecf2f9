import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Verb } from "../context.ts";
import { revokeKeys } from "./accounts/end-access.ts";
import { requireAllCustomers, requireScope } from "./require-scope.ts";

/** Ends a key at once, and every key that was made with it. Doing it twice changes nothing. Errors: FORBIDDEN, NOT_FOUND. */
export async function revokeApiKey({ ctx, input }: Verb<Input<"revokeApiKey">>): Promise<void> {
  requireScope(ctx, "access:write");
  requireAllCustomers(ctx);
  await ctx.services.database.transaction(ctx, async (tx) => {
    if (!(await revokeKeys(tx, ctx, [input.apiKeyId], null))) throw new HauswartError("NOT_FOUND");
  });
}
