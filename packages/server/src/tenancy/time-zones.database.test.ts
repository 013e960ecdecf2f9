import { NewRecipient } from "@hauswart/protocol/api/routing.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { deviceCheckId } from "@hauswart/protocol/device-findings.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Context } from "../context.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { listFindings } from "../findings/list-findings.ts";
import { composeMails } from "../mail/compose/compose-mails.ts";
import { createRecipient } from "../routing/recipients/create-recipient.ts";
import { changeCustomer } from "./change-customer.ts";
import { changeSettings } from "./change-settings.ts";
import { changeSite } from "./change-site.ts";
import { listSites } from "./list-sites.ts";

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
});

const zonesOfSite = async () => {
  const { items } = await listSites({ ctx, input: { customerId: tenant.first.customerId, limit: 10 } });
  return items.map(({ timeZone, effectiveTimeZone }) => [timeZone, effectiveTimeZone]);
};

test("a site has its customer's zone, a customer the provider's, until somebody says otherwise and again when they take it back", async () => {
  const { customerId, siteId } = tenant.first;
  expect(await zonesOfSite()).toEqual([[null, "Europe/Berlin"]]);
  await changeSettings({ ctx, input: { timeZone: "Europe/Vienna" } });
  expect(await zonesOfSite()).toEqual([[null, "Europe/Vienna"]]);
  await changeCustomer({ ctx, input: { customerId, timeZone: "Asia/Tokyo" } });
  expect(await zonesOfSite()).toEqual([[null, "Asia/Tokyo"]]);
  await changeSite({ ctx, input: { siteId, timeZone: "America/New_York" } });
  await changeSite({ ctx, input: { siteId, name: "Renamed" } });
  expect(await zonesOfSite()).toEqual([["America/New_York", "America/New_York"]]);
  await changeSite({ ctx, input: { siteId, timeZone: null } });
  await changeCustomer({ ctx, input: { customerId, timeZone: null } });
  expect(await zonesOfSite()).toEqual([[null, "Europe/Vienna"]]);
});

test("mails and findings speak in the time of the site", async () => {
  const { customerId, siteId } = tenant.first;
  await changeSite({ ctx, input: { siteId, timeZone: "Asia/Tokyo" } });
  await createRecipient({
    ctx,
    input: NewRecipient.parse({ address: "a@hauswart.test" }),
  });
  const deviceId = await seedDevice(database, tenant, tenant.first);
  const scope = { customerId, siteId, deviceId, check: deviceCheckId, checkNumber: null, instance: "" };
  const actor = { kind: "system", id: "test", name: "test" } as const;
  // 10:00 in UTC is 19:00 in Tokyo.
  const atMs = services.clock.now();
  await database.transaction(ctx, (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor }, [
      { kind: "open", scope, code: "cloned", subject: "", severity: "failure", evidence: {}, atMs, noticeDueAtMs: null },
    ]),
  );
  await composeMails(services, tenant.providerId);
  const [mail] = await database.unwalled("test", (tx) =>
    tx.sql<{ text_body: string }>("select text_body from hauswart.mail where provider_id = $1", [tenant.providerId]),
  );
  expect(mail!.text_body).toContain("19:00");
  const { items } = await listFindings({ ctx, input: { state: "current", order: "newest", limit: 10 } });
  expect(items).toMatchObject([{ timeZone: "Asia/Tokyo" }]);
});

test("a site out of reach, or one whose name is taken, is not changed", async () => {
  const stranger = contextFor(services, tenant, { customers: [tenant.second.customerId] });
  expect(await codeOf(changeSite({ ctx: stranger, input: { siteId: tenant.first.siteId, name: "mine" } }))).toBe("NOT_FOUND");
  expect(
    await codeOf(
      changeSite({ ctx: contextFor(services, tenant, { scopes: new Set(["customers:read"]) }), input: { siteId: tenant.first.siteId } }),
    ),
  ).toBe("FORBIDDEN");
  await database.unwalled("test", (tx) =>
    tx.sql("insert into hauswart.site (provider_id, site_id, customer_id, name) values ($1, $2, $3, 'Taken')", [
      tenant.providerId,
      newId(),
      tenant.first.customerId,
    ]),
  );
  expect(await codeOf(changeSite({ ctx, input: { siteId: tenant.first.siteId, name: "taken" } }))).toBe("CONFLICT");
});
