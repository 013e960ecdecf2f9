import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { setting } from "@hauswart/protocol/fields.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { usualFlapping } from "@hauswart/protocol/usual-flapping.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { z } from "zod";
import type { Topics } from "../bus/bus.ts";
import type { Context } from "../context.ts";
import { changeDevice } from "../devices/change-device.ts";
import { listDeviceChecks } from "../devices/list-device-checks.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { listFindings } from "../findings/list-findings.ts";
import type { CheckRegistry, JudgedCheck } from "../services.ts";
import { changePolicy } from "./change-policy.ts";
import { createPolicy } from "./create-policy.ts";
import { deletePolicy } from "./delete-policy.ts";
import { listPolicies } from "./list-policies.ts";
import { previewPolicy } from "./preview-policy.ts";
import { refreshDeviceChecks } from "./refresh-device-checks.ts";
import { refreshWhenChecksChanged } from "./refresh-when-checks-changed.ts";

const disk = defineCheck({
  id: "disk",
  version: 2,
  description: "Watches disks.",
  promises: [],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  sample: z.object({}),
  selection: z.object({ ignore: setting.names([], "Volumes left out.") }),
  judgement: z
    .object({ warnBelow: setting.percent(15, "Warning."), failBelow: setting.percent(5, "Failure.") })
    .refine(({ warnBelow, failBelow }) => warnBelow >= failBelow, "The warning comes first."),
  findings: { low: { description: "Low.", raises: ["warning"] } },
  onByDefault: true,
});
const web = defineCheck({
  id: "web",
  version: 1,
  description: "Watches web sites.",
  promises: [],
  cycle: { everyMinutes: 1 },
  failuresBeforeFinding: 1,
  sample: z.object({}),
  selection: z.object({ address: z.string().default("") }),
  judgement: z.object({}),
  findings: {},
  onByDefault: false,
});
const checks: CheckRegistry = new Map(
  [disk, web].map((definition) => [definition.id, { definition, judge: () => [] } as unknown as JudgedCheck]),
);

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let ctx: Context;
let deviceId: string;
let configured: Topics["device-configuration"][];
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  services = testServices(database, { checks });
  ctx = contextFor(services, tenant);
  deviceId = await seedDevice(database, tenant, tenant.first);
  configured = [];
  services.bus.subscribe("device-configuration", (message) => void configured.push(message));
  await refresh();
  configured.length = 0;
});

const refresh = () => database.transaction(ctx, (tx) => refreshDeviceChecks(tx, services, { providerId: tenant.providerId, deviceId }));
const rows = (id = deviceId) =>
  database.unwalled("look of a test", (tx) =>
    tx.sql<Record<string, unknown>>(
      "select number, check_id, instance, enabled, every_seconds, selection, selection_version, judgement, unknown_reason, state from hauswart.check_instance where device_id = $1 order by number",
      [id],
    ),
  );
const revision = async () =>
  (
    await database.unwalled("look of a test", (tx) =>
      tx.sql<{ configuration_revision: number }>("select configuration_revision from hauswart.device where device_id = $1", [deviceId]),
    )
  )[0]!.configuration_revision;
const create = (input: Partial<Parameters<typeof createPolicy>[0]["input"]>, as = ctx) =>
  createPolicy({ ctx: as, input: { name: "Policy", customerId: null, checks: [], assignments: [], ...input } });
const diskWith = (settings: Record<string, unknown>, over = {}) => ({ check: "disk", instance: "", enabled: true, settings, ...over });
const everywhere = { scope: "provider", scopeId: "" } as const;

test("a fresh device is watched by what is on by default, without a click", async () => {
  expect(await rows()).toEqual([
    {
      number: 0,
      check_id: "disk",
      instance: "",
      enabled: true,
      every_seconds: 300,
      selection: { ignore: [] },
      selection_version: 1,
      judgement: { warnBelow: 15, failBelow: 5 },
      unknown_reason: "never-measured",
      state: "unknown",
    },
  ]);
  const before = await revision();
  await refresh();
  expect([await revision(), configured]).toEqual([before, []]);
});

