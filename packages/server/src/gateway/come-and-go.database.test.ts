/** A computer that falls silent again and again, on its real link: its returns close the finding until it is plain that it comes and goes. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
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
  await sql("update hauswart.server_process set started_at = started_at - interval '1 day' where true");
});
afterAll(async () => {
  await server.close();
  await database.close();
});

const sql = <Row extends object>(statement: string, ...values: unknown[]) =>
  database.unwalled("test", (tx) => tx.sql<Row>(statement, values as never));
const findings = ({ deviceId }: WireAgent) =>
  sql<{ is_open: boolean; flaps: string | null; calm_since: Date | null }>(
    "select closed_at is null as is_open, evidence ->> 'flapCount' as flaps, calm_since from hauswart.finding where device_id = $1 and code = 'silent' order by opened_at, finding_id",
    deviceId,
  );
const notices = ({ deviceId }: WireAgent) =>
  sql<{ kind: string }>(
    "select n.kind from hauswart.finding_notice n join hauswart.finding f using (provider_id, finding_id) where f.device_id = $1 order by n.finding_notice_id",
    deviceId,
  );

async function isGone({ deviceId }: WireAgent): Promise<boolean> {
  const [link] = await sql<{ is_gone: boolean }>(
    "select disconnected_at >= connected_at as is_gone from hauswart.device_link where device_id = $1",
    deviceId,
  );
  return link?.is_gone === true;
}

/** Its line breaks, and ten minutes pass. */
async function lose(agent: WireAgent): Promise<void> {
  agent.drop();
  await until("the server to notice", () => isGone(agent));
  await sql(
    `update hauswart.device_link set connected_at = connected_at - interval '1 day', last_seen_at = now() - interval '10 minutes', disconnected_at = now() - interval '10 minutes'
     where device_id = $1`,
    agent.deviceId,
  );
  await sweepSilence(server.services);
}

test("ALM-1 the third silence stays open when the computer returns, and is over after an hour of calm", async () => {
  const { agents } = await seedFleet(server, 1);
  const [agent] = agents as [WireAgent];
  await agent.connect();
  for (let times = 0; times < 3; times += 1) {
    await lose(agent);
    await agent.connect();
  }
  const closed = { is_open: false, flaps: null, calm_since: null };
  const found = await findings(agent);
  expect(found).toEqual([closed, closed, { is_open: true, flaps: "3", calm_since: expect.any(Date) as never }]);
  // A connection that is made anew at once is no loss.
  await agent.connect();
  expect(await findings(agent)).toEqual(found);
  await lose(agent);
  expect((await findings(agent))[2]).toEqual({ is_open: true, flaps: "4", calm_since: null });
  await agent.connect();
  await sweepSilence(server.services);
  expect((await findings(agent))[2]).toMatchObject({ is_open: true, calm_since: expect.any(Date) });
  await sql("update hauswart.finding set calm_since = calm_since - interval '61 minutes' where calm_since is not null");
  await sweepSilence(server.services);
  expect((await findings(agent))[2]).toMatchObject({ is_open: false, flaps: "4" });
  expect((await notices(agent)).map(({ kind }) => kind)).toEqual(["opened", "closed", "opened", "closed", "opened", "closed"]);
  agent.drop();
});
