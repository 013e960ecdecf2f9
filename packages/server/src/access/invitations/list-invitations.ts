import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { decodeCursor, idKey, pageOf } from "../../paging.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { invitationColumns, presentInvitation, type InvitationRow } from "./invitation-row.ts";

/** Invitations that nobody has accepted, newest first. Errors: FORBIDDEN. */
export async function listInvitations({ ctx, input }: Verb<Input<"listInvitations">>): Promise<Result<"listInvitations">> {
  requireScope(ctx, "access:read");
  requireAllCustomers(ctx);
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<InvitationRow>(
      `select ${invitationColumns} from hauswart.invitation i
       where i.provider_id = $1 and ($2::uuid is null or i.invitation_id < $2) order by i.invitation_id desc limit $3`,
      [ctx.providerId, after, input.limit + 1],
    );
    return pageOf(
      rows,
      input.limit,
      (row) => [row.invitation_id],
      (row) => presentInvitation(row, ctx.services.clock.now()),
    );
  });
}
