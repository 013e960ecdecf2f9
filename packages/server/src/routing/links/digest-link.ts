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

/** Errors: LINK_INVALID (altered, run out, or the recipient was removed). */
export async function openDigest({ services, address }: Caller, token: string): Promise<OpenedDigest> {
  const { providerId, subjectId: recipientId } = openActionToken(token, "end-digest", services.secrets, services.clock.now());
  const ctx = { ...systemContext(services, providerId, "digest-link"), address };
  return services.database.transaction(ctx, async (tx) => {
    const row = await readRecipient(tx, ctx, recipientId).catch((error: unknown) => {
      throw error instanceof HauswartError && error.code === "NOT_FOUND" ? new HauswartError("LINK_INVALID") : error;
    });
    const { name: providerName } = await readProviderSettings(tx, ctx);
    const offer = { providerName, address: row.address, language: row.language, isOn: row.quiet };
    return { ctx, recipientId, customerId: row.customer_id, offer };
  });
}
