/** What lists ask of calendars does not grow with what they list: statements are counted for few and for many. */
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import judgedChecks from "@hauswart/features/registry/server.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { listDueContacts } from "../contacts/list-due-contacts.ts";
import type { Context } from "../context.ts";
import type { Database, Tx } from "../database/database.ts";
import { listDevices } from "../devices/list-devices.ts";
import { getRounds } from "../rounds/get-rounds.ts";
import { listRoundRecords } from "../rounds/list-round-records.ts";
import { settleRounds } from "../rounds/settle-rounds.ts";
import { isoTime } from "../times.ts";
import { calendarsOf, followCalendars } from "./calendars-of.ts";
import { getCalendarsInForce } from "./get-calendars-in-force.ts";

setDefaultTimeout(60_000);
const checks = new Map(judgedChecks.map((judged) => [judged.definition.id, judged]));

let database: TestDatabase;
let statements: number;
let services: TestServices;
let tenant: SeededTenant;
let ctx: Context;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  services = countedServices();
  ctx = contextFor(services, tenant);
});

const countedServices = () => testServices(counted(database), { checks });

/** The same database; each statement of its transactions counts. */
function counted(real: Database): Database {
  const count =
    (work: (tx: Tx) => Promise<unknown>) =>
    (tx: Tx): Promise<unknown> =>
      work({
        all: (statement) => (statements++, tx.all(statement)),
        first: (statement) => (statements++, tx.first(statement)),
        run: (statement) => (statements++, tx.run(statement)),
        sql: (text, values) => (statements++, tx.sql(text, values)),
        afterCommit: (after) => tx.afterCommit(after),
      });
  return {
    transaction: (owner, work) => real.transaction(owner, count(work)) as never,
    ingest: (owner, work) => real.ingest(owner, count(work)) as never,
    unwalled: (reason, work) => real.unwalled(reason, count(work)) as never,
    ping: () => real.ping(),
    isFull: () => real.isFull(),
    close: () => real.close(),
  };
}

const statementsOf = async (work: () => Promise<unknown>): Promise<number> => {
  statements = 0;
  await work();
  return statements;
};

/** Sites with a calendar of their own, each with a device whose round has just been opened. */
async function addPlaces(howMany: number): Promise<void> {
  const { customerId } = tenant.first;
  const [{ calendar_id: calendarId } = { calendar_id: "" }] = await database.unwalled("test", (tx) =>
    tx.sql<{ calendar_id: string }>("select calendar_id from hauswart.calendar where provider_id = $1 limit 1", [tenant.providerId]),
  );
  for (let index = 0; index < howMany; index++) {
    const siteId = newId();
    await database.unwalled("test", async (tx) => {
      await tx.sql("insert into hauswart.site (provider_id, site_id, customer_id, name) values ($1, $2, $3, $2::uuid::text)", [
        tenant.providerId,
        siteId,
        customerId,
      ]);
      await tx.sql(
        "insert into hauswart.calendar_assignment (provider_id, purpose, scope, scope_id, customer_id, calendar_id) values ($1, 'service', 'site', $2, $3, $4)",
        [tenant.providerId, siteId, customerId, calendarId],
      );
    });
    const deviceId = await seedDevice(database, tenant, { ...tenant.first, siteId }, `pc-${siteId}`);
    const now = isoTime(services.clock.now());
    await database.unwalled("test", (tx) =>
      tx.sql(
        `insert into hauswart.round_record (provider_id, device_id, check_id, day, customer_id, site_id, check_number, due_at, ends_at, opened_at, state)
         values ($1, $2, 'antivirus-status', $3::timestamptz::date, $4, $5, 0, $3, $3::timestamptz + interval '8 hours', $3, 'waiting')`,
        [tenant.providerId, deviceId, now, customerId, siteId],
      ),
    );
  }
  // What they make the server read again is not the question's own.
  const readAgain = new Promise<void>((resolve) => {
    const end = followCalendars(services, () => (end(), resolve()));
  });
  services.bus.publish("calendars-changed", { providerId: tenant.providerId });
  await readAgain;
}

const questions: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["calendars read anew", () => calendarsOf(countedServices(), tenant.providerId)],
  ["calendars of a customer and its sites", () => getCalendarsInForce({ ctx, input: { customerId: tenant.first.customerId } })],
  ["the list of devices", () => listDevices({ ctx, input: { limit: 200, sort: "name" } })],
  ["the last rounds", () => getRounds({ ctx, input: {} })],
  ["records of rounds", () => listRoundRecords({ ctx, input: { limit: 200, separator: "comma" } })],
  ["due contacts", () => listDueContacts({ ctx, input: {} })],
];

test("lists ask as many statements for forty places as for two", async () => {
  await calendarsOf(services, tenant.providerId);
  await addPlaces(2);
  const few: number[] = [];
  for (const [, ask] of questions) few.push(await statementsOf(ask));
  await addPlaces(38);
  const many: number[] = [];
  for (const [, ask] of questions) many.push(await statementsOf(ask));
  expect(Math.min(...few)).toBeGreaterThan(0);
  expect(questions.map(([name], index) => [name, many[index]])).toEqual(questions.map(([name], index) => [name, few[index]!]));
  const { sites } = await getCalendarsInForce({ ctx, input: { customerId: tenant.first.customerId } });
  expect(sites.filter(({ calendars }) => calendars.some(({ from }) => from === "site"))).toHaveLength(40);
});

test("AV-3 a round of forty devices is settled in as many statements as one of two", async () => {
  const calendars = await calendarsOf(services, tenant.providerId);
  const settle = async () => {
    let settled = 0;
    services.clock.advance(11 * 60_000);
    const asked = await statementsOf(() =>
      services.database.transaction(ctx, async (tx) => {
        settled = await settleRounds(tx, { services, providerId: tenant.providerId, calendars });
      }),
    );
    return [settled, asked];
  };
  await addPlaces(2);
  const [two, few] = await settle();
  await addPlaces(40);
  const [forty, many] = await settle();
  expect([two, forty]).toEqual([2, 40]);
  expect(many).toBe(few);
});
