/** What was raised in days of flapping, restarts, late samples and changed settings comes out again when it is replayed. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { agentServer, seedFleet, type AgentServer } from "@hauswart/testkit/agent-server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, testServices } from "@hauswart/testkit/seed.ts";
import { tank, tankRegistry, tankSample } from "@hauswart/testkit/tank-check.ts";
import type { WireAgent } from "@hauswart/testkit/wire-agent.ts";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import { until } from "@hauswart/testkit/until.ts";
import { packSamples } from "../history/pack.ts";
import { ensurePartitions } from "../history/partitions.ts";
import { rollUp } from "../history/roll-up.ts";
import { compileChecks } from "../ingest/compiled-checks.ts";
import { changePolicy } from "../policies/change-policy.ts";
import { createPolicy } from "../policies/create-policy.ts";
import { workingWeek } from "@hauswart/testkit/working-week.ts";
import { replayAsJudged } from "./replay-as-judged.ts";
import type { WouldBeFinding } from "./trace.ts";

setDefaultTimeout(120_000);

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());

const minuteMs = 60_000;
const stepMs = 5 * minuteMs;
const steps = 3 * 288;

/** The same numbers at each run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What the house wants of the check, by the step from which on it wants it. */
const flapping = { openings: 2, withinMinutes: 60, calmMinutes: 30 };
const wishes: readonly [
  step: number,
  check: Partial<Input<"createPolicy">["checks"] extends (infer Check)[] | undefined ? Check : never>,
][] = [
  [100, { failuresBeforeFinding: 2 }],
  [200, { settings: { warningAbove: 70 }, badForMinutes: 10 }],
  [300, { goodSamples: 3, recoverAt: { warningAbove: 60 } }],
  [400, { flapping }],
  [500, { enabled: false }],
  [520, { flapping, goodForMinutes: 15 }],
  [640, {}],
  [641, { settings: { warningAbove: 40, failureAbove: 75 } }],
  [700, { flapping, badForMinutes: 5, recoverAt: { warningAbove: 50, failureAbove: 85 } }],
];

class House {
  server!: AgentServer;
  policy: { policyId: string; revision: number } | undefined;

  async wish(providerId: string, agents: readonly WireAgent[], check: object): Promise<void> {
    const ctx = contextFor(this.server.services, { providerId });
    const checks = [{ check: tank.id, instance: "", enabled: true, settings: {}, ...check }] as never;
    const before = await this.noted(providerId);
    if (this.policy) this.policy = await changePolicy({ ctx, input: { ...this.policy, checks } });
    else
      this.policy = await createPolicy({
        ctx,
        input: { name: "Tanks", customerId: null, checks, assignments: [{ scope: "provider", scopeId: "" }] },
      });
    // Connected devices hear of it by the bus, a moment later.
    if ("enabled" in check) for (const agent of agents) await agent.next("configure");
    else await until("the new settings", async () => (await this.noted(providerId)) >= before + agents.length);
  }

  private async noted(providerId: string): Promise<number> {
    const [row] = await database.transaction({ providerId, customers: "*" }, (tx) =>
      tx.sql<{ count: number }>("select count(*)::int as count from check_settings_period"),
    );
    return row!.count;
  }
}

const shortOf = ({ code, subject, severity, openedMs, closedMs, closedBy }: WouldBeFinding) =>
  `${code} ${subject} ${severity} ${openedMs} ${closedBy === null ? "open" : closedBy === "check-ended" ? "check-ended" : `${closedMs} ${closedBy}`}`;

