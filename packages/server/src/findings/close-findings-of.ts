/** What nobody wants to be watched any more leaves no finding behind. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Actor } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";
import { publishEffects, type FindingEffect } from "./apply.ts";
import type { CloseReason } from "./finding-change.ts";
import { endsUntold, nothingElse, traces } from "./statements.ts";

/** A check instance of a device, or with null all that is open about the device. */
export interface Unwatched {
  readonly deviceId: Id;
  readonly number: number | null;
}

export interface CloseOptions {
  readonly providerId: Id;
  readonly actor: Actor;
  readonly reason: Extract<CloseReason, "check-ended" | "revoked">;
}

const closeFindingsOfTargets = `
  with target as (select * from jsonb_to_recordset($2::text::jsonb) as t("deviceId" uuid, number smallint)),
  done as (
    update hauswart.finding f set closed_at = greatest($4::timestamptz, f.opened_at), changed_at = greatest($4::timestamptz, f.opened_at), close_reason = $5::text, notice_due_at = null
    from target t where f.provider_id = $1 and f.device_id = t."deviceId" and (t.number is null or f.check_number = t.number) and f.closed_at is null
    returning f.finding_id, f.customer_id, f.site_id, f.closed_at as at, f.severity, null::jsonb as evidence, $5::text as note,
      'closed' as kind, ${endsUntold} as is_held, ${nothingElse}),
  ${traces}`;

/** Closes what is open about these, with the same traces as a recovery: event, notice, a word on the bus. */
export async function closeFindingsOf(
  tx: Tx,
  services: Pick<Services, "bus" | "clock">,
  { providerId, actor, reason }: CloseOptions,
  targets: readonly Unwatched[],
): Promise<void> {
  const closed = await tx.sql<{ finding_id: Id; customer_id: Id }>(closeFindingsOfTargets, [
    providerId,
    JSON.stringify(targets),
    JSON.stringify(actor),
    isoTime(services.clock.now()),
    reason,
  ]);
  if (closed.length === 0) return;
  const effects = closed.map(({ finding_id, customer_id }): FindingEffect => ({
    findingId: finding_id,
    customerId: customer_id,
    kind: "closed",
  }));
  tx.afterCommit(() => publishEffects(services, providerId, effects));
}
