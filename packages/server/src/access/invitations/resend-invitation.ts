import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { isoTime } from "../../times.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { lockOwners, requireToGive } from "../require-to-give.ts";
import { hashOfToken, newToken } from "../tokens.ts";
import { invitationLifeMs, presentInvitation, readInvitation } from "./invitation-row.ts";
import { sendInvitation } from "./send-invitation.ts";

/** Mails an invitation again with a new link and a new week; the link before ends. Errors: FORBIDDEN, NOT_FOUND. */
export async function resendInvitation({ ctx, input }: Verb<Input<"resendInvitation">>): Promise<Result<"resendInvitation">> {
  requireScope(ctx, "access:write");
  requireAllCustomers(ctx);
  const now = ctx.services.clock.now();
  return ctx.services.database.transaction(ctx, async (tx) => {
    await lockOwners(tx, ctx);
    const before = await readInvitation(tx, ctx, input.invitationId);
    await requireToGive(tx, ctx, [before.role]);
    const row = { ...before, sent_at: new Date(now), expires_at: new Date(now + invitationLifeMs) };
    const token = newToken("invitation");
    await tx.sql(
      "update hauswart.invitation set token_hash = $3, sent_at = $4, expires_at = $5 where provider_id = $1 and invitation_id = $2",
      [ctx.providerId, row.invitation_id, hashOfToken(token), isoTime(row.sent_at), isoTime(row.expires_at)],
    );
    const link = await sendInvitation(tx, ctx, row, token);
    await audit(tx, ctx, {
      action: "invitation.resend",
      subject: { kind: "invitation", id: row.invitation_id },
      customerId: null,
      detail: { email: row.email },
    });
    return { ...presentInvitation(row, now), link };
  });
}
