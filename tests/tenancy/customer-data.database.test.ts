import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import type { Reach } from "@hauswart/protocol/api/models.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedPerson } from "@hauswart/testkit/people.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import { Client } from "pg";
import { allTables, anyRow, plant, type Table } from "./any-row.ts";
import { getAccount } from "@hauswart/server/access/accounts/get-account.ts";
import { acceptInvitation } from "@hauswart/server/access/invitations/accept-invitation.ts";
import { hashOfToken, newToken } from "@hauswart/server/access/tokens.ts";
import { audit } from "@hauswart/server/audit/audit.ts";
import { sealAudit } from "@hauswart/server/audit/seal-audit.ts";
import { verifyAuditChain } from "@hauswart/server/audit/verify-audit-chain.ts";
import type { Topics } from "@hauswart/server/bus/bus.ts";
import type { Context } from "@hauswart/server/context.ts";
import { encodeDay } from "@hauswart/server/history/packed-day.ts";
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { changePolicy } from "@hauswart/server/policies/change-policy.ts";
import { createPolicy } from "@hauswart/server/policies/create-policy.ts";
import { deletePolicy } from "@hauswart/server/policies/delete-policy.ts";
import { customerTables, type CustomerTable } from "@hauswart/server/tenancy/customer-data/customer-tables.ts";
import { eraseCustomer } from "@hauswart/server/tenancy/customer-data/erase-customer.ts";
import { exportCustomer } from "@hauswart/server/tenancy/customer-data/export-customer.ts";
import { listErasures } from "@hauswart/server/tenancy/customer-data/list-erasures.ts";
import { runErasures } from "@hauswart/server/tenancy/customer-data/run-erasures.ts";

let database: TestDatabase;
let client: Client;
let tables: Table[];
let services: TestServices;
beforeAll(async () => {
  database = await testDatabase();
  services = testServices(database);
  await ensurePartitions(services);
  client = new Client({ ...database.connections.owner, options: "-c search_path=hauswart" });
  await client.connect();
  tables = await allTables(client);
}, 60_000);
afterAll(async () => {
  await client.end();
  await database.close();
});

const column = (table: Table, name: string) => table.columns.some((one) => one.name === name);
const isOfCustomers = (table: Table) =>
  column(table, "customer_id") || column(table, "customer_ids") || (column(table, "device_id") && table.name !== "customer_erasure");
const tableOf = (name: string) => tables.find((table) => table.name === name)!;
const count = async (table: string, where: string, values: readonly unknown[]) =>
  Number((await client.query<{ count: string }>(`select count(*) from hauswart.${table} where ${where}`, [...values])).rows[0]!.count);

/** Views name their customer in an address. */
const besides = ["saved_view"];

test("every table that the database has for customers or devices is in the list, and each column that it needs", () => {
  expect([...new Set(customerTables.map(({ table }) => table))].filter((table) => !besides.includes(table)).sort()).toEqual(
    tables
      .filter(isOfCustomers)
      .map(({ name }) => name)
      .sort(),
  );
  for (const { table, byDevice, secret = [] } of customerTables) {
    if (byDevice) expect([table, column(tableOf(table), "device_id")]).toEqual([table, true]);
    for (const name of secret) expect([table, name, column(tableOf(table), name)]).toEqual([table, name, true]);
  }
});

test("nothing that lets somebody in is exported", () => {
  const names = customerTables.flatMap(({ table, exported, secret = [] }) =>
    exported === "rows" ? tableOf(table).columns.map(({ name }) => ({ table, name, isSecret: secret.includes(name) })) : [],
  );
  expect(
    names.filter(
      ({ table, name, isSecret }) =>
        /secret|token|password|access_link/.test(name) && !isSecret && name !== "enrolment_token_id" && table !== "audit_entry",
    ),
  ).toEqual([]);
});

