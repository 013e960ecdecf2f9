import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { readReplay } from "./replay-row.ts";

/** How far it is, and what came of it. Errors: FORBIDDEN, NOT_FOUND. */
export async function getReplay({ ctx, input }: Verb<Input<"getReplay">>): Promise<Result<"getReplay">> {
  requireScope(ctx, "policies:write");
  requireScope(ctx, "devices:read");
  return ctx.services.database.transaction(ctx, (tx) => readReplay(tx, ctx, input.replayId));
}
