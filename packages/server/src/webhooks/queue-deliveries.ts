/** From finding notices to deliveries, one per webhook that wants them: in one transaction, so that none is lost or doubled. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { systemContext } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { presentFinding, selectFindings, type FindingRow } from "../findings/finding-row.ts";
import type { Services } from "../services.ts";
import { isoTime } from "../times.ts";

/** Notices that are worked on at a time. */
export const noticesAtOnce = 500;

interface Notice {
  finding_notice_id: Id;
  finding_id: Id;
  customer_id: Id | null;
  kind: "opened" | "changed" | "closed";
  at: Date;
}

interface Receiver {
  webhook_id: Id;
  customer_id: Id | null;
}

/** @returns how many notices were worked on; as many as `noticesAtOnce` means that there are more */
export async function queueDeliveries(services: Services, providerId: Id): Promise<number> {
  const ctx = systemContext(services, providerId, "webhooks");
  return services.database.transaction(ctx, async (tx) => {
    const notices = await tx.sql<Notice>(
      `select finding_notice_id, finding_id, customer_id, kind, at from hauswart.finding_notice
       where provider_id = $1 and hooked_at is null order by finding_notice_id limit $2 for update skip locked`,
      [providerId, noticesAtOnce],
    );
    if (notices.length === 0) return 0;
    const nowMs = services.clock.now();
    const receivers = await tx.sql<Receiver>("select webhook_id, customer_id from hauswart.webhook where provider_id = $1 and active", [
      providerId,
    ]);
    if (receivers.length > 0) await insertDeliveries(tx, providerId, notices, receivers, nowMs);
    await tx.sql("update hauswart.finding_notice set hooked_at = $3 where provider_id = $1 and finding_notice_id = any($2::uuid[])", [
      providerId,
      notices.map(({ finding_notice_id }) => finding_notice_id),
      isoTime(nowMs),
    ]);
    return notices.length;
  });
}

async function insertDeliveries(
  tx: Tx,
  providerId: Id,
  notices: readonly Notice[],
  receivers: readonly Receiver[],
  nowMs: number,
): Promise<void> {
  const rows = await tx.sql<FindingRow>(`${selectFindings} where f.provider_id = $1 and f.finding_id = any($2::uuid[])`, [
    providerId,
    [...new Set(notices.map(({ finding_id }) => finding_id))],
  ]);
  const findings = new Map(rows.map((row) => [row.finding_id, presentFinding(row, nowMs)]));
  const deliveries = notices.flatMap((notice) => {
    const event = `finding.${notice.kind}`;
    const body = JSON.stringify({ type: event, timestamp: isoTime(notice.at), data: findings.get(notice.finding_id) });
    const meant = findings.has(notice.finding_id)
      ? receivers.filter(({ customer_id }) => customer_id === null || customer_id === notice.customer_id)
      : [];
    return meant.map(({ webhook_id, customer_id }) => ({ delivery_id: newId(nowMs), webhook_id, customer_id, event, body }));
  });
  await tx.sql(
    `insert into hauswart.delivery (provider_id, delivery_id, webhook_id, customer_id, event, body, state, next_attempt_at, created_at)
     select $1, d.delivery_id, d.webhook_id, d.customer_id, d.event, d.body, 'queued', $3::timestamptz, $3::timestamptz
     from jsonb_to_recordset($2::text::jsonb) as d(delivery_id uuid, webhook_id uuid, customer_id uuid, event text, body text)`,
    [providerId, JSON.stringify(deliveries), isoTime(nowMs)],
  );
}
