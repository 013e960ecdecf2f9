/** A check that is switched off and on again before the gateway has looked: it has ended and begins anew, as if somebody had. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { agentServer, seedFleet } from "@hauswart/testkit/agent-server.ts";
import { testDatabase } from "@hauswart/testkit/database.ts";
import { contextFor } from "@hauswart/testkit/seed.ts";
import { tankSample } from "@hauswart/testkit/tank-check.ts";
import type { Database } from "../database/database.ts";
import { createPolicy } from "../policies/create-policy.ts";
import { deletePolicy } from "../policies/delete-policy.ts";

setDefaultTimeout(60_000);

test("what was wrong before and still is, is found again, and the check is shown as it is", async () => {
  await using database = await testDatabase();
  /** The gateway looks at changed checks only then. */
  let mayLook = Promise.resolve();
  const gated: Database = {
    ...database,
    transaction: (of, work) =>
      database.transaction(of, (tx) => {
        const ask = tx.sql.bind(tx);
        const sql = async <Row extends object>(text: string, values?: readonly unknown[]) => {
          if (text.includes("d.site_id\n  from hauswart.device_link l")) await mayLook;
          return ask<Row>(text, values);
        };
        return work(Object.assign(tx, { sql }));
      }),
  };
  await using server = await agentServer(gated);
  const { tenant, agents } = await seedFleet(server, 1);
  const agent = agents[0]!;
  const ctx = contextFor({ ...server.services, database }, tenant);
  const rows = <Row extends object>(text: string) => database.transaction(ctx, (tx) => tx.sql<Row>(text));
  const findings = async () =>
    (await rows<{ is: string }>("select coalesce(close_reason, 'open') as is from finding order by opened_at, finding_id")).map(
      (row) => row.is,
    );
  const measure = async () => {
    agent.batch([{ ok: tankSample({ A: 99 }) as never }]);
    await agent.stored();
  };
  await agent.connect();
  await measure();
  expect(await findings()).toEqual(["open"]);

  const looks = Promise.withResolvers<void>();
  mayLook = looks.promise;
  const checks = [{ check: "tank", instance: "", enabled: false, settings: {} }];
  const assignments = [{ scope: "device", scopeId: agent.deviceId } as const];
  const { policyId } = await createPolicy({ ctx, input: { name: "Off", customerId: null, checks, assignments } });
  await deletePolicy({ ctx, input: { policyId } });
  expect(await findings()).toEqual(["check-ended"]);
  looks.resolve();
  expect(await agent.next("measure-now")).toMatchObject({ checks: [0] });
  await measure();
  expect([await findings(), await rows("select state, judged_key = settings_key as is_noted from check_instance")]).toEqual([
    ["check-ended", "open"],
    [{ state: "failure", is_noted: true }],
  ]);
  agent.drop();
});
