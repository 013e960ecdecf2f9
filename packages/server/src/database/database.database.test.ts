import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import type { SeededTenant } from "@hauswart/testkit/seed.ts";
import { seedTenant } from "@hauswart/testkit/seed.ts";
import type { TestDatabase } from "@hauswart/testkit/database.ts";
import { testDatabase } from "@hauswart/testkit/database.ts";
import type { Tenant } from "./database.ts";
import { openDatabase } from "./database-postgres.ts";
import { isRefusedByWall, isUniqueViolation } from "./errors.ts";
import { openPool } from "./pools.ts";
import { json, query } from "./query.ts";
import { silentLogger } from "../operation/log.ts";

let database: TestDatabase;
let ours: SeededTenant;
let theirs: SeededTenant;
let all: Tenant;
let onlyFirst: Tenant;

beforeAll(async () => {
  database = await testDatabase();
  ours = await seedTenant(database);
  theirs = await seedTenant(database);
  all = { providerId: ours.providerId, customers: "*" };
  onlyFirst = { providerId: ours.providerId, customers: [ours.first.customerId] };
});
afterAll(() => database.close());

const customers = query.selectFrom("customer").selectAll();
const newCustomer = (providerId: string, name: string) =>
  query.insertInto("customer").values({ provider_id: providerId, customer_id: newId(), name });

describe("the wall", () => {
  test("a transaction sees the rows of its provider alone", async () => {
    const rows = await database.transaction(all, (tx) => tx.all(customers));
    expect(rows.map((row) => row.customer_id).sort()).toEqual([ours.first.customerId, ours.second.customerId].sort());
  });

  test("naming another provider's rows finds none, changes none and deletes none", async () => {
    const foreign = await database.transaction(all, async (tx) => ({
      read: await tx.all(customers.where("provider_id", "=", theirs.providerId)),
      changed: await tx.run(query.updateTable("customer").set({ name: "taken" }).where("provider_id", "=", theirs.providerId)),
      deleted: await tx.run(query.deleteFrom("customer").where("customer_id", "=", theirs.first.customerId)),
    }));
    expect(foreign).toEqual({ read: [], changed: 0, deleted: 0 });
  });

  test("a row for another provider is refused", async () => {
    const attempt = database.transaction(all, (tx) => tx.run(newCustomer(theirs.providerId, "smuggled")));
    expect(isRefusedByWall(await attempt.catch((error: unknown) => error))).toBe(true);
  });

  test("an actor with one customer sees, changes and makes nothing of another", async () => {
    const sites = query.selectFrom("site").select("site_id");
    expect(await database.transaction(onlyFirst, (tx) => tx.all(sites))).toEqual([{ site_id: ours.first.siteId }]);
    const rename = query.updateTable("site").set({ name: "renamed" }).where("site_id", "=", ours.second.siteId);
    expect(await database.transaction(onlyFirst, (tx) => tx.run(rename))).toBe(0);
    const foreignSite = query
      .insertInto("site")
      .values({ provider_id: ours.providerId, site_id: newId(), customer_id: ours.second.customerId, name: "Branch" });
    const attempt = database.transaction(onlyFirst, (tx) => tx.run(foreignSite));
    expect(isRefusedByWall(await attempt.catch((error: unknown) => error))).toBe(true);
  });

  test("an actor without any customer sees no customer", async () => {
    expect(await database.transaction({ providerId: ours.providerId, customers: [] }, (tx) => tx.all(customers))).toEqual([]);
  });

  test("without a tenant the roles behind the wall get an error, not rows, also after a transaction that had one", async () => {
    const pool = openPool(database.connections.app, 1, silentLogger);
    const attempts = async () => pool.query("select * from customer").catch((error: unknown) => (error as Error).message);
    // Which of the two is missed first is the planner's choice.
    expect(await attempts()).toMatch(/unrecognized configuration parameter "app\.(provider|customers)"/);
    await pool.query(
      "begin; select set_config('app.provider', gen_random_uuid()::text, true), set_config('app.customers', '*', true); commit",
    );
    expect(await attempts()).toMatch(/invalid input syntax for type uuid|malformed array literal/);
    await pool.end();
  });

  test("the role of ingest stands behind the same wall and may not touch accounts or customers", async () => {
    expect(await database.ingest(all, (tx) => tx.all(customers))).toHaveLength(2);
    const attempt = database.ingest(all, (tx) => tx.run(newCustomer(ours.providerId, "by ingest")));
    expect(isRefusedByWall(await attempt.catch((error: unknown) => error))).toBe(true);
    const accounts = database.ingest(all, (tx) => tx.all(query.selectFrom("account").selectAll()));
    expect(isRefusedByWall(await accounts.catch((error: unknown) => error))).toBe(true);
  });

  test("secrets of the installation are beyond both roles, and reachable for the owner", async () => {
    const secrets = query.selectFrom("installation").selectAll();
    const byApp = await database.transaction(all, (tx) => tx.all(secrets)).catch((error: unknown) => error);
    const byIngest = await database.ingest(all, (tx) => tx.all(secrets)).catch((error: unknown) => error);
    expect([isRefusedByWall(byApp), isRefusedByWall(byIngest)]).toEqual([true, true]);
    expect(await database.unwalled("a test", (tx) => tx.all(secrets))).toEqual([]);
  });

  test("unwalled sees every provider without being a superuser or bypassing row-level security", async () => {
    const seen = await database.unwalled("a test", async (tx) => ({
      providers: (await tx.all(query.selectFrom("provider").select("provider_id"))).length,
      role: await tx.sql<{ mighty: boolean; name: string }>(
        "select current_user as name, rolsuper or rolbypassrls as mighty from pg_roles where rolname = current_user",
      ),
    }));
    expect(seen).toEqual({ providers: 2, role: [{ name: "hauswart_owner", mighty: false }] });
  });

  test("every table is either walled for every role, owner included, or says that it has no owner", async () => {
    const tables = await database.unwalled("a test", (tx) =>
      tx.sql<{ name: string; isWalled: boolean; comment: string | null }>(
        `select relname as name, relrowsecurity and relforcerowsecurity as "isWalled", obj_description(oid) as comment
         from pg_class where relnamespace = 'hauswart'::regnamespace and relkind in ('r', 'p') and not relispartition`,
      ),
    );
    expect(tables.length).toBeGreaterThan(20);
    expect(
      tables.filter(
        ({ isWalled, comment }) => !(isWalled && /^owner: (provider|customer)/.test(comment ?? "")) && comment !== "owner: none",
      ),
    ).toEqual([]);
  });
});

