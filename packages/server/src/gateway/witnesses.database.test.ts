/** A device that was lost is looked for by a neighbour, and what that one says decides why it is offline. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { agentServer, seedFleet } from "@hauswart/testkit/agent-server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { until } from "@hauswart/testkit/until.ts";
import { readAvailability } from "../presence/availability.ts";
import { readOffline } from "../presence/read-offline.ts";
import { sweepWitnesses } from "../presence/sweep-witnesses.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.close());

test.each([
  ["gets an answer", { answers: true, resolves: true }, "agent-dead certain"],
  ["sees only its network card", { answers: false, resolves: true }, "agent-dead likely"],
  ["sees nothing of it", { answers: false, resolves: false }, "computer-gone likely"],
  ["could not look", { answers: null, resolves: null }, "computer-gone possible"],
])("ALM-1 a neighbour that %s", async (_, seen, expected) => {
  const server = await agentServer(database);
  const { tenant, agents } = await seedFleet(server, 3);
  const [lost, witness, blind] = agents as [(typeof agents)[0] & object, (typeof agents)[0] & object, (typeof agents)[0] & object];
  const { providerId } = tenant;
  await lost.connect({ network: { addresses: ["192.168.7.20"], looks: true } });
  await witness.connect({ network: { addresses: ["192.168.7.21"], looks: true } });
  // An older agent is asked nothing.
  await blind.connect();
  lost.drop();
  const link = () =>
    database.unwalled("test", (tx) =>
      tx.sql<{ gone: boolean }>(
        "select coalesce(disconnected_at >= connected_at, false) as gone from hauswart.device_link where device_id = $1",
        [lost.deviceId],
      ),
    );
  await until("the link to be over", async () => (await link())[0]!.gone);
  // Lost a minute ago, and the server has been there all the time.
  await database.unwalled("test", (tx) =>
    tx.sql("delete from hauswart.server_process where process_id <> $1", [server.services.processId]),
  );
  await database.unwalled("test", (tx) =>
    tx.sql("update hauswart.server_process set started_at = started_at - interval '1 hour' where true", []),
  );
  await database.unwalled("test", (tx) =>
    tx.sql(
      "update hauswart.device_link set connected_at = connected_at - interval '1 hour', last_seen_at = now() - interval '1 minute', disconnected_at = now() - interval '1 minute' where device_id = $1",
      [lost.deviceId],
    ),
  );
  expect(await sweepWitnesses(server.services)).toBe(1);
  const question = await witness.next("look-for");
  expect(question.addresses).toEqual(["192.168.7.20"]);
  // What nobody asked for is not believed.
  witness.say({ type: "seen", request: question.request + 7, answers: true, resolves: true });
  witness.say({ type: "seen", request: question.request, ...seen });
  await until(
    "what the neighbour saw",
    async () =>
      (
        await database.unwalled("test", (tx) =>
          tx.sql("select 1 as one from hauswart.presence_witness where device_id = $1", [lost.deviceId]),
        )
      ).length > 0,
  );
  const found = await database.transaction({ providerId, customers: "*" }, async (tx) => {
    const nowMs = server.services.clock.now();
    return readOffline(tx, providerId, [lost.deviceId], await readAvailability(tx, nowMs), nowMs);
  });
  const { verdict, witnesses } = found.get(lost.deviceId)!;
  expect(`${verdict.reason} ${verdict.certainty}`).toBe(expected);
  expect(witnesses).toHaveLength(1);
  // Asked once per loss.
  expect(await sweepWitnesses(server.services)).toBe(0);
  witness.drop();
  blind.drop();
  await server.close();
});

test("ALM-1 whoever stands behind the same gateway is asked first; its network card tells routers of the same address apart", async () => {
  const server = await agentServer(database);
  const { tenant, agents } = await seedFleet(server, 5);
  const [lost, ...others] = agents as [(typeof agents)[0] & object, ...(typeof agents)[0][]];
  const gateway = (card?: string) => [{ address: "192.168.178.1", ...(card ? { card } : {}) }];
  await lost.connect({ network: { addresses: ["192.168.178.20"], looks: true, gateways: gateway("aa:aa:aa:aa:aa:aa") } });
  const standings = [
    [{ address: "10.0.0.1", card: "cc:cc:cc:cc:cc:cc" }],
    gateway("bb:bb:bb:bb:bb:bb"),
    gateway("aa:aa:aa:aa:aa:aa"),
    gateway(),
  ];
  for (const [index, agent] of others.entries())
    await agent.connect({ network: { addresses: [`192.168.178.${30 + index}`], looks: true, gateways: standings[index]! } });
  const sql = (text: string, ...values: unknown[]) => database.unwalled("test", (tx) => tx.sql<{ gone: boolean }>(text, values as never));
  // Servers come first otherwise.
  await sql("update hauswart.device set role = 'workstation' where device_id = any($1::uuid[])", [
    others[2]!.deviceId,
    others[3]!.deviceId,
  ]);
  const network = await database.transaction({ providerId: tenant.providerId, customers: "*" }, (tx) =>
    tx.sql("select gateway_addresses, gateway_cards from hauswart.device where device_id = $1", [others[3]!.deviceId]),
  );
  expect(network).toEqual([{ gateway_addresses: ["192.168.178.1"], gateway_cards: [""] }]);
  lost.drop();
  const gone = "select coalesce(disconnected_at >= connected_at, false) as gone from hauswart.device_link where device_id = $1";
  await until("the link to be over", async () => (await sql(gone, lost.deviceId))[0]!.gone);
  await sql(
    "update hauswart.device_link set connected_at = connected_at - interval '1 hour', last_seen_at = now() - interval '1 minute', disconnected_at = now() - interval '1 minute' where device_id = $1",
    lost.deviceId,
  );
  const asked: unknown[] = [];
  const end = server.services.bus.subscribe("look-for-device", ({ witnessId }) => void asked.push(witnessId));
  expect(await sweepWitnesses(server.services)).toBe(2);
  await Promise.all([others[2]!.next("look-for"), others[3]!.next("look-for")]);
  expect(new Set(asked)).toEqual(new Set([others[2]!.deviceId, others[3]!.deviceId]));
  end();
  for (const agent of others) agent.drop();
  await server.close();
});
