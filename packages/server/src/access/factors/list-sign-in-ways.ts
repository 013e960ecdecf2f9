import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { PublicVerb } from "../../context.ts";
import { relyingPartyOf } from "./web-authn.ts";

/** What the page for signing in can offer. Open to everybody: it names identity providers as their sign-in buttons do. */
export async function listSignInWays({ caller }: PublicVerb<Input<"listSignInWays">>): Promise<Result<"listSignInWays">> {
  const { services } = caller;
  const rows = await services.database.unwalled("list the ways to sign in", (tx) =>
    tx.sql<{ oidc_issuer_id: Id; name: string }>(
      "select oidc_issuer_id, name from hauswart.oidc_issuer where active order by lower(name), oidc_issuer_id",
    ),
  );
  return {
    issuers: rows.map((row) => ({ oidcIssuerId: row.oidc_issuer_id, name: row.name })),
    passkeys: relyingPartyOf(services.settings) !== undefined,
  };
}
