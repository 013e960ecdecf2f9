/** Who is signed in at a device: told by its agent where the house and the customer want it, kept as it is now, and gone where they do not. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { agentServer, seedAgent, seedFleet } from "@hauswart/testkit/agent-server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import type { WireAgent } from "@hauswart/testkit/wire-agent.ts";
import type { Context } from "../context.ts";
import { getDevice } from "../devices/get-device.ts";
import { revokeDevice } from "../devices/revoke-device.ts";
import { forgetSignedIn } from "../devices/signed-in.ts";
import { changeCustomer } from "../tenancy/change-customer.ts";
import { changeSettings } from "../tenancy/change-settings.ts";

setDefaultTimeout(120_000);

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());

const anna = { name: "KANZLEI\\anna", by: "screen", since: Date.parse("2026-11-22T07:12:00Z"), state: "active" } as const;
const says = (agent: WireAgent, people: readonly unknown[] | null, others = 0) => agent.say({ type: "signed-in", people, others });

async function setUp() {
  const server = await agentServer(database);
  const { tenant, agents } = await seedFleet(server, 2);
  const ctx = contextFor(server.services, tenant);
  const [one, other] = agents as [WireAgent, WireAgent];
  const shown = async ({ deviceId }: WireAgent, who: Context = ctx) => (await getDevice({ ctx: who, input: { deviceId } })).signedIn!;
  const names = async (agent: WireAgent) => (await shown(agent)).people.map(({ name }) => name);
  const toldOf = (agent: WireAgent) => until("the agent's word to be stored", async () => (await shown(agent)).at !== null);
  const stored = () =>
    database.unwalled("test", (tx) =>
      tx.sql<{ device_id: string }>("select device_id from hauswart.device_signed_in where provider_id = $1", [tenant.providerId]),
    );
  return { server, tenant, ctx, one, other, shown, names, toldOf, stored };
}

test("is asked in the welcome, told, shown with the device, and overwritten by what comes next", async () => {
  const { server, one, shown, names, toldOf, stored } = await setUp();
  await using _ = server;
  expect(await shown(one)).toEqual({ isAsked: true, at: null, isCurrent: false, people: [], others: 0 });
  one.clockOffsetMs = 3_600_000;
  expect(await one.connect()).toMatchObject({ type: "welcome", signedIn: true });
  says(
    one,
    [
      { ...anna, since: anna.since + 3_600_000 },
      { name: "root", by: "ssh", since: null, state: null },
    ],
    3,
  );
  await toldOf(one);
  const now = await shown(one);
  expect(now).toMatchObject({ isAsked: true, isCurrent: true, others: 3 });
  expect(now.people.map(({ name, by, state }) => [name, by, state])).toEqual([
    ["KANZLEI\\anna", "screen", "active"],
    ["root", "ssh", null],
  ]);
  // The agent's clock goes an hour fast; what it says is put on ours.
  expect(Math.abs(Date.parse(now.people[0]!.since!) - anna.since)).toBeLessThan(60_000);
  expect(now.people[1]!.since).toBeNull();
  says(one, []);
  await until("nobody to be signed in", async () => (await names(one)).length === 0);
  expect(await shown(one)).toMatchObject({ isCurrent: true, others: 0 });
  expect(await stored()).toHaveLength(1);
});

test("is what it was at last while the device is away, until its agent says it anew", async () => {
  const { server, one, shown, toldOf } = await setUp();
  await using _ = server;
  await one.connect();
  says(one, [anna]);
  await toldOf(one);
  one.say({ type: "goodbye", reason: "shutdown", at: Date.now() });
  await until("the device to be away", async () => !(await shown(one)).isCurrent);
  expect((await shown(one)).people).toHaveLength(1);
  one.drop();
  // An agent that says nothing of it, such as one of before.
  await one.connect();
  expect(await shown(one)).toMatchObject({ isCurrent: false, people: [{ name: "KANZLEI\\anna" }] });
  says(one, [anna]);
  await until("it to hold again", async () => (await shown(one)).isCurrent);
});

test("is not known any more once the agent cannot tell", async () => {
  const { server, one, shown, toldOf, stored } = await setUp();
  await using _ = server;
  await one.connect();
  says(one, [anna]);
  await toldOf(one);
  says(one, null);
  await until("it to be unknown", async () => (await shown(one)).at === null);
  expect(await stored()).toEqual([]);
});

test("where the house does not want it nobody is asked, and what is stored is deleted, at once and by itself", async () => {
  const { server, ctx, one, other, shown, toldOf, stored } = await setUp();
  await using _ = server;
  await one.connect();
  const configured = await one.next("configure");
  says(one, [anna]);
  await toldOf(one);
  await changeSettings({ ctx, input: { asksSignedIn: false } });
  expect(await stored()).toEqual([]);
  expect(await shown(one)).toEqual({ isAsked: false, at: null, isCurrent: false, people: [], others: 0 });
  // The same configuration as before: agents that know nothing of it have nothing to do.
  expect(await one.next("configure")).toEqual({ ...configured, signedIn: false });
  // One that did not hear it is told once more, and what it says is not kept.
  says(one, [anna]);
  expect(await one.next("configure")).toMatchObject({ signedIn: false });
  expect(await stored()).toEqual([]);
  expect(await other.connect()).toMatchObject({ type: "welcome", signedIn: false });
  await other.next("configure");
  await changeSettings({ ctx, input: { asksSignedIn: true } });
  expect((await one.next("configure")).signedIn).toBe(true);
  expect((await other.next("configure")).signedIn).toBe(true);
  says(one, [anna]);
  await toldOf(one);
});

test("a customer can go without, and only its devices do", async () => {
  const { server, tenant, ctx, one, shown, toldOf, stored } = await setUp();
  await using _ = server;
  await one.connect();
  await one.next("configure");
  says(one, [anna]);
  await toldOf(one);
  const { first, second } = tenant;
  const away = await seedAgent(server, tenant, second, "tank-away");
  await away.connect();
  await away.next("configure");
  const without = await changeCustomer({ ctx, input: { customerId: second.customerId, asksSignedIn: false } });
  expect(without.asksSignedIn).toBe(false);
  expect((await away.next("configure")).signedIn).toBe(false);
  expect((await shown(one)).isAsked).toBe(true);
  expect(await stored()).toHaveLength(1);
  await changeCustomer({ ctx, input: { customerId: first.customerId, asksSignedIn: false } });
  // Nothing came before it: what another customer wants is not this one's matter.
  expect((await one.next("configure")).signedIn).toBe(false);
  expect(await stored()).toEqual([]);
  expect((await shown(one)).isAsked).toBe(false);
});

test("agents are told only when something has changed, and only those of the customer", async () => {
  const { server, tenant, ctx } = await setUp();
  await using _ = server;
  const asked: unknown[] = [];
  server.services.bus.subscribe("signed-in-asked", (message) => void asked.push(message));
  const { customerId } = tenant.second;
  for (const asksSignedIn of [true, false, false, true]) await changeCustomer({ ctx, input: { customerId, asksSignedIn } });
  await changeCustomer({ ctx, input: { customerId, name: "Other Name" } });
  const ofCustomer = { providerId: tenant.providerId, customerId };
  expect(asked).toEqual([ofCustomer, ofCustomer]);
});

test("a wish that waits for another one is measured by that one", async () => {
  const { server, tenant, ctx } = await setUp();
  await using _ = server;
  const asked: unknown[] = [];
  server.services.bus.subscribe("signed-in-asked", (message) => void asked.push(message));
  const { customerId } = tenant.second;
  const held = Promise.withResolvers<void>();
  const change = held.promise.then(() => changeCustomer({ ctx, input: { customerId, asksSignedIn: true } }));
  await database.transaction({ providerId: tenant.providerId, customers: "*" }, async (tx) => {
    await tx.sql("update customer set asks_signed_in = false where customer_id = $1", [customerId]);
    held.resolve();
    await until("the change to wait", async () => (await tx.sql("select 1 as one from pg_locks where not granted")).length > 0);
  });
  await change;
  expect(asked).toHaveLength(1);
});

test("is nobody else's to see, and goes with the device", async () => {
  const { server, tenant, ctx, one, toldOf, stored } = await setUp();
  await using _ = server;
  await one.connect();
  says(one, [anna]);
  await toldOf(one);
  const seenBy = (customers: "*" | readonly string[]) =>
    database.transaction({ providerId: tenant.providerId, customers }, (tx) => tx.sql("select 1 as one from device_signed_in"));
  expect(await seenBy([tenant.first.customerId])).toHaveLength(1);
  expect(await seenBy([tenant.second.customerId])).toEqual([]);
  await revokeDevice({ ctx, input: { deviceId: one.deviceId } });
  expect(await stored()).toEqual([]);
});

test("of a device that is away for a month nobody is known any more", async () => {
  const { server, one, other, toldOf, shown, stored } = await setUp();
  await using _ = server;
  for (const agent of [one, other]) {
    await agent.connect();
    says(agent, [anna]);
    await toldOf(agent);
  }
  one.drop();
  await until("the device to be away", async () => !(await shown(one)).isCurrent || (await gone(one)));
  await until("its link to be over", () => gone(one));
  await database.unwalled("test", (tx) =>
    tx.sql(
      "update hauswart.device_link set connected_at = connected_at - interval '31 days', disconnected_at = disconnected_at - interval '31 days' where device_id = $1",
      [one.deviceId],
    ),
  );
  expect(await forgetSignedIn(server.services)).toBe(1);
  expect(await stored()).toEqual([{ device_id: other.deviceId }]);
});

test("nor of one that went together with the server and never came back", async () => {
  const { server, one, other, toldOf, stored } = await setUp();
  for (const agent of [one, other]) {
    await agent.connect();
    says(agent, [anna]);
    await toldOf(agent);
  }
  const monthPasses = (table: string, columns: readonly string[], which: string) =>
    database.unwalled("test", (tx) =>
      tx.sql(
        `update hauswart.${table} set ${columns.map((column) => `${column} = ${column} - interval '31 days'`).join(", ")} where ${which} = $1`,
        [which === "process_id" ? server.services.processId : one.deviceId],
      ),
    );
  await monthPasses("device_link", ["connected_at", "last_seen_at"], "device_id");
  // Connected all the time.
  expect(await forgetSignedIn(server.services)).toBe(0);
  await server.close();
  expect(await gone(one)).toBe(false);
  expect(await forgetSignedIn(server.services)).toBe(0);
  await monthPasses("server_process", ["alive_at"], "process_id");
  expect(await forgetSignedIn(server.services)).toBe(1);
  expect(await stored()).toEqual([{ device_id: other.deviceId }]);
});

const gone = async ({ deviceId }: WireAgent) =>
  (
    await database.unwalled("test", (tx) =>
      tx.sql("select 1 as one from hauswart.device_link where device_id = $1 and disconnected_at >= connected_at", [deviceId]),
    )
  ).length > 0;

test.each([
  ["more than the protocol takes", { people: Array.from({ length: 51 }, () => anna), others: 0 }],
  ["a name that is too long", { people: [{ ...anna, name: "x".repeat(121) }], others: 0 }],
  ["a way that nobody knows", { people: [{ ...anna, by: "window" }], others: 0 }],
  ["no number of others", { people: [] }],
])("%s ends the connection, and nothing of it is kept", async (_, message) => {
  const { server, one, stored } = await setUp();
  await using _server = server;
  await one.connect();
  one.say({ type: "signed-in", ...message });
  await one.closed();
  expect(await stored()).toEqual([]);
});
