/** The guards of those who make, change and remove accounts. */
import type { GrantableScope } from "@hauswart/protocol/api/route.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { scopesOfRole, type Role } from "@hauswart/protocol/roles.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../database/database.ts";
import type { AccountRow } from "./accounts/account-row.ts";
import { hasScope } from "./require-scope.ts";

/**
 * Nobody gives, takes or changes what they do not have themselves: every right of each of these roles must be the actor's, and
 * where an owner is involved the actor must be one. An API key is nobody's owner. Errors: FORBIDDEN.
 */
export async function requireToGive(tx: Tx, ctx: Context, involved: readonly Role[]): Promise<void> {
  const missing = involved.flatMap((role) => scopesOfRole[role]).find((scope) => !hasScope(ctx, scope));
  if (missing !== undefined) throw new HauswartError("FORBIDDEN", `You cannot give or take what you do not have: ${missing}.`);
  if (involved.includes("owner") && !(await isOwner(tx, ctx)))
    throw new HauswartError("FORBIDDEN", "Only an owner makes, changes or removes owners.");
}

/** Read anew, because the rights of a session were worked out before the transaction began. */
async function isOwner(tx: Tx, { providerId, actor }: Context): Promise<boolean> {
  if (actor.kind !== "technician") return false;
  const rows = await tx.sql(
    "select 1 from hauswart.account where provider_id = $1 and account_id = $2 and role = 'owner' and disabled_at is null",
    [providerId, actor.id],
  );
  return rows.length > 0;
}

/**
 * Whoever makes what lets somebody in must still be let in, and have what they give, in the very transaction: what takes an account or
 * a key its rights changes its row before it looks for what was made with them, so one waits for the other.
 * Errors: UNAUTHENTICATED, FORBIDDEN. @returns when the actor's own key ends
 */
export async function requireStillGiving(tx: Tx, { providerId, actor }: Context, given: readonly GrantableScope[]): Promise<Date | null> {
  if (actor.kind === "api-key") {
    const [key] = await tx.sql<{ expires_at: Date | null }>(
      "select expires_at from hauswart.api_key where provider_id = $1 and api_key_id = $2 and revoked_at is null for share",
      [providerId, actor.id],
    );
    if (!key) throw new HauswartError("UNAUTHENTICATED");
    return key.expires_at;
  }
  const [account] = await tx.sql<{ role: Role; reach: AccountRow["reach"] }>(
    "select role, reach from hauswart.account where provider_id = $1 and account_id = $2 and disabled_at is null for share",
    [providerId, actor.id],
  );
  if (!account) throw new HauswartError("UNAUTHENTICATED");
  const has = scopesOfRole[account.role];
  if (account.reach !== "all" || !given.every((scope) => has.includes(scope))) throw new HauswartError("FORBIDDEN");
  return null;
}

/** Two owners who act at once act one after the other, and the second sees what the first has left. */
export async function lockOwners(tx: Tx, { providerId }: Context): Promise<void> {
  await tx.sql("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`hauswart/owners/${providerId}`]);
}

/** Errors: LAST_OWNER when nobody but this account is an owner that can sign in. */
export async function requireAnotherOwner(tx: Tx, { providerId }: Context, accountId: Id): Promise<void> {
  const rows = await tx.sql(
    "select 1 from hauswart.account where provider_id = $1 and account_id <> $2 and role = 'owner' and disabled_at is null limit 1",
    [providerId, accountId],
  );
  if (rows.length === 0) throw new HauswartError("LAST_OWNER");
}

/** The account of whoever is signed in. Errors: FORBIDDEN for API keys, which are nobody. */
export function requirePerson({ actor }: Pick<Context, "actor">): { accountId: Id; sessionId: Id } {
  if (actor.kind !== "technician") throw new HauswartError("FORBIDDEN", "An API key is no person: it has no account, password or session.");
  if (actor.sessionId === undefined) throw new HauswartError("FORBIDDEN", "This needs a session.");
  return { accountId: actor.id, sessionId: actor.sessionId };
}
