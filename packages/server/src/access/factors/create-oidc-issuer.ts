import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { isUniqueViolation } from "../../database/errors.ts";
import { isoTime } from "../../times.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { requireToGive } from "../require-to-give.ts";
import { discover } from "./oidc-client.ts";
import { oidcIssuerColumns, presentOidcIssuer, sealClientSecret, type OidcIssuerRow } from "./oidc-issuer-row.ts";

/** Adds an identity provider that answers. Only owners do. Errors: FORBIDDEN, CONFLICT (issuer and client are there), IDENTITY_PROVIDER_FAILED. */
export async function createOidcIssuer({ ctx, input }: Verb<Input<"createOidcIssuer">>): Promise<Result<"createOidcIssuer">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { services, providerId } = ctx;
  // Whoever runs an identity provider could have it vouch for an owner.
  await services.database.transaction(ctx, (tx) => requireToGive(tx, ctx, ["owner"]));
  await discover(input);
  const nowMs = services.clock.now();
  const oidcIssuerId = newId(nowMs);
  const { clientSecret, ...detail } = input;
  return services.database
    .transaction(ctx, async (tx) => {
      const [row] = await tx.sql<OidcIssuerRow>(
        `insert into hauswart.oidc_issuer (${oidcIssuerColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${oidcIssuerColumns}`,
        [
          providerId,
          oidcIssuerId,
          input.name,
          input.issuer,
          input.clientId,
          sealClientSecret(services, providerId, oidcIssuerId, clientSecret),
          input.active,
          input.createsAccounts,
          input.countsAsSecondFactor,
          input.trustsEmails,
          isoTime(nowMs),
        ],
      );
      await audit(tx, ctx, { action: "oidc-issuer.create", subject: { kind: "oidc-issuer", id: oidcIssuerId }, customerId: null, detail });
      return presentOidcIssuer(services, row!);
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, "oidc_issuer_client"))
        throw new HauswartError("CONFLICT", "There is this client of this identity provider already.");
      throw error;
    });
}