describe("a policy holds at once", () => {
  test("a threshold: told to the server, not to the agent", async () => {
    const before = await revision();
    await create({ checks: [diskWith({ warnBelow: 30 })], assignments: [everywhere] });
    expect(await rows()).toMatchObject([{ judgement: { warnBelow: 30, failBelow: 5 }, selection_version: 1 }]);
    expect(await revision()).toBe(before);
    expect(configured).toEqual([{ providerId: tenant.providerId, deviceId }]);
  });

  test("what to read: the agent gets a new configuration", async () => {
    const before = await revision();
    await create({ checks: [diskWith({ ignore: ["/snap"] })], assignments: [{ scope: "customer", scopeId: tenant.first.customerId }] });
    expect(await rows()).toMatchObject([{ selection: { ignore: ["/snap"] }, selection_version: 2 }]);
    expect(await revision()).toBe(before + 1);
  });

  test.each(["customer", "site", "device", "tag"] as const)("assigned to a %s it reaches that and nothing else", async (scope) => {
    const other = await seedDevice(database, tenant, tenant.second, "other");
    await changeDevice({ ctx, input: { deviceId, tags: ["till"] } });
    const scopeId = { customer: tenant.first.customerId, site: tenant.first.siteId, device: deviceId, tag: "till" }[scope];
    const { policyId } = await create({ checks: [diskWith({}, { everySeconds: 60 })], assignments: [{ scope, scopeId }] });
    await database.transaction(ctx, (tx) => refreshDeviceChecks(tx, services, { providerId: tenant.providerId, deviceId: other }));
    expect([await rows(), await rows(other)]).toMatchObject([[{ every_seconds: 60 }], [{ every_seconds: 300 }]]);
    await deletePolicy({ ctx, input: { policyId } });
    expect(await rows()).toMatchObject([{ every_seconds: 300, number: 0 }]);
  });

  test("a changed assignment refreshes those who are left behind too", async () => {
    const { policyId, revision: at } = await create({ checks: [diskWith({ warnBelow: 40 })], assignments: [everywhere] });
    await changePolicy({ ctx, input: { policyId, revision: at, assignments: [{ scope: "customer", scopeId: tenant.second.customerId }] } });
    expect(await rows()).toMatchObject([{ judgement: { warnBelow: 15 } }]);
  });

  test("a device that gets a tag is reached, and left when the tag goes", async () => {
    await create({
      checks: [{ check: "web", instance: "shop", enabled: true, settings: { address: "https://shop.example" } }],
      assignments: [{ scope: "tag", scopeId: "shop" }],
    });
    expect(await rows()).toHaveLength(1);
    await changeDevice({ ctx, input: { deviceId, tags: ["shop"] } });
    expect((await rows())[1]).toMatchObject({ number: 1, check_id: "web", instance: "shop", enabled: true });
    await changeDevice({ ctx, input: { deviceId, tags: [] } });
    expect((await rows())[1]).toMatchObject({ number: 1, enabled: false, unknown_reason: null });
    await changeDevice({ ctx, input: { deviceId, tags: ["shop"] } });
    expect((await rows())[1]).toMatchObject({ number: 1, enabled: true, unknown_reason: "never-measured" });
  });

  test("a daily check is at the hour of the device's role, and moves with it", async () => {
    const hour = async () => {
      const [row] = await database.unwalled("look of a test", (tx) =>
        tx.sql<{ daily_at_hour: number | null }>(
          "select daily_at_hour from hauswart.check_instance where device_id = $1 and check_id = 'disk'",
          [deviceId],
        ),
      );
      return row!.daily_at_hour;
    };
    await changeDevice({ ctx, input: { deviceId, role: "server" } });
    await create({ checks: [diskWith({}, { everySeconds: 86_400 })], assignments: [everywhere] });
    expect(await hour()).toBe(6);
    configured.length = 0;
    await changeDevice({ ctx, input: { deviceId, role: "workstation" } });
    expect([await hour(), configured.length]).toEqual([10, 1]);
  });

  test("a customer's policy does not reach others by tag", async () => {
    const other = await seedDevice(database, tenant, tenant.second, "other");
    for (const id of [deviceId, other]) await changeDevice({ ctx, input: { deviceId: id, tags: ["till"] } });
    await create({
      customerId: tenant.first.customerId,
      checks: [diskWith({ warnBelow: 77 })],
      assignments: [{ scope: "tag", scopeId: "till" }],
    });
    expect([await rows(), await rows(other)]).toMatchObject([[{ judgement: { warnBelow: 77 } }], [{ judgement: { warnBelow: 15 } }]]);
  });
});

