/** The rows of device_state against the rule itself, while devices live: whatever happens, no list says anything else than a count would. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { CheckState } from "@hauswart/protocol/check.ts";
import { PolicyCheck } from "@hauswart/protocol/api/policies.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { agentServer, seedFleet, type AgentServer, type SeededFleet } from "@hauswart/testkit/agent-server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { generatorOf } from "@hauswart/testkit/generate.ts";
import { contextFor } from "@hauswart/testkit/seed.ts";
import { tankSample } from "@hauswart/testkit/tank-check.ts";
import { until } from "@hauswart/testkit/until.ts";
import type { WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { manualClock, type ManualClock } from "../clock.ts";
import type { Context } from "../context.ts";
import { effectiveState } from "../evaluate/effective-state.ts";
import { changePolicy } from "../policies/change-policy.ts";
import { createPolicy } from "../policies/create-policy.ts";
import { getOverview } from "./get-overview.ts";
import { listDevices } from "./list-devices.ts";
import { sweepDeviceStates } from "./sweep-device-states.ts";

setDefaultTimeout(120_000);

const states = ["ok", "warning", "failure", "unknown"] as const;
type Counts = Record<CheckState, number>;

let database: TestDatabase;
let server: AgentServer;
let clock: ManualClock;
let fleet: SeededFleet;
let ctx: Context;

beforeAll(async () => {
  database = await testDatabase();
  clock = manualClock(Date.now());
  server = await agentServer(database, { clock });
});
afterAll(async () => {
  await server.close();
  await database.close();
});

interface CheckRow {
  device_id: Id;
  state: CheckState;
  unknown_reason: string | null;
  every_seconds: number;
  daily_at_hour: number | null;
  evidence_at: Date | null;
}

/** Checks by state as the rule says, one by one. */
async function countedByRule(): Promise<Map<Id, Counts>> {
  const rows = await database.transaction(ctx, (tx) =>
    tx.sql<CheckRow>(
      `select ci.device_id, ci.state, ci.unknown_reason, ci.every_seconds, ci.daily_at_hour, l.evidence_at[array_position(l.check_numbers, ci.number)] as evidence_at
       from check_instance ci join device_link l using (provider_id, device_id) where ci.enabled or ci.unknown_reason = 'agent-too-old'`,
    ),
  );
  const counts = new Map(fleet.agents.map(({ deviceId }): [Id, Counts] => [deviceId, { ok: 0, warning: 0, failure: 0, unknown: 0 }]));
  for (const row of rows) {
    const { state } = effectiveState({
      state: row.state,
      unknownReason: row.unknown_reason,
      unknownDetail: null,
      stateSinceMs: null,
      evidenceAtMs: row.evidence_at?.getTime() ?? null,
      everySeconds: row.every_seconds,
      dailyAtHour: row.daily_at_hour,
      isDevicePresent: true,
      nowMs: clock.now(),
    });
    counts.get(row.device_id)![state]++;
  }
  return counts;
}

const worst = ({ ok, warning, failure, unknown }: Counts): CheckState =>
  failure > 0 ? "failure" : warning > 0 ? "warning" : unknown > 0 || ok === 0 ? "unknown" : "ok";

