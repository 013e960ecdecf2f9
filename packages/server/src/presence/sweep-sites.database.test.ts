/** Who is told when many devices fall silent at once: one word per site, none per device, and nothing to customers when it is our own fault. */
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Context } from "../context.ts";
import { changeDevice } from "../devices/change-device.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { listFindings } from "../findings/list-findings.ts";
import { sweepHolds } from "../findings/release-holds.ts";
import { closeDeviceFinding } from "../ingest/device-findings.ts";
import { composeMails } from "../mail/compose/compose-mails.ts";
import { sweepSilence } from "./sweep-silence.ts";
import { sweepSites } from "./sweep-sites.ts";

setDefaultTimeout(120_000);

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let ctx: Context;
const second = 1_000;
const minute = 60_000;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());
beforeEach(async () => {
  await database.unwalled("test", async (tx) => {
    for (const table of ["server_process", "finding_notice", "incident", "finding", "recipient", "device"])
      await tx.sql(`delete from hauswart.${table} where true`);
  });
  tenant = await seedTenant(database);
  services = testServices(database);
  ctx = contextFor(services, tenant);
  await served(services.clock.now() - 86_400_000);
});

const iso = (ms: number) => new Date(ms).toISOString();
const all = <Row extends object>(text: string, values: unknown[] = []) => database.unwalled("test", (tx) => tx.sql<Row>(text, values));
/** This process has been serving since then, as its heartbeats show. */
async function served(fromMs: number): Promise<void> {
  await all(
    `insert into hauswart.server_process (process_id, started_at, alive_at) values ($1, $2, $3)
     on conflict (process_id) do update set alive_at = excluded.alive_at`,
    [services.processId, iso(fromMs), iso(services.clock.now())],
  );
}
interface Place {
  readonly customerId: Id;
  readonly siteId: Id;
  readonly name: string;
}
async function addSite(customerId: Id, name: string): Promise<Place> {
  const siteId = newId();
  await all("insert into hauswart.site (provider_id, site_id, customer_id, name) values ($1, $2, $3, $4)", [
    tenant.providerId,
    siteId,
    customerId,
    name,
  ]);
  return { customerId, siteId, name };
}
async function addDevices(place: Place, count: number, role = "server"): Promise<Id[]> {
  const ids: Id[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await seedDevice(database, tenant, place, `${place.siteId.slice(-4)}-${index}`));
  await all("update hauswart.device set role = $2 where device_id = any($1::uuid[])", [ids, role]);
  await connect(ids);
  return ids;
}
const connect = (ids: readonly Id[]) =>
  all(
    "update hauswart.device_link set connected_at = $2, last_seen_at = $2, disconnected_at = null, goodbye = null, goodbye_at = null, process_id = $3, epoch = epoch + 1 where device_id = any($1::uuid[])",
    [ids, iso(services.clock.now()), services.processId],
  );
const lose = (ids: readonly Id[]) =>
  all("update hauswart.device_link set disconnected_at = $2, last_seen_at = $2 where device_id = any($1::uuid[])", [
    ids,
    iso(services.clock.now()),
  ]);
async function after(ms: number): Promise<void> {
  services.clock.advance(ms);
  await served(0);
  await sweepSites(services);
  await sweepSilence(services);
  await sweepHolds(services);
}
const list = async (over: Partial<Parameters<typeof listFindings>[0]["input"]> = {}) =>
  (await listFindings({ ctx, input: { state: "current", order: "incident", limit: 500, ...over } })).items;
const noticed = () =>
  all<{ finding_id: Id; kind: string }>("select finding_id, kind from hauswart.finding_notice order by finding_notice_id");
async function giveBack(deviceId: Id): Promise<void> {
  await connect([deviceId]);
  const identity = { providerId: tenant.providerId, customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId };
  await database.transaction(ctx, (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "gateway", name: "gateway" } }, [
      closeDeviceFinding(identity, "silent", "returned", services.clock.now()),
    ]),
  );
}

