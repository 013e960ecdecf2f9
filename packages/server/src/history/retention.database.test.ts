import type { AuditAction } from "@hauswart/protocol/api/audit-actions.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import { audit } from "../audit/audit.ts";
import { sealAudit } from "../audit/seal-audit.ts";
import { verifyAuditChain } from "../audit/verify-audit-chain.ts";
import type { Context } from "../context.ts";
import { changeSettings } from "../tenancy/change-settings.ts";
import { isoTime } from "../times.ts";
import { ensurePartitions } from "./partitions.ts";
import { previewRetention } from "./preview-retention.ts";
import { forgetByRetention } from "./retention.ts";

const day = 86_400_000;
let database: TestDatabase;
let tenant: SeededTenant;
let services: TestServices;
let ctx: Context;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  services = testServices(database);
  ctx = contextFor(services, tenant);
  await ensurePartitions(services);
});

const write = <Row extends object>(text: string, values: readonly unknown[] = []) =>
  database.unwalled("test", (tx) => tx.sql<Row>(text, [tenant.providerId, ...values]));
const ago = (days: number) => isoTime(services.clock.now() - days * day);
const subjects = async (table: string, column: string) =>
  (await write<{ value: string }>(`select ${column}::text as value from hauswart.${table} where provider_id = $1 order by 1`)).map(
    ({ value }) => value,
  );
const previewed = async (input: Parameters<typeof previewRetention>[0]["input"] = {}) =>
  Object.fromEntries((await previewRetention({ ctx, input })).items.map(({ setting, rows }) => [setting, rows]));

const writeMail = (subject: string, days: number, state = "sent") =>
  write(
    "insert into hauswart.mail (provider_id, mail_id, message_id, recipients, subject, text_body, html_body, state, created_at) values ($1, $2, $2::uuid::text, '[]', $3, '', '', $4, $5)",
    [newId(), subject, state, ago(days)],
  );
const writeFinding = async (subject: string, closedDaysAgo: number | null) => {
  const findingId = newId();
  await write(
    `insert into hauswart.finding (provider_id, finding_id, customer_id, check_id, code, subject, severity, evidence, evidence_at, opened_at, changed_at, closed_at)
     values ($1, $2, $3, 'disk', 'low', $4, 'warning', '{}', $5, $5, $5, $6)`,
    [findingId, tenant.first.customerId, subject, ago(2_000), closedDaysAgo === null ? null : ago(closedDaysAgo)],
  );
  await write(
    "insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor, note) values ($1, $2, $3, $4, $5, 'opened', '{}', $6)",
    [newId(), findingId, tenant.first.customerId, ago(2_000), subject],
  );
};

