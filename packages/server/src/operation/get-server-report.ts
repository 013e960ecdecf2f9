import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import { requireScope } from "../access/require-scope.ts";
import type { Verb } from "../context.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { version } from "../version.ts";
import { keyOfProblem } from "./self-judge.ts";
import { selfReport } from "./self-report.ts";

/** What the server says of itself. For actors restricted to customers it is none of their business: they learn its version alone. Errors: FORBIDDEN. */
export async function getServerReport({ ctx }: Verb<Input<"getServerReport">>): Promise<Result<"getServerReport">> {
  requireScope(ctx, "devices:read");
  const at = isoTime(ctx.services.clock.now());
  if (ctx.customers !== "*") return { at, version, facts: null, problems: [] };
  const { facts, problems, open } = await selfReport(ctx.services, ctx.providerId);
  return {
    at,
    version,
    facts: {
      startedAt: isoTime(facts.upSinceMs),
      diskFreeBytes: facts.disk?.freeBytes ?? null,
      diskTotalBytes: facts.disk?.totalBytes ?? null,
      lastBackupAt: isoTimeOrNull(facts.backup.lastSuccess?.atMs ?? null),
      certificateEndsAt: isoTimeOrNull(facts.certificateEndsAtMs ?? null),
    },
    problems: problems.map((problem) => {
      const finding = open.get(keyOfProblem(problem));
      return {
        ...problem,
        findingId: finding?.finding_id ?? null,
        since: isoTimeOrNull(finding?.opened_at ?? null),
      };
    }),
  };
}
