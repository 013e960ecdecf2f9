/** Sessions as the database keeps them and as the API shows them. */
import type { Session } from "@hauswart/protocol/api/people.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Context } from "../../context.ts";
import { isoTime } from "../../times.ts";
import type { SessionUse } from "./note-use.ts";
import { managesUsers, requireAllCustomers, requireScope } from "../require-scope.ts";

export interface SessionRow {
  session_id: Id;
  account_id: Id;
  address: string;
  user_agent: string;
  uses: SessionUse[];
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
}

export const sessionColumns = "s.session_id, s.account_id, s.address, s.user_agent, s.uses, s.created_at, s.last_used_at, s.expires_at";

/** A session `s` that has not ended; $1 is the provider, $2 and $3 from `momentsOf`. */
export const isOpen = "s.provider_id = $1 and s.ended_at is null and s.expires_at > $2 and s.last_used_at > $3";

export function presentSession(row: SessionRow, { actor }: Pick<Context, "actor">): Session {
  return {
    sessionId: row.session_id,
    accountId: row.account_id,
    isCurrent: actor.kind === "technician" && actor.sessionId === row.session_id,
    address: row.address,
    userAgent: row.user_agent,
    uses: row.uses.map(({ address, userAgent, at }) => ({ address, userAgent, lastUsedAt: at })),
    createdAt: isoTime(row.created_at),
    lastUsedAt: isoTime(row.last_used_at),
    expiresAt: isoTime(row.expires_at),
  };
}

/**
 * Whose sessions are meant: one's own, or those of another account for whoever has the right.
 * Errors: FORBIDDEN (another's without the right, or an API key that names nobody).
 */
export function accountMeant(ctx: Context, accountId: Id | undefined, scope: "access:read" | "access:write"): Id {
  if (ctx.actor.kind === "technician" && (accountId === undefined || accountId === ctx.actor.id)) return ctx.actor.id;
  requireScope(ctx, scope);
  requireAllCustomers(ctx);
  if (accountId === undefined) throw new HauswartError("FORBIDDEN", "An API key has no sessions; name an account.");
  return accountId;
}

/** Whether the actor may do something to sessions of this account. */
export function mayEndSessionsOf(ctx: Context, accountId: Id): boolean {
  return (ctx.actor.kind === "technician" && ctx.actor.id === accountId) || managesUsers(ctx);
}
