import type { Input } from "@hauswart/protocol/api/routes.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { requireToGive } from "../require-to-give.ts";
import { readInvitation } from "./invitation-row.ts";

/** Takes an invitation back; its link is good for nothing any more. Errors: FORBIDDEN, NOT_FOUND. */
export async function revokeInvitation({ ctx, input }: Verb<Input<"revokeInvitation">>): Promise<void> {
  requireScope(ctx, "access:write");
  requireAllCustomers(ctx);
  await ctx.services.database.transaction(ctx, async (tx) => {
    const { email, role } = await readInvitation(tx, ctx, input.invitationId);
    await requireToGive(tx, ctx, [role]);
    await tx.sql("delete from hauswart.invitation where provider_id = $1 and invitation_id = $2", [ctx.providerId, input.invitationId]);
    await audit(tx, ctx, {
      action: "invitation.revoke",
      subject: { kind: "invitation", id: input.invitationId },
      customerId: null,
      detail: { email },
    });
  });
}