test("a check that is turned off closes what it had open, and forgets what was judged", async () => {
  const scope = { customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId, check: "disk", checkNumber: 0, instance: "" };
  await database.transaction(ctx, (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: ctx.actor }, [
      {
        kind: "open",
        scope,
        code: "low",
        subject: "C:",
        severity: "warning",
        evidence: {},
        atMs: services.clock.now(),
        noticeDueAtMs: null,
      },
    ]),
  );
  await create({ checks: [diskWith({}, { enabled: false })], assignments: [everywhere] });
  const { items } = await listFindings({ ctx, input: { state: "closed", order: "newest", limit: 10 } });
  expect(items).toMatchObject([{ code: "low", deviceId, state: "closed" }]);
  const notices = await database.unwalled("look of a test", (tx) =>
    tx.sql("select kind from hauswart.finding_notice where provider_id = $1 order by finding_notice_id", [tenant.providerId]),
  );
  expect(notices).toEqual([{ kind: "opened" }, { kind: "closed" }]);
});

test("a check that the agent is too old for is shown as unknown and does not run, until the agent learns it", async () => {
  const learn = (agentChecks: object) =>
    database.unwalled("an agent of a test", (tx) =>
      tx.sql("update hauswart.device set agent_checks = $2::text::jsonb where device_id = $1", [deviceId, JSON.stringify(agentChecks)]),
    );
  await learn({ disk: 1 });
  await refresh();
  expect(await rows()).toMatchObject([{ enabled: false, unknown_reason: "agent-too-old", state: "unknown" }]);
  const { items } = await listDeviceChecks({ ctx, input: { deviceId, limit: 10 } });
  expect(items).toMatchObject([{ check: "disk", state: "unknown", unknownReason: "agent-too-old" }]);
  await learn({ disk: 2 });
  await refresh();
  expect(await rows()).toMatchObject([{ number: 0, enabled: true, unknown_reason: "never-measured" }]);
});

describe("more checks than an agent takes", () => {
  const sites = (count: number, name: string) =>
    Array.from({ length: count }, (_, index) => ({ ...diskWith({ address: "x" }), check: "web", instance: `${name} ${1_000 + index}` }));
  const tagged = (tag: string) => ({ name: tag, assignments: [{ scope: "tag", scopeId: tag } as const] });
  const leftOut = async () =>
    (await listDeviceChecks({ ctx, input: { deviceId, limit: 1_000 } })).items.filter(
      ({ unknownReason }) => unknownReason === "too-many-checks",
    );
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (reason: { code: string; extra?: { issues: { path: string; message: string }[] } }) => [reason.code, reason.extra?.issues],
    );

  test("are refused when a policy is saved, assigned or previewed, by the device and the number", async () => {
    const assignments = [{ scope: "device", scopeId: deviceId } as const];
    const refused = ["INVALID_REQUEST", [{ path: "body.checks", message: "server-1 would have 501 checks; an agent takes at most 500." }]];
    expect(await refusal(create({ checks: sites(500, "a"), assignments }))).toEqual(refused);
    const { policyId } = await create({ checks: sites(500, "a") });
    expect(await refusal(changePolicy({ ctx, input: { policyId, revision: 1, assignments } }))).toEqual(refused);
    const draft = { policyId, customerId: null, name: "Policy", checks: sites(500, "a"), assignments, devicesListed: 1 };
    expect(await refusal(previewPolicy({ ctx, input: draft }))).toEqual(refused);
    await create({ checks: sites(499, "a"), assignments });
    expect(await leftOut()).toEqual([]);
  });

  test("that come together on a device: the last ones do not run and say so, and what does not add to them can be saved", async () => {
    await create({ checks: sites(300, "a"), ...tagged("one") });
    const { policyId } = await create({ checks: sites(201, "b"), ...tagged("two") });
    await changeDevice({ ctx, input: { deviceId, tags: ["one", "two"] } });
    expect(await leftOut()).toMatchObject([{ instance: "b 1199" }, { instance: "b 1200", state: "unknown" }]);
    expect((await rows()).filter(({ enabled }) => enabled).length).toBe(500);
    await create({ checks: [diskWith({ warnBelow: 30 })], assignments: [everywhere] });
    expect((await refusal(changePolicy({ ctx, input: { policyId, revision: 1, checks: sites(202, "b") } })))?.[0]).toBe("INVALID_REQUEST");
    await changePolicy({ ctx, input: { policyId, revision: 1, checks: sites(200, "b") } });
    expect((await leftOut()).length).toBe(1);
    await changeDevice({ ctx, input: { deviceId, tags: ["two"] } });
    expect(await leftOut()).toEqual([]);
  });
});

