import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { PublicVerb } from "../../context.ts";
import { releaseHeld } from "../../mail/compose/store.ts";
import { readRecipient } from "../recipients/recipient-row.ts";
import { openDigest } from "./digest-link.ts";

/**
 * Ends the digests of a recipient by the link in one: there are none any more, because it has no quiet hours any more. What waits comes
 * with the next look. Errors: LINK_INVALID.
 */
export async function endDigest({ caller, input }: PublicVerb<Input<"endDigest">>): Promise<Result<"endDigest">> {
  const { ctx, recipientId, customerId, offer } = await openDigest(caller, input.token);
  if (!offer.isOn) return offer;
  await ctx.services.database.transaction(ctx, async (tx) => {
    const { address } = await readRecipient(tx, ctx, recipientId, "for update");
    if (address !== offer.address) throw new HauswartError("LINK_INVALID");
    await tx.sql("update hauswart.recipient set quiet = false, revision = revision + 1 where provider_id = $1 and recipient_id = $2", [
      ctx.providerId,
      recipientId,
    ]);
    await releaseHeld(tx, ctx.providerId, [recipientId], ctx.services.clock.now());
    await audit(tx, ctx, {
      action: "digest.end",
      subject: { kind: "recipient", id: recipientId },
      customerId,
      detail: { address: offer.address },
    });
  });
  return { ...offer, isOn: false };
}
