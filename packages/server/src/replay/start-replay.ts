import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { dayMs } from "../history/hours.ts";
import { knownDraft } from "../policies/preview-policy.ts";
import { requireValidPolicy } from "../policies/validate-policy.ts";
import { ownersOf } from "../policies/write-assignments.ts";
import { isoTime } from "../times.ts";
import { planReplay } from "./replay-plan.ts";
import { askerOf, readReplay } from "./replay-row.ts";
import { replaysOf } from "./replays.ts";

/**
 * Begins to replay one check of a draft over what is stored. Resolved by the code that does it when the draft is saved. Writes
 * nothing but how far it is. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST, for the same drafts that could not be saved.
 */
export async function startReplay({ ctx, input }: Verb<Input<"startReplay">>): Promise<Result<"startReplay">> {
  requireScope(ctx, "policies:write");
  requireScope(ctx, "devices:read");
  const { services, providerId } = ctx;
  requireValidPolicy(services.checks, input);
  if (!services.checks.has(input.check))
    throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.check", message: "There is no such check." }] });
  const replayId = newId(services.clock.now());
  const nowMs = services.clock.now();
  const { groups, replay } = await services.database.transaction(ctx, async (tx) => {
    const draft = await knownDraft(tx, ctx, input);
    await ownersOf(tx, ctx, draft, draft.assignments);
    const groups = await planReplay(tx, ctx, draft, input.check, input.instance);
    const devices = groups.reduce((sum, group) => sum + group.devices.length, 0);
    await tx.sql("delete from hauswart.policy_replay where provider_id = $1 and started_at < $2", [providerId, isoTime(nowMs - dayMs)]);
    // Whoever asks anew does not wait for the old answer any more.
    await tx.sql(
      "update hauswart.policy_replay set state = 'cancelled' where provider_id = $1 and asked_by = $2 and state in ('waiting', 'running')",
      [providerId, askerOf(ctx)],
    );
    await tx.sql(
      `insert into hauswart.policy_replay (provider_id, replay_id, customer_id, asked_by, check_id, instance, days, state, devices, started_at, alive_at)
       values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $9)`,
      [providerId, replayId, draft.customerId, askerOf(ctx), input.check, input.instance, input.days, devices, isoTime(nowMs)],
    );
    return { groups, replay: await readReplay(tx, ctx, replayId) };
  });
  replaysOf(services).start({ ctx, replayId, check: input.check, groups, fromMs: nowMs - input.days * dayMs, toMs: nowMs });
  return replay;
}
