/** kill -9 of PostgreSQL in the middle of commits, again and again: nothing acknowledged is lost, nothing is counted twice. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentServer, seedFleet, type AgentServer } from "@hauswart/testkit/agent-server.ts";
import { tankSample } from "@hauswart/testkit/tank-check.ts";
import type { WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { embeddedConnections, prepareEmbedded } from "../database/connect.ts";
import type { Database } from "../database/database.ts";
import { openDatabase } from "../database/database-postgres.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../database/embedded/supervisor.ts";
import { readMigrations } from "../database/migration-files.ts";
import { silentLogger } from "../operation/log.ts";

setDefaultTimeout(120_000);

let folder: string;
let postgres: EmbeddedPostgres;
let database: Database;
let server: AgentServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-killed-"));
  chmodSync(folder, 0o755);
  postgres = await startEmbeddedPostgres({ dataDirectory: join(folder, "data"), log: silentLogger });
  await prepareEmbedded(postgres.socketDirectory, "hauswart", readMigrations());
  database = openDatabase({ connections: embeddedConnections(postgres.socketDirectory, "hauswart"), log: silentLogger });
  server = await agentServer(database);
});
afterAll(async () => {
  await server.close();
  await database.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

const messages = 150;
/** Levels are told apart by their number, and go up and down so that findings open and close. */
const levelOf = (sequence: number) => (sequence % 10 === 0 ? 99 : 10) + sequence / 1_000;

/** An agent as it should be: keeps what is not acknowledged, comes back, sends it again. Ends when all is stored. */
async function live(agent: WireAgent, startMs: number): Promise<void> {
  const sample = (sequence: number) => ({ at: startMs + sequence * 1_000, ok: tankSample({ A: levelOf(sequence) }) as never });
  while (agent.acknowledgedSequence < messages) {
    const answer = await agent.connect().catch(() => undefined);
    if (answer?.type !== "welcome") {
      await Bun.sleep(100);
      continue;
    }
    agent.acknowledgedSequence = Math.max(agent.acknowledgedSequence, answer.lastSequence);
    await sendRest(agent, answer.lastSequence + 1, sample).catch(() => undefined);
    agent.drop();
  }
}

async function sendRest(agent: WireAgent, from: number, sample: (sequence: number) => object): Promise<void> {
  for (let sequence = from; sequence <= messages; sequence++) {
    agent.batch([sample(sequence)], sequence);
    await Promise.race([agent.stored(sequence), agent.closed().then(() => Promise.reject(new Error("closed")))]);
    await Bun.sleep(2);
  }
}

test("kill -9 of PostgreSQL while commits are under way", async () => {
  const { tenant, agents } = await seedFleet(server, 8);
  // Each fault counts for itself here, however often it comes.
  await database.unwalled("test", (tx) => tx.sql("update hauswart.check_instance set damping = '{}'"));
  const startMs = Date.now() - 1_000_000;
  let isDone = false;
  const killing = (async () => {
    let kills = 0;
    while (!isDone) {
      await Bun.sleep(400 + Math.random() * 400);
      const pid = postgres.pid();
      if (pid === undefined || isDone) continue;
      process.kill(pid, "SIGKILL");
      if (++kills === 4) break;
    }
    return kills;
  })();
  await Promise.all(agents.map((agent) => live(agent, startMs)));
  isDone = true;
  expect(await killing).toBeGreaterThan(1);
  const rows = <Row extends object>(statement: string) =>
    database.transaction({ providerId: tenant.providerId, customers: "*" }, (tx) => tx.sql<Row>(statement));
  const stored = await rows<{ device_id: string; sequence: number; level: number }>(
    "select device_id, sequence, values[2] as level from sample_batch order by sequence",
  );
  const expected = Array.from({ length: messages }, (_, index) => [index + 1, levelOf(index + 1)]);
  for (const { deviceId } of agents)
    expect(stored.filter((row) => row.device_id === deviceId).map(({ sequence, level }) => [Number(sequence), level])).toEqual(expected);
  const findings = await rows<{ device_id: string; total: number; open: number }>(
    "select device_id, count(*)::int as total, count(*) filter (where closed_at is null)::int as open from finding where code = 'full' group by 1",
  );
  // Every tenth level is a fault, and the next one is good again; the last one stays.
  for (const { deviceId } of agents)
    expect(findings.find((row) => row.device_id === deviceId)).toMatchObject({ total: messages / 10, open: 1 });
  expect(await rows("select code from finding where check_id = 'device'")).toEqual([]);
});
