import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Verb } from "../../context.ts";
import { decodeCursor, idKey, pageOf } from "../../paging.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { oidcIssuerColumns, presentOidcIssuer, type OidcIssuerRow } from "./oidc-issuer-row.ts";

/** Identity providers, newest first. Errors: FORBIDDEN. */
export async function listOidcIssuers({ ctx, input }: Verb<Input<"listOidcIssuers">>): Promise<Result<"listOidcIssuers">> {
  requireScope(ctx, "settings:read");
  requireAllCustomers(ctx);
  const [after] = decodeCursor(input.cursor, idKey) ?? [null];
  const rows = await ctx.services.database.transaction(ctx, (tx) =>
    tx.sql<OidcIssuerRow>(
      `select ${oidcIssuerColumns} from hauswart.oidc_issuer
       where provider_id = $1 and ($2::uuid is null or oidc_issuer_id < $2) order by oidc_issuer_id desc limit $3`,
      [ctx.providerId, after, input.limit + 1],
    ),
  );
  return pageOf(
    rows,
    input.limit,
    (row) => [row.oidc_issuer_id],
    (row) => presentOidcIssuer(ctx.services, row),
  );
}
