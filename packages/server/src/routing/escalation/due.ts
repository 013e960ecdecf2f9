/** Findings on their way through their plans: taking those that are due, and writing down how they go on. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "../../database/database.ts";
import { isAcknowledged } from "../../findings/finding-row.ts";
import { settleSeconds } from "../../findings/release-holds.ts";
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
  /** Why nobody is to be told now, as a new finding of this kind would be held back. */
  readonly held: HeldBy | null;
  /** Why nobody was told when it was looked at before. */
  readonly held_by: HeldBy | null;
}

export type HeldBy = "maintenance" | "cause";

/** Taken at a time; the next round takes more. */
export const dueAtOnce = 500;

/** A held finding is looked at again so soon: windows are ended by hand, and causes end by themselves. */
const lookAgainMs = 60_000;

/** $2 the present: what held the finding back when it was found, or would now; of a cause that has just ended its followers are given time. */
const heldNow = `coalesce(h.kind, f.hold_kind, case when exists (
    select from hauswart.incident i join hauswart.finding cause on cause.provider_id = i.provider_id and cause.finding_id = i.cause_finding_id
    where i.provider_id = f.provider_id and i.incident_id = f.incident_id and cause.finding_id <> f.finding_id
      and cause.closed_at > $2::timestamptz - interval '${settleSeconds} seconds') then 'cause' end)`;

/** Until the transaction ends, nobody else calls people of this provider: what is due together is not torn into two calls. */
export async function lockEscalations(tx: Tx, providerId: Id): Promise<void> {
  await tx.sql("select pg_advisory_xact_lock(hashtextextended('hauswart/escalations/' || $1::uuid::text, 0))", [providerId]);
}

/** Those that are due, and those whose finding is closed. Rows that are being changed at this moment are left for the next round. */
export async function takeDue(tx: Tx, providerId: Id, nowMs: number): Promise<DueEscalation[]> {
  const taken = await tx.sql<{ finding_id: Id }>(
    `select w.finding_id from hauswart.escalation w join hauswart.finding f on f.provider_id = w.provider_id and f.finding_id = w.finding_id
     where w.provider_id = $1 and w.state = 'running' and (w.due_at <= $2 or f.closed_at is not null)
     order by w.due_at, w.finding_id limit ${dueAtOnce} for update of w skip locked`,
    [providerId, isoTime(nowMs)],
  );
  if (taken.length === 0) return [];
  // Asked once they are in hand: whoever had one in hand before, to take an acknowledgement back, has done it. And of these alone: in an
  // outage thousands wait.
  return tx.sql<DueEscalation>(
    `select e.finding_id, e.customer_id, e.plan_id, e.round, e.step, f.closed_at is not null as is_over, ${isAcknowledged("$2")} as is_acknowledged,
       ${heldNow} as held, e.held_by
     from hauswart.escalation e join hauswart.finding f on f.provider_id = e.provider_id and f.finding_id = e.finding_id
     left join lateral hauswart.hold_of(f.provider_id, f.customer_id, f.site_id, f.device_id, f.check_id, f.code, $2::timestamptz, $2::timestamptz) h on true
     where e.provider_id = $1 and e.finding_id = any($3::uuid[])
     order by e.due_at, e.finding_id`,
    [providerId, isoTime(nowMs), taken.map(({ finding_id }) => finding_id)],
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
    "update hauswart.escalation set state = $3, due_at = null, duty_at = null, ended_at = $4 where provider_id = $1 and finding_id = any($2::uuid[])",
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
    "update hauswart.escalation set round = $3, step = $4, due_at = $5, duty_at = null where provider_id = $1 and finding_id = any($2::uuid[])",
    [providerId, findingIds, round, step, isoTime(nowMs + afterMs)],
  );
}

/** They begin anew with the shift that begins then. */
export async function waitForDuty(tx: Tx, providerId: Id, findingIds: readonly Id[], dutyMs: number): Promise<void> {
  await tx.sql(
    `update hauswart.escalation set state = 'running', round = 0, step = 0, due_at = $3, duty_at = $3, ended_at = null
     where provider_id = $1 and finding_id = any($2::uuid[])`,
    [providerId, findingIds, isoTime(dutyMs)],
  );
}

/** Those of them about which nobody was called since they began. */
export async function uncalledOf(tx: Tx, providerId: Id, findingIds: readonly Id[]): Promise<Id[]> {
  const rows = await tx.sql<{ finding_id: Id }>(
    `select e.finding_id from hauswart.escalation e
     where e.provider_id = $1 and e.finding_id = any($2::uuid[]) and not exists (select from hauswart.escalation_call c
       where c.provider_id = $1 and e.finding_id = any(c.finding_ids) and c.called_at >= e.started_at)
     order by e.finding_id`,
    [providerId, findingIds],
  );
  return rows.map(({ finding_id }) => finding_id);
}

/** They wait until the gathering of their plan ends. */
export async function postpone(tx: Tx, providerId: Id, findingIds: readonly Id[], untilMs: number): Promise<void> {
  await tx.sql("update hauswart.escalation set due_at = $3 where provider_id = $1 and finding_id = any($2::uuid[])", [
    providerId,
    findingIds,
    isoTime(untilMs),
  ]);
}

/** Nobody is told of them for now. */
export async function hold(tx: Tx, providerId: Id, escalations: readonly DueEscalation[], nowMs: number): Promise<void> {
  await tx.sql(
    `update hauswart.escalation e set due_at = $4, held_by = held.by from unnest($2::uuid[], $3::text[]) as held (finding_id, by)
     where e.provider_id = $1 and e.finding_id = held.finding_id`,
    [providerId, escalations.map(({ finding_id }) => finding_id), escalations.map(({ held }) => held), isoTime(nowMs + lookAgainMs)],
  );
}

/** What held them is over: like new ones they begin with the first step. */
export async function beginAnew(tx: Tx, providerId: Id, findingIds: readonly Id[]): Promise<void> {
  await tx.sql(
    "update hauswart.escalation set held_by = null, round = 0, step = 0, duty_at = null where provider_id = $1 and finding_id = any($2::uuid[])",
    [providerId, findingIds],
  );
}
