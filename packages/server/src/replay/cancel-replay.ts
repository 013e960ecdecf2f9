import type { Input } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { readReplay } from "./replay-row.ts";

/** Gives a replay up; one that is over stays as it is. The process that works on it sees it after its next round. Errors: FORBIDDEN, NOT_FOUND. */
export async function cancelReplay({ ctx, input }: Verb<Input<"cancelReplay">>): Promise<void> {
  requireScope(ctx, "policies:write");
  await ctx.services.database.transaction(ctx, async (tx) => {
    await readReplay(tx, ctx, input.replayId);
    await tx.sql(
      "update hauswart.policy_replay set state = 'cancelled' where provider_id = $1 and replay_id = $2 and state in ('waiting', 'running')",
      [ctx.providerId, input.replayId],
    );
  });
}