test("a replay with the settings of that time yields exactly the findings that were raised", async () => {
  const roll = dice(7);
  const house = new House();
  house.server = await agentServer(database);
  const { tenant, agents } = await seedFleet(house.server, 2);
  const { providerId } = tenant;
  const startMs = Math.floor(Date.now() / minuteMs) * minuteMs - steps * stepMs;
  const connected = new Set<WireAgent>();
  const join = async (agent: WireAgent) => {
    Object.assign(agent, { url: house.server.url });
    expect((await agent.connect()).type).toBe("welcome");
    connected.add(agent);
  };
  for (const agent of agents) await join(agent);
  const waiting = new Map(agents.map((agent) => [agent, [] as { at: number; ok?: never; noData?: string }[]]));
  const levels = new Map(agents.map((agent) => [agent, { A: 50, B: 50 }]));
  for (let step = 0; step < steps; step++) {
    for (const agent of agents) {
      const level = levels.get(agent)!;
      // Calm hours and hours in which it swings around the thresholds; B is sometimes not there at all.
      const swing = Math.floor(step / 36) % 3 === 0 ? 4 : 45;
      for (const name of ["A", "B"] as const) level[name] = Math.min(100, Math.max(0, level[name] + (roll() - 0.5) * swing));
      const { A, B } = level;
      const at = startMs + step * stepMs;
      const sample = roll() < 0.03 ? { at, noData: "nobody looked" } : { at, ok: tankSample(roll() < 0.1 ? { A } : { A, B }) as never };
      // Sometimes nothing at all is measured for a while.
      if (step % 150 < 145) waiting.get(agent)!.push(sample);
    }
    const wish = wishes.find(([from]) => from === step);
    if (step % 6 !== 5 && !wish) continue;
    for (const agent of agents) {
      if (roll() < 0.15 && connected.delete(agent)) agent.drop();
      else if (!connected.has(agent) && roll() < 0.3) await join(agent);
      if (!connected.has(agent)) continue;
      const samples = waiting.get(agent)!.splice(0);
      if (samples.length === 0) continue;
      agent.batch(samples);
      await agent.stored();
    }
    if (wish) await house.wish(providerId, [...connected], wish[1]);
    if (roll() < 0.04) {
      await house.server[roll() < 0.5 ? "crash" : "close"]();
      connected.clear();
      house.server = await agentServer(database);
    }
  }
  for (const agent of agents) {
    if (!connected.has(agent)) await join(agent);
    const samples = waiting.get(agent)!.splice(0);
    if (samples.length > 0) {
      agent.batch(samples);
      await agent.stored();
    }
    agent.drop();
  }
  await house.server.close();

  const check = compileChecks(tankRegistry).get(tank.id)!;
  const range = { fromMs: startMs - minuteMs, toMs: Date.now() + 3_600_000 };
  const compare = async () => {
    for (const { deviceId } of agents) {
      const { raised, trace } = await database.transaction({ providerId, customers: "*" }, async (tx) => ({
        raised: await tx.sql<{
          code: string;
          subject: string;
          severity: string;
          opened: number;
          closed: number | null;
          reason: string | null;
        }>(
          `select code, subject, severity, round(extract(epoch from opened_at) * 1000)::float8 as opened,
             round(extract(epoch from closed_at) * 1000)::float8 as closed, close_reason as reason
           from finding where device_id = $1 and check_id = 'tank'`,
          [deviceId],
        ),
        trace: await replayAsJudged(tx, check, providerId, { deviceId, checkNumber: 0 }, range, workingWeek),
      }));
      const expected = raised.map(({ code, subject, severity, opened, closed, reason }) =>
        shortOf({ code, subject, severity, openedMs: opened, closedMs: closed, closedBy: reason } as WouldBeFinding),
      );
      expect(raised.length).toBeGreaterThan(15);
      expect(raised.some(({ reason }) => reason === "subject-gone")).toBe(true);
      expect(trace!.findings.map(shortOf).sort()).toEqual(expected.sort());
    }
  };
  await compare();

  // The same when everything is packed.
  const services = testServices(database, { checks: tankRegistry });
  services.clock.set(Date.now() + 3 * 86_400_000);
  await ensurePartitions(services);
  await rollUp(services);
  expect((await packSamples(services)).devices).toBeGreaterThan(0);
  await compare();
});