test("ALM-1 500 devices of 20 sites that lose their link at once give 20 mails, each once, and the silence of the devices none", async () => {
  await all("insert into hauswart.recipient (provider_id, recipient_id, address) values ($1, $2, 'dienst@haus.example')", [
    tenant.providerId,
    newId(),
  ]);
  await addDevices(tenant.second, 130, "workstation");
  const lost: Id[] = [];
  for (let site = 0; site < 20; site += 1) lost.push(...(await addDevices(await addSite(tenant.first.customerId, `Site ${site}`), 25)));
  services.clock.advance(minute);
  await lose(lost);
  let mails = 0;
  for (let passed = 0; passed < 12 * minute; passed += 15 * second) {
    await after(15 * second);
    mails += (await composeMails(services, tenant.providerId)).mails;
    // A connection that is lost without a word is noticed after 90 s; from then on the first is told within a minute.
    if (passed >= 45 * second) expect(mails).toBeGreaterThan(0);
  }
  expect(mails).toBe(20);
  const notices = await noticed();
  expect([notices.length, new Set(notices.map(({ finding_id }) => finding_id)).size]).toEqual([20, 20]);
  const found = await list({ limit: 600 });
  expect(found.filter(({ check }) => check === "site")).toHaveLength(20);
  const silent = found.filter(({ check }) => check === "device");
  expect(silent).toHaveLength(500);
  expect(new Set(silent.map(({ hold, evidence }) => `${hold?.kind} ${evidence["why"]}`))).toEqual(new Set(["cause site-offline"]));
  expect(new Set(found.filter(({ incident }) => incident?.isCause).map(({ incident }) => incident!.members))).toEqual(new Set([25]));
});

test("a site that is back tells of itself; a device that stays away is told when it had time to return", async () => {
  const devices = await addDevices(tenant.first, 4);
  await lose(devices);
  for (let count = 0; count < 25; count += 1) await after(15 * second);
  expect((await list()).map(({ check, incident }) => `${check} ${incident?.isCause}`)).toEqual([
    "site true",
    "device false",
    "device false",
    "device false",
    "device false",
  ]);
  expect((await noticed()).map(({ kind }) => kind)).toEqual(["opened"]);
  services.clock.advance(minute);
  for (const deviceId of devices.slice(1)) await giveBack(deviceId);
  await after(15 * second);
  expect((await list()).map(({ check, hold }) => `${check} ${hold?.kind}`)).toEqual(["device cause"]);
  expect((await noticed()).map(({ kind }) => kind)).toEqual(["opened", "closed"]);
  await after(minute);
  expect(await noticed()).toHaveLength(2);
  await after(2 * minute);
  expect((await noticed()).map(({ kind }) => kind)).toEqual(["opened", "closed", "opened"]);
  const [left] = await list();
  expect(left).toMatchObject({ check: "device", deviceId: devices[0]!, hold: null, incident: { isCause: true, members: 0 } });
});

test("a host that is silent explains its guests, and they come out when it is back and they are not", async () => {
  const [host, guest, other] = (await addDevices(tenant.first, 3)) as [Id, Id, Id];
  await changeDevice({ ctx, input: { deviceId: guest, dependsOnDeviceId: host } });
  services.clock.advance(minute);
  await lose([host, guest]);
  // The other one stays connected: the site's line stands.
  await connect([other]);
  for (let count = 0; count < 22; count += 1) await after(15 * second);
  const found = await list();
  expect(found.map(({ deviceId, hold }) => [deviceId, hold?.kind ?? null])).toEqual([
    [host, null],
    [guest, "cause"],
  ]);
  expect(found[0]!.incident).toMatchObject({ isCause: true, members: 1 });
  expect(found[1]!.evidence).toMatchObject({ why: "behind-silent" });
  await giveBack(host);
  for (let count = 0; count < 12; count += 1) await after(15 * second);
  const notices = await noticed();
  expect(notices.map(({ finding_id, kind }) => `${finding_id === found[0]!.findingId ? "host" : "guest"} ${kind}`)).toEqual([
    "host opened",
    "host closed",
    "guest opened",
  ]);
});

test("most of all customers at once is our own line: no customer is told, the house is, and nothing comes after it when they return", async () => {
  const places = [tenant.first, tenant.second, await addSite(tenant.first.customerId, "Third")];
  const devices: Id[] = [];
  for (const place of places) devices.push(...(await addDevices(place, 3)));
  services.clock.advance(minute);
  await lose(devices);
  for (let count = 0; count < 30; count += 1) await after(15 * second);
  const found = await list();
  expect(found[0]).toMatchObject({ check: "server", code: "agents-lost", customerId: null, incident: { isCause: true, members: 9 } });
  expect(found.filter(({ check }) => check === "site")).toEqual([]);
  expect((await noticed()).map(({ finding_id }) => finding_id)).toEqual([found[0]!.findingId]);
  await connect(devices);
  await after(15 * second);
  expect(await list({ check: "server" })).toEqual([]);
  expect((await noticed()).map(({ kind }) => kind)).toEqual(["opened", "closed"]);
});
