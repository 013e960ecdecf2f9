import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { PublicVerb } from "../../context.ts";
import { startSession } from "../start-session.ts";
import { takeChallenge } from "./challenges.ts";
import { findLinkedAccount } from "./link-identity.ts";
import { finishAtIssuer } from "./oidc-client.ts";
import { clientOf, oidcIssuerColumns, type OidcIssuerRow } from "./oidc-issuer-row.ts";
import { offerSecondFactor, readFactors } from "./second-factor.ts";

/**
 * Signs in whom an identity provider vouches for. An own second factor is asked for unless the identity provider's counts.
 * Errors: CHALLENGE_INVALID, IDENTITY_PROVIDER_FAILED, ACCOUNT_NOT_LINKED, SECOND_FACTOR_REQUIRED.
 */
export async function createSessionWithOidc({
  caller,
  input,
}: PublicVerb<Input<"createSessionWithOidc">>): Promise<Result<"createSessionWithOidc">> {
  const { services } = caller;
  const { begun } = await takeChallenge(services, input.challenge, "oidc");
  const { providerId, oidcIssuerId } = begun;
  const [row] = await services.database.transaction({ providerId, customers: "*" }, (tx) =>
    tx.sql<OidcIssuerRow>(
      `select ${oidcIssuerColumns} from hauswart.oidc_issuer where provider_id = $1 and oidc_issuer_id = $2 and active`,
      [providerId, oidcIssuerId],
    ),
  );
  if (!row) throw new HauswartError("CHALLENGE_INVALID");
  const person = await finishAtIssuer(clientOf(services, row), begun, input.query);
  const account = await findLinkedAccount(caller, row, person);
  if (row.counts_as_second_factor) return startSession(caller, account, { method: "oidc", factor: "issuer", oidcIssuerId });
  const factors = await readFactors(services, account);
  if (factors.isSet) throw await offerSecondFactor(caller, account, factors, { method: "oidc", oidcIssuerId });
  return startSession(caller, account, { method: "oidc", factor: undefined, oidcIssuerId });
}
