import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "@hauswart/protocol/ids.ts";
import { seedTenant } from "@hauswart/testkit/seed.ts";
import { testLimitMs, until } from "@hauswart/testkit/until.ts";
import { silentLogger } from "../operation/log.ts";
import type { ConnectedDatabase } from "./connect.ts";
import { connectDatabase } from "./connect.ts";
import { isUnavailable } from "./errors.ts";
import { query } from "./query.ts";

// Each makes a cluster of its own, on a disk that is waited for.
setDefaultTimeout(testLimitMs);

let folder: string;
let connected: ConnectedDatabase | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-connect-"));
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  await connected?.close();
  rmSync(folder, { recursive: true });
});

async function connect(): Promise<ConnectedDatabase> {
  connected = await connectDatabase({
    settings: { dataDirectory: join(folder, "data"), databaseUrl: undefined, postgresUser: undefined },
    log: silentLogger,
  });
  return connected;
}

const names = query.selectFrom("customer").select("name");

test("a second start finds everything migrated and the rows of the first", async () => {
  const first = await connect();
  expect(first.migrated.length).toBeGreaterThan(0);
  const { providerId } = await seedTenant(first.database);
  await first.close();
  const second = await connect();
  expect(second.migrated).toEqual([]);
  expect(await second.database.transaction({ providerId, customers: "*" }, (tx) => tx.all(names))).toHaveLength(2);
});

test("kill -9 of PostgreSQL under load: transactions fail as unavailable, then go on, and every committed one is there once", async () => {
  const { database, embedded } = await connect();
  const { providerId } = await seedTenant(database);
  const tenant = { providerId, customers: "*" } as const;
  const committed: string[] = [];
  const unexpected: unknown[] = [];
  let isOver = false;
  const work = async () => {
    while (!isOver) {
      const name = newId();
      const insert = query.insertInto("customer").values({ provider_id: providerId, customer_id: newId(), name });
      await database
        .transaction(tenant, (tx) => tx.run(insert))
        .then(
          () => committed.push(name),
          (error: unknown) => isUnavailable(error) || unexpected.push(error),
        );
    }
  };
  const workers = Array.from({ length: 8 }, work);
  const more = async (count: number) => {
    const goal = committed.length + count;
    await until(`${count} more`, () => committed.length >= goal || unexpected.length > 0);
  };
  await more(300);
  process.kill(embedded?.pid() as number, "SIGKILL");
  await until("the restart", () => embedded?.restarts() !== 0);
  await more(300);
  isOver = true;
  await Promise.all(workers);
  const stored = (await database.transaction(tenant, (tx) => tx.all(names))).map(({ name }) => name);
  expect(unexpected).toEqual([]);
  expect(committed.filter((name) => !stored.includes(name))).toEqual([]);
  expect(new Set(stored).size).toBe(stored.length);
});

test("while PostgreSQL is away readiness says no and a transaction fails as unavailable", async () => {
  const { database, embedded } = await connect();
  expect(await database.ping()).toBe(true);
  await embedded?.stop();
  expect(await database.ping()).toBe(false);
  const attempt = database.transaction({ providerId: newId(), customers: "*" }, (tx) => tx.all(names));
  expect(isUnavailable(await attempt.catch((error: unknown) => error))).toBe(true);
});
