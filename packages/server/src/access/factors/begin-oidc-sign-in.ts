import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { PublicVerb } from "../../context.ts";
import { beginChallenge, requireRoom } from "./challenges.ts";
import { beginAtIssuer } from "./oidc-client.ts";
import { clientOf, oidcIssuerColumns, type OidcIssuerRow } from "./oidc-issuer-row.ts";

/**
 * Sends somebody to an identity provider. The challenge stays with the page that began, so that nobody can be signed in to
 * somebody else's account by a link. Errors: NOT_FOUND, IDENTITY_PROVIDER_FAILED, TOO_MANY_ATTEMPTS.
 */
export async function beginOidcSignIn({ caller, input }: PublicVerb<Input<"beginOidcSignIn">>): Promise<Result<"beginOidcSignIn">> {
  const { services, address } = caller;
  await requireRoom(services, address);
  const [row] = await services.database.unwalled("find an identity provider", (tx) =>
    tx.sql<OidcIssuerRow>(`select ${oidcIssuerColumns} from hauswart.oidc_issuer where oidc_issuer_id = $1 and active`, [
      input.oidcIssuerId,
    ]),
  );
  if (!row) throw new HauswartError("NOT_FOUND");
  const { url, ...begun } = await beginAtIssuer(clientOf(services, row));
  const { provider_id: providerId, oidc_issuer_id: oidcIssuerId } = row;
  return { challenge: await beginChallenge(services, { kind: "oidc", providerId, oidcIssuerId, ...begun }, address), url };
}
