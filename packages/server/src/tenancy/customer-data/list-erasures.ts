import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireAllCustomers, requireScope } from "../../access/require-scope.ts";
import type { Verb } from "../../context.ts";
import { Parameters } from "../../database/parameters.ts";
import { decodeCursor, idKey, pageOf } from "../../paging.ts";
import { erasureColumns, presentErasure, type ErasureRow } from "./erasure-row.ts";

/** Customers that are being erased or were, newest first. Errors: FORBIDDEN. */
export async function listErasures({ ctx, input }: Verb<Input<"listErasures">>): Promise<Result<"listErasures">> {
  requireScope(ctx, "customers:read");
  requireAllCustomers(ctx);
  const parameters = new Parameters();
  const conditions = [`provider_id = ${parameters.add(ctx.providerId)}`];
  const after = decodeCursor(input.cursor, idKey);
  if (after) conditions.push(`erasure_id < ${parameters.add(after[0])}`);
  const statement = `select ${erasureColumns} from hauswart.customer_erasure where ${conditions.join(" and ")} order by erasure_id desc limit ${parameters.add(input.limit + 1)}`;
  return ctx.services.database.transaction(ctx, async (tx) =>
    pageOf(await tx.sql<ErasureRow>(statement, parameters.values), input.limit, (row) => [row.erasure_id], presentErasure),
  );
}