/** A row in every table, for both customers; and a real device with packed values. */
async function fill(tenant: SeededTenant): Promise<{ ctx: Context; deviceId: Id; mark: string }> {
  const { providerId } = tenant;
  const ctx = contextFor(services, tenant);
  const mark = `mark-${newId()}`;
  let deviceId: Id = "";
  for (const customer of [tenant.second, tenant.first]) {
    deviceId = await seedDevice(database, tenant, customer, `${mark} device`);
    const now = new Date(services.clock.now());
    const special = ["sample_packed", "sample_rollup", "check_instance", "sample_batch", "audit_entry"];
    for (const table of tables.filter((one) => column(one, "customer_id") && !special.includes(one.name))) {
      const given = {
        provider_id: providerId,
        customer_id: customer.customerId,
        ...(column(table, "device_id") ? { device_id: deviceId } : {}),
        ...(column(table, "received_at") ? { received_at: now } : {}),
      };
      // Some rows come with the device.
      const isThere = await count(table.name, "provider_id = $1 and customer_id = $2", [providerId, customer.customerId]);
      if (isThere === 0) await plant(client, table, anyRow(table, given, mark));
    }
    await plant(client, tableOf("packed_device"), { provider_id: providerId, device_id: deviceId, received_day: now });
    const view = { provider_id: providerId, search: `customer=${customer.customerId}&state=failure` };
    await plant(client, tableOf("saved_view"), anyRow(tableOf("saved_view"), view, mark));
    await plant(
      client,
      tableOf("check_instance"),
      anyRow(
        tableOf("check_instance"),
        { provider_id: providerId, device_id: deviceId, customer_id: customer.customerId, number: 0, check_id: "tank" },
        mark,
      ),
    );
    const day = encodeDay({
      timesMs: Float64Array.of(now.getTime()),
      facts: Float64Array.of(0),
      fields: new Map([["levelPercent", Float64Array.of(42)]]),
    });
    await plant(client, tableOf("sample_packed"), {
      provider_id: providerId,
      device_id: deviceId,
      check_number: 0,
      day: now,
      subject: "A",
      customer_id: customer.customerId,
      sample_count: 1,
      value_count: 1,
      body: day,
    });
    await database.transaction(ctx, (tx) =>
      audit(tx, ctx, {
        action: "device.change",
        subject: { kind: "device", id: deviceId },
        customerId: customer.customerId,
        detail: { name: mark },
      }),
    );
    await plant(
      client,
      tableOf("api_key"),
      anyRow(tableOf("api_key"), { provider_id: providerId, scopes: "{}", customer_ids: `{${customer.customerId}}` }, "key"),
    );
  }
  await sealAudit(database);
  return { ctx, deviceId, mark };
}

