import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { serverCheckId } from "@hauswart/protocol/server-findings.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import { assignCalendar } from "../calendars/assign-calendar.ts";
import { changeCalendar } from "../calendars/change-calendar.ts";
import { listCalendars } from "../calendars/list-calendars.ts";
import type { Context } from "../context.ts";
import { getOverview } from "../devices/get-overview.ts";
import { listFindings } from "../findings/list-findings.ts";
import { startJobQueue } from "../jobs/job-queue.ts";
import { composeMails } from "../mail/compose/compose-mails.ts";
import { parseSettings } from "../settings.ts";
import { isoTime } from "../times.ts";
import { gatherSelfFacts } from "./self-facts.ts";
import { getServerReport } from "./get-server-report.ts";
import { watchSelf } from "./self-report.ts";

let database: TestDatabase;
let tenant: SeededTenant;
let services: TestServices;
let ctx: Context;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  // A folder that is not there: how full the volume of this computer is must not matter.
  services = testServices(database, { settings: { ...parseSettings({}), dataDirectory: "/nowhere" } });
  ctx = contextFor(services, tenant);
  // A house that is well: backed up an hour ago.
  await write(
    "insert into hauswart.backup_run (backup_run_id, occasion, started_at, finished_at, outcome, is_encrypted) values ($1, 'command', $2, $2, 'succeeded', false)",
    [newId(), isoTime(services.clock.now() - 3_600_000)],
  );
});

const write = (text: string, values: readonly unknown[] = []) => database.unwalled("test", (tx) => tx.sql(text, values));
const queueMail = (ageMs: number, state = "queued") =>
  write(
    `insert into hauswart.mail (provider_id, mail_id, message_id, recipients, subject, text_body, html_body, state, created_at, queued_since)
     values ($1, $2, $2::uuid::text, '[]', 's', '', '', $3, $4, $4)`,
    [tenant.providerId, newId(), state, isoTime(services.clock.now() - ageMs)],
  );
const findings = async (state: "current" | "closed" = "current") =>
  (await listFindings({ ctx, input: { state, limit: 100, check: serverCheckId } as never })).items;
const codes = async () => (await getServerReport({ ctx, input: {} })).problems.map(({ code }) => code);

test("mails that wait become one finding of the provider, which closes when they have left", async () => {
  await queueMail(9 * 60_000);
  await watchSelf(services);
  expect(await findings()).toEqual([]);
  await queueMail(11 * 60_000);
  await Promise.all([watchSelf(services), watchSelf(services)]);
  await watchSelf(services);
  expect(await findings()).toMatchObject([
    {
      code: "mail-stuck",
      severity: "failure",
      customerId: null,
      customerName: "Provider",
      deviceId: null,
      siteId: null,
      evidence: { mails: 1 },
    },
  ]);
  const report = await getServerReport({ ctx, input: {} });
  expect(report.problems).toMatchObject([{ code: "mail-stuck", findingId: (await findings())[0]!.findingId }]);
  const overview = await getOverview({ ctx, input: {} });
  expect(overview.findings.failure).toBe(1);
  expect(overview.server.mailStuck).toBe(1);
  expect(overview.broken).toMatchObject([{ customerId: null, customerName: "Provider", failure: 1 }]);
  await write("update hauswart.mail set state = 'sent' where provider_id = $1", [tenant.providerId]);
  await watchSelf(services);
  expect([await findings(), (await findings("closed")).length]).toEqual([[], 1]);
});

test("it is mailed to the owners and to recipients for all customers, not to those of one customer", async () => {
  const account = (email: string, role: string) =>
    write(
      "insert into hauswart.account (provider_id, account_id, email, name, role, language, password_hash) values ($1, $2, $3, $3, $4, 'en', '')",
      [tenant.providerId, newId(), email, role],
    );
  await account(`owner-${tenant.providerId}@hauswart.test`, "owner");
  await account(`former-${tenant.providerId}@hauswart.test`, "owner");
  await write("update hauswart.account set disabled_at = now() where email like 'former-%'");
  await account(`technician-${tenant.providerId}@hauswart.test`, "technician");
  for (const [address, customerId] of [
    ["all@hauswart.test", null],
    ["one@hauswart.test", tenant.first.customerId],
  ] as const)
    await write(
      "insert into hauswart.recipient (provider_id, recipient_id, customer_id, address, language) values ($1, $2, $3, $4, 'en')",
      [tenant.providerId, newId(), customerId, address],
    );
  await queueMail(3_600_000);
  await watchSelf(services);
  await composeMails(services, tenant.providerId);
  const mails = await database.unwalled("test", (tx) =>
    tx.sql<{ subject: string; customer_id: string | null; recipients: { address: string }[] }>(
      "select subject, customer_id, recipients from hauswart.mail where provider_id = $1 and subject <> 's'",
      [tenant.providerId],
    ),
  );
  expect(mails.map(({ subject, customer_id }) => [subject, customer_id])).toEqual([["One mail waits to be sent: Provider", null]]);
  expect(mails[0]!.recipients.map(({ address }) => address).sort()).toEqual([
    "all@hauswart.test",
    `owner-${tenant.providerId}@hauswart.test`,
  ]);
});

