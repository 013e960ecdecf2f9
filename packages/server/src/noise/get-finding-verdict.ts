import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { readFinding } from "../findings/finding-row.ts";
import { readVerdict } from "./verdict-row.ts";

/** Whether it was right to tell of a finding, as somebody has said. Errors: FORBIDDEN, NOT_FOUND. */
export async function getFindingVerdict({ ctx, input }: Verb<Input<"getFindingVerdict">>): Promise<Result<"getFindingVerdict">> {
  requireScope(ctx, "findings:read");
  return ctx.services.database.transaction(ctx, async (tx) => {
    await readFinding(tx, ctx, input.findingId);
    return readVerdict(tx, ctx, input.findingId);
  });
}
