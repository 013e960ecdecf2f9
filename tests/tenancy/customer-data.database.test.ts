import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { Client } from "pg";
import { allTables, anyRow, plant, type Table } from "./any-row.ts";
import { audit } from "@hauswart/server/audit/audit.ts";
import { sealAudit } from "@hauswart/server/audit/seal-audit.ts";
import { verifyAuditChain } from "@hauswart/server/audit/verify-audit-chain.ts";
import type { Topics } from "@hauswart/server/bus/bus.ts";
import type { Context } from "@hauswart/server/context.ts";
import { encodeDay } from "@hauswart/server/history/packed-day.ts";
import { ensurePartitions } from "@hauswart/server/history/partitions.ts";
import { customerTables } from "@hauswart/server/tenancy/customer-data/customer-tables.ts";
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
  expect(
    customerTables
      .map(({ table }) => table)
      .filter((table) => !besides.includes(table))
      .sort(),
  ).toEqual(
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
  }, 30_000);

  test("is erased from every table, its agents are told, the other stays, and the audit log still holds", async () => {
    const tenant = await seedTenant(database);
    const { ctx, deviceId, mark } = await fill(tenant);
    const { customerId, name } = tenant.first;
    const before = new Map<string, number>();
    for (const { table, own } of customerTables) before.set(table, await count(table, own, [tenant.providerId, tenant.second.customerId]));
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
    for (const { table, own, erase } of customerTables) {
      const blank = erase === "blank" ? " and erased_at is null" : "";
      expect([table, await count(table, own + blank, [tenant.providerId, customerId])]).toEqual([table, 0]);
      expect([table, await count(table, own, [tenant.providerId, tenant.second.customerId])]).toEqual([table, before.get(table)!]);
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
  }, 30_000);

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
  }, 30_000);

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
