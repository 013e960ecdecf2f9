import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { presentWholeAccount, readWholeAccount } from "./account-row.ts";

/** One account. Errors: FORBIDDEN, NOT_FOUND. */
export async function getAccount({ ctx, input }: Verb<Input<"getAccount">>): Promise<Result<"getAccount">> {
  requireScope(ctx, "access:read");
  requireAllCustomers(ctx);
  return ctx.services.database.transaction(ctx, async (tx) => presentWholeAccount(await readWholeAccount(tx, ctx, input.accountId)));
}
