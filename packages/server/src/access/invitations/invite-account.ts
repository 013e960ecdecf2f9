import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { scopesOfRole } from "@hauswart/protocol/roles.ts";
import { audit } from "../../audit/audit.ts";
import type { Context, Verb } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isUniqueViolation } from "../../database/errors.ts";
import { isoTime } from "../../times.ts";
import { requireFitting } from "../accounts/change-account.ts";
import { requireCustomers } from "../require-customers.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { lockOwners, requireStillGiving, requireToGive } from "../require-to-give.ts";
import { hashOfToken, newToken } from "../tokens.ts";
import { invitationLifeMs, presentInvitation, type InvitationRow } from "./invitation-row.ts";
import { sendInvitation } from "./send-invitation.ts";

/**
 * Invites somebody by mail, for seven days. Errors: UNAUTHENTICATED (not any more), FORBIDDEN (more than the actor has, or an owner by somebody who is none),
 * NOT_FOUND (customer), CONFLICT (the address has an account or an open invitation), INVALID_REQUEST (customers for a role that
 * reaches all).
 */
export async function inviteAccount({ ctx, input }: Verb<Input<"inviteAccount">>): Promise<Result<"inviteAccount">> {
  requireScope(ctx, "access:write");
  requireAllCustomers(ctx);
  requireFitting({ role: input.role, reach: input.reach.mode });
  const now = ctx.services.clock.now();
  const row: InvitationRow = {
    invitation_id: newId(now),
    email: input.email,
    name: input.name,
    role: input.role,
    reach: input.reach.mode,
    customer_ids: [...new Set(input.reach.customerIds)],
    language: input.language,
    created_by_name: ctx.actor.name,
    created_at: new Date(now),
    sent_at: new Date(now),
    expires_at: new Date(now + invitationLifeMs),
  };
  const work = ctx.services.database.transaction(ctx, async (tx) => {
    await lockOwners(tx, ctx);
    await requireStillGiving(tx, ctx, ["access:write", ...scopesOfRole[row.role]]);
    await requireToGive(tx, ctx, [row.role]);
    await requireCustomers(tx, ctx.providerId, row.customer_ids);
    await requireNoAccount(tx, row.email);
    const token = newToken("invitation");
    await insertInvitation(tx, ctx, row, hashOfToken(token));
    const link = await sendInvitation(tx, ctx, row, token);
    await audit(tx, ctx, {
      action: "invitation.create",
      subject: { kind: "invitation", id: row.invitation_id },
      customerId: null,
      detail: { email: row.email, name: row.name, role: row.role, reach: row.reach, customerIds: row.customer_ids },
    });
    return { ...presentInvitation(row, now), link };
  });
  return work.catch((error: unknown) => {
    if (isUniqueViolation(error, "invitation_email"))
      throw new HauswartError("CONFLICT", "This address is invited already; send that invitation again or take it back.");
    throw error;
  });
}

/** Only within reach of the wall: an account at another provider shows when the invitation is accepted. */
async function requireNoAccount(tx: Tx, email: string): Promise<void> {
  const rows = await tx.sql("select 1 from hauswart.account where lower(email) = lower($1)", [email]);
  if (rows.length > 0) throw new HauswartError("CONFLICT", "There is an account of this address already.");
}

/** An invitation of the same address that has expired makes way. */
async function insertInvitation(tx: Tx, ctx: Context, row: InvitationRow, hash: Buffer): Promise<void> {
  const createdBy = ctx.actor.kind === "api-key" ? `api-key:${ctx.actor.id}` : `account:${ctx.actor.id}`;
  await tx.sql("delete from hauswart.invitation where provider_id = $1 and lower(email) = lower($2) and expires_at <= $3", [
    ctx.providerId,
    row.email,
    isoTime(row.created_at),
  ]);
  await tx.sql(
    `insert into hauswart.invitation (provider_id, invitation_id, email, name, role, reach, customer_ids, language, token_hash, created_by, created_by_name, created_at, sent_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13)`,
    [
      ctx.providerId,
      row.invitation_id,
      row.email,
      row.name,
      row.role,
      row.reach,
      row.customer_ids,
      row.language,
      hash,
      createdBy,
      row.created_by_name,
      isoTime(row.created_at),
      isoTime(row.expires_at),
    ],
  );
}