test("why a device has a threshold: each setting names its policy, by its present name", async () => {
  const { policyId } = await create({ name: "Everywhere", checks: [diskWith({ failBelow: 3 })], assignments: [everywhere] });
  await create({ name: "Tills", checks: [diskWith({ warnBelow: 20 })], assignments: [{ scope: "site", scopeId: tenant.first.siteId }] });
  await changePolicy({ ctx, input: { policyId, revision: 1, name: "All of us" } });
  const { items } = await listDeviceChecks({ ctx, input: { deviceId, limit: 10 } });
  expect(items[0]!.settings).toEqual({
    everySeconds: 300,
    dailyAtHour: null,
    failuresBeforeFinding: 1,
    flapping: usualFlapping,
    ignore: [],
    warnBelow: 20,
    failBelow: 3,
  });
  expect(items[0]!.sources).toMatchObject({
    warnBelow: { policyName: "Tills", scope: "site", scopeName: "Main site" },
    failBelow: { policyId, policyName: "All of us", scope: "provider", scopeName: "Provider" },
    ignore: { policyId: null, scope: "default" },
  });
});

describe("refused is", () => {
  const issuesOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (reason: { code: string; extra?: { issues: { path: string }[] } }) => reason,
    );
    return [error?.code, error?.extra?.issues.map(({ path }) => path)];
  };

  test("what no check takes, with the path of each", async () => {
    const said = [
      diskWith({ warnBelow: 101, colour: "red" }),
      { ...diskWith({}), check: "nonsense" },
      diskWith({}),
      diskWith({ ignore: ["ok", 5] }, { instance: "b" }),
    ];
    expect(await issuesOf(create({ checks: said }))).toEqual([
      "INVALID_REQUEST",
      [
        "body.checks.0.settings.warnBelow",
        "body.checks.0.settings.colour",
        "body.checks.1.check",
        "body.checks.2",
        "body.checks.3.settings.ignore.1",
      ],
    ]);
  });

  test("an hour for a check that is not daily, and assignments that say nothing", async () => {
    const assignments = [{ scope: "provider", scopeId: "x" }, { scope: "tag", scopeId: " " }, everywhere, everywhere] as const;
    expect(await issuesOf(create({ checks: [diskWith({}, { everySeconds: 60, dailyAtHour: 3 })], assignments: [...assignments] }))).toEqual(
      ["INVALID_REQUEST", ["body.checks.0.dailyAtHour", "body.assignments.0.scopeId", "body.assignments.1.scopeId", "body.assignments.3"]],
    );
  });

  test("values that do not go together with those of another policy, and nothing of it is kept", async () => {
    await create({ name: "First", checks: [diskWith({ warnBelow: 10 })], assignments: [everywhere] });
    const before = await rows();
    expect(
      await issuesOf(
        create({ name: "Second", checks: [diskWith({ failBelow: 12 })], assignments: [{ scope: "device", scopeId: deviceId }] }),
      ),
    ).toEqual(["INVALID_REQUEST", ["body.checks.0.settings"]]);
    expect(await rows()).toEqual(before);
    expect((await listPolicies({ ctx, input: { limit: 10 } })).items.map(({ name }) => name)).toEqual(["First"]);
  });

  test("an edit of a revision that somebody else has changed", async () => {
    const { policyId } = await create({});
    await changePolicy({ ctx, input: { policyId, revision: 1, name: "Mine" } });
    expect(await codeOf(changePolicy({ ctx, input: { policyId, revision: 1, name: "Yours" } }))).toBe("CONFLICT");
  });

  test("a customer's policy outside of the customer", async () => {
    const own = { customerId: tenant.first.customerId };
    expect(await codeOf(create({ ...own, assignments: [everywhere] }))).toBe("INVALID_REQUEST");
    expect(await codeOf(create({ ...own, assignments: [{ scope: "site", scopeId: tenant.second.siteId }] }))).toBe("INVALID_REQUEST");
    expect(await codeOf(create({ ...own, assignments: [{ scope: "device", scopeId: newId() }] }))).toBe("NOT_FOUND");
  });

  test("the provider's policies to a key of one customer, which may have its own", async () => {
    const restricted = { ...ctx, customers: [tenant.first.customerId] };
    const { policyId } = await create({ name: "House", assignments: [{ scope: "customer", scopeId: tenant.second.customerId }] });
    expect(await codeOf(create({}, restricted))).toBe("FORBIDDEN");
    expect(await codeOf(changePolicy({ ctx: restricted, input: { policyId, revision: 1, name: "Mine" } }))).toBe("FORBIDDEN");
    expect(await codeOf(deletePolicy({ ctx: restricted, input: { policyId } }))).toBe("FORBIDDEN");
    const own = await create(
      {
        name: "Own",
        customerId: tenant.first.customerId,
        checks: [diskWith({ warnBelow: 33 })],
        assignments: [{ scope: "customer", scopeId: tenant.first.customerId }],
      },
      restricted,
    );
    expect(await rows()).toMatchObject([{ judgement: { warnBelow: 33 } }]);
    const { items } = await listPolicies({ ctx: restricted, input: { limit: 10 } });
    expect(items.map(({ name, assignments }) => [name, assignments.length])).toEqual([
      ["House", 0],
      ["Own", 1],
    ]);
    await deletePolicy({ ctx: restricted, input: { policyId: own.policyId } });
    expect(await rows()).toMatchObject([{ judgement: { warnBelow: 15 } }]);
  });
});

