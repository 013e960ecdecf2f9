/** Who is told when many devices fall silent at once: one word per site, none per device, and nothing to customers when it is our own fault. */
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Context } from "../context.ts";
import { changeDevice } from "../devices/change-device.ts";
import { revokeDevice } from "../devices/revoke-device.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { listFindings } from "../findings/list-findings.ts";
import { sweepHolds } from "../findings/release-holds.ts";
import { deviceScope } from "../ingest/device-findings.ts";
import { composeMails } from "../mail/compose/compose-mails.ts";
import { applySightings } from "./flapping.ts";
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
/** Devices that this server measures, such as websites: their link is within its process and stays. */
async function addMeasured(place: Place, count: number): Promise<Id[]> {
  const ids = await addDevices({ ...place, name: `${place.name} www` }, count);
  await all("update hauswart.device set kind = 'measured' where device_id = any($1::uuid[])", [ids]);
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
  const [place] = await all<{ customer_id: Id; site_id: Id }>("select customer_id, site_id from hauswart.device where device_id = $1", [
    deviceId,
  ]);
  const scope = deviceScope({ providerId: tenant.providerId, customerId: place!.customer_id, siteId: place!.site_id, deviceId });
  const actor = { kind: "system", id: "gateway", name: "gateway" } as const;
  await database.transaction(ctx, (tx) =>
    applySightings(tx, services, { providerId: tenant.providerId, actor }, [
      { scope, code: "silent", atMs: services.clock.now(), lost: null },
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

test("a site that is offline is over when its computers are removed or stand elsewhere, and back with a third of those that are left", async () => {
  const [closing, shrinking] = [await addSite(tenant.first.customerId, "Closing"), await addSite(tenant.first.customerId, "Shrinking")];
  const [gone, left] = [await addDevices(closing, 4), await addDevices(shrinking, 9, "workstation")];
  await addDevices(tenant.second, 20, "workstation");
  services.clock.advance(minute);
  await lose([...gone, ...left]);
  await after(minute);
  const sites = async () => (await list({ check: "site" })).map(({ siteName }) => siteName ?? "").sort();
  expect(await sites()).toEqual(["Closing", "Shrinking"]);
  for (const deviceId of [...gone.slice(1), ...left.slice(1)]) await revokeDevice({ ctx, input: { deviceId } });
  await changeDevice({ ctx, input: { deviceId: gone[0]!, siteId: tenant.first.siteId } });
  await after(15 * second);
  expect(await sites()).toEqual(["Shrinking"]);
  await connect([left[0]!]);
  await after(15 * second);
  expect(await sites()).toEqual([]);
  expect(await all("select close_reason from hauswart.finding where check_id = 'site' order by closed_at, finding_id")).toEqual([
    { close_reason: "revoked" },
    { close_reason: "returned" },
  ] as never);
});

test("ALM-1 a site without a connection explains its lost devices, and nothing of a website measured from here or of a computer that is connected", async () => {
  const servers = await addDevices(tenant.first, 3);
  const [website] = (await addMeasured(tenant.first, 1)) as [Id];
  const [notebook] = (await addDevices(tenant.first, 1, "workstation")) as [Id];
  await lose(servers);
  await after(minute);
  expect(await told()).toEqual(["offline opened"]);
  const { customerId, siteId } = tenant.first;
  await database.ingest({ providerId: tenant.providerId, customers: "*" }, (tx) =>
    applyFindingChanges(
      tx,
      services,
      { providerId: tenant.providerId, actor: { kind: "system", id: "judge", name: "judge" } },
      [servers[0]!, website, notebook].map((deviceId) => ({
        kind: "open",
        scope: { customerId, siteId, deviceId, check: "tank", checkNumber: null, instance: "" },
        code: "full",
        subject: "A",
        atMs: services.clock.now(),
        severity: "failure",
        evidence: {},
        noticeDueAtMs: null,
      })),
    ),
  );
  expect(new Map((await list({ check: "tank" })).map(({ deviceId, hold }) => [deviceId, hold?.kind ?? null]))).toEqual(
    new Map([
      [servers[0]!, "cause"],
      [website, null],
      [notebook, null],
    ]),
  );
  expect(await told()).toEqual(["offline opened", "full opened", "full opened"]);
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

test("websites that are measured from here do not hide that our own line is gone", async () => {
  const places = [tenant.first, tenant.second, await addSite(tenant.first.customerId, "Third")];
  const devices: Id[] = [];
  for (const place of places) devices.push(...(await addDevices(place, 4)));
  await addMeasured(tenant.first, 4);
  services.clock.advance(minute);
  await lose(devices);
  await forMinutes(10);
  expect(await told()).toEqual(["agents-lost opened"]);
});

/** Hours of it, by minutes: what the sweeps look at every quarter of a minute stays the same. */
const forMinutes = async (minutes: number) => {
  for (let count = 0; count < minutes; count += 1) await after(minute);
};
const told = async () => {
  const names = new Map(
    (await all<{ finding_id: Id; code: string }>("select finding_id, code from hauswart.finding")).map((row) => [row.finding_id, row.code]),
  );
  return (await noticed()).map(({ finding_id, kind }) => `${names.get(finding_id)} ${kind}`);
};

test("our own outage lasts until agents are back, however long it takes, and whoever stays away is told then", async () => {
  const places = [
    tenant.first,
    tenant.second,
    await addSite(tenant.first.customerId, "Third"),
    await addSite(tenant.second.customerId, "Fourth"),
  ];
  const devices: Id[][] = [];
  for (const place of places) devices.push(await addDevices(place, 3));
  const notebooks = await addDevices(await addSite(tenant.second.customerId, "Notebooks"), 3, "workstation");
  services.clock.advance(minute);
  // As it is noticed: one after the other, within the half minute in which agents show life.
  for (const [index, ids] of devices.entries()) {
    await lose(ids);
    if (index === 0) await lose(notebooks);
    await after(8 * second);
  }
  await forMinutes(180);
  expect(await told()).toEqual(["agents-lost opened"]);
  expect((await list({ check: "device" })).map(({ hold }) => hold?.kind)).toEqual(devices.flat().map(() => "cause"));
  // The line is back, and agents return one by one within two minutes.
  for (const ids of devices.slice(0, 3)) {
    for (const deviceId of ids) await giveBack(deviceId);
    await after(30 * second);
  }
  expect(await told()).toEqual(["agents-lost opened"]);
  await forMinutes(3);
  expect((await told()).toSorted()).toEqual(["agents-lost closed", "agents-lost opened", "offline opened"]);
  const [site] = await list({ check: "site" });
  expect(site).toMatchObject({ siteId: places[3]!.siteId, incident: { isCause: true, members: 3 } });
  await forMinutes(10);
  expect(await told()).toHaveLength(3);
  expect((await list({ check: "device" })).map(({ deviceId, hold, incident }) => [deviceId, hold?.kind, incident?.incidentId])).toEqual(
    devices[3]!.map((deviceId) => [deviceId, "cause", site!.incident!.incidentId]),
  );
});

test("our own outage outlives a restart of the server", async () => {
  const devices = [...(await addDevices(tenant.first, 3)), ...(await addDevices(tenant.second, 3))];
  services.clock.advance(minute);
  await lose(devices);
  await forMinutes(5);
  expect(await told()).toEqual(["agents-lost opened"]);
  services.clock.advance(5 * minute);
  await all("update hauswart.server_process set stopped_at = alive_at, process_id = $1", [newId()]);
  await served(services.clock.now());
  await forMinutes(20);
  expect(await told()).toEqual(["agents-lost opened"]);
  for (const deviceId of devices) await giveBack(deviceId);
  await after(15 * second);
  expect(await told()).toEqual(["agents-lost opened", "agents-lost closed"]);
  await forMinutes(10);
  expect(await told()).toHaveLength(2);
});

test("a server that starts again without its line finds that it is alone, whether it was stopped or lost its power", async () => {
  const devices = [...(await addDevices(tenant.first, 2)), ...(await addDevices(tenant.second, 2))];
  const notebooks = await addDevices(tenant.second, 3, "workstation");
  for (const isOrderly of [true, false]) {
    await all("update hauswart.server_process set stopped_at = case when $2 then alive_at end, process_id = $1", [newId(), isOrderly]);
    await all(
      "update hauswart.device_link set process_id = (select process_id from hauswart.server_process order by alive_at desc limit 1)",
    );
    services.clock.advance(5 * minute);
    await served(services.clock.now());
    const before = (await told()).length;
    await forMinutes(30);
    expect((await told()).slice(before)).toEqual(["agents-lost opened"]);
    for (const deviceId of [...devices, ...notebooks]) await giveBack(deviceId);
    await forMinutes(5);
    expect((await told()).slice(before)).toEqual(["agents-lost opened", "agents-lost closed"]);
    await all("delete from hauswart.server_process where process_id <> $1", [services.processId]);
  }
});

test("a server that starts again and whose agents return is well", async () => {
  const devices = [...(await addDevices(tenant.first, 2)), ...(await addDevices(tenant.second, 2))];
  await all("update hauswart.server_process set stopped_at = alive_at, process_id = $1", [newId()]);
  await all("update hauswart.device_link set process_id = (select process_id from hauswart.server_process)");
  services.clock.advance(minute);
  await served(services.clock.now());
  await after(minute);
  for (const deviceId of devices.slice(0, 2)) await giveBack(deviceId);
  await forMinutes(20);
  // The other customer's two servers stay away by themselves.
  expect((await told()).toSorted()).toEqual(["silent opened", "silent opened"]);
});

test("two customers with a site each, of whom nobody is left, are our own outage too", async () => {
  const devices = [...(await addDevices(tenant.first, 2)), ...(await addDevices(tenant.second, 1, "workstation"))];
  services.clock.advance(minute);
  await lose(devices);
  await forMinutes(30);
  expect(await told()).toEqual(["agents-lost opened"]);
});

describe("what comes and goes", () => {
  /** Lost for some minutes, then there. */
  async function drop(ids: readonly Id[], { lostMinutes, thereMinutes }: { lostMinutes: number; thereMinutes: number }): Promise<void> {
    await lose(ids);
    await forMinutes(lostMinutes);
    for (const deviceId of ids) await giveBack(deviceId);
    await forMinutes(thereMinutes);
  }
  const flapsOfOpen = async () => (await list()).map(({ code, evidence }) => [code, evidence["flapCount"] ?? null]);

  test("ALM-1 a line that fails for 3 minutes every 20 is told three times, and again only when it has been calm for an hour", async () => {
    const devices = await addDevices(tenant.first, 4);
    for (let times = 0; times < 9; times += 1) await drop(devices, { lostMinutes: 3, thereMinutes: 17 });
    const threeTimes = ["opened", "closed", "opened", "closed", "opened"].map((kind) => `offline ${kind}`);
    expect(await told()).toEqual(threeTimes);
    expect(await flapsOfOpen()).toEqual([["offline", 9]]);
    await forMinutes(42);
    expect(await told()).toEqual(threeTimes);
    await forMinutes(2);
    expect(await told()).toEqual([...threeTimes, "offline closed"]);
    // It is over: what comes now is counted from the beginning.
    await drop(devices, { lostMinutes: 3, thereMinutes: 5 });
    expect((await told()).slice(6)).toEqual(["offline opened", "offline closed"]);
  });

  test("a line that is there again explains nothing, and one that stays away is told by nobody twice", async () => {
    const devices = await addDevices(tenant.first, 4);
    for (let times = 0; times < 3; times += 1) await drop(devices, { lostMinutes: 3, thereMinutes: 17 });
    const before = (await told()).length;
    // One device on its own, while the line is watched for calm.
    await lose(devices.slice(0, 1));
    await forMinutes(7);
    expect((await told()).slice(before)).toEqual(["silent opened"]);
    await giveBack(devices[0]!);
    await lose(devices);
    await forMinutes(120);
    expect((await told()).slice(before)).toEqual(["silent opened", "silent closed"]);
    expect((await list({ check: "device" })).map(({ hold }) => hold?.kind)).toEqual(devices.map(() => "cause"));
    for (const deviceId of devices) await giveBack(deviceId);
    await forMinutes(62);
    expect((await told()).slice(before)).toEqual(["silent opened", "silent closed", "offline closed"]);
  });

  test("ALM-1 a server that is silent for 6 minutes every half hour is told three times, and again when it has been calm", async () => {
    const [server] = (await addDevices(tenant.first, 2)) as [Id, Id];
    for (let times = 0; times < 5; times += 1) await drop([server], { lostMinutes: 7, thereMinutes: 23 });
    const threeTimes = ["opened", "closed", "opened", "closed", "opened"].map((kind) => `silent ${kind}`);
    expect(await told()).toEqual(threeTimes);
    expect(await flapsOfOpen()).toEqual([["silent", 5]]);
    // Lost just when the hour is over: that is no calm.
    await forMinutes(36);
    await lose([server]);
    await forMinutes(120);
    expect(await told()).toEqual(threeTimes);
    await giveBack(server);
    await forMinutes(59);
    expect(await told()).toEqual(threeTimes);
    await forMinutes(2);
    expect(await told()).toEqual([...threeTimes, "silent closed"]);
  });

  test("silences that the line explains are not counted", async () => {
    const devices = await addDevices(tenant.first, 4);
    for (let times = 0; times < 4; times += 1) await drop(devices, { lostMinutes: 8, thereMinutes: 12 });
    await forMinutes(5);
    expect((await told()).filter((line) => line.startsWith("silent"))).toEqual([]);
    expect(await list({ check: "device" })).toEqual([]);
  });
});
