import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, idKey, pageOf } from "../paging.ts";
import { apiKeyColumns, presentApiKey, type ApiKeyRow } from "./api-key-row.ts";
import { requireAllCustomers, requireScope } from "./require-scope.ts";

/** API keys, newest first, also those that are over. Errors: FORBIDDEN. */
export async function listApiKeys({ ctx, input }: Verb<Input<"listApiKeys">>): Promise<Result<"listApiKeys">> {
  requireScope(ctx, "access:read");
  requireAllCustomers(ctx);
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<ApiKeyRow>(
      `select ${apiKeyColumns} from hauswart.api_key where provider_id = $1 and ($2::uuid is null or api_key_id < $2) order by api_key_id desc limit $3`,
      [ctx.providerId, after, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.api_key_id], presentApiKey);
  });
}
