/** People who would have been told in their browsers, and have none that takes messages: what was for them did not arrive. */
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import type { RoutingHours } from "../../routing/hours.ts";
import { isoTime } from "../../times.ts";
import { notArrived } from "../reports/not-arrived.ts";
import { markRecipientUnreachable } from "../reports/unreachable.ts";
import type { Written } from "./write-letters.ts";

/** To be called once the readers' memory and the escalations of the round are written. */
export async function takeMissed(tx: Tx, ctx: Context, written: readonly Written[], hours: RoutingHours): Promise<void> {
  const at = isoTime(ctx.services.clock.now());
  for (const { letter, missed } of written)
    for (const { key, address, recipientId } of missed) {
      const findingIds = letter.items.map(({ findingId }) => findingId);
      const notes: Parameters<typeof notArrived>[2]["notes"] = ({ noBrowser }) => [noBrowser(address)];
      const untold = await notArrived(tx, ctx, { messageIds: [], readerKeys: [key], findingIds, notes }, hours);
      if (recipientId === null) continue;
      await markRecipientUnreachable(tx, ctx.providerId, recipientId, { reason: "no browser takes messages", at }, untold.length);
    }
}
