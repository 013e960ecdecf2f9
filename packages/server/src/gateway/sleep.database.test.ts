/** A computer's sleep, from the agent's word to what people are told: before it, after it, on a server and on a workstation. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { deviceFindingMessages } from "@hauswart/protocol/device-findings.ts";
import { formatFor } from "@hauswart/protocol/format.ts";
import { agentServer, seedFleet, type AgentServer } from "@hauswart/testkit/agent-server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { until } from "@hauswart/testkit/until.ts";
import type { WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { sweepSilence } from "../presence/sweep-silence.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
let server: AgentServer;
beforeAll(async () => {
  database = await testDatabase();
  server = await agentServer(database);
  await sql(
    "update hauswart.server_process set started_at = started_at - interval '1 day' where process_id = $1",
    server.services.processId,
  );
});
afterAll(async () => {
  await server.close();
  await database.close();
});

const sql = <Row extends object>(statement: string, ...values: unknown[]) =>
  database.unwalled("test", (tx) => tx.sql<Row>(statement, values as never));
const findings = (agent: WireAgent) =>
  sql<{ severity: string; close_reason: string | null; evidence: Record<string, string | number> }>(
    "select severity, close_reason, evidence from hauswart.finding where device_id = $1 and code = 'silent'",
    agent.deviceId,
  );
const linkOf = async (agent: WireAgent) =>
  (
    await sql<{ goodbye: string | null; is_gone: boolean; slept_from: Date | null; slept_until: Date | null }>(
      "select goodbye, coalesce(disconnected_at >= connected_at, false) as is_gone, slept_from, slept_until from hauswart.device_link where device_id = $1",
      agent.deviceId,
    )
  )[0]!;

/** One connected device. */
async function connected(role: "server" | "workstation"): Promise<WireAgent> {
  const { agents } = await seedFleet(server, 1);
  const [agent] = agents as [WireAgent];
  await sql("update hauswart.device set role = $2 where device_id = $1", agent.deviceId, role);
  await agent.connect();
  return agent;
}

/** It went, and that was hours ago. */
async function goneSince(agent: WireAgent, minutes: number): Promise<void> {
  agent.drop();
  await until("the link to be over", async () => (await linkOf(agent)).is_gone);
  await sql(
    `update hauswart.device_link set connected_at = connected_at - interval '1 day', last_seen_at = now() - $2::int * interval '1 minute', disconnected_at = now() - $2::int * interval '1 minute',
       goodbye_at = case when goodbye is not null then now() - $2::int * interval '1 minute' end where device_id = $1`,
    agent.deviceId,
    minutes,
  );
}

test("ALM-1 a workstation that sleeps is no failure, however long; a server that sleeps is one, and says why", async () => {
  for (const [role, expected] of [
    ["workstation", []],
    ["server", [{ severity: "failure", close_reason: null, evidence: expect.objectContaining({ why: "asleep", certainty: "certain" }) }]],
  ] as const) {
    const agent = await connected(role);
    agent.say({ type: "goodbye", reason: "sleep", at: Date.now() });
    await until("the goodbye", async () => (await linkOf(agent)).goodbye === "sleep");
    await goneSince(agent, 900);
    await sweepSilence(server.services);
    expect(await findings(agent)).toEqual(expected as never);
    await agent.connect();
    expect((await findings(agent)).map(({ close_reason }) => close_reason)).toEqual(expected.map(() => "returned"));
    agent.drop();
  }
});

test("ALM-1 sleep that nobody announced corrects the record, and the finding says so before it closes", async () => {
  const agent = await connected("server");
  await goneSince(agent, 60);
  await sweepSilence(server.services);
  expect((await findings(agent))[0]!.evidence).toMatchObject({ why: expect.not.stringMatching("asleep") });
  // Its clock is an hour fast; it fell asleep a minute before the server gave its connection up.
  const [from, until] = [Date.now() - 61 * 60_000, Date.now() - 2_000];
  agent.clockOffsetMs = 3_600_000;
  await agent.connect({ slept: [{ from: from + 3_600_000, until: until + 3_600_000 }] });
  const [found] = await findings(agent);
  expect(found).toMatchObject({ close_reason: "returned", evidence: { why: "asleep", certainty: "certain", clues: "told-later" } });
  expect(Math.abs((found!.evidence["sleptFromMs"] as number) - from)).toBeLessThan(10_000);
  const { slept_from, slept_until } = await linkOf(agent);
  expect(Math.abs(slept_from!.getTime() - from)).toBeLessThan(10_000);
  expect(Math.abs(slept_until!.getTime() - until)).toBeLessThan(10_000);
  const words = (language: "de" | "en") =>
    deviceFindingMessages[language].silent.title({ subject: "", evidence: found!.evidence, format: formatFor(language) });
  expect([words("de"), words("en")]).toEqual([
    expect.stringMatching(/^War im Energiesparmodus, .* bis /),
    expect.stringMatching(/^Was asleep from .* to /),
  ]);
  // A connection without news keeps what is known.
  await agent.connect();
  expect((await linkOf(agent)).slept_from).toEqual(slept_from);
  agent.drop();
});

test("ALM-1 sleep at another time explains nothing, and what cannot have been is not believed", async () => {
  const agent = await connected("server");
  await goneSince(agent, 60);
  await sweepSilence(server.services);
  const before = (await findings(agent))[0]!.evidence;
  const hours = (count: number) => Date.now() - count * 3_600_000;
  await agent.connect({
    slept: [
      { from: hours(20), until: hours(19) },
      { from: hours(0.9), until: hours(2) },
      { from: hours(1), until: hours(-5) },
    ],
  });
  expect(await findings(agent)).toEqual([{ severity: "failure", close_reason: "returned", evidence: before }]);
  expect(Math.abs((await linkOf(agent)).slept_until!.getTime() - hours(19))).toBeLessThan(10_000);
  agent.drop();
});
