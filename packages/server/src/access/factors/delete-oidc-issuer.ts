import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { endSessionsOfIssuer } from "../accounts/end-access.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";
import { requireToGive } from "../require-to-give.ts";

/**
 * Takes an identity provider away; accounts stay, and are no longer linked to it. The sessions that it opened end, but for the
 * one that does it. Only owners do. Errors: FORBIDDEN, NOT_FOUND.
 */
export async function deleteOidcIssuer({ ctx, input }: Verb<Input<"deleteOidcIssuer">>): Promise<void> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  await ctx.services.database.transaction(ctx, async (tx) => {
    const [row] = await tx.sql<{ name: string; issuer: string }>(
      "delete from hauswart.oidc_issuer where provider_id = $1 and oidc_issuer_id = $2 returning name, issuer",
      [ctx.providerId, input.oidcIssuerId],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    // It may be how an owner gets in.
    await requireToGive(tx, ctx, ["owner"]);
    await audit(tx, ctx, {
      action: "oidc-issuer.delete",
      subject: { kind: "oidc-issuer", id: input.oidcIssuerId },
      customerId: null,
      detail: { name: row.name, issuer: row.issuer, endedSessions: await endSessionsOfIssuer(tx, ctx, input.oidcIssuerId) },
    });
  });
}
