/** ALM-1 what people say of alarms is counted by rule, customer and week. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { NoiseBudget } from "@hauswart/protocol/api/noise-budget.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices } from "@hauswart/testkit/seed.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { changeSettings } from "../tenancy/change-settings.ts";
import { getFindingVerdict } from "./get-finding-verdict.ts";
import { getNoise } from "./get-noise.ts";
import { judgeFinding } from "./judge-finding.ts";

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());

const dayMs = 86_400_000;
const asked = { weeks: 4 };

test("the last word counts, what nobody judged says nothing, and rules over their budget stand first", async () => {
  const services = testServices(database);
  const tenant = await seedTenant(database);
  const ctx = contextFor(services, tenant);
  const { first } = tenant;
  const deviceId = await seedDevice(database, tenant, first);
  const nowMs = services.clock.now();
  const open = (check: string, daysAgo: number, subject: string): FindingChange => ({
    kind: "open",
    scope: { customerId: first.customerId, siteId: first.siteId, deviceId, check, checkNumber: 1, instance: "" },
    code: "bad",
    subject,
    atMs: nowMs - daysAgo * dayMs,
    severity: "warning",
    evidence: {},
    noticeDueAtMs: null,
  });
  const changes = [
    ...["A", "B", "C", "D"].map((subject) => open("cpu-load", 1, subject)),
    open("memory", 2, ""),
    open("memory", 60, "old"),
    // Nobody was told of these as of alarms.
    open("alarm-drill", 1, ""),
    { ...open("memory", 1, "late"), noticeDueAtMs: nowMs + dayMs },
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
  expect(effects).toHaveLength(8);
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

  await changeSettings({ ctx, input: { noiseBudget: { noisePercent: 10, leastAWeek: 0.5, mostAWeek: 50 } } });
  const report = await getNoise({ ctx, input: asked });
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
  expect(report.from).toBe("2026-02-02");
  expect(report.byWeek.reduce((sum, { findings }) => sum + findings, 0)).toBe(5);
  const overWith = async (noiseBudget: NoiseBudget) => {
    await changeSettings({ ctx, input: { noiseBudget } });
    const { budget, rules } = await getNoise({ ctx, input: asked });
    expect(budget).toEqual(noiseBudget);
    return rules.filter(({ isOverBudget }) => isOverBudget).map(({ check }) => check);
  };
  expect(await overWith({ noisePercent: 33.4, leastAWeek: 0, mostAWeek: 50 })).toEqual([]);
  expect(await overWith({ noisePercent: 33, leastAWeek: 0, mostAWeek: 50 })).toEqual(["cpu-load"]);
  expect(await overWith({ noisePercent: 33, leastAWeek: 1.1, mostAWeek: 50 })).toEqual([]);
  expect(await overWith({ noisePercent: 100, leastAWeek: 50, mostAWeek: 1 })).toEqual([]);
  expect((await getNoise({ ctx, input: { weeks: 1 } })).rules[0]).toMatchObject({ findingsAWeek: 3.8, isOverBudget: true });

  const other = contextFor(services, await seedTenant(database));
  expect(await codeOf(judgeFinding({ ctx: other, input: { findingId: idOf("A"), verdict: "noise" } }))).toBe("NOT_FOUND");
  expect((await getNoise({ ctx: other, input: asked })).rules).toEqual([]);
});

test("a rule is a check as one policy has it: the noisy one stands by itself, and its policy is named", async () => {
  const services = testServices(database);
  const tenant = await seedTenant(database);
  const ctx = contextFor(services, tenant);
  const { providerId } = tenant;
  const { customerId, siteId } = tenant.first;
  const policies = new Map<string, string>();
  const nowMs = services.clock.now();
  const changes: FindingChange[] = [];
  for (const [name, instance, findings] of [
    ["Offices", "shop", 3],
    ["Offices", "blog", 1],
    ["Servers", "shop", 2],
  ] as const) {
    const deviceId = await seedDevice(database, tenant, tenant.first, `${name} ${instance}`);
    const policyId = policies.get(name) ?? newId();
    await database.unwalled("test", async (tx) => {
      if (!policies.has(name))
        await tx.sql("insert into hauswart.policy (provider_id, policy_id, name, checks) values ($1, $2, $3, '{}')", [
          providerId,
          policyId,
          name,
        ]);
      await tx.sql(
        `insert into hauswart.check_instance (provider_id, device_id, number, customer_id, check_id, instance, every_seconds, sources)
         values ($1, $2, 900, $3, 'website', $4, 300, jsonb_build_object('enabled', jsonb_build_object('policyId', $5::text)))`,
        [providerId, deviceId, customerId, instance, policyId],
      );
    });
    policies.set(name, policyId);
    for (let index = 0; index < findings; index++)
      changes.push({
        kind: "open",
        scope: { customerId, siteId, deviceId, check: "website", checkNumber: 900, instance },
        code: "down",
        subject: String(index),
        atMs: nowMs - dayMs,
        severity: "failure",
        evidence: {},
        noticeDueAtMs: null,
      });
  }
  await database.transaction(ctx, (tx) =>
    applyFindingChanges(tx, services, { providerId, actor: { kind: "system", id: "test", name: "test" } }, changes),
  );
  const { rules } = await getNoise({ ctx, input: asked });
  expect(rules.map(({ check, instance, policyName, policyId, findings }) => [check, instance, policyName, policyId, findings])).toEqual([
    ["website", "shop", "Offices", policies.get("Offices")!, 3],
    ["website", "shop", "Servers", policies.get("Servers")!, 2],
    ["website", "blog", "Offices", policies.get("Offices")!, 1],
  ]);
});
