/** What a customer's page lists reads that customer's rows and no others, in a house with many. */
import type { Id } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedTenant, testServices, type SeededTenant } from "@hauswart/testkit/seed.ts";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { listAudit } from "./audit/list-audit.ts";
import { listContacts } from "./contacts/list-contacts.ts";
import type { Context } from "./context.ts";
import type { Database, Tx } from "./database/database.ts";
import { listAlarmDrills } from "./drills/list-alarm-drills.ts";
import { listOutbox } from "./mail/list-outbox.ts";
import { listRepairOrders } from "./repair-orders/list-repair-orders.ts";

const customers = 200;
const perCustomer = 60;
const limit = 20;

let database: TestDatabase;
let tenant: SeededTenant;

beforeAll(async () => {
  database = await testDatabase();
  tenant = await seedTenant(database);
  await database.unwalled("a large house", async (tx) => {
    await tx.sql(
      "insert into hauswart.customer (provider_id, customer_id, name) select $1, uuidv7(), 'Customer ' || n from generate_series(1, $2) n",
      [tenant.providerId, customers],
    );
    for (const rows of manyRows) await tx.sql(rows, [tenant.providerId, perCustomer]);
    await tx.sql("analyze");
  });
}, 60_000);
afterAll(() => database.close());

/** One after the other for all customers, as they come in a house's days. */
const ofAll = "from generate_series(1, $2) n cross join hauswart.customer c where c.provider_id = $1 order by n";
const manyRows = [
  `insert into hauswart.repair_order (provider_id, repair_order_id, customer_id, finding_id, mail_id, language, title, terms, ordered_by, contact, note, address, ordered_at)
   select $1, uuidv7(), c.customer_id, uuidv7(), uuidv7(), 'en', 'Disk is full', '{"kind": "included"}', 'A', '', '', '', now() ${ofAll}`,
  `insert into hauswart.contact (provider_id, contact_id, customer_id, finding_id, title, channel, partner, at, reached, agreed, next_step, recorded_by)
   select $1, uuidv7(), c.customer_id, uuidv7(), 'Disk is full', 'telephone', 'A', now(), true, '', '', 'B' ${ofAll}`,
  `insert into hauswart.mail (provider_id, mail_id, customer_id, message_id, recipients, subject, text_body, html_body, state)
   select $1, uuidv7(), c.customer_id, uuidv7()::text, '[]', 'Disk is full', '', '', 'sent' ${ofAll}`,
  `insert into hauswart.alarm_drill (provider_id, drill_id, customer_id, device_id, device_name, policy_id, started_by, started_at, ended_at, result, cleared_at)
   select $1, uuidv7(), c.customer_id, uuidv7(), 'PC-1', uuidv7(), '{}', now(), now(), 'done', now() ${ofAll}`,
  `insert into hauswart.audit_entry (provider_id, audit_entry_id, customer_id, at, actor, action, subject_kind, subject_id, hash)
   select $1, uuidv7(), c.customer_id, now(), '{"kind": "system", "job": "test"}', 'contact.record', 'contact', '', '' ${ofAll}`,
];

const lists: [string, (ctx: Context, customerId: Id) => Promise<{ items: readonly unknown[] }>][] = [
  ["repair orders", (ctx, customerId) => listRepairOrders({ ctx, input: { customerId, limit } })],
  ["repair orders of a state", (ctx, customerId) => listRepairOrders({ ctx, input: { customerId, state: "open", limit } })],
  ["contacts", (ctx, customerId) => listContacts({ ctx, input: { customerId, limit } })],
  ["mails", (ctx, customerId) => listOutbox({ ctx, input: { customerId, limit } })],
  ["audit entries", (ctx, customerId) => listAudit({ ctx, input: { customerId, limit } })],
  ["alarm drills", (ctx, customerId) => listAlarmDrills({ ctx, input: { customerId, limit } })],
];

test.each(lists)("a customer's %s are found without reading those of others", async (_, list) => {
  const [row] = await database.unwalled("a test", (tx) =>
    tx.sql<{ customer_id: Id }>("select customer_id from hauswart.customer where provider_id = $1 and name = 'Customer 7'", [
      tenant.providerId,
    ]),
  );
  const read: number[] = [];
  const ctx = contextFor(testServices(counting(database, read)), tenant);
  expect((await list(ctx, row!.customer_id)).items).toHaveLength(limit);
  expect(Math.max(...read)).toBeLessThanOrEqual(perCustomer);
});

/** A database that runs what it is asked, and counts the rows that each statement reads, whether they fit or not. */
function counting(inner: Database, read: number[]): Database {
  const count = (tx: Tx): Tx => ({
    ...tx,
    async sql<Row extends object>(text: string, values?: readonly unknown[]) {
      const [plan] = await tx.sql<{ "QUERY PLAN": { Plan: PlanNode }[] }>(`explain (analyze, format json) ${text}`, values);
      read.push(rowsRead(plan!["QUERY PLAN"][0]!.Plan));
      return tx.sql<Row>(text, values);
    },
  });
  return { ...inner, transaction: (of, work) => inner.transaction(of, (tx) => work(count(tx))) };
}

interface PlanNode {
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Of the largest step. */
function rowsRead(node: PlanNode): number {
  const own = (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
  return Math.max(own, ...(node.Plans ?? []).map(rowsRead));
}
