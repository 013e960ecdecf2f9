import { consolePaths } from "@hauswart/protocol/api/people.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { sendLetter } from "../../mail/send-letter.ts";
import type { InvitationRow } from "./invitation-row.ts";

/** Mails the link. @returns the link where no mail server is set, for whoever invites to hand over; else null */
export async function sendInvitation(tx: Tx, ctx: Context, row: InvitationRow, token: string): Promise<string | null> {
  const link = `${ctx.services.settings.url}${consolePaths.invitation}#token=${token}`;
  const isSent = await sendLetter(tx, ctx, {
    address: row.email,
    language: row.language,
    letter: { kind: "invitation", invitedBy: ctx.actor.name, role: row.role, expiresAtMs: row.expires_at.getTime() },
    accessLink: link,
  });
  return isSent ? null : link;
}
