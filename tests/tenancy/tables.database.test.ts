/** Every table, as the catalogue lists them: whose are its rows, and does the wall keep them from everybody else. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { testServices } from "@hauswart/testkit/seed.ts";
import { systemClock } from "@hauswart/server/clock.ts";
import { Client } from "pg";
import { allTables, anyRow, plant, type Table } from "./any-row.ts";

let database: TestDatabase;
let client: Client;
let tables: Table[];
const providerId = newId();
const stranger = newId();
const [own, foreign] = [newId(), newId()];

beforeAll(async () => {
  database = await testDatabase();
  await ensurePartitions(testServices(database, { clock: systemClock }));
  client = new Client({ ...database.connections.owner, options: "-c search_path=hauswart" });
  await client.connect();
  tables = await allTables(client);
  for (const table of tables.filter(isWalled)) {
    for (const customer_id of customersOf(table))
      await plant(client, table, anyRow(table, { provider_id: providerId, ...(hasCustomer(table) ? { customer_id } : {}) }, "row"));
  }
});
afterAll(async () => {
  await client.end();
  await database.close();
});

/** Tables that belong to nobody. Whoever adds one says here why that is right. */
const ownerless: Readonly<Record<string, string>> = {
  sign_in_failure: "asked before anybody is known; holds hashes and network addresses",
  sign_in_challenge: "begun before anybody is known; sealed, and out of reach for the roles that serve",
  server_process: "the processes of this installation",
  installation: "secrets of the installation; out of reach for the roles that serve",
  migration: "which migrations have run; out of reach for the roles that serve",
  backup_run: "backups of the whole installation",
  mailbox: "how far the mailboxes of the whole installation were read",
  history_progress: "how far the housekeeping over all providers has come",
};

const isWalled = ({ owner }: Table) => owner !== undefined && owner !== "none";
const hasCustomer = ({ columns }: Table) => columns.some(({ name }) => name === "customer_id");
const isPerProvider = ({ key }: Table) => key.length === 1 && key[0] === "provider_id";
/** Rows to plant: of both customers, and of the whole provider where there are such. */
function customersOf(table: Table): (Id | null)[] {
  if (!hasCustomer(table)) return [null];
  return table.columns.find(({ name }) => name === "customer_id")!.isRequired ? [own, foreign] : [own, foreign, null];
}

const asTenant = { providerId, customers: [own] };
const all = { providerId, customers: "*" } as const;
const seen = (table: Table, tenant: { providerId: Id; customers: "*" | readonly Id[] }) =>
  database.transaction(tenant, (tx) => tx.sql<{ customer_id?: Id | null; provider_id: Id }>(`select * from hauswart.${table.name}`));
/** What came of a change: the number of rows, or that it was not allowed. */
const attempt = (statement: string, values: unknown[] = [], tenant: { providerId: Id; customers: "*" | readonly Id[] } = asTenant) =>
  database
    .transaction(tenant, (tx) => tx.sql(`${statement} returning 1`, values))
    .then(
      (rows) => rows.length,
      (error: { code?: string }) => (error.code === "42501" ? "refused" : error),
    );

/** Anything but no row at all and a plain no. */
const changedSomething = (outcome: unknown) => outcome !== 0 && outcome !== "refused";

