import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../../access/require-scope.ts";
import { audit } from "../../audit/audit.ts";
import type { Verb } from "../../context.ts";
import { presentRecipient, readRecipient } from "./recipient-row.ts";
import { requireKnownChecks } from "./require-known-checks.ts";

/** Changes what a recipient is told and when; its address stays. Errors: FORBIDDEN, NOT_FOUND, INVALID_REQUEST (unknown check). */
export async function changeRecipient({ ctx, input }: Verb<Input<"changeRecipient">>): Promise<Result<"changeRecipient">> {
  requireScope(ctx, "mail:write");
  requireKnownChecks(ctx, input.checks);
  const { recipientId, reachable, ...change } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const before = presentRecipient(await readRecipient(tx, ctx, recipientId));
    const wanted = { ...before, ...change };
    await tx.sql(
      `update hauswart.recipient set language = $3, from_severity = $4, topics = $5, checks = $6, recoveries = $7, quiet = $8, quiet_except = $9,
         unreachable = case when $10::boolean then null else unreachable end
       where provider_id = $1 and recipient_id = $2`,
      [
        ctx.providerId,
        recipientId,
        wanted.language,
        wanted.fromSeverity,
        wanted.topics,
        wanted.checks,
        wanted.recoveries,
        wanted.quiet,
        wanted.quietExcept,
        reachable === true,
      ],
    );
    await audit(tx, ctx, {
      action: "recipient.change",
      subject: { kind: "recipient", id: recipientId },
      customerId: before.customerId,
      detail: { address: before.address, change: { ...change, ...(reachable ? { reachable } : {}) } },
    });
    return presentRecipient(await readRecipient(tx, ctx, recipientId));
  });
}
