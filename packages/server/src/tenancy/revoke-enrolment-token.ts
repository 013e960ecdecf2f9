import type { Input } from "@hauswart/protocol/api/routes.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";

/** Ends a token; devices that enrolled with it stay. Errors: FORBIDDEN, NOT_FOUND. */
export async function revokeEnrolmentToken({ ctx, input }: Verb<Input<"revokeEnrolmentToken">>): Promise<void> {
  requireScope(ctx, "devices:write");
  await ctx.services.database.transaction(ctx, async (tx) => {
    const [token] = await tx.sql<{ customer_id: Id }>(
      "update hauswart.enrolment_token set uses_left = 0 where provider_id = $1 and enrolment_token_id = $2 returning customer_id",
      [ctx.providerId, input.enrolmentTokenId],
    );
    if (!token) throw new HauswartError("NOT_FOUND");
    await audit(tx, ctx, {
      action: "enrolment-token.revoke",
      subject: { kind: "enrolment-token", id: input.enrolmentTokenId },
      customerId: token.customer_id,
    });
  });
}