describe("the chore deletes what the settings say, and the preview counts it before", () => {
  test("mails, but for those that wait", async () => {
    await writeMail("old", 91);
    await writeMail("old but waiting", 91, "queued");
    await writeMail("young", 89);
    expect((await previewed())["mailDays"]).toBe(1);
    expect((await previewed({ mailDays: 80 }))["mailDays"]).toBe(2);
    expect(await subjects("mail", "subject")).toEqual(["old", "old but waiting", "young"]);
    await forgetByRetention(services);
    expect(await subjects("mail", "subject")).toEqual(["old but waiting", "young"]);
    await changeSettings({ ctx, input: { mailDays: 80 } });
    await forgetByRetention(services);
    expect(await subjects("mail", "subject")).toEqual(["old but waiting"]);
  });

  test("closed findings with their history; an open one stays however old", async () => {
    await writeFinding("long closed", 1_200);
    await writeFinding("just closed", 3);
    await writeFinding("open", null);
    expect((await previewed())["findingMonths"]).toBe(1);
    await forgetByRetention(services);
    expect(await subjects("finding", "subject")).toEqual(["just closed", "open"]);
    expect(await subjects("finding_event", "note")).toEqual(["just closed", "open"]);
  });

  test("AV-3 records of rounds, which are kept as long as findings unless somebody says otherwise", async () => {
    const deviceId = await seedDevice(database, tenant, tenant.first, "computer");
    for (const days of [1, 400, 1_200])
      await write(
        `insert into hauswart.round_record (provider_id, device_id, check_id, day, customer_id, site_id, check_number, due_at, ends_at, opened_at, state, result, detail)
         values ($1, $2, 'antivirus-status', $3::timestamptz::date, $4, $5, 0, $3, $3, $3, 'done', 'ok', $6)`,
        [deviceId, ago(days), tenant.first.customerId, tenant.first.siteId, `${days} days`],
      );
    expect((await previewed())["roundMonths"]).toBe(1);
    expect((await previewed({ roundMonths: 12 }))["roundMonths"]).toBe(2);
    await forgetByRetention(services);
    expect(await subjects("round_record", "detail")).toEqual(["1 days", "400 days"]);
    await changeSettings({ ctx, input: { roundMonths: 12 } });
    await forgetByRetention(services);
    expect(await subjects("round_record", "detail")).toEqual(["1 days"]);
  });

  test("messages in quarantine", async () => {
    for (const days of [1, 100])
      await write(
        `insert into hauswart.quarantined_message (provider_id, quarantined_message_id, customer_id, device_id, stream_id, sequence, received_at, body, error)
         values ($1, $2, $3, $2, $2, 1, $4, '', $5)`,
        [newId(), tenant.first.customerId, ago(days), `${days} days`],
      );
    expect((await previewed())["quarantineDays"]).toBe(1);
    await forgetByRetention(services);
    expect(await subjects("quarantined_message", "error")).toEqual(["1 days"]);
  });

  test("sessions that are over, never one that can still be used", async () => {
    const accountId = newId();
    await write(
      "insert into hauswart.account (provider_id, account_id, email, name, role, password_hash) values ($1, $2, $3, '', 'owner', '')",
      [accountId, `${accountId}@hauswart.test`],
    );
    const session = (name: string, createdDays: number, endedDays: number | null, expiresDays: number) =>
      write(
        `insert into hauswart.session (provider_id, session_id, account_id, token_hash, created_at, expires_at, ended_at, address, user_agent)
         values ($1, $2, $3, $4, $5, $6, $7, '', $8)`,
        [newId(), accountId, Buffer.from(newId()), ago(createdDays), ago(expiresDays), endedDays === null ? null : ago(endedDays), name],
      );
    await session("ended long ago", 200, 150, -1);
    await session("expired long ago", 200, null, 150);
    await session("ended lately", 200, 2, -1);
    await session("in use", 200, null, -1);
    expect((await previewed())["sessionDays"]).toBe(2);
    await forgetByRetention(services);
    expect(await subjects("session", "user_agent")).toEqual(["ended lately", "in use"]);
  });

  test("samples of this provider alone", async () => {
    const other = await seedTenant(database);
    for (const { providerId, first } of [tenant, other])
      await database.unwalled("test", (tx) =>
        tx.sql(
          "insert into hauswart.sample_outcome (provider_id, device_id, check_number, at, customer_id, kind) values ($1, $2, 0, $3, $4, 'failed')",
          [providerId, newId(), ago(20), first.customerId],
        ),
      );
    await changeSettings({ ctx, input: { rawSampleDays: 10 } });
    await forgetByRetention(services);
    const left = await database.unwalled("test", (tx) =>
      tx.sql<{ provider_id: string }>("select provider_id from hauswart.sample_outcome where provider_id = any($1::uuid[])", [
        [tenant.providerId, other.providerId],
      ]),
    );
    expect(left).toEqual([{ provider_id: other.providerId }]);
  });
});