test("an updated server brings its new checks to every device, once", async () => {
  expect(await refreshWhenChecksChanged(services)).toBe(true);
  expect(await refreshWhenChecksChanged(services)).toBe(false);
  const newer: CheckRegistry = new Map([...checks, ["web", { ...checks.get("web")!, definition: { ...web, onByDefault: true } }]]);
  expect(await refreshWhenChecksChanged({ ...services, checks: newer })).toBe(true);
  expect(await rows()).toMatchObject([{ check_id: "disk" }, { number: 1, check_id: "web", instance: "", enabled: true }]);
});

test("a policy and a device that change at the same moment: the device ends up with what the policy says", async () => {
  await Promise.all(
    Array.from({ length: 8 }, (_, index) => [
      create({
        name: `Policy ${index}`,
        checks: [{ check: "web", instance: `site-${index}`, enabled: true, settings: {} }],
        assignments: [{ scope: "tag", scopeId: "all" }],
      }),
      changeDevice({ ctx, input: { deviceId, tags: ["all", `tag-${index}`] } }),
    ]).flat(),
  );
  const found = await rows();
  expect(found.filter(({ check_id, enabled }) => check_id === "web" && enabled)).toHaveLength(8);
  expect(new Set(found.map(({ number }) => number)).size).toBe(9);
});
