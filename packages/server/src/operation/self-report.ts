/**
 * What the server says of itself: facts are read and judged here alone. The result is shown to whoever asks for it, and turned
 * into findings of the provider, which open, change and close like all others and are mailed to its owners.
 */
import type { Id } from "@hauswart/protocol/ids.ts";
import { serverCheckId, type ServerFindingCode } from "@hauswart/protocol/server-findings.ts";
import { systemContext } from "../context.ts";
import type { Tx } from "../database/database.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange, FindingScope } from "../findings/finding-change.ts";
import type { Services } from "../services.ts";
import { gatherSelfFacts, type SelfFacts } from "./self-facts.ts";
import { judgeSelf, keyOfProblem, type SelfProblem } from "./self-judge.ts";

/** A finding about the server that is open. */
export interface OpenSelfFinding {
  readonly finding_id: Id;
  readonly code: ServerFindingCode;
  readonly subject: string;
  readonly severity: "warning" | "failure";
  readonly opened_at: Date;
}

export interface SelfReport {
  readonly facts: SelfFacts;
  readonly problems: readonly SelfProblem[];
  /** By `keyOfProblem`. */
  readonly open: ReadonlyMap<string, OpenSelfFinding>;
}

const scope: FindingScope = { customerId: null, siteId: null, deviceId: null, check: serverCheckId, checkNumber: null, instance: "" };
const actor = { kind: "system", id: "server", name: "server" } as const;

/** Facts, problems and what is open about the server, for one provider. */
export async function selfReport(services: Services, providerId: Id): Promise<SelfReport> {
  const facts = await gatherSelfFacts(services, providerId);
  const rows = await services.database.transaction(systemContext(services, providerId, "server"), (tx) => openFindings(tx, providerId));
  return reportOf(facts, rows);
}

/** Judges the server for all providers and brings their findings up to date. Doing it twice changes nothing. @returns how many findings changed */
export async function watchSelf(services: Services): Promise<number> {
  const providers = await services.database.unwalled("providers", (tx) =>
    tx.sql<{ provider_id: Id }>("select provider_id from hauswart.provider"),
  );
  let changed = 0;
  for (const { provider_id: providerId } of providers) {
    const facts = await gatherSelfFacts(services, providerId);
    changed += await services.database.transaction(systemContext(services, providerId, "server"), async (tx) => {
      // Two processes that judge at once would each see the other's finding missing.
      await tx.sql("select pg_advisory_xact_lock(hashtextextended('hauswart/self-report/' || $1, 0))", [providerId]);
      const report = reportOf(facts, await openFindings(tx, providerId));
      return (await applyFindingChanges(tx, services, { providerId, actor }, changesOf(report))).length;
    });
  }
  return changed;
}

function openFindings(tx: Tx, providerId: Id): Promise<OpenSelfFinding[]> {
  return tx.sql<OpenSelfFinding>(
    `select finding_id, code, subject, severity, opened_at from hauswart.finding
     where provider_id = $1 and customer_id is null and check_id = $2 and code <> 'agents-lost' and closed_at is null order by opened_at, finding_id`,
    [providerId, serverCheckId],
  );
}

function reportOf(facts: SelfFacts, rows: readonly OpenSelfFinding[]): SelfReport {
  const problems = judgeSelf(facts, (code) => rows.find((row) => row.code === code)?.severity);
  return { facts, problems, open: new Map(rows.map((row) => [keyOfProblem(row), row])) };
}

/** What has to happen to the findings so that they say what the problems say. */
function changesOf({ facts, problems, open }: SelfReport): FindingChange[] {
  const { nowMs: atMs } = facts;
  const standing = problems.flatMap(({ code, subject, severity, evidence }): FindingChange[] =>
    severity === "hint" || open.get(keyOfProblem({ code, subject }))?.severity === severity
      ? []
      : [{ kind: "open", scope, code, subject, severity, evidence, atMs, noticeDueAtMs: null }],
  );
  const keys = new Set(problems.filter(({ severity }) => severity !== "hint").map(keyOfProblem));
  const over = [...open.values()]
    .filter((row) => !keys.has(keyOfProblem(row)))
    .map(({ code, subject }): FindingChange => ({ kind: "close", scope, code, subject, atMs, reason: "recovered", evidence: null }));
  return [...over, ...standing];
}
