/** Whether what is stored, judged again with the settings of its time, yields the findings that were raised. */
import judgedChecks from "@hauswart/features/registry/server.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Tx } from "@hauswart/server/database/database.ts";
import { compileChecks, type CompiledChecks } from "@hauswart/server/ingest/compiled-checks.ts";
import { replayAsJudged } from "@hauswart/server/replay/replay-as-judged.ts";
import type { SimulatedAgent } from "@hauswart/simulator/simulated-agent.ts";
import { workingWeek } from "@hauswart/testkit/working-week.ts";
import { withDatabase } from "./bench-database.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

interface Raised {
  readonly provider_id: Id;
  readonly code: string;
  readonly subject: string;
  readonly severity: string;
  readonly opened_ms: number;
  readonly closed_ms: number | null;
  readonly close_reason: string | null;
  readonly check_number: number;
}

/** @returns findings of these agents' checks that are on one side only, or differ in severity, beginning, end or its reason. */
export function differencesOfReplay(
  server: ServerUnderTest,
  agents: readonly SimulatedAgent[],
  say: (line: string) => void,
): Promise<number> {
  const checks = compileChecks(new Map(judgedChecks.map((check) => [check.definition.id, check])));
  return withDatabase(server, async (database) => {
    let [raised, differ] = [0, 0];
    for (const agent of agents) {
      const found = await database.unwalled("benchmark: findings judged again", (tx) => compareDevice(tx, checks, agent));
      raised += found.raised;
      differ += found.differ;
    }
    say(`${raised} findings of ${agents.length} devices judged again; ${differ} differ`);
    if (raised === 0) throw new Error("There is nothing to compare: no finding was raised.");
    return differ;
  });
}

async function compareDevice(
  tx: Tx,
  checks: CompiledChecks,
  { deviceId, planned }: SimulatedAgent,
): Promise<{ raised: number; differ: number }> {
  const rows = await tx.sql<Raised>(raisedOf, [deviceId]);
  const [device] = await tx.sql<{ provider_id: Id }>("select provider_id from hauswart.device where device_id = $1", [deviceId]);
  const [was, would] = [new Set<string>(), new Set<string>()];
  for (const { check_number: number, code, subject, severity, opened_ms, closed_ms, close_reason } of rows)
    was.add(`${number} ${code} ${subject} ${severity} ${opened_ms} ${closed_ms} ${close_reason}`);
  const range = { fromMs: Date.now() - 86_400_000, toMs: Date.now() + 3_600_000 };
  for (const { instance } of planned) {
    const check = checks.get(instance.check)!;
    const key = { deviceId, checkNumber: instance.number };
    // None of these checks asks for working time.
    const trace = await replayAsJudged(tx, check, device!.provider_id, key, range, workingWeek);
    if (!trace) throw new Error(`Nobody knows by which settings ${instance.check} was judged.`);
    for (const { code, subject, severity, openedMs, closedMs, closedBy } of trace.findings)
      would.add(`${instance.number} ${code} ${subject} ${severity} ${openedMs} ${closedMs} ${closedBy}`);
  }
  return { raised: was.size, differ: was.symmetricDifference(would).size };
}

const raisedOf = `
  select check_number, code, subject, severity, round(extract(epoch from opened_at) * 1000)::float8 as opened_ms,
    round(extract(epoch from closed_at) * 1000)::float8 as closed_ms, close_reason
  from hauswart.finding where device_id = $1 and check_number is not null`;
