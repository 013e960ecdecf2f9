/** What lists and figures read of a device besides itself stays in step with it: its name, whether it is there, whose it is. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Id } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant } from "@hauswart/testkit/seed.ts";
import type { Context } from "../context.ts";
import { changeDevice } from "./change-device.ts";
import { getOverview } from "./get-overview.ts";
import { listDevices } from "./list-devices.ts";
import { revokeDevice } from "./revoke-device.ts";

let database: TestDatabase;
let tenant: SeededTenant;
let ctx: Context;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  ctx = contextFor(testServices(database), tenant);
});

type Input = Parameters<typeof listDevices>[0]["input"];
const names = async (over: Partial<Input>, as = ctx) =>
  (await listDevices({ ctx: as, input: { limit: 100, sort: "name", ...over } })).items.map(({ name }) => name);
const run = (text: string, values: unknown[]) => database.unwalled("seed of a test", (tx) => tx.sql(text, values));
const seed = (name: string, customer = tenant.first) => seedDevice(database, tenant, customer, name);

/** All devices are unknown here, so each of these has to name the same ones. */
async function everywhere(as = ctx): Promise<string[]> {
  const lists = await Promise.all([
    names({}, as),
    names({ state: "unknown" }, as),
    names({ show: "not-measured" }, as),
    names({ sort: "state" }, as),
    names({ state: "unknown", search: " " }, as),
  ]);
  for (const list of lists) expect(list).toEqual(lists[0]);
  const { devices, unknown, unknownTotal } = await getOverview({ ctx: as, input: {} });
  expect([devices.total, devices.byState.unknown, unknownTotal]).toEqual(Array(3).fill(lists[0].length));
  expect(unknown.map(({ deviceName }) => deviceName)).toEqual(lists[0]);
  return lists[0];
}

test("a device that is renamed, removed or enrolled again stands in every list where it belongs, at once", async () => {
  const [alpha] = [await seed("Alpha"), await seed("beta"), await seed("Gamma")];
  expect(await everywhere()).toEqual(["Alpha", "beta", "Gamma"]);
  await changeDevice({ ctx, input: { deviceId: alpha, name: "Delta" } });
  expect(await everywhere()).toEqual(["beta", "Delta", "Gamma"]);
  await revokeDevice({ ctx, input: { deviceId: alpha } });
  expect(await everywhere()).toEqual(["beta", "Gamma"]);
  expect([await names({ show: "removed" }), await names({ show: "removed", sort: "state" })]).toEqual([["Delta"], ["Delta"]]);
  await run("update hauswart.device set lifecycle = 'active', revoked_at = null, name = 'epsilon' where device_id = $1", [alpha]);
  expect(await everywhere()).toEqual(["beta", "epsilon", "Gamma"]);
  await run("update hauswart.device set name = name || '-2' where provider_id = $1", [tenant.providerId]);
  expect(await everywhere()).toEqual(["beta-2", "epsilon-2", "Gamma-2"]);
});

test("a restricted reader finds and counts their customers' devices alone, whatever the list is found by", async () => {
  await seed("mine");
  await seed("theirs", tenant.second);
  const reaching = (customers: readonly Id[]) => ({ ...ctx, customers });
  const [first, second] = [tenant.first.customerId, tenant.second.customerId];
  expect(await everywhere(reaching([first]))).toEqual(["mine"]);
  expect(await everywhere(reaching([second]))).toEqual(["theirs"]);
  expect(await everywhere(reaching([first, second]))).toEqual(["mine", "theirs"]);
  expect(await everywhere(reaching([]))).toEqual([]);
  expect(await names({ sort: "customer" }, reaching([second]))).toEqual(["theirs"]);
});

test("what a restricted transaction may see depends on it alone, also when the statement was planned for another", async () => {
  const deviceId = await seed("mine");
  await seed("theirs", tenant.second);
  const seen = (customers: Context["customers"]) =>
    database.transaction({ providerId: tenant.providerId, customers }, async (tx) =>
      (await tx.sql<{ name: string }>("select name from hauswart.device where provider_id = $1 order by name", [tenant.providerId])).map(
        ({ name }) => name,
      ),
    );
  for (let round = 0; round < 8; round++) {
    expect(await seen("*")).toEqual(["mine", "theirs"]);
    expect(await seen([tenant.first.customerId])).toEqual(["mine"]);
    expect(await seen([])).toEqual([]);
  }
  const foreign = { providerId: tenant.providerId, customers: [tenant.second.customerId] };
  const renamed = await database.transaction(foreign, (tx) =>
    tx.sql("update hauswart.device set name = 'taken' where provider_id = $1 and device_id = $2 returning 1", [
      tenant.providerId,
      deviceId,
    ]),
  );
  expect(renamed).toEqual([]);
});

test("by customer every device comes once, wherever among a customer's devices a page ends", async () => {
  await run("update hauswart.customer set name = 'zebra' where customer_id = $1", [tenant.first.customerId]);
  for (const name of ["c", "a", "E"]) await seed(name);
  for (const name of ["d", "B", "f"]) await seed(name, tenant.second);
  for (const [sort, expected] of [
    ["customer", ["B", "d", "f", "a", "c", "E"]],
    ["-customer", ["E", "c", "a", "f", "d", "B"]],
  ] as const)
    for (const limit of [1, 2, 5, 6]) {
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listDevices({ ctx, input: { sort, limit, cursor } });
        expect(page.total).toBe(6);
        paged.push(...page.items.map(({ name }) => name));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(paged).toEqual([...expected]);
    }
  expect(await names({ sort: "customer", customerId: tenant.second.customerId })).toEqual(["B", "d", "f"]);
});
