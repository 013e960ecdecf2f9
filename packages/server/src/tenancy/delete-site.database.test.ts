/** A site is removed when nothing stands there and nothing means it; the refusal says what does. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { ApiError } from "@hauswart/protocol/api/client.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { forgetDevices } from "../history/forget-devices.ts";
import { defaultRetention } from "../history/retention-limits.ts";

setDefaultTimeout(60_000);

let server: TestServer;
let customerId: string;
beforeAll(async () => {
  server = await testServer();
  ({ customerId } = await server.api("createCustomer", { body: { name: "Muster GmbH" } }));
});
afterAll(() => server.close());

const newSite = async (name: string) => (await server.api("createSite", { body: { customerId, name } })).siteId;
const remove = (siteId: string) => server.api("deleteSite", { params: { siteId } });
/** What the refusal names. */
async function usersOf(siteId: string): Promise<unknown> {
  const error = await remove(siteId).catch((thrown: unknown) => thrown);
  return error instanceof ApiError ? [error.code, error.problem?.usedBy] : error;
}

test("an empty one goes, with its open tokens, and the audit log keeps its name", async () => {
  const siteId = await newSite("Filiale Nrod");
  await server.api("createEnrolmentToken", { body: { siteId } });
  await server.api("setUpdateRing", { params: { kind: "site", subjectId: siteId }, body: { ring: "canary" } });
  await remove(siteId);
  expect((await server.api("listSites", { query: { customerId } })).items).toEqual([]);
  expect((await server.api("listEnrolmentTokens", { query: { siteId } })).items).toEqual([]);
  expect((await server.api("listUpdateRings", { query: { customerId } })).items).toEqual([]);
  const { items } = await server.api("listAudit", { query: { action: "site.delete" } });
  expect(items).toMatchObject([{ subjectId: siteId, customerId, detail: { name: "Filiale Nrod" } }]);
  expect(await usersOf(siteId)).toEqual(["NOT_FOUND", undefined]);
});

async function newDevice(siteId: string): Promise<string> {
  const deviceId = newId();
  await server.database.unwalled("seed of a test", (tx) =>
    tx.sql(
      `insert into hauswart.device (provider_id, customer_id, device_id, site_id, name, hostname, role, system, lifecycle)
       values ($1, $2, $3, $4, 'PC-ALT', 'pc', 'workstation', 'linux', 'quarantined')`,
      [server.providerId, customerId, deviceId, siteId],
    ),
  );
  return deviceId;
}

const forget = () => forgetDevices(server.services, server.providerId, defaultRetention(server.services));
const rowsOf = (siteId: string) =>
  server.database.unwalled("a test", (tx) => tx.sql("select from hauswart.site where site_id = $1", [siteId]));

test("one with a device stays until the device is removed, which keeps its history and the site's name", async () => {
  const siteId = await newSite("Lager");
  const deviceId = await newDevice(siteId);
  expect(await usersOf(siteId)).toEqual(["IN_USE", [{ kind: "device", name: "PC-ALT" }]]);
  await server.api("revokeDevice", { params: { deviceId } });
  await server.api("createEnrolmentToken", { body: { siteId } });
  await remove(siteId);
  expect(await usersOf(siteId)).toEqual(["NOT_FOUND", undefined]);
  expect((await server.api("listSites", { query: { customerId } })).items).toEqual([]);
  expect((await server.api("listEnrolmentTokens", { query: { siteId } })).items).toEqual([]);
  expect(await server.api("getDevice", { params: { deviceId } })).toMatchObject({ name: "PC-ALT", siteId, siteName: "Lager" });
  const refused = [
    () => server.api("createEnrolmentToken", { body: { siteId } }),
    () => server.api("createRecipient", { body: { customerId, siteId, address: "lager@muster.example" } }),
    () =>
      server.api("createPolicy", { body: { name: "Lager", customerId, checks: [], assignments: [{ scope: "site", scopeId: siteId }] } }),
  ];
  for (const work of refused) {
    const error: unknown = await work().catch((thrown: unknown) => thrown);
    expect(error instanceof ApiError ? error.code : error).toBe("NOT_FOUND");
  }
  // Its name is free again.
  await remove(await newSite("Lager"));

  await forget();
  expect(await rowsOf(siteId)).toHaveLength(1);
  await server.database.unwalled("long ago", (tx) =>
    tx.sql("update hauswart.device set revoked_at = '2000-01-01' where device_id = $1", [deviceId]),
  );
  await forget();
  expect(await rowsOf(siteId)).toHaveLength(0);
});

test("one whose last removed device was moved to another site goes too", async () => {
  const siteId = await newSite("Halle");
  const deviceId = await newDevice(siteId);
  await server.api("revokeDevice", { params: { deviceId } });
  await remove(siteId);
  await server.api("changeDevice", { params: { deviceId }, body: { siteId: await newSite("Neue Halle") } });
  await forget();
  expect(await rowsOf(siteId)).toHaveLength(0);
});

test("one that a policy, a recipient or a maintenance window means stays", async () => {
  const siteId = await newSite("Werkstatt");
  const assignments = [{ scope: "site" as const, scopeId: siteId }];
  const { policyId } = await server.api("createPolicy", { body: { name: "Laut", customerId, checks: [], assignments } });
  const { recipientId } = await server.api("createRecipient", { body: { customerId, siteId, address: "werkstatt@muster.example" } });
  const schedule = { startsAtLocal: "2099-01-01T22:00", minutes: 60, timeZone: "Europe/Berlin", repeat: null, until: null };
  const { maintenanceWindowId } = await server.api("createMaintenanceWindow", {
    body: { scope: "site", scopeId: siteId, name: "Umzug", when: { kind: "planned", schedule } },
  });
  expect(await usersOf(siteId)).toEqual([
    "IN_USE",
    [
      { kind: "policy", name: "Laut" },
      { kind: "recipient", name: "werkstatt@muster.example" },
      { kind: "maintenance-window", name: "Umzug" },
    ],
  ]);
  await server.api("deletePolicy", { params: { policyId } });
  await server.api("deleteRecipient", { params: { recipientId } });
  await server.api("cancelMaintenanceWindow", { params: { maintenanceWindowId } });
  await remove(siteId);
});
