import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { decodeCursor, nameKey, pageOf } from "../paging.ts";
import { presentSite, selectSites, type SiteRow } from "./site-row.ts";

/** Sites within the actor's reach, by name. Errors: FORBIDDEN. */
export async function listSites({ ctx, input }: Verb<Input<"listSites">>): Promise<Result<"listSites">> {
  requireScope(ctx, "customers:read");
  const [name, id] = decodeCursor(input.cursor, nameKey) ?? [null, null];
  return ctx.services.database.transaction(ctx, async (tx) => {
    const rows = await tx.sql<SiteRow>(
      `${selectSites} and ($2::uuid is null or s.customer_id = $2) and ($3::text is null or (lower(s.name), s.site_id) > ($3, $4::uuid))
       order by lower(s.name), s.site_id limit $5`,
      [ctx.providerId, input.customerId ?? null, name, id, input.limit + 1],
    );
    return pageOf(rows, input.limit, (row) => [row.name_key, row.site_id], presentSite);
  });
}
