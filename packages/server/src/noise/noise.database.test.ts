/** ALM-1 what people say of alarms is counted by rule, customer and week. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices } from "@hauswart/testkit/seed.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { getFindingVerdict } from "./get-finding-verdict.ts";
import { getNoise } from "./get-noise.ts";
import { judgeFinding } from "./judge-finding.ts";

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());

const dayMs = 86_400_000;
const budget = { weeks: 4, noisePercent: 10, weekly: 50 };

test("the last word counts, what nobody judged says nothing, and rules over their budget stand first", async () => {
  const services = testServices(database);
  const tenant = await seedTenant(database);
  const ctx = contextFor(services, tenant);
  const { first } = tenant;
  const deviceId = await seedDevice(database, tenant, first);
  const nowMs = services.clock.now();
  const open = (check: string, daysAgo: number, subject: string) => ({
    kind: "open" as const,
    scope: { customerId: first.customerId, siteId: first.siteId, deviceId, check, checkNumber: 1, instance: "" },
    code: "bad",
    subject,
    atMs: nowMs - daysAgo * dayMs,
    severity: "warning" as const,
    evidence: {},
    noticeDueAtMs: null,
  });
  const changes = [
    ...["A", "B", "C", "D"].map((subject) => open("cpu-load", 1, subject)),
    open("memory", 2, ""),
    open("memory", 60, "old"),
  ];
  const effects = await database.transaction(ctx, (tx) =>
    applyFindingChanges(tx, services, { providerId: ctx.providerId, actor: { kind: "system", id: "test", name: "test" } }, changes),
  );
  const rows = await database.transaction(ctx, (tx) =>
    tx.sql<{ finding_id: string; subject: string }>(
      "select finding_id, subject from finding where check_id = 'cpu-load' and provider_id = $1",
      [ctx.providerId],
    ),
  );
  expect(effects).toHaveLength(6);
  const idOf = (subject: string) => rows.find((row) => row.subject === subject)!.finding_id;
  const say = (subject: string, verdict: "useful" | "noise" | "known" | null) =>
    judgeFinding({ ctx, input: { findingId: idOf(subject), verdict } });
  await say("A", "noise");
  await say("A", "useful");
  await say("B", "noise");
  await say("C", "known");
  expect(await say("D", "noise")).toMatchObject({ verdict: "noise", by: ctx.actor.name });
  await say("D", null);
  expect((await getFindingVerdict({ ctx, input: { findingId: idOf("D") } })).verdict).toBeNull();

  const report = await getNoise({ ctx, input: budget });
  expect(report.rules).toMatchObject([
    {
      check: "cpu-load",
      findings: 4,
      useful: 1,
      noise: 1,
      known: 1,
      noisePercent: 33.3,
      findingsAWeek: 1,
      isOverBudget: true,
      policyId: null,
    },
    { check: "memory", findings: 1, noisePercent: null, isOverBudget: false },
  ]);
  expect(report.customers).toMatchObject([{ customerId: first.customerId, findings: 5, noise: 1 }]);
  expect(report.byWeek.reduce((sum, { findings }) => sum + findings, 0)).toBe(5);
  expect((await getNoise({ ctx, input: { ...budget, weekly: 1, noisePercent: 50, weeks: 1 } })).rules[0]).toMatchObject({
    isOverBudget: true,
  });

  const other = contextFor(services, await seedTenant(database));
  expect(await codeOf(judgeFinding({ ctx: other, input: { findingId: idOf("A"), verdict: "noise" } }))).toBe("NOT_FOUND");
  expect((await getNoise({ ctx: other, input: budget })).rules).toEqual([]);
});
