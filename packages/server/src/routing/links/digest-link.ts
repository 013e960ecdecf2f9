/** What a link in a digest is about. */
import type { Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { systemContext, type Caller, type Context } from "../../context.ts";
import { openActionToken } from "../../mail/action-links.ts";
import { readProviderSettings } from "../../tenancy/provider-settings.ts";
import { readRecipient } from "../recipients/recipient-row.ts";

export interface OpenedDigest {
  readonly ctx: Context;
  readonly recipientId: Id;
  readonly customerId: Id | null;
  readonly offer: Result<"getDigest">;
}

/** Errors: LINK_INVALID (altered, run out, or the recipient was removed or has another address than the digest went to). */
export async function openDigest({ services, address }: Caller, token: string): Promise<OpenedDigest> {
  const { providerId, mailId, subjectId: recipientId } = openActionToken(token, "end-digest", services.secrets, services.clock.now());
  const ctx = { ...systemContext(services, providerId, "digest-link"), address };
  return services.database.transaction(ctx, async (tx) => {
    const row = await readRecipient(tx, ctx, recipientId).catch((error: unknown) => {
      throw error instanceof HauswartError && error.code === "NOT_FOUND" ? new HauswartError("LINK_INVALID") : error;
    });
    const [isSame] = await tx.sql(
      "select 1 from hauswart.mail, jsonb_array_elements(recipients) r where provider_id = $1 and mail_id = $2 and lower(r ->> 'address') = lower($3)",
      [providerId, mailId, row.address],
    );
    if (!isSame) throw new HauswartError("LINK_INVALID");
    const { name: providerName } = await readProviderSettings(tx, ctx);
    const offer = { providerName, address: row.address, language: row.language, isOn: row.quiet };
    return { ctx, recipientId, customerId: row.customer_id, offer };
  });
}
