/** API keys as the database keeps them and as the API shows them. */
import type { ApiKey } from "@hauswart/protocol/api/models.ts";
import type { GrantableScope } from "@hauswart/protocol/api/route.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { z } from "zod";
import { isoTime, isoTimeOrNull } from "../times.ts";

export interface ApiKeyRow {
  api_key_id: Id;
  name: string;
  scopes: GrantableScope[];
  customer_ids: Id[] | null;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export const apiKeyColumns = "api_key_id, name, scopes, customer_ids, created_at, expires_at, last_used_at, revoked_at";

/** Without the key itself, which nobody knows but its owner. */
export function presentApiKey(row: ApiKeyRow): z.infer<typeof ApiKey> {
  return {
    apiKeyId: row.api_key_id,
    name: row.name,
    scopes: row.scopes,
    customerIds: row.customer_ids,
    createdAt: isoTime(row.created_at),
    expiresAt: isoTimeOrNull(row.expires_at),
    lastUsedAt: isoTimeOrNull(row.last_used_at),
    revokedAt: isoTimeOrNull(row.revoked_at),
  };
}