/** Members of a tar archive by name: blocks of 512 bytes, a header and then the content (POSIX.1-1988). */
async function members(stream: ReadableStream<Uint8Array>): Promise<Map<string, string>> {
  const tar = gunzipSync(Buffer.concat(await Array.fromAsync(stream as unknown as AsyncIterable<Uint8Array>)));
  const found = new Map<string, string>();
  for (let at = 0; tar[at];) {
    const text = (from: number, length: number) => tar.toString("utf8", at + from, at + from + length).replace(/\0.*$/s, "");
    const [name, size] = [text(0, 100), Number.parseInt(text(124, 12), 8)];
    found.set(name, tar.toString("utf8", at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

describe("a customer", () => {
  test("is exported whole, with its values spelt out, and without a word of another", async () => {
    const tenant = await seedTenant(database);
    const { ctx, deviceId } = await fill(tenant);
    const files = await members(await exportCustomer({ ctx, input: { customerId: tenant.first.customerId } }));
    const folders = new Set([...files.keys()].map((name) => name.split("/")[0]));
    for (const { table, exported } of customerTables) if (exported === "rows") expect([table, folders.has(table)]).toEqual([table, true]);
    const day = [...files].find(([name]) => name.startsWith(`samples/${deviceId}/0/`))!;
    expect(JSON.parse(day[1].trim())).toMatchObject({ subject: "A", values: { levelPercent: 42 } });
    const all = [...files.values()].join("\n");
    expect(all).not.toContain(tenant.second.customerId);
    const manifest = JSON.parse(files.get("manifest.json")!) as { members: { name: string; rows: number }[] };
    expect(manifest.members.map(({ name }) => name).sort()).toEqual([...files.keys()].filter((name) => name !== "manifest.json").sort());
    for (const { name, rows } of manifest.members) expect([name, files.get(name)!.trim().split("\n").length]).toEqual([name, rows]);
  }, 120_000);

  test("is erased from every table, its agents are told, the other stays, and the audit log still holds", async () => {
    const tenant = await seedTenant(database);
    const { ctx, deviceId, mark } = await fill(tenant);
    const { customerId, name } = tenant.first;
    const before = new Map<CustomerTable, number>();
    for (const one of customerTables) before.set(one, await count(one.table, one.own, [tenant.providerId, tenant.second.customerId]));
    const gone: Topics["device-disconnect"][] = [];
    const unsubscribe = services.bus.subscribe("device-disconnect", (message) => void gone.push(message));
    expect(await codeOf(eraseCustomer({ ctx, input: { customerId, name: "Another" } }))).toBe("INVALID_REQUEST");
    expect(await count("device", "customer_id = $1 and lifecycle = 'revoked'", [customerId])).toBe(0);
    await eraseCustomer({ ctx, input: { customerId, name } });
    expect(gone).toContainEqual({ providerId: tenant.providerId, deviceId, code: "EPOCH_OUTDATED" });
    unsubscribe();
    expect(await codeOf(eraseCustomer({ ctx, input: { customerId, name } }))).toBe("CONFLICT");
    expect(await runErasures(services)).toBe(0);
    services.clock.advance(61_000);
    expect(await runErasures(services)).toBe(1);
    for (const one of customerTables) {
      const { table, own, erase } = one;
      const blank = typeof erase === "object" ? ` and not (${erase.unless})` : "";
      expect([table, await count(table, own + blank, [tenant.providerId, customerId])]).toEqual([table, 0]);
      expect([table, await count(table, own, [tenant.providerId, tenant.second.customerId])]).toEqual([table, before.get(one)!]);
    }
    const { rows } = await client.query<{ detail: unknown }>(
      "select detail from hauswart.audit_entry where provider_id = $1 and customer_id = $2",
      [tenant.providerId, customerId],
    );
    expect(JSON.stringify(rows)).not.toContain(mark);
    await sealAudit(database);
    expect((await verifyAuditChain(database, tenant.providerId)).problems).toEqual([]);
    const { items } = await listErasures({ ctx, input: { limit: 10 } });
    expect(items).toMatchObject([{ customerId, name: null, finishedAt: expect.any(String), lastError: null }]);
    expect(items[0]!.stepsDone).toBe(items[0]!.stepsTotal);
    expect(await runErasures(services)).toBe(0);
  }, 120_000);

  test("is erased from mails over several customers too, once they have left, and with what the house found about it", async () => {
    const tenant = await seedTenant(database);
    const { providerId } = tenant;
    const ctx = contextFor(services, tenant);
    const { customerId, name } = tenant.first;
    const finding = async (own: Record<string, unknown>) => {
      const finding_id = newId();
      await plant(client, tableOf("finding"), anyRow(tableOf("finding"), { provider_id: providerId, finding_id, ...own }, name));
      return finding_id;
    };
    const ofCustomer = await finding({ customer_id: customerId, site_id: tenant.first.siteId });
    const ofOther = await finding({ customer_id: tenant.second.customerId, site_id: tenant.second.siteId });
    const ofHouse = await finding({ customer_id: null, check_id: "server", code: "drill-failed", evidence: { customerId } });
    const mail = async (state: string, ...finding_ids: Id[]) => {
      const mail_id = newId();
      const row = { provider_id: providerId, mail_id, customer_id: null, site_id: null, state, finding_ids: `{${finding_ids.join()}}` };
      await plant(client, tableOf("mail"), anyRow(tableOf("mail"), row, name));
      return mail_id;
    };
    const shared = await mail("sent", ofCustomer, ofOther);
    const aboutDrill = await mail("sent", ofHouse);
    const others = await mail("sent", ofOther);
    const waiting = await mail("queued", ofCustomer, ofOther);
    const texts = async (mailId: Id) =>
      (await client.query("select subject, text_body, html_body, finding_ids from hauswart.mail where mail_id = $1", [mailId])).rows;
    const before = await texts(others);
    await eraseCustomer({ ctx, input: { customerId, name } });
    services.clock.advance(61_000);
    expect(await runErasures(services)).toBe(0);
    expect((await listErasures({ ctx, input: { limit: 1 } })).items[0]!.lastError).toContain("waits to be sent");
    expect(await count("customer", "customer_id = $1", [customerId])).toBe(1);
    await client.query("update hauswart.mail set state = 'sent' where mail_id = $1", [waiting]);
    // Written by something that had read the findings before they went.
    const late = await mail("queued", newId(), ofOther);
    await client.query("update hauswart.mail set created_at = $2 where mail_id = $1", [late, new Date(services.clock.now())]);
    services.clock.advance(61_000);
    expect(await runErasures(services)).toBe(0);
    await client.query("update hauswart.mail set state = 'sent' where mail_id = $1", [late]);
    services.clock.advance(61_000);
    expect(await runErasures(services)).toBe(1);
    for (const mailId of [shared, aboutDrill, waiting, late])
      expect(await texts(mailId)).toEqual([{ subject: "–", text_body: "", html_body: "", finding_ids: [] }]);
    expect(await texts(others)).toEqual(before);
    expect(await count("finding", "finding_id = any($1::uuid[])", [[ofCustomer, ofHouse]])).toBe(0);
    expect(await count("finding", "finding_id = $1", [ofOther])).toBe(1);
  }, 120_000);

  test("leaves no name in what the log says of the house's policies", async () => {
    const tenant = await seedTenant(database);
    const { providerId, first } = tenant;
    const ctx = contextFor(services, tenant);
    const mark = `mark-${newId()}`;
    const deviceId = await seedDevice(database, tenant, first, `${mark} device`);
    await client.query("update hauswart.site set name = $2 where site_id = $1", [first.siteId, `${mark} site`]);
    await client.query("update hauswart.customer set name = $2 where customer_id = $1", [first.customerId, `${mark} customer`]);
    const assignments = [
      { scope: "customer", scopeId: first.customerId },
      { scope: "device", scopeId: deviceId },
      { scope: "site", scopeId: first.siteId },
    ] as const;
    const input = { name: "House", customerId: null, checks: [], assignments: [...assignments] };
    const { policyId, revision } = await createPolicy({ ctx, input });
    await changePolicy({ ctx, input: { policyId, revision, name: "Of the house" } });
    await deletePolicy({ ctx, input: { policyId } });
    const { rows } = await client.query<{ action: string; detail: unknown }>(
      "select action, detail from hauswart.audit_entry where provider_id = $1 and action like 'policy.%' order by action",
      [providerId],
    );
    expect(rows).toMatchObject([
      { action: "policy.change", detail: { before: { assignments } } },
      { action: "policy.create" },
      { action: "policy.delete", detail: { assignments } },
    ]);
    await eraseCustomer({ ctx, input: { customerId: first.customerId, name: `${mark} customer` } });
    services.clock.advance(61_000);
    expect(await runErasures(services)).toBe(1);
    expect(await count("audit_entry", "provider_id = $1 and detail::text like $2", [providerId, `%${mark}%`])).toBe(0);
  }, 120_000);

  test("takes the settings with it by which only its values were judged: they name what was watched", async () => {
    const tenant = await seedTenant(database);
    const { providerId, first, second } = tenant;
    const ctx = contextFor(services, tenant);
    const [own, other] = [await seedDevice(database, tenant, first), await seedDevice(database, tenant, second)];
    const period = (device_id: Id, customer_id: Id, settings_key: string) =>
      plant(
        client,
        tableOf("check_settings_period"),
        anyRow(tableOf("check_settings_period"), { provider_id: providerId, device_id, customer_id, settings_key, kind: "started" }, "x"),
      );
    for (const settings_key of ["own", "shared", "later"]) {
      const row = { provider_id: providerId, settings_key, instance: `https://${settings_key}.example` };
      await plant(client, tableOf("check_settings"), anyRow(tableOf("check_settings"), row, "x"));
      if (settings_key !== "later") await period(own, first.customerId, settings_key);
    }
    await period(other, second.customerId, "shared");
    await eraseCustomer({ ctx, input: { customerId: first.customerId, name: first.name } });
    services.clock.advance(61_000);
    // A commit of another device that has found its settings there and is not done yet.
    await client.query("begin");
    await client.query(
      "insert into hauswart.check_settings select * from hauswart.check_settings where settings_key = 'later' on conflict do nothing",
    );
    await client.query("update hauswart.check_settings_period set noted_at = noted_at - interval '1 day' where device_id = $1", [other]);
    await period(other, second.customerId, "later");
    const erasing = runErasures(services);
    await until("the erasure to wait for that commit", async () => {
      const { rows } = await client.query(
        `select from pg_locks where not granted and relation = 'hauswart.check_settings'::regclass
           and database = (select oid from pg_database where datname = current_database())`,
      );
      return rows.length > 0;
    });
    await client.query("commit");
    expect(await erasing).toBe(1);
    const { rows } = await client.query<{ settings_key: string }>(
      "select settings_key from hauswart.check_settings where provider_id = $1 order by settings_key",
      [providerId],
    );
    expect(rows.map(({ settings_key }) => settings_key)).toEqual(["later", "shared"]);
  }, 120_000);

  test("that is erased by a process that dies is erased to the end by another one", async () => {
    const tenant = await seedTenant(database);
    const { ctx } = await fill(tenant);
    const { customerId, name } = tenant.first;
    await eraseCustomer({ ctx, input: { customerId, name } });
    await client.query("update hauswart.customer_erasure set claimed_until = $2, steps_done = 3, steps_total = 40 where erased_id = $1", [
      customerId,
      new Date(services.clock.now() + 90_000),
    ]);
    services.clock.advance(70_000);
    expect(await runErasures(services)).toBe(0);
    services.clock.advance(30_000);
    expect(await runErasures(services)).toBe(1);
    expect(await count("customer", "customer_id = $1", [customerId])).toBe(0);
  }, 120_000);

  test("is taken out of what accounts and invitations reach: who had nobody else reaches nobody, who had all others has all", async () => {
    const tenant = await seedTenant(database);
    const { providerId, first, second } = tenant;
    const ctx = contextFor(services, tenant);
    const reaches = [
      { before: { mode: "include", customerIds: [first.customerId] }, after: { mode: "include", customerIds: [] } },
      {
        before: { mode: "include", customerIds: [first.customerId, second.customerId] },
        after: { mode: "include", customerIds: [second.customerId] },
      },
      { before: { mode: "exclude", customerIds: [first.customerId] }, after: { mode: "all", customerIds: [] } },
      {
        before: { mode: "exclude", customerIds: [first.customerId, second.customerId] },
        after: { mode: "exclude", customerIds: [second.customerId] },
      },
    ] as const satisfies { before: Reach; after: Reach }[];
    const made = [];
    for (const [index, { before }] of reaches.entries()) {
      const person = await seedPerson(services, tenant, { reach: before });
      const token = newToken("invitation");
      const row = {
        provider_id: providerId,
        reach: before.mode,
        customer_ids: `{${before.customerIds.join()}}`,
        token_hash: hashOfToken(token),
      };
      const invited = {
        ...row,
        email: `invited-${index}@hauswart.test`,
        role: "technician",
        expires_at: new Date(services.clock.now() + 3_600_000),
      };
      await plant(client, tableOf("invitation"), anyRow(tableOf("invitation"), invited, "invited"));
      made.push({ person, token });
    }
    const told: unknown[] = [];
    const unsubscribe = services.bus.subscribe("access-changed", ({ actorIds }) => void told.push(...actorIds));
    await eraseCustomer({ ctx, input: { customerId: first.customerId, name: first.name } });
    services.clock.advance(61_000);
    expect(await runErasures(services)).toBe(1);
    unsubscribe();
    expect(await count("customer", "customer_id = $1", [first.customerId])).toBe(0);
    for (const [index, { after }] of reaches.entries()) {
      const { person, token } = made[index]!;
      expect((await getAccount({ ctx, input: { accountId: person.accountId } })).reach).toEqual(after);
      const input = { token, name: "Invited", password: "a good long password" };
      expect(
        (await acceptInvitation({ caller: { services, address: "192.0.2.7", userAgent: "test", token: undefined }, input })).reach,
      ).toEqual(after);
    }
    // Who reaches more than before is on record, and told at once.
    const widened = made[2]!.person;
    expect(told).toEqual([widened.accountId]);
    const { rows } = await client.query(
      "select subject_id, detail from hauswart.audit_entry where provider_id = $1 and action = 'account.change'",
      [providerId],
    );
    expect(rows).toEqual([
      {
        subject_id: widened.accountId,
        detail: { email: widened.email, before: { reach: "exclude" }, after: { reach: "all" }, because: "customer.erase" },
      },
    ]);
  }, 120_000);

  test("is neither exported nor erased by actors for some customers or without the right", async () => {
    const tenant = await seedTenant(database);
    const { customerId, name } = tenant.first;
    for (const narrow of [{ customers: [customerId] }, { scopes: new Set(["customers:write", "customers:read"] as const) }]) {
      const ctx = contextFor(services, tenant, narrow);
      expect(await codeOf(exportCustomer({ ctx, input: { customerId } }))).toBe("FORBIDDEN");
      expect(await codeOf(eraseCustomer({ ctx, input: { customerId, name } }))).toBe("FORBIDDEN");
    }
    const stranger = contextFor(services, await seedTenant(database));
    expect(await codeOf(exportCustomer({ ctx: stranger, input: { customerId } }))).toBe("NOT_FOUND");
  });
});

test("an entry of the audit log that was made blank without its customer being erased is a changed entry", async () => {
  const tenant = await seedTenant(database);
  const ctx = contextFor(services, tenant);
  await database.transaction(ctx, (tx) =>
    audit(tx, ctx, {
      action: "device.change",
      subject: { kind: "device", id: "1" },
      customerId: tenant.first.customerId,
      detail: { name: "x" },
    }),
  );
  await client.query("update hauswart.audit_entry set detail = '{}', erased_at = now() where provider_id = $1", [tenant.providerId]);
  expect((await verifyAuditChain(database, tenant.providerId)).problems).toMatchObject([{ kind: "entry-changed" }]);
});
