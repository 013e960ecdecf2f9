import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { requireAllCustomers, requireScope } from "../require-scope.ts";

/** Takes an identity provider away; accounts stay, and are no longer linked to it. Errors: FORBIDDEN, NOT_FOUND. */
export async function deleteOidcIssuer({ ctx, input }: Verb<Input<"deleteOidcIssuer">>): Promise<void> {
  requireScope(ctx, "settings:write");
  requireAllCustomers(ctx);
  await ctx.services.database.transaction(ctx, async (tx) => {
    const [row] = await tx.sql<{ name: string; issuer: string }>(
      "delete from hauswart.oidc_issuer where provider_id = $1 and oidc_issuer_id = $2 returning name, issuer",
      [ctx.providerId, input.oidcIssuerId],
    );
    if (!row) throw new HauswartError("NOT_FOUND");
    await audit(tx, ctx, {
      action: "oidc-issuer.delete",
      subject: { kind: "oidc-issuer", id: input.oidcIssuerId },
      customerId: null,
      detail: { name: row.name, issuer: row.issuer },
    });
  });
}
