/** The end of recipients: what waits for them reaches nobody by them any more. */
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { notArrived } from "../../mail/reports/not-arrived.ts";
import type { RoutingHours } from "../hours.ts";
import { nameOfReader } from "../rule.ts";
import type { RecipientRow } from "./recipient-row.ts";

/**
 * Removes recipients. What waited for the end of their quiet hours, or to be taken by Teams, ntfy or a browser, counts as not arrived:
 * whoever is on call is called where nobody else knows of it. Mails already written still leave. The transaction must be open for the
 * whole house.
 */
export async function removeRecipients(
  tx: Tx,
  ctx: Context,
  recipients: readonly Pick<RecipientRow, "recipient_id" | "channel" | "address">[],
  hours: RoutingHours,
): Promise<void> {
  const { providerId } = ctx;
  const ids = recipients.map(({ recipient_id }) => recipient_id);
  const waiting = Map.groupBy(await tx.sql<Waiting>(waitingFor, [providerId, ids]), ({ recipient_id }) => recipient_id);
  // What waits for them goes with them.
  await tx.sql("delete from hauswart.recipient where provider_id = $1 and recipient_id = any($2::uuid[])", [providerId, ids]);
  for (const recipient of recipients) {
    const own = waiting.get(recipient.recipient_id) ?? [];
    const lost = {
      messageIds: own.flatMap(({ delivery_id }) => delivery_id ?? []),
      readerKeys: [recipient.recipient_id],
      findingIds: [...new Set(own.map(({ finding_id }) => finding_id))],
      notes: ({ readerRemoved }) => [readerRemoved(nameOfReader(recipient))],
    } satisfies Parameters<typeof notArrived>[2];
    await notArrived(tx, ctx, lost, hours);
  }
}

interface Waiting {
  recipient_id: Id;
  finding_id: Id;
  /** null: it waits for the end of the quiet hours. */
  delivery_id: Id | null;
}

/** $1 provider, $2 recipients. Of deliveries to several browsers one that was taken is enough. */
const waitingFor = `
  select recipient_id, finding_id, null::uuid as delivery_id from hauswart.held_notice
  where provider_id = $1 and recipient_id = any($2::uuid[])
  union
  select d.recipient_id, unnest(d.finding_ids), d.delivery_id from hauswart.delivery d
  where d.provider_id = $1 and d.recipient_id = any($2::uuid[]) and d.state = 'queued' and not d.is_test
    and not exists (select from hauswart.delivery other where other.provider_id = $1 and other.recipient_id = d.recipient_id
      and other.event = d.event and other.created_at = d.created_at and other.finding_ids = d.finding_ids and other.state = 'delivered')`;
