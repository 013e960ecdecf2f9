import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { endSessionsOfIssuer } from "../accounts/end-access.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { requireToGive } from "../require-to-give.ts";
import { oidcIssuerColumns, presentOidcIssuer, sealClientSecret, type OidcIssuerRow } from "./oidc-issuer-row.ts";

/**
 * Changes an identity provider; what is left out stays, the secret too. When it is switched off, the sessions that it opened end,
 * but for the one that does it. Only owners do. Errors: FORBIDDEN, NOT_FOUND, CONFLICT.
 */
export async function changeOidcIssuer({ ctx, input }: Verb<Input<"changeOidcIssuer">>): Promise<Result<"changeOidcIssuer">> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  const { services, providerId } = ctx;
  const { oidcIssuerId, clientSecret, ...change } = input;
  return services.database.transaction(ctx, async (tx) => {
    const [row] = await tx.sql<OidcIssuerRow>(
      `update hauswart.oidc_issuer set name = coalesce($3, name), client_id = coalesce($4, client_id), client_secret = coalesce($5, client_secret),
         active = coalesce($6, active), creates_accounts = coalesce($7, creates_accounts), counts_as_second_factor = coalesce($8, counts_as_second_factor),
         trusts_emails = coalesce($9, trusts_emails)
       where provider_id = $1 and oidc_issuer_id = $2 returning ${oidcIssuerColumns}`,
      [
        providerId,
        oidcIssuerId,
        change.name ?? null,
        change.clientId ?? null,
        clientSecret === undefined ? null : sealClientSecret(services, providerId, oidcIssuerId, clientSecret),
        change.active ?? null,
        change.createsAccounts ?? null,
        change.countsAsSecondFactor ?? null,
        change.trustsEmails ?? null,
      ],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    // Whoever decides for whom the provider vouches could have it vouch for an owner.
    await requireToGive(tx, ctx, ["owner"]);
    const endedSessions = change.active === false ? await endSessionsOfIssuer(tx, ctx, oidcIssuerId) : undefined;
    await audit(tx, ctx, {
      action: "oidc-issuer.change",
      subject: { kind: "oidc-issuer", id: oidcIssuerId },
      customerId: null,
      detail: { ...change, newSecret: clientSecret !== undefined, ...(endedSessions === undefined ? {} : { endedSessions }) },
    });
    return presentOidcIssuer(services, row);
  });
}