describe("transactions", () => {
  test("what throws leaves nothing behind", async () => {
    const attempt = database.transaction(all, async (tx) => {
      await tx.run(newCustomer(ours.providerId, "half done"));
      throw new Error("changed my mind");
    });
    expect(await attempt.catch((error: unknown) => (error as Error).message)).toBe("changed my mind");
    expect(await database.transaction(all, (tx) => tx.first(customers.where("name", "=", "half done")))).toBeUndefined();
  });

  test("a swallowed error of a statement does not pass for a commit", async () => {
    const attempt = database.transaction(all, async (tx) => {
      await tx.run(newCustomer(ours.providerId, "never there"));
      await tx.sql("select 1 / 0").catch(() => undefined);
    });
    expect(await attempt.catch((error: unknown) => (error as Error).message)).toContain("answered ROLLBACK");
    expect(await database.transaction(all, (tx) => tx.all(customers.where("name", "=", "never there")))).toEqual([]);
  });

  test("a tenant that is no id fails before anything is done", async () => {
    const attempt = database.transaction({ providerId: "nobody", customers: "*" }, (tx) => tx.all(customers));
    expect(await attempt.catch((error: unknown) => (error as Error).message)).toContain("uuid");
  });

  test("a transaction cannot be used after its end", async () => {
    const { tx } = await database.transaction(all, async (open) => ({ tx: open }));
    expect(await tx.all(customers).catch((error: unknown) => (error as Error).message)).toContain("the transaction is over");
  });

  test("work after the commit is done after a commit and not after a rollback, and may fail", async () => {
    const done: string[] = [];
    await database.transaction(all, async (tx) => {
      tx.afterCommit(() => done.push("one"));
      tx.afterCommit(() => {
        throw new Error("too late to matter");
      });
      tx.afterCommit(() => done.push("two"));
      expect(done).toEqual([]);
    });
    const failing = database.transaction(all, async (tx) => {
      tx.afterCommit(() => done.push("never"));
      throw new Error("no");
    });
    await failing.catch(() => undefined);
    expect(done).toEqual(["one", "two"]);
  });

  test("a violated unique index is told by its name", async () => {
    const twice = () => database.transaction(all, (tx) => tx.run(newCustomer(ours.providerId, "first customer")));
    const error = await twice().catch((caught: unknown) => caught);
    expect([isUniqueViolation(error, "customer_name"), isUniqueViolation(error), isUniqueViolation(error, "another")]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("many at once, each with its own tenant, never see each other's rows", async () => {
    const counts = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const tenant = index % 2 === 0 ? ours : theirs;
        const rows = await database.transaction({ providerId: tenant.providerId, customers: "*" }, (tx) => tx.all(customers));
        return rows.every((row) => row.provider_id === tenant.providerId) && rows.length === 2;
      }),
    );
    expect(counts).toEqual(Array.from({ length: 60 }, () => true));
  });

  test("one within another is refused in tests, one after another is not", async () => {
    const inner = () => database.unwalled("a test", (tx) => tx.sql("select 1"));
    await expect(database.transaction(all, async () => inner())).rejects.toThrow("within a transaction");
    const later: Promise<unknown>[] = [];
    await database.transaction(all, async (tx) => tx.afterCommit(() => later.push(inner())));
    expect(await Promise.all(later)).toHaveLength(1);
  });

  test("broken connections are replaced", async () => {
    const own = openDatabase({ connections: database.connections, log: silentLogger, poolSizes: { owner: 1, app: 2, ingest: 1 } });
    await own.transaction(all, (tx) => tx.all(customers));
    const cut = own.transaction(all, async (tx) => {
      const [{ pid } = { pid: 0 }] = await tx.sql<{ pid: number }>("select pg_backend_pid() as pid");
      await database.unwalled("a test", (owner) => owner.sql("select 1"));
      await terminate(pid);
      return tx.all(customers);
    });
    expect(await cut.catch(() => "broken")).toBe("broken");
    expect(await own.transaction(all, (tx) => tx.all(customers))).toHaveLength(2);
    expect(await own.ping()).toBe(true);
    await own.close();
  });

  test("a full disk is remembered until bulk writes succeed again", async () => {
    const own = openDatabase({ connections: database.connections, log: silentLogger, poolSizes: { owner: 1, app: 1, ingest: 1 } });
    const fail = (code: string) =>
      own.transaction(all, (tx) => tx.sql(`do $$ begin raise exception using errcode = '${code}'; end $$`)).catch(() => undefined);
    await fail("22000");
    expect(own.isFull()).toBe(false);
    await fail("53100");
    expect(own.isFull()).toBe(true);
    await own.transaction(all, (tx) => tx.all(customers));
    expect(own.isFull()).toBe(true);
    await own.ingest(all, (tx) => tx.sql("select 1"));
    expect(own.isFull()).toBe(false);
    await own.close();
  });

  test("values come as the code wants them", async () => {
    const [row] = await database.unwalled("a test", (tx) =>
      tx.sql<Record<string, unknown>>(
        `select 5::bigint as small, 9007199254740993::bigint as large, '{1,null}'::bigint[] as list, date '2026-03-29' as day, timestamptz '2026-01-01Z' as at, $1::jsonb as body`,
        [json([1, { a: null }])],
      ),
    );
    expect(row).toEqual({
      small: 5,
      large: 9007199254740993n,
      list: [1, null],
      day: "2026-03-29",
      at: new Date("2026-01-01T00:00:00Z"),
      body: [1, { a: null }],
    });
  });
});

/** Ends a backend as the superuser. */
async function terminate(pid: number): Promise<void> {
  const pool = openPool({ ...database.connections.owner, options: "" }, 1, silentLogger);
  await pool.query("select pg_terminate_backend($1)", [pid]);
  await pool.end();
}