/** What the API says, and what it should say. */
async function told(): Promise<{ said: unknown; rule: unknown }> {
  const counted = [...(await countedByRule())];
  const lists = await Promise.all(states.map((state) => listDevices({ ctx, input: { limit: 100, sort: "name", state } })));
  const shows = await Promise.all(
    (["not-measured", "unknown-checks"] as const).map((show) => listDevices({ ctx, input: { limit: 100, sort: "name", show } })),
  );
  const { devices, unknownTotal } = await getOverview({ ctx, input: {} });
  const isUnmeasured = ({ ok, warning, failure }: Counts) => ok + warning + failure === 0;
  const count = (state: CheckState) => counted.filter(([, counts]) => worst(counts) === state).length;
  return {
    said: {
      byState: states.map((state, index) => [
        state,
        lists[index]!.total,
        ...lists[index]!.items.map(({ deviceId, checks, state: own }) => [deviceId, checks, own]),
      ]),
      overview: devices.byState,
      measured: devices.measured,
      lacking: unknownTotal,
      shown: shows.map(({ items, total }) => [total, ...items.map(({ deviceId }) => deviceId)]),
    },
    rule: {
      byState: states.map((state) => [
        state,
        count(state),
        ...counted.filter(([, counts]) => worst(counts) === state).map(([deviceId, counts]) => [deviceId, counts, state]),
      ]),
      overview: Object.fromEntries(states.map((state) => [state, count(state)])),
      measured: counted.filter(([, counts]) => !isUnmeasured(counts)).length,
      lacking: counted.filter(([, counts]) => isUnmeasured(counts) || counts.unknown > 0).length,
      shown: [isUnmeasured, (counts: Counts) => isUnmeasured(counts) || counts.unknown > 0]
        .map((fits) => counted.filter(([, counts]) => fits(counts)).map(([deviceId]) => deviceId))
        .map((ids) => [ids.length, ...ids]),
    },
  };
}

/** What a changed policy sets off may arrive between two questions. The clock stands still, so what is wrong stays wrong. */
async function agree(story: readonly string[]): Promise<void> {
  let { said, rule } = await told();
  await until("agreement", async () => Bun.deepEquals(said, rule) || (({ said, rule } = await told()), false), 10_000).catch(
    () => undefined,
  );
  expect([story, said]).toEqual([story, rule]);
}

/** How many rows hold now: a test in which none ever did would show nothing. */
async function held(): Promise<number> {
  const [row] = await database.transaction(ctx, (tx) =>
    tx.sql<{ held: number }>(
      "select count(*)::int as held from device_state where valid_from <= $1::timestamptz and valid_until > $1::timestamptz",
      [new Date(clock.now()).toISOString()],
    ),
  );
  return row!.held;
}

async function send(agent: WireAgent, samples: Parameters<WireAgent["batch"]>[0]): Promise<void> {
  agent.clockOffsetMs = clock.now() - Date.now();
  await agent.stored(agent.batch(samples));
}

const level = (check: number, percent: number | null) => ({ check, ok: tankSample({ A: percent }) as never });

const checksWith = (everySeconds: number, daily: boolean, third: boolean): PolicyCheck[] =>
  [
    { check: "tank", everySeconds },
    { check: "tank", instance: "b", everySeconds: 3_600 },
    { check: "tank", instance: "c", enabled: third, ...(daily ? { everySeconds: 86_400, dailyAtHour: 9 } : { everySeconds: 60 }) },
  ].map((check) => PolicyCheck.parse(check));

async function begin(count: number): Promise<string> {
  fleet = await seedFleet(server, count);
  ctx = contextFor(server.services, fleet.tenant);
  const { policyId } = await createPolicy({
    ctx,
    input: { name: "Tanks", customerId: null, checks: checksWith(60, true, true), assignments: [{ scope: "provider", scopeId: "" }] },
  });
  for (const agent of fleet.agents) await connect(agent);
  return policyId;
}

async function connect(agent: WireAgent): Promise<void> {
  agent.clockOffsetMs = clock.now() - Date.now();
  expect((await agent.connect()).type).toBe("welcome");
}

