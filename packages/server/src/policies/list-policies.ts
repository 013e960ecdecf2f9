import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, nameKey, pageOf } from "../paging.ts";
import { presentPolicy, selectPolicies, type PolicyRow } from "./policy-row.ts";

/** The provider's policies and those of the customers within reach, by name. Errors: FORBIDDEN. */
export async function listPolicies({ ctx, input }: Verb<Input<"listPolicies">>): Promise<Result<"listPolicies">> {
  requireScope(ctx, "policies:read");
  const [name, id] = decodeCursor(input.cursor, nameKey) ?? [null, null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<PolicyRow>(
      `${selectPolicies} and ($2::text is null or (lower(p.name), p.policy_id) > ($2, $3::uuid)) order by lower(p.name), p.policy_id limit $4`,
      [ctx.providerId, name, id, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.name_key, row.policy_id], presentPolicy);
  });
}
