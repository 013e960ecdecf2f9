import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { audit } from "../audit/audit.ts";
import type { Context, Verb } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { isoTime } from "../times.ts";
import { presentApiKey, type ApiKeyRow } from "./api-key-row.ts";
import { requireCustomers } from "./require-customers.ts";
import { hasScope, requireAllCustomers, requireScope } from "./require-scope.ts";
import { requireStillGiving } from "./require-to-give.ts";
import { hashOfToken, newToken } from "./tokens.ts";

/**
 * Makes an API key and returns it this once. A key can never do more than its creator: its scopes are among the creator's,
 * it does not outlive the creator's own key, and falls with it. Errors: UNAUTHENTICATED (not any more), FORBIDDEN, NOT_FOUND (customer), INVALID_REQUEST.
 */
export async function createApiKey({ ctx, input }: Verb<Input<"createApiKey">>): Promise<Result<"createApiKey">> {
  requireScope(ctx, "access:write");
  requireAllCustomers(ctx);
  const missing = input.scopes.filter((scope) => !hasScope(ctx, scope));
  if (missing.length > 0) throw new HauswartError("FORBIDDEN", `You cannot give what you do not have: ${missing.join(", ")}.`);
  const { services, providerId } = ctx;
  const now = services.clock.now();
  return services.database.transaction(ctx, async (tx) => {
    await requireCustomers(tx, providerId, input.customerIds ?? []);
    const expiresAt = earlier(input.expiresAt, await requireStillGiving(tx, ctx, ["access:write", ...input.scopes]));
    if (expiresAt !== null && expiresAt <= now)
      throw new HauswartError("INVALID_REQUEST", undefined, { issues: [{ path: "body.expiresAt", message: "This moment has passed." }] });
    const key = newToken("api-key");
    const row: ApiKeyRow = {
      api_key_id: newId(now),
      name: input.name,
      scopes: [...new Set(input.scopes)],
      customer_ids: input.customerIds,
      created_at: new Date(now),
      expires_at: expiresAt === null ? null : new Date(expiresAt),
      last_used_at: null,
      revoked_at: null,
    };
    await insertKey(tx, ctx, row, hashOfToken(key));
    await audit(tx, ctx, {
      action: "api-key.create",
      subject: { kind: "api-key", id: row.api_key_id },
      customerId: null,
      detail: { name: row.name, scopes: row.scopes, customerIds: row.customer_ids, expiresAt: row.expires_at },
    });
    return { ...presentApiKey(row), key };
  });
}

async function insertKey(tx: Tx, ctx: Context, row: ApiKeyRow, hash: Buffer): Promise<void> {
  const createdBy = ctx.actor.kind === "api-key" ? `api-key:${ctx.actor.id}` : `account:${ctx.actor.id}`;
  await tx.sql(
    `insert into hauswart.api_key (provider_id, api_key_id, name, key_hash, scopes, customer_ids, created_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ctx.providerId,
      row.api_key_id,
      row.name,
      hash,
      row.scopes,
      row.customer_ids,
      createdBy,
      isoTime(row.created_at),
      row.expires_at === null ? null : isoTime(row.expires_at),
    ],
  );
}

/** Unix time in milliseconds; null = until revoked. A key's key ends with it at the latest. */
function earlier(wished: string | null, ownEnd: Date | null): number | null {
  const ends = [wished === null ? null : Date.parse(wished), ownEnd?.getTime() ?? null].filter((end) => end !== null);
  return ends.length > 0 ? Math.min(...ends) : null;
}
