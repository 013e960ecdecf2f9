import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { presentPolicy, readPolicy } from "./policy-row.ts";

/** One policy. Errors: FORBIDDEN, NOT_FOUND. */
export async function getPolicy({ ctx, input }: Verb<Input<"getPolicy">>): Promise<Result<"getPolicy">> {
  requireScope(ctx, "policies:read");
  return ctx.services.database.transaction(ctx, async (tx) => presentPolicy(await readPolicy(tx, ctx, input.policyId)));
}
