import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { ringOf, type Stage } from "./rollout.ts";
import { chosenRings } from "./sweep-updates.ts";

interface Row {
  readonly device_id: Id;
  readonly site_id: Id;
  readonly customer_id: Id;
  readonly agent_version: string;
  readonly running: string | null;
  readonly runtime: string | null;
  readonly target: string | null;
  readonly version: string | null;
  readonly state: "offered" | "downloading" | "starting" | "confirmed" | "refused" | "failed" | "rolled-back" | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly attempts: number | null;
  readonly changed_at: Date | null;
  readonly ended_reason: string | null;
  readonly ended_at: Date | null;
}

/** How the agent of a device stands with its updates. Errors: FORBIDDEN, NOT_FOUND. */
export async function getDeviceUpdate({ ctx, input }: Verb<Input<"getDeviceUpdate">>): Promise<Result<"getDeviceUpdate">> {
  requireScope(ctx, "devices:read");
  return ctx.services.database.transaction(ctx, async (tx) => {
    const [row] = await tx.sql<Row>(
      `select d.device_id, d.site_id, d.customer_id, d.agent_version, u.running, u.runtime, u.target, u.version, u.state, u.code, u.detail, u.attempts,
         u.changed_at, u.ended_reason, u.ended_at
       from hauswart.device d left join hauswart.device_update u on u.provider_id = d.provider_id and u.device_id = d.device_id
       where d.provider_id = $1 and d.device_id = $2`,
      [ctx.providerId, input.deviceId],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    const chosen: Map<string, Stage> = await chosenRings(tx, ctx.providerId);
    return {
      agentVersion: row.agent_version,
      canUpdate: row.target !== null,
      ring: ringOf(row, chosen),
      chosenRing: chosen.get(`device ${row.device_id}`) ?? null,
      running: row.running,
      runtime: row.runtime,
      target: row.target,
      update: updateOf(row),
      ended: row.ended_reason && row.ended_at ? { reason: row.ended_reason, at: row.ended_at.toISOString() } : null,
    };
  });
}

function updateOf({ version, state, code, detail, attempts, changed_at }: Row): Result<"getDeviceUpdate">["update"] {
  if (version === null || state === null) return null;
  return { version, state, code: code ?? "", detail: detail ?? "", attempts: attempts ?? 0, changedAt: changed_at?.toISOString() ?? null };
}