test("a removed device goes when nothing of it is kept any more, and not before", async () => {
  const device = async (name: string, revokedDaysAgo: number | null) => {
    const deviceId = await seedDevice(database, tenant, tenant.first, name);
    if (revokedDaysAgo !== null)
      await write("update hauswart.device set lifecycle = 'revoked', revoked_at = $3 where provider_id = $1 and device_id = $2", [
        deviceId,
        ago(revokedDaysAgo),
      ]);
    return deviceId;
  };
  await device("in use", null);
  await device("removed lately", 300);
  await device("removed long ago", 1_200);
  const kept = await device("removed long ago, with an open finding", 1_200);
  const proven = await device("removed long ago, with a record of a round", 1_200);
  await write(
    `insert into hauswart.round_record (provider_id, device_id, check_id, day, customer_id, site_id, check_number, due_at, ends_at, opened_at, state, result)
     values ($1, $2, 'antivirus-status', $3::timestamptz::date, $4, $5, 0, $3, $3, $3, 'done', 'ok')`,
    [proven, ago(1_000), tenant.first.customerId, tenant.first.siteId],
  );
  await writeFinding("open", null);
  await write("update hauswart.finding set device_id = $2 where provider_id = $1", [kept]);
  await forgetByRetention(services);
  expect(await subjects("device", "name")).toEqual([
    "in use",
    "removed lately",
    "removed long ago, with a record of a round",
    "removed long ago, with an open finding",
  ]);
  expect((await subjects("device_link", "device_id")).length).toBe(4);
});

describe("the audit log", () => {
  const act = (action: string) =>
    database.transaction(ctx, (tx) =>
      audit(tx, ctx, { action: action as AuditAction, subject: { kind: "device", id: "1" }, customerId: tenant.first.customerId }),
    );
  const age = (sealNumber: number, days: number) =>
    write("update hauswart.audit_seal set sealed_at = $2 where provider_id = $1 and seal_number = $3", [ago(days), sealNumber]);
  // A row waits for its seal while any older transaction runs, of whichever database of this PostgreSQL.
  const sealAll = () =>
    until("every seal", async () => {
      await sealAudit(database);
      return (await write("select 1 from hauswart.audit_entry where provider_id = $1 and position is null")).length === 0;
    });
  const problems = async () => (await verifyAuditChain(database, tenant.providerId)).problems;
  beforeEach(async () => {
    for (const action of ["first", "second", "third"]) {
      await act(action);
      await sealAll();
    }
    await age(1, 5_000);
    await age(2, 4_000);
    await age(3, 5);
  });

  test("loses whole seals, says so in itself, and is verified from its start for ever", async () => {
    expect((await previewed())["auditMonths"]).toBe(2);
    await forgetByRetention(services);
    expect(await subjects("audit_entry", "action")).toEqual(["audit.forget", "third"]);
    expect(await problems()).toEqual([]);
    await sealAll();
    expect(await problems()).toEqual([]);
    expect(await forgetByRetention(services)).toBe(0);
    await age(3, 5_000);
    await forgetByRetention(services);
    await sealAll();
    expect(await problems()).toEqual([]);
  });

  test("rows that were deleted without that statement are missing, and a seal that was changed is broken", async () => {
    await write("delete from hauswart.audit_entry where provider_id = $1 and position = 1");
    await write("update hauswart.audit_seal set forgotten_at = now() where provider_id = $1 and seal_number = 1");
    expect(await problems()).toContainEqual({ kind: "entry-missing", position: 1 });
    await forgetByRetention(services);
    await write("update hauswart.audit_seal set root = head where provider_id = $1 and seal_number = 1");
    expect(await problems()).toContainEqual({ kind: "seal-broken", sealNumber: 1 });
  });
});

test("an actor for some customers, or without the right, is told nothing of what is kept", async () => {
  expect(await codeOf(previewRetention({ ctx: contextFor(services, tenant, { customers: [tenant.first.customerId] }), input: {} }))).toBe(
    "FORBIDDEN",
  );
  expect(await codeOf(previewRetention({ ctx: contextFor(services, tenant, { scopes: new Set(["devices:read"]) }), input: {} }))).toBe(
    "FORBIDDEN",
  );
});