describe("every table", () => {
  test("says whose its rows are; there are some, and those of nobody are known", () => {
    expect(tables.length).toBeGreaterThan(25);
    expect(tables.filter(({ owner }) => owner === undefined).map(({ name }) => name)).toEqual([]);
    expect(
      tables
        .filter(({ owner }) => owner === "none")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(ownerless).sort());
  });

  test("stands behind the wall, its owner too, and its key begins with the provider", () => {
    const walled = tables.filter(isWalled);
    expect(walled.filter((table) => !table.isWalled).map(({ name }) => name)).toEqual([]);
    expect(walled.filter(({ key }) => key[0] !== "provider_id").map(({ name }) => name)).toEqual([]);
    expect(
      walled
        .filter(({ columns }) => !columns.some(({ name, type, isRequired }) => name === "provider_id" && type === "uuid" && isRequired))
        .map(({ name }) => name),
    ).toEqual([]);
  });

  test("of customers says which customer", () => {
    const ofCustomers = tables.filter(({ owner }) => owner === "customer" || owner === "customer-or-provider");
    expect(ofCustomers.filter((table) => !hasCustomer(table)).map(({ name }) => name)).toEqual([]);
  });

  test("is not reached around the wall through its partitions", async () => {
    const { rows } = await client.query<{ relname: string }>(`
      select c.relname from pg_class c where c.relnamespace = 'hauswart'::regnamespace and c.relispartition and not (c.relrowsecurity and c.relforcerowsecurity)
        and (has_table_privilege('hauswart_app', c.oid, 'select, insert, update, delete') or has_table_privilege('hauswart_ingest', c.oid, 'select, insert, update, delete'))`);
    expect(rows).toEqual([]);
    const { rows: partitions } = await client.query(
      "select 1 from pg_class where relnamespace = 'hauswart'::regnamespace and relispartition and relkind = 'r'",
    );
    expect(partitions.length).toBeGreaterThan(3);
  });

  test("is closed to a transaction that has not said for whom it works", async () => {
    const login = new Client({ ...database.connections.app });
    await login.connect();
    try {
      for (const { name } of tables.filter(isWalled)) {
        const outcome = await login.query(`select * from hauswart.${name}`).then(
          ({ rowCount }) => rowCount,
          (error: Error) => error.message,
        );
        expect([name, outcome]).toEqual([name, expect.stringMatching(/app\.(provider|customers)|invalid input syntax for type uuid: ""/)]);
      }
    } finally {
      await login.end();
    }
  });

  test("of the installation is out of reach for the roles that serve", async () => {
    for (const role of ["app", "ingest"] as const) {
      const login = new Client({ ...database.connections[role] });
      await login.connect();
      try {
        for (const name of ["installation", "migration", "sign_in_challenge"])
          expect(await login.query(`select * from hauswart.${name}`).catch((error: Error) => error.message)).toContain("permission denied");
      } finally {
        await login.end();
      }
    }
  });
});

describe("a restricted actor", () => {
  test("reads the own customer's rows, and what the whole provider shares", async () => {
    for (const table of tables.filter(isWalled)) {
      const rows = await seen(table, asTenant);
      const customers = new Set(rows.map(({ customer_id }) => customer_id ?? null));
      const expected = { provider: [null], "provider-secret": [], customer: [own], "customer-or-provider": [own, null] }[table.owner!]!;
      const actual = hasCustomer(table) ? [...customers] : rows.length > 0 ? [null] : [];
      expect([table.name, actual.map(String).sort()]).toEqual([table.name, expected.map(String).sort()]);
    }
  });

  test("changes nothing that is another's or the provider's", async () => {
    for (const table of tables.filter(isWalled)) {
      const notOwn = hasCustomer(table) ? "customer_id is distinct from $1::uuid" : "$1::uuid is not null";
      const outcomes = [
        await attempt(`update hauswart.${table.name} set provider_id = provider_id where ${notOwn}`, [own]),
        await attempt(`delete from hauswart.${table.name} where ${notOwn}`, [own]),
      ];
      expect([table.name, outcomes.filter(changedSomething)]).toEqual([table.name, []]);
    }
  });

  test("puts nothing into another's or the provider's possession", async () => {
    for (const table of tables.filter(isWalled)) {
      for (const customer_id of customersOf(table).filter((id) => id !== own)) {
        const row = anyRow(table, { provider_id: providerId, ...(hasCustomer(table) ? { customer_id } : {}) }, "intruder");
        const names = Object.keys(row);
        const statement = `insert into hauswart.${table.name} (${names.join(", ")}) values (${names.map((_, index) => `$${index + 1}`).join(", ")})`;
        expect([table.name, await attempt(statement, Object.values(row))]).toEqual([table.name, "refused"]);
      }
      if (hasCustomer(table))
        expect([
          table.name,
          await attempt(`update hauswart.${table.name} set customer_id = $1 where customer_id = $2`, [foreign, own]),
        ]).toEqual([table.name, "refused"]);
    }
  });
});

test("an actor for all customers of another provider reads and changes nothing", async () => {
  const elsewhere = { providerId: stranger, customers: "*" } as const;
  for (const table of tables.filter(isWalled)) {
    expect([table.name, (await seen(table, elsewhere)).length]).toEqual([table.name, 0]);
    const outcomes = [
      await attempt(`update hauswart.${table.name} set provider_id = provider_id`, [], elsewhere),
      await attempt(`delete from hauswart.${table.name}`, [], elsewhere),
    ];
    expect([table.name, outcomes.filter(changedSomething)]).toEqual([table.name, []]);
  }
});

test("an actor for all customers reads all of the own provider, so the tests above look at something", async () => {
  for (const table of tables.filter(isWalled)) {
    const rows = await seen(table, all);
    expect([table.name, rows.length]).toEqual([table.name, isPerProvider(table) ? 1 : customersOf(table).length]);
  }
});
