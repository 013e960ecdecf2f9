/** Websites that the server asks itself: a whole server process, real websites on loopback, and those who try to get in by it. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createClient, type Client } from "@hauswart/protocol/api/client.ts";
import type { DeviceCheck } from "@hauswart/protocol/api/models.ts";
import { routes } from "@hauswart/protocol/api/routes.ts";
import { makeServerData, ServerProcess } from "@hauswart/testkit/server-process.ts";
import { until } from "@hauswart/testkit/until.ts";

/** 127.0.0.2 plays a website in the world, 127.0.0.1 what stands in the server's own network. */
const server = new ServerProcess({ dataDirectory: makeServerData(), environment: { HAUSWART_OUTSIDE_NETWORKS: "127.0.0.2" } });
let api: Client;
let siteId: string;
let status = 200;
let world: { url: string; close(): void };
let house: { url: string; close(): void };
/** What was asked for in the house. */
const broughtOut: string[] = [];

async function serve(address: string, answer: Parameters<typeof createServer>[1]): Promise<{ url: string; close(): void }> {
  const website: Server = createServer(answer);
  await new Promise<void>((resolve) => website.listen(0, address, resolve));
  return {
    url: `http://${address}:${(website.address() as AddressInfo).port}`,
    close: () => (website.closeAllConnections(), website.close()),
  };
}

const addWebsite = (target: string) =>
  api("createDevice", { body: { siteId, name: `Shop ${target}`.slice(0, 100), check: "website", target } });

async function waitForCheck(deviceId: string, isWanted: (check: DeviceCheck) => boolean): Promise<DeviceCheck> {
  let last: DeviceCheck | undefined;
  return until(
    () => `another state than ${JSON.stringify(last)}\n${server.output}`,
    async () => {
      [last] = (await api("listDeviceChecks", { params: { deviceId } })).items;
      return last !== undefined && isWanted(last) && last;
    },
  );
}

beforeAll(async () => {
  await server.restart();
  const clientOf = (token?: string) =>
    createClient({ base: server.url, fetch, table: routes, headers: token ? { authorization: `Bearer ${token}` } : {} });
  const { token } = await clientOf()("createSession", { body: server.owner });
  api = clientOf(token);
  const { customerId } = await api("createCustomer", { body: { name: "Muster GmbH" } });
  ({ siteId } = await api("createSite", { body: { customerId, name: "Zentrale" } }));
  house = await serve("127.0.0.1", (request, response) => {
    broughtOut.push(request.url ?? "");
    response.end("for the house only");
  });
  world = await serve("127.0.0.2", (request, response) => {
    if (request.url === "/inwards") response.writeHead(302, { location: `${house.url}/secret` }).end();
    else response.writeHead(status).end("shop");
  });
}, 120_000);

afterAll(async () => {
  world?.close();
  house?.close();
  await server.stop();
}, 60_000);

test("MON-11 from the server: a website of a customer without any agent is measured, judged, found bad, well again, and removed", async () => {
  const device = await addWebsite(`${world.url}/shop`);
  expect(device).toMatchObject({ kind: "measured", siteId });
  const well = await waitForCheck(device.deviceId, ({ state }) => state === "ok");
  expect(well).toMatchObject({ check: "website", instance: `${world.url}/shop` });

  status = 503;
  const params = { deviceId: device.deviceId };
  await api("measureDevice", { params });
  await waitForCheck(device.deviceId, ({ state }) => state === "failure");
  // The state turns with the first bad answer, the finding opens with the second, however soon that is asked for.
  const found = async () => (await api("listFindings", { query: { state: "all", deviceId: device.deviceId } })).items;
  await until("the finding", async () => {
    await api("measureDevice", { params });
    return (await found()).length > 0;
  });
  expect((await found()).map(({ check, code, severity }) => ({ check, code, severity }))).toEqual([
    { check: "website", code: "status", severity: "failure" },
  ]);

  status = 200;
  await api("measureDevice", { params });
  await waitForCheck(device.deviceId, ({ state }) => state === "ok");

  // It goes on where it was after the server was away.
  await server.end();
  await server.restart();
  await api("measureDevice", { params });
  expect((await api("getDevice", { params })).kind).toBe("measured");
  await waitForCheck(device.deviceId, ({ state, evidenceAt }) => state === "ok" && evidenceAt !== well.evidenceAt);

  await api("revokeDevice", { params });
  const { items: kept } = await api("listDevices", { query: {} });
  expect(kept.map(({ deviceId }) => deviceId)).not.toContain(device.deviceId);
}, 120_000);

test("MON-11 from the server: nobody gets into the server's own network by a website", async () => {
  const port = new URL(house.url).port;
  const attempts = [
    `${house.url}/direct`,
    `http://localhost:${port}/name`,
    `http://[::ffff:127.0.0.1]:${port}/mapped`,
    `http://2130706433:${port}/number`,
    `http://127.1:${port}/short`,
    `http://[::1]:${port}/loopback`,
    `${world.url}/inwards`,
    "http://169.254.169.254/latest/meta-data/",
  ];
  for (const target of attempts) {
    const { deviceId } = await addWebsite(target);
    const check = await waitForCheck(deviceId, ({ unknownReason }) => unknownReason === "no-data");
    expect([target, check.state, check.unknownDetail]).toEqual([target, "unknown", "not-allowed"]);
  }
  expect(broughtOut).toEqual([]);
}, 120_000);

test("policies for the computers of a customer do not reach what is measured from the server, and only what can be is measured", async () => {
  const { customerId } = await api("getDevice", { params: { deviceId: (await addWebsite("https://shop.invalid")).deviceId } });
  const device = await addWebsite(`${world.url}/one`);
  const checks = [
    { check: "website", instance: "http://intranet.invalid", enabled: true, settings: {} },
    { check: "disk-space", instance: "", enabled: true, settings: {} },
  ];
  await api("createPolicy", { body: { name: "Computers", checks, assignments: [{ scope: "customer", scopeId: customerId }] } });
  const { items } = await api("listDeviceChecks", { params: { deviceId: device.deviceId } });
  expect(items.map(({ check, instance }) => [check, instance])).toEqual([["website", `${world.url}/one`]]);
  const body = { siteId, name: "No", check: "disk-space", target: "/" };
  expect(await api("createDevice", { body }).catch((error: { code: string }) => error.code)).toBe("INVALID_REQUEST");
}, 60_000);
