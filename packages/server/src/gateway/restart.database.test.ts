/** A server process ends or dies, another one goes on: as if nothing had happened. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { agentServer, seedFleet } from "@hauswart/testkit/agent-server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { tankSample } from "@hauswart/testkit/tank-check.ts";

setDefaultTimeout(60_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const minute = 60_000;

test.each(["crash", "close"] as const)(
  "after a %s, states, counters, facts and the judges' histories go on where they were",
  async (end) => {
    let server = await agentServer(database);
    const { tenant, agents } = await seedFleet(server, 2);
    const [agent, other] = agents as [(typeof agents)[0] & object, (typeof agents)[0] & object];
    const all = <Row extends object>(statement: string) =>
      database.transaction({ providerId: tenant.providerId, customers: "*" }, (tx) => tx.sql<Row>(statement, [agent.deviceId]));
    await all("update check_instance set failures_before_finding = 3 where device_id = $1");
    const startMs = Date.now() - 60 * minute;
    const levels = [50, 85, 85, 85, 85, 10, 10];
    for (const [index, percent] of levels.entries()) {
      if (index % 2 === 0 || index === 3) {
        // Between the second and the third bad sample too.
        if (index > 0) await server[end]();
        if (index > 0) server = await agentServer(database);
        for (const each of [agent, other]) {
          Object.assign(each, { url: server.url });
          expect((await each.connect()).type).toBe("welcome");
        }
      }
      agent.batch([{ at: startMs + index * 10 * minute, ok: tankSample({ A: percent }) as never }]);
      await agent.stored();
    }
    const findings = await all<{ code: string; minutes: number; state: string }>(
      `select code, (extract(epoch from opened_at) * 1000 - ${startMs}) / ${minute} as minutes, coalesce(close_reason, 'open') as state from finding where device_id = $1 order by code, opened_at`,
    );
    // full: the third bad sample in a row. rising: 85 - 50 is more than 30, three times in a row.
    expect(findings.map(({ code, minutes, state }) => `${code} ${Math.round(Number(minutes))} ${state}`)).toEqual([
      "full 30 recovered",
      "rising 30 recovered",
    ]);
    expect(await all("select fact_number from sample_fact where device_id = $1")).toEqual([{ fact_number: 1 }]);
    expect(
      (await all<{ level: number }>("select values[2] as level from sample_batch where device_id = $1 order by received_at, sequence")).map(
        ({ level }) => level,
      ),
    ).toEqual(levels);
    for (const each of [agent, other]) each.drop();
    await server.close();
  },
);