describe("how devices are", () => {
  test.each([1, 2, 3, 4, 5, 6])("is told exactly whatever happens, by chance %i", async (seed) => {
    const policyId = await begin(2);
    const random = generatorOf(seed);
    const story: string[] = [];
    let everHeld = 0;
    let revision = 1;
    for (let step = 0; step < 90; step++) {
      const agent = random.pick(fleet.agents);
      const what = random.pick([
        "send",
        "send",
        "send",
        "time",
        "time",
        "back",
        "sweep",
        "sweep",
        "sweep",
        "sweep",
        "policy",
        "reconnect",
      ] as const);
      story.push(what);
      if (what === "send") {
        const numbers = [random.below(3), ...[0, 1, 2].filter(() => random.below(2) > 0)].filter((one, at, all) => all.indexOf(one) === at);
        await send(
          agent,
          numbers.map((check) =>
            random.below(6) === 0 ? { check, noData: "The tank is away." } : level(check, random.pick([50, 50, 50, 50, 85, 99, null])),
          ),
        );
      } else if (what === "time")
        clock.advance(random.pick([1_000, 59_000, 119_999, 120_001, 180_000, 240_000, 700_000, 5_400_000, 10_860_000]));
      else if (what === "back") clock.advance(-random.pick([1_000, 61_000, 300_000]));
      else if (what === "sweep") await sweepDeviceStates(server.services);
      else if (what === "reconnect") {
        agent.drop();
        await connect(agent);
      } else {
        const checks = checksWith(random.pick([60, 300]), random.below(2) === 0, random.below(3) > 0);
        ({ revision } = await changePolicy({ ctx, input: { policyId, revision, checks } }));
      }
      await agree(story.slice(-12));
      everHeld += await held();
    }
    expect(everHeld).toBeGreaterThan(30);
  });

  test("turns at the very millisecond at which evidence is too old, without anybody counting again", async () => {
    await begin(1);
    const [agent] = fleet.agents as [WireAgent];
    await send(agent, [level(0, 50), level(1, 50), level(2, 50)]);
    await sweepDeviceStates(server.services);
    const [row] = await database.transaction(ctx, (tx) => tx.sql<{ until: Date }>("select valid_until as until from device_state", []));
    const state = async () => (await listDevices({ ctx, input: { limit: 1, sort: "name" } })).items[0]!.state;
    clock.set(row!.until.getTime() - 1);
    expect([await held(), await state()]).toEqual([1, "ok"]);
    clock.advance(1);
    expect([await held(), await state()]).toEqual([0, "unknown"]);
  });

  test("is told at once when evidence comes back, although no check's state has changed", async () => {
    await begin(1);
    const [agent] = fleet.agents as [WireAgent];
    const fresh = [level(0, 50), level(1, 50), level(2, 50)];
    await send(agent, fresh);
    clock.advance(200_000);
    await sweepDeviceStates(server.services);
    clock.advance(50_000);
    await sweepDeviceStates(server.services);
    await agree(["too old"]);
    expect(await held()).toBe(1);
    await send(agent, fresh);
    expect(await held()).toBe(0);
    await agree(["came back"]);
  });

  test("is told by the clock that there is, also when it is set back", async () => {
    await begin(1);
    const [agent] = fleet.agents as [WireAgent];
    await send(agent, [level(0, 50), level(1, 50), level(2, 50)]);
    clock.advance(250_000);
    await sweepDeviceStates(server.services);
    expect(await held()).toBe(1);
    clock.advance(-100_000);
    expect(await held()).toBe(0);
    await agree(["set back"]);
    // The evidence that comes now is older than what was there.
    clock.advance(100_000);
    await send(agent, [level(0, 50), level(1, 50), level(2, 50)]);
    await sweepDeviceStates(server.services);
    clock.advance(-100_000);
    await send(agent, [level(0, 50)]);
    clock.advance(180_000);
    await sweepDeviceStates(server.services);
    clock.advance(59_000);
    await agree(["set back, with evidence"]);
    clock.advance(2_000);
    await agree(["set back, and too old"]);
  });

  test("is right when rows are counted and evidence comes at the same time", async () => {
    await begin(4);
    for (let round = 0; round < 25; round++) {
      clock.advance(130_000);
      await Promise.all([
        ...fleet.agents.map((agent, index) => send(agent, [level(0, (round + index) % 3 === 0 ? 99 : 50), level(2, 50)])),
        (async () => {
          for (let times = 0; times < 6; times++) await sweepDeviceStates(server.services);
        })(),
      ]);
      await sweepDeviceStates(server.services);
      await agree([`round ${round}`]);
    }
  });
});
