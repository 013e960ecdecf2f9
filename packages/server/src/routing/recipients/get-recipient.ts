import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../../access/require-scope.ts";
import type { Verb } from "../../context.ts";
import { presentRecipient, readRecipient } from "./recipient-row.ts";

/** One recipient within the actor's reach. Errors: FORBIDDEN, NOT_FOUND. */
export async function getRecipient({ ctx, input }: Verb<Input<"getRecipient">>): Promise<Result<"getRecipient">> {
  requireScope(ctx, "mail:read");
  return ctx.services.database.transaction(ctx, async (tx) => presentRecipient(await readRecipient(tx, ctx, input.recipientId)));
}
