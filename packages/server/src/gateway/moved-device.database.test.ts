/** A device that is moved to another site while it is connected: from then on it is told of, and judged, where it stands now. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { agentServer, seedFleet } from "@hauswart/testkit/agent-server.ts";
import { testDatabase } from "@hauswart/testkit/database.ts";
import { contextFor } from "@hauswart/testkit/seed.ts";
import { tankSample } from "@hauswart/testkit/tank-check.ts";
import { until } from "@hauswart/testkit/until.ts";
import { changeDevice } from "../devices/change-device.ts";

setDefaultTimeout(60_000);

test("what it finds after the move is found at the new site, on the same connection", async () => {
  await using database = await testDatabase();
  await using server = await agentServer(database);
  const {
    tenant,
    agents: [agent],
  } = await seedFleet(server, 1);
  const ctx = contextFor(server.services, tenant);
  const siteId = newId();
  const sites = () =>
    database
      .transaction(ctx, (tx) =>
        tx.sql<{ site_id: string }>("select site_id from finding where check_id = 'tank' order by opened_at, finding_id"),
      )
      .then((rows) => rows.map((row) => row.site_id));
  await database.transaction(ctx, (tx) =>
    tx.sql("insert into site (provider_id, site_id, customer_id, name) values ($1, $2, $3, 'Filiale')", [
      tenant.providerId,
      siteId,
      tenant.first.customerId,
    ]),
  );
  expect((await agent!.connect()).type).toBe("welcome");
  agent!.batch([{ at: Date.now(), ok: tankSample({ A: 99 }) as never }]);
  await agent!.stored();
  await changeDevice({ ctx, input: { deviceId: agent!.deviceId, siteId } });
  let level = 0;
  await until("a finding at the new site", async () => {
    // Opens and closes until the gateway has heard of the move.
    agent!.batch([{ at: Date.now(), ok: tankSample({ A: (level = 99 - level) }) as never }]);
    await agent!.stored();
    return (await sites()).at(-1) === siteId;
  });
  expect((await sites())[0]).toBe(tenant.first.siteId);
  expect(agent!.closeCode).toBeUndefined();
  agent!.drop();
});
