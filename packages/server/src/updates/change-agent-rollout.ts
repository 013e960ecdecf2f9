import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { isoTime } from "../times.ts";
import { offeredOf, releaseShelf } from "./release-shelf.ts";
import { stages, type RolloutState } from "./rollout.ts";
import { presentRollout, rolloutColumns, type StoredRollout } from "./rollout-row.ts";

type Action = Input<"changeAgentRollout">["action"];

/** From which states something can be done. */
const possible: Readonly<Record<Action, readonly RolloutState[]>> = {
  pause: ["running"],
  resume: ["paused", "halted"],
  advance: ["running", "paused", "halted"],
};

/** Pauses, resumes or advances the rollout of a release. Whoever lets a halted one go on has seen its failures. Errors: FORBIDDEN, NOT_FOUND, CONFLICT (it is not in a state for that, or another release took its place). */
export async function changeAgentRollout({ ctx, input }: Verb<Input<"changeAgentRollout">>): Promise<Result<"changeAgentRollout">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { version, action } = input;
  const shelf = releaseShelf(ctx.services);
  await shelf.refresh();
  const offered = offeredOf(shelf.releases, ctx.services.clock.now())?.manifest.version;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const [before] = await tx.sql<StoredRollout>(
      `select ${rolloutColumns} from hauswart.agent_rollout where provider_id = $1 and version = $2 for update`,
      [ctx.providerId, version],
    );
    if (!before) throw new HauswartError("NOT_FOUND");
    const stage = action === "advance" ? stages[stages.indexOf(before.stage) + 1] : before.stage;
    if (offered && version !== offered) throw new HauswartError("CONFLICT");
    if (!possible[action].includes(before.state) || !stage) throw new HauswartError("CONFLICT");
    const state = action === "pause" ? "paused" : "running";
    const now = isoTime(ctx.services.clock.now());
    const [after] = await tx.sql<StoredRollout>(
      `update hauswart.agent_rollout set state = $3, stage = $4, stage_since = case when stage = $4 then stage_since else $5 end,
         judged_from = case when $6 then $5 else judged_from end where provider_id = $1 and version = $2 returning ${rolloutColumns}`,
      [ctx.providerId, version, state, stage, now, before.state === "halted"],
    );
    await audit(tx, ctx, {
      action: "agent-rollout.change",
      subject: { kind: "agent-release", id: version },
      customerId: null,
      detail: { before: { state: before.state, stage: before.stage }, change: { state, stage } },
    });
    tx.afterCommit(() => ctx.services.bus.publish("agent-rollouts", { providerId: ctx.providerId }));
    return presentRollout(after!);
  });
}
