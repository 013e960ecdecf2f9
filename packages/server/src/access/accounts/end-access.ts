/** What ends with an account, or with some of its rights. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { roles, type Role } from "@hauswart/protocol/roles.ts";
import { audit } from "../../audit/audit.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../database/database.ts";
import { isoTime } from "../../times.ts";
import type { ApiKeyRow } from "../api-key-row.ts";
import { exceeds, reachesBeyond, rolesGivenBy } from "../rights.ts";
import type { AccountRow } from "./account-row.ts";
import { announceAccess } from "./announce-access.ts";

/** Ends sessions, links for a new password or address, API keys, invitations and messages in browsers of an account. @param because the act that ends them, for the log */
export async function endAccess(tx: Tx, ctx: Context, accountId: Id, because: string): Promise<void> {
  // Keys that it is making now are there when this goes on.
  await tx.sql("select 1 from hauswart.account where provider_id = $1 and account_id = $2 for update", [ctx.providerId, accountId]);
  await endSessionsOf(tx, ctx, accountId, undefined);
  await tx.sql("delete from hauswart.password_reset where provider_id = $1 and account_id = $2", [ctx.providerId, accountId]);
  await tx.sql("delete from hauswart.email_change where provider_id = $1 and account_id = $2", [ctx.providerId, accountId]);
  await tx.sql("delete from hauswart.push_subscription where provider_id = $1 and account_id = $2", [ctx.providerId, accountId]);
  const keys = await keysOf(tx, ctx, accountId);
  await revokeKeys(
    tx,
    ctx,
    keys.map(({ api_key_id }) => api_key_id),
    because,
  );
  await dropInvitations(tx, ctx, [`account:${accountId}`], roles, because);
}

/** Ends keys that may more or reach more customers than the account does now, and invitations to more than it can give. */
export async function endWhatExceeds(
  tx: Tx,
  ctx: Context,
  accountId: Id,
  now: Pick<AccountRow, "role" | "reach" | "customer_ids">,
): Promise<void> {
  const { role } = now;
  const keys = await keysOf(tx, ctx, accountId);
  const exceeding = keys.filter((key) => exceeds(key.scopes, role) || reachesBeyond(key.customer_ids, now));
  await revokeKeys(
    tx,
    ctx,
    exceeding.map(({ api_key_id }) => api_key_id),
    "account.change",
  );
  const given = rolesGivenBy(role);
  await dropInvitations(
    tx,
    ctx,
    [`account:${accountId}`],
    roles.filter((invited) => !given.includes(invited)),
    "account.change",
  );
}

/** Ends the open sessions of an account, all but one where one is named. @returns how many */
export async function endSessionsOf(
  tx: Tx,
  ctx: Pick<Context, "services" | "providerId">,
  accountId: Id,
  but: Id | undefined,
): Promise<number> {
  const ended = await tx.sql(
    `update hauswart.session set ended_at = $3
     where provider_id = $1 and account_id = $2 and ended_at is null and expires_at > $3 and session_id is distinct from $4::uuid returning 1`,
    [ctx.providerId, accountId, isoTime(ctx.services.clock.now()), but ?? null],
  );
  return ended.length;
}

/**
 * Ends the sessions that an identity provider opened, but the one that asks for it; of those from before it was kept, all that any
 * opened. @returns how many
 */
export async function endSessionsOfIssuer(tx: Tx, ctx: Context, oidcIssuerId: Id): Promise<number> {
  const ended = await tx.sql<{ account_id: Id }>(
    `update hauswart.session set ended_at = $3
     where provider_id = $1 and ended_at is null and expires_at > $3 and (oidc_issuer_id = $2 or (oidc_issuer_id is null and method = 'oidc'))
       and session_id is distinct from $4::uuid returning account_id`,
    [ctx.providerId, oidcIssuerId, isoTime(ctx.services.clock.now()), ctx.actor.kind === "technician" ? ctx.actor.sessionId : null],
  );
  announceAccess(tx, ctx, [...new Set(ended.map(({ account_id }) => account_id))]);
  return ended.length;
}

/** Customers that were erased meanwhile are left out. */
function keysOf(tx: Tx, { providerId }: Context, accountId: Id): Promise<Pick<ApiKeyRow, "api_key_id" | "scopes" | "customer_ids">[]> {
  return tx.sql(
    `select k.api_key_id, k.scopes, case when k.customer_ids is not null then
       array(select c.customer_id from hauswart.customer c where c.provider_id = k.provider_id and c.customer_id = any (k.customer_ids)) end as customer_ids
     from hauswart.api_key k where k.provider_id = $1 and k.created_by = $2 and k.revoked_at is null`,
    [providerId, `account:${accountId}`],
  );
}

/** Ends keys with all keys that were made with them, and the invitations that these sent. @returns whether any of the keys exists */
export async function revokeKeys(tx: Tx, ctx: Context, apiKeyIds: readonly Id[], because: string | null): Promise<boolean> {
  let family = await familyOf(tx, ctx, apiKeyIds);
  const revoked: Id[] = [];
  // To end a key is to wait until it has made what it is making; then the family is looked at again.
  for (let open = family.filter((key) => !key.revoked); open.length > 0; open = family.filter((key) => !key.revoked)) {
    for (const { api_key_id: id } of open) {
      await tx.sql("update hauswart.api_key set revoked_at = $3 where provider_id = $1 and api_key_id = $2", [
        ctx.providerId,
        id,
        isoTime(ctx.services.clock.now()),
      ]);
      await audit(tx, ctx, {
        action: "api-key.revoke",
        subject: { kind: "api-key", id },
        customerId: null,
        detail: { madeWith: apiKeyIds.includes(id) ? null : apiKeyIds[0], ...(because === null ? {} : { because }) },
      });
      revoked.push(id);
    }
    family = await familyOf(tx, ctx, apiKeyIds);
  }
  await dropInvitations(
    tx,
    ctx,
    revoked.map((id) => `api-key:${id}`),
    roles,
    "api-key.revoke",
  );
  announceAccess(tx, ctx, revoked);
  return family.length > 0;
}

/** Keys, the keys that were made with them, and so on. */
function familyOf(tx: Tx, { providerId }: Context, apiKeyIds: readonly Id[]): Promise<{ api_key_id: Id; revoked: boolean }[]> {
  return tx.sql(
    `with recursive family as (
       select api_key_id, revoked_at from hauswart.api_key where provider_id = $1 and api_key_id = any($2::uuid[])
       union
       select k.api_key_id, k.revoked_at from hauswart.api_key k join family f on k.created_by = 'api-key:' || f.api_key_id where k.provider_id = $1)
     select api_key_id, revoked_at is not null as revoked from family`,
    [providerId, apiKeyIds],
  );
}

async function dropInvitations(
  tx: Tx,
  ctx: Context,
  creators: readonly string[],
  invited: readonly Role[],
  because: string,
): Promise<void> {
  const dropped = await tx.sql<{ invitation_id: Id; email: string }>(
    "delete from hauswart.invitation where provider_id = $1 and created_by = any($2::text[]) and role = any($3::text[]) returning invitation_id, email",
    [ctx.providerId, creators, invited],
  );
  for (const { invitation_id, email } of dropped)
    await audit(tx, ctx, {
      action: "invitation.revoke",
      subject: { kind: "invitation", id: invitation_id },
      customerId: null,
      detail: { email, because },
    });
}
