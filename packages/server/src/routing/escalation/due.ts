/** Findings on their way through their plans: taking those that are due, and writing down how they go on. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import { isAcknowledged } from "../../findings/finding-row.ts";
import { isoTime } from "../../times.ts";
import type { NextStanding } from "./plan.ts";

export interface DueEscalation {
  readonly finding_id: Id;
  readonly customer_id: Id | null;
  readonly plan_id: Id;
  readonly round: number;
  readonly step: number;
  readonly is_over: boolean;
  readonly is_acknowledged: boolean;
}

/** Taken at a time; the next round takes more. */
export const dueAtOnce = 500;

/** Those that are due, and those whose finding is closed. Rows that another process has in hand are left to it. */
export async function takeDue(tx: Tx, providerId: Id, nowMs: number): Promise<DueEscalation[]> {
  return tx.sql<DueEscalation>(
    `select e.finding_id, e.customer_id, e.plan_id, e.round, e.step, f.closed_at is not null as is_over, ${isAcknowledged("$2")} as is_acknowledged
     from hauswart.escalation e join hauswart.finding f on f.provider_id = e.provider_id and f.finding_id = e.finding_id
     where e.provider_id = $1 and e.state = 'running' and (e.due_at <= $2 or f.closed_at is not null)
     order by e.due_at, e.finding_id limit ${dueAtOnce} for update of e skip locked`,
    [providerId, isoTime(nowMs)],
  );
}

export async function endEscalations(
  tx: Tx,
  providerId: Id,
  findingIds: readonly Id[],
  state: "acknowledged" | "over" | "ended",
  nowMs: number,
): Promise<void> {
  if (findingIds.length === 0) return;
  await tx.sql(
    "update hauswart.escalation set state = $3, due_at = null, ended_at = $4 where provider_id = $1 and finding_id = any($2::uuid[])",
    [providerId, findingIds, state, isoTime(nowMs)],
  );
}

/** They go on at the next step. */
export async function moveOn(
  tx: Tx,
  providerId: Id,
  findingIds: readonly Id[],
  { round, step, afterMs }: NextStanding,
  nowMs: number,
): Promise<void> {
  await tx.sql(
    "update hauswart.escalation set round = $3, step = $4, due_at = $5 where provider_id = $1 and finding_id = any($2::uuid[])",
    [providerId, findingIds, round, step, isoTime(nowMs + afterMs)],
  );
}

/** They wait until the gathering of their plan ends. */
export async function postpone(tx: Tx, providerId: Id, findingIds: readonly Id[], untilMs: number): Promise<void> {
  await tx.sql("update hauswart.escalation set due_at = $3 where provider_id = $1 and finding_id = any($2::uuid[])", [
    providerId,
    findingIds,
    isoTime(untilMs),
  ]);
}
