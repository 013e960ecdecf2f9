/** What becomes of a device while its agent, which has said hello, is looked up and loaded. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { agentServer, seedFleet, type AgentServer } from "@hauswart/testkit/agent-server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, type SeededTenant } from "@hauswart/testkit/seed.ts";
import type { WireAgent } from "@hauswart/testkit/wire-agent.ts";
import type { Context } from "../context.ts";
import type { Database } from "../database/database.ts";
import { revokeDevice } from "../devices/revoke-device.ts";
import { createPolicy } from "../policies/create-policy.ts";
import { changeCustomer } from "../tenancy/change-customer.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
let server: AgentServer;
let tenant: SeededTenant;
let agents: readonly WireAgent[];
let ctx: Context;
/** Ends the next wait: the last statement before a welcome is held until then. */
let held: { readonly reached: () => void; readonly free: Promise<void> } | undefined;

const gated = (own: Database): Database => ({
  ...own,
  transaction: (of, work) =>
    own.transaction(of, (tx) => {
      const ask = tx.sql.bind(tx);
      const sql = async <Row extends object>(text: string, values?: readonly unknown[]) => {
        const rows = await ask<Row>(text, values);
        if (held && text.includes("asks_signed_in")) {
          held.reached();
          await held.free;
        }
        return rows;
      };
      return work(Object.assign(tx, { sql }));
    }),
});

/** Holds the next statement of that kind when it is reached. */
function holdNext() {
  const reached = Promise.withResolvers<void>();
  const free = Promise.withResolvers<void>();
  held = { reached: reached.resolve, free: free.promise };
  return { reached: reached.promise.then(() => void (held = undefined)), free: free.resolve };
}

/** Connects, and does something between the loading of the device and its welcome. */
async function connectWhile(agent: WireAgent, act: () => Promise<unknown>): Promise<void> {
  const { reached, free } = holdNext();
  const answer = agent.connect();
  await reached;
  await act();
  free();
  await answer;
}

beforeAll(async () => {
  database = await testDatabase();
  server = await agentServer(gated(database));
  ({ tenant, agents } = await seedFleet(server, 3));
  ctx = contextFor({ ...server.services, database }, tenant);
});
afterAll(async () => {
  for (const agent of agents) agent.drop();
  await server.close();
  await database.close();
});

test("a device that is revoked meanwhile is sent away", async () => {
  const agent = agents[0]!;
  await connectWhile(agent, () => revokeDevice({ ctx, input: { deviceId: agent.deviceId } }));
  expect((await agent.next("refused")).code).toBe("DEVICE_REVOKED");
  await agent.closed();
});

test("checks that are changed meanwhile reach the agent", async () => {
  const agent = agents[1]!;
  const checks = [{ check: "tank", instance: "", enabled: true, settings: { only: ["A"] } }];
  const assignments = [{ scope: "device", scopeId: agent.deviceId } as const];
  await connectWhile(agent, () => createPolicy({ ctx, input: { name: "Only", customerId: null, checks, assignments } }));
  await agent.next("configure");
  expect((await agent.next("configure")).checks).toMatchObject([{ selection: { only: ["A"] } }]);
});

const wish = (asksSignedIn: boolean) => changeCustomer({ ctx, input: { customerId: tenant.first.customerId, asksSignedIn } });

test("the customer's wish to know who is signed in, changed meanwhile, reaches the agent", async () => {
  const agent = agents[2]!;
  await wish(false);
  await connectWhile(agent, () => wish(true));
  await agent.next("configure");
  expect((await agent.next("configure")).signedIn).toBe(true);
});

test("of two wishes the agent hears the newer one last, however long the one before takes", async () => {
  const agent = agents[2]!;
  const { reached, free } = holdNext();
  await wish(false);
  await reached;
  await wish(true);
  // Long enough for what does not wait for its turn.
  await Bun.sleep(300);
  free();
  expect([(await agent.next("configure")).signedIn, (await agent.next("configure")).signedIn]).toEqual([false, true]);
});
