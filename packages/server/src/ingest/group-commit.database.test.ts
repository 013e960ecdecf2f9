import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { agentServer, seedFleet, type AgentServer, type SeededFleet } from "@hauswart/testkit/agent-server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { tankSample } from "@hauswart/testkit/tank-check.ts";
import { until } from "@hauswart/testkit/until.ts";
import type { WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { Client } from "pg";

setDefaultTimeout(60_000);

let database: TestDatabase;
let server: AgentServer;
let fleet: SeededFleet;

/** PostgreSQL refuses rows with this level, as it would refuse data that our own schemas let through by mistake. */
const refusedLevel = 66.5;
/** It waits over rows with this level for whoever holds the lock, so that others gather meanwhile. */
const slowLevel = 11.5;
const busyLock = 11_500;

beforeAll(async () => {
  database = await testDatabase();
  server = await agentServer(database);
  await database.unwalled("trap of a test", async (tx) => {
    await tx.sql(`create function hauswart.trap() returns trigger language plpgsql as $$ begin
      if ${slowLevel} = any(new.values) then perform pg_advisory_xact_lock(${busyLock}); end if;
      if ${refusedLevel} = any(new.values) then raise exception 'refused by the trap' using errcode = '22000'; end if;
      return new; end $$`);
    await tx.sql("create trigger trap before insert on hauswart.sample_batch for each row execute function hauswart.trap()");
  });
});
beforeEach(async () => {
  fleet = await seedFleet(server, 6);
  for (const agent of fleet.agents) expect((await agent.connect()).type).toBe("welcome");
});
afterAll(async () => {
  await server.close();
  await database.close();
});

const level = (percent: number) => ({ ok: tankSample({ A: percent }) as never });

function all<Row extends object>(statement: string): Promise<Row[]> {
  return database.transaction({ providerId: fleet.tenant.providerId, customers: "*" }, (tx) => tx.sql<Row>(statement));
}
async function levels(): Promise<number[][]> {
  const stored = await all<{ device_id: string; level: number }>(
    "select device_id, values[2] as level from sample_batch order by received_at, sequence",
  );
  return fleet.agents.map(({ deviceId }) => stored.filter((row) => row.device_id === deviceId).map((row) => row.level));
}
const quarantined = async () =>
  (await all<{ sequence: number; error: string }>("select sequence, error from quarantined_message")).map(
    ({ sequence, error }) => `${sequence}: ${error}`,
  );
const openCodes = async () =>
  (await all<{ code: string }>("select code from finding where closed_at is null order by code")).map(({ code }) => code);

/** Messages that were taken in and are not committed. */
const waiting = async () => Number(/^hauswart_ingest_waiting_batches_number (\d+)$/m.exec(await server.services.metrics.text())![1]);

/** Makes all of these land in one commit, by keeping the one before busy until they are there. @param taken so many of them are not turned away */
async function together(batches: (readonly [WireAgent, number])[], taken = batches.length): Promise<void> {
  const [first] = fleet.agents;
  const holder = new Client(database.connections.owner);
  await holder.connect();
  try {
    await holder.query("select pg_advisory_lock($1)", [busyLock]);
    first!.batch([level(slowLevel)]);
    await until("the commit before", async () => {
      const waits = await holder.query(
        "select from pg_locks where locktype = 'advisory' and objid = $1 and not granted and database = (select oid from pg_database where datname = current_database())",
        [busyLock],
      );
      return waits.rowCount === 1;
    });
    for (const [agent, percent] of batches) agent.batch([level(percent)]);
    await until(
      async () => `${taken} messages to wait for the commit before; ${await waiting()} do, that one among them`,
      async () => (await waiting()) === taken + 1,
    );
  } finally {
    await holder.end();
  }
}

const [a, b, c, d, e] = [1, 2, 3, 4, 5].map((index) => () => fleet.agents[index]!) as [
  () => WireAgent,
  () => WireAgent,
  () => WireAgent,
  () => WireAgent,
  () => WireAgent,
];

test("a device that sends without waiting is turned away before it takes the room of the others", async () => {
  await together([...Array.from({ length: 33 }, (_, index) => [a(), index] as const), [b(), 2]], 33);
  expect((await a().next("refused")).code).toBe("SERVER_BUSY");
  await a().closed();
  await b().stored();
  // What was taken before is stored, and the rest comes again.
  await a().connect();
  expect((await levels()).map((own) => own.length)).toEqual([1, 32, 1, 0, 0, 0]);
});

describe("a message that PostgreSQL refuses", () => {
  test("is put aside with a finding and acknowledged; the others of its commit are stored", async () => {
    await together([
      [a(), 1],
      [b(), 2],
      [c(), refusedLevel],
      [d(), 4],
      [e(), 5],
    ]);
    await Promise.all([fleet.agents[0]!, a(), b(), d(), e()].map((agent) => agent.stored()));
    expect((await c().next("refused")).code).toBe("SERVER_BUSY");
    await c().closed();
    expect(await levels()).toEqual([[slowLevel], [1], [2], [], [4], [5]]);
    expect(await quarantined()).toEqual(["1: refused by the trap"]);
    expect(await openCodes()).toEqual(["message-quarantined"]);
    expect(await c().connect()).toMatchObject({ lastSequence: 0 }); // it is asked for the newest again, to compare
    c().acknowledgedSequence = 1;
    c().drop();
    expect(await c().connect()).toMatchObject({ lastSequence: 1 });
    c().batch([level(7)]);
    await c().stored(2);
    expect((await levels())[3]).toEqual([7]);
  });

  test("among several of one device is found by taking them one by one; the others are stored once", async () => {
    await together([
      [a(), 1],
      [a(), refusedLevel],
      [a(), 3],
      [b(), 2],
    ]);
    await b().stored();
    expect((await a().next("refused")).code).toBe("SERVER_BUSY");
    await a().closed();
    expect(await quarantined()).toEqual([]);
    await a().connect();
    for (const [sequence, percent] of [
      [1, 1],
      [2, refusedLevel],
      [3, 3],
    ] as const)
      a().batch([level(percent)], sequence);
    await a().stored(1);
    expect((await a().next("refused")).code).toBe("SERVER_BUSY");
    await a().closed();
    expect(await quarantined()).toEqual(["2: refused by the trap"]);
    a().acknowledgedSequence = 2;
    await a().connect();
    a().batch([level(3)], 3);
    a().batch([level(4)], 4);
    await a().stored(4);
    expect((await levels()).slice(0, 3)).toEqual([[slowLevel], [1, 3, 4], [2]]);
    expect(await openCodes()).toEqual(["message-quarantined"]);
  });

  test("from everybody says something about the database: nobody's message is put aside", async () => {
    await together([
      [a(), refusedLevel],
      [b(), refusedLevel],
      [c(), refusedLevel],
      [d(), refusedLevel],
    ]);
    for (const agent of [a(), b(), c(), d()]) expect((await agent.next("refused")).code).toBe("SERVER_BUSY");
    expect([await quarantined(), await openCodes()]).toEqual([[], []]);
    // The fault is mended, and they send again.
    for (const agent of [a(), b(), c(), d()]) {
      await agent.closed();
      expect(await agent.connect()).toMatchObject({ lastSequence: 0 });
      agent.batch([level(1)], 1);
      await agent.stored(1);
    }
    expect((await levels()).slice(1, 5)).toEqual([[1], [1], [1], [1]]);
  });
});

describe("a missing partition", () => {
  test("is no fault of the messages", async () => {
    await database.unwalled("test", async (tx) => {
      const parts = await tx.sql<{ name: string }>(
        "select c.relname as name from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = 'hauswart.sample_batch'::regclass",
      );
      for (const { name } of parts) await tx.sql(`alter table hauswart.sample_batch detach partition hauswart.${name}`);
    });
    try {
      a().batch([level(1)]);
      expect((await a().next("refused")).code).toBe("SERVER_BUSY");
      expect([await quarantined(), await openCodes()]).toEqual([[], []]);
    } finally {
      await database.unwalled("test", async (tx) => {
        await tx.sql("create table hauswart.sample_batch_all partition of hauswart.sample_batch default");
      });
    }
    await a().closed();
    await a().connect();
    a().batch([level(1)], 1);
    await a().stored(1);
  });
});
