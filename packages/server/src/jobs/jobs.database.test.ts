import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedTenant, testServices, type TestServices } from "@hauswart/testkit/seed.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { until } from "@hauswart/testkit/until.ts";
import { chores } from "./chores.ts";
import { forgetOldMessages } from "./forget-old-messages.ts";
import { startJobQueue, type Chore, type JobQueue } from "./job-queue.ts";
import { repeat } from "./repeat.ts";

let database: TestDatabase;
let services: TestServices;
const queues: JobQueue[] = [];

beforeAll(async () => {
  database = await testDatabase();
}, 60_000);
beforeEach(() => void (services = testServices(database)));
afterAll(async () => {
  await Promise.all(queues.map((queue) => queue.stop()));
  await database.close();
});

const chore = (name: string, run: () => Promise<Record<string, unknown>>): Chore => ({ name, cron: "0 0 1 1 *", run });
const start = async (chore: Chore) => {
  const queue = await startJobQueue(services, { connection: database.connections.owner, chores: [chore], lookEverySeconds: 0.5 });
  queues.push(queue);
  return queue;
};
test("two processes run a chore once at a time, and not again for each request", async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const asked = Promise.withResolvers<void>();
  const slow = chore("slow-chore", async () => {
    most = Math.max(most, ++running);
    await asked.promise;
    await Bun.sleep(800);
    running--;
    runs++;
    return {};
  });
  const [one, other] = [await start(slow), await start(slow)];
  await Promise.all([one.runSoon("slow-chore"), other.runSoon("slow-chore"), one.runSoon("slow-chore")]);
  asked.resolve();
  await until("a run", () => runs > 0);
  await Bun.sleep(1_200);
  expect({ most, runs }).toEqual({ most: 1, runs: 1 });
  // While the first is not written down as done yet, a wish for it is none for another.
  await until("a second run", async () => {
    if (running === 0) await one.runSoon("slow-chore");
    return runs > 1;
  });
  expect(most).toBe(1);
}, 120_000);

test("a chore that fails is said to, in health and metrics", async () => {
  const failing = await start(chore("failing-chore", () => Promise.reject(new Error("no room"))));
  await failing.runSoon("failing-chore");
  await until("a problem", () => failing.problems().length > 0);
  expect(failing.problems()).toEqual(["The chore failing-chore failed: no room"]);
  expect(await services.metrics.text()).toContain('hauswart_chore_runs_total{chore="failing-chore",outcome="failed"} 1');
}, 120_000);

test("the server's own chores run on an empty database", async () => {
  for (const { name, run } of chores) expect({ name, figures: await run(services) }).toMatchObject({ name });
}, 120_000);

test("what repeats never overlaps, survives a failure, and stops after its turn", async () => {
  let running = 0;
  let most = 0;
  let turns = 0;
  let fails = true;
  const repeating = repeat(services, {
    name: "seconds",
    everyMs: 5,
    run: async () => {
      most = Math.max(most, ++running);
      await Bun.sleep(20);
      running--;
      turns++;
      if (fails) throw new Error("once");
    },
  });
  await until("two turns", () => turns > 1);
  expect(repeating.problems()).toEqual(["The chore seconds failed: once"]);
  fails = false;
  await until("no problem", () => repeating.problems().length === 0);
  expect(repeating.problems()).toEqual([]);
  await repeating.stop();
  expect({ most, running }).toEqual({ most: 1, running: 0 });
});

test("old deliveries go, and what waits stays however old", async () => {
  const { providerId } = await seedTenant(database);
  const old = new Date(services.clock.now() - 200 * 86_400_000).toISOString();
  const webhookId = newId();
  await database.unwalled("test", async (tx) => {
    await tx.sql("insert into hauswart.webhook (provider_id, webhook_id, url, secret) values ($1, $2, 'https://hooks.example', '')", [
      providerId,
      webhookId,
    ]);
    for (const state of ["queued", "delivered", "failed"]) {
      await tx.sql(
        "insert into hauswart.delivery (provider_id, delivery_id, webhook_id, event, body, state, created_at) values ($1, $2, $3, '', '', $4, $5)",
        [providerId, newId(), webhookId, state, old],
      );
    }
  });
  expect(await forgetOldMessages(services)).toBe(2);
  const left = await database.unwalled("test", (tx) =>
    tx.sql<{ state: string }>("select state from hauswart.delivery where provider_id = $1", [providerId]),
  );
  expect(left).toEqual([{ state: "queued" }]);
});
