import type { AuditVerification } from "@hauswart/protocol/api/audit.ts";
import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { requireAllCustomers, requireScope } from "../access/require-scope.ts";
import type { Context, Verb } from "../context.ts";
import { isoTime, isoTimeOrNull } from "../times.ts";
import { verifyAuditChain, type AuditProblem } from "./verify-audit-chain.ts";

const mostProblems = 100;

/** Verifications under way, by provider: whoever asks meanwhile gets the same answer, because each reads the whole log. */
const running = new Map<Id, Promise<AuditVerification>>();

/** Reads the whole audit log again and says whether it is what was written. Errors: FORBIDDEN. */
export async function verifyAudit({ ctx }: Verb<Input<"verifyAudit">>): Promise<Result<"verifyAudit">> {
  requireScope(ctx, "audit:read");
  requireAllCustomers(ctx);
  const known = running.get(ctx.providerId);
  if (known) return known;
  const verification = verify(ctx).finally(() => running.delete(ctx.providerId));
  running.set(ctx.providerId, verification);
  return verification;
}

async function verify(ctx: Context): Promise<AuditVerification> {
  const { database, clock } = ctx.services;
  // Asked first: what is sealed meanwhile is verified too, and not told.
  const [newest] = await database.transaction(ctx, (tx) =>
    tx.sql<{ at: Date | null }>("select max(at) as at from hauswart.audit_entry where provider_id = $1 and position is not null", [
      ctx.providerId,
    ]),
  );
  const { entries, unsealed, seals, head, problems } = await verifyAuditChain(database, ctx.providerId);
  return {
    verifiedAt: isoTime(clock.now()),
    verifiedUntil: isoTimeOrNull(newest!.at),
    entries,
    unsealed,
    seals,
    head,
    problemCount: problems.length,
    problems: problems.slice(0, mostProblems).map(presentProblem),
  };
}

function presentProblem(problem: AuditProblem): AuditVerification["problems"][number] {
  return {
    kind: problem.kind,
    auditEntryId: "auditEntryId" in problem ? problem.auditEntryId : null,
    position: "position" in problem ? problem.position : null,
    sealNumber: "sealNumber" in problem ? problem.sealNumber : null,
  };
}
