import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import { audit } from "../audit/audit.ts";
import type { Verb } from "../context.ts";
import { readFinding } from "../findings/finding-row.ts";
import { isoTime } from "../times.ts";
import { readVerdict } from "./verdict-row.ts";

/** Says whether it was right to tell of a finding, also of one that is closed; the last word counts, and null takes it back. Errors: FORBIDDEN, NOT_FOUND. */
export async function judgeFinding({ ctx, input }: Verb<Input<"judgeFinding">>): Promise<Result<"judgeFinding">> {
  requireScope(ctx, "findings:write");
  const { findingId, verdict } = input;
  return ctx.services.database.transaction(ctx, async (tx) => {
    const finding = await readFinding(tx, ctx, findingId);
    await tx.sql(
      `insert into hauswart.finding_verdict (provider_id, finding_id, customer_id, verdict, judged_by, judged_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (provider_id, finding_id) do update set verdict = excluded.verdict, judged_by = excluded.judged_by, judged_at = excluded.judged_at`,
      [ctx.providerId, findingId, finding.customer_id, verdict, ctx.actor.name, isoTime(ctx.services.clock.now())],
    );
    await audit(tx, ctx, {
      action: "finding.judge",
      subject: { kind: "finding", id: findingId },
      customerId: finding.customer_id,
      detail: { verdict },
    });
    return readVerdict(tx, ctx, findingId);
  });
}