test("an actor for one customer neither reads the findings about the server nor its figures", async () => {
  await queueMail(3_600_000);
  await watchSelf(services);
  const restricted = contextFor(services, tenant, { customers: [tenant.first.customerId] });
  expect((await listFindings({ ctx: restricted, input: { state: "current", limit: 100 } as never })).items).toEqual([]);
  expect(await getServerReport({ ctx: restricted, input: {} })).toMatchObject({ facts: null, problems: [] });
});

test("what another provider's mails do is none of this one's business", async () => {
  const other = await seedTenant(database);
  await queueMail(3_600_000);
  await watchSelf(services);
  const theirs = contextFor(services, other);
  expect((await listFindings({ ctx: theirs, input: { state: "current", limit: 100 } as never })).items).toEqual([]);
});

test("messages of three devices in quarantine are the server's fault", async () => {
  for (const name of ["a", "b", "c"]) {
    const deviceId = await seedDevice(database, tenant, tenant.first, name);
    await write(
      `insert into hauswart.quarantined_message (provider_id, quarantined_message_id, customer_id, device_id, stream_id, sequence, received_at, body, error)
       values ($1, $2, $3, $4, $2, 1, $5, '', 'x')`,
      [tenant.providerId, newId(), tenant.first.customerId, deviceId, isoTime(services.clock.now())],
    );
  }
  expect(await codes()).toEqual(["messages-quarantined"]);
});

test("a chore that fails is seen by every process, and no longer once it succeeded", async () => {
  let run = (): Promise<Record<string, unknown>> => Promise.reject(new Error("no broom"));
  const queue = await startJobQueue(services, {
    connection: database.connections.owner,
    chores: [{ name: "sweeping", cron: "0 0 1 1 *", run: () => run() }],
    lookEverySeconds: 0.5,
  });
  const chore = async () =>
    (await gatherSelfFacts(testServices(database), tenant.providerId)).chores.find(({ name }) => name === "sweeping");
  try {
    await queue.runSoon("sweeping");
    await until("the failure", async () => (await chore())?.failure !== undefined);
    const failed = { name: "sweeping", cron: "0 0 1 1 *", scheduledSinceMs: expect.any(Number), failure: "no broom", doneAtMs: undefined };
    expect(await chore()).toEqual(failed);
    const begun = Promise.withResolvers<void>();
    const swept = Promise.withResolvers<Record<string, unknown>>();
    run = () => {
      begun.resolve();
      return swept.promise;
    };
    await write("update hauswart_jobs.job set start_after = now() - interval '1 minute' where name = 'sweeping' and state = 'retry'");
    await begun.promise;
    expect(await chore()).toEqual(failed);
    swept.resolve({});
    await until("success", async () => (await chore())?.failure === undefined);
    expect(await chore()).toMatchObject({ failure: undefined, doneAtMs: expect.any(Number) });
  } finally {
    await queue.stop();
  }
}, 120_000);

test("a service calendar without any working day is told of where it holds, until it has one", async () => {
  const { calendars } = await listCalendars({ ctx, input: {} });
  const { calendarId, name } = calendars.find(({ houseUses }) => houseUses.includes("service"))!;
  const quiet = calendars.find(({ houseUses }) => houseUses.join() === "quiet")!;
  await changeCalendar({ ctx, input: { calendarId: quiet.calendarId, workingDays: [] } });
  await watchSelf(services);
  expect(await codes()).not.toContain("calendar-without-days");
  await changeCalendar({ ctx, input: { calendarId, workingDays: [] } });
  await assignCalendar({ ctx, input: { scope: "site", scopeId: tenant.first.siteId, purpose: "service", calendarId } });
  await watchSelf(services);
  const told = async () => (await findings()).filter(({ code }) => code === "calendar-without-days");
  expect(await told()).toMatchObject([{ subject: name, severity: "warning", evidence: { isHouse: true, places: 1 } }]);
  await changeCalendar({ ctx, input: { calendarId, workingDays: [1] } });
  await watchSelf(services);
  expect(await told()).toEqual([]);
});
