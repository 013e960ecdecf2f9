/** Rows of policy_replay, as the API shows them. */
import type { Replay } from "@hauswart/protocol/api/policy-replay.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";

/** When a process has said nothing for so long, it works on the replay no more; one that waits has to wait for others. */
const silentAfterMs = { running: 60_000, waiting: 900_000 } as const;

interface ReplayRow {
  replay_id: Id;
  check_id: string;
  instance: string;
  days: number;
  state: Replay["state"];
  devices: number;
  devices_done: number;
  result: Replay["result"];
  alive_at: Date;
}

/** Who asks, as column asked_by has it. */
export const askerOf = ({ actor }: Context): string => `${actor.kind === "api-key" ? "api-key" : "account"}:${actor.id}`;

/** Errors: NOT_FOUND, also for replays that somebody else asked for. */
export async function readReplay(tx: Tx, ctx: Context, replayId: Id): Promise<Replay> {
  const [row] = await tx.sql<ReplayRow>(
    `select replay_id, check_id, instance, days, state, devices, devices_done, result, alive_at
     from hauswart.policy_replay where provider_id = $1 and replay_id = $2 and asked_by = $3`,
    [ctx.providerId, replayId, askerOf(ctx)],
  );
  if (!row) throw new HauswartError("NOT_FOUND");
  const isLost =
    (row.state === "running" || row.state === "waiting") && ctx.services.clock.now() - row.alive_at.getTime() > silentAfterMs[row.state];
  return {
    replayId: row.replay_id,
    check: row.check_id,
    instance: row.instance,
    days: row.days,
    state: isLost ? "failed" : row.state,
    devices: row.devices,
    devicesDone: row.devices_done,
    result: row.result,
  };
}
