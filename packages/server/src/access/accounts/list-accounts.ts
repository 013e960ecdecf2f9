import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { decodeCursor, nameKey, pageOf } from "../../paging.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { momentsOf, presentWholeAccount, selectWholeAccounts, type WholeAccountRow } from "./account-row.ts";

/** Accounts by name. Errors: FORBIDDEN. */
export async function listAccounts({ ctx, input }: Verb<Input<"listAccounts">>): Promise<Result<"listAccounts">> {
  requireScope(ctx, "access:read");
  requireAllCustomers(ctx);
  const [name, id] = decodeCursor(input.cursor, nameKey) ?? [null, null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<WholeAccountRow>(
      `${selectWholeAccounts} and ($4::text is null or (lower(a.name), a.account_id) > ($4, $5::uuid)) order by lower(a.name), a.account_id limit $6`,
      [ctx.providerId, ...momentsOf(ctx), name, id, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.name_key, row.account_id], presentWholeAccount);
  });
}
