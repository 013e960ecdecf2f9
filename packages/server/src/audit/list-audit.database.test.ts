/** The audit log narrowed down, and verified over the API. */
import type { AuditAction, AuditSubject } from "@hauswart/protocol/api/audit-actions.ts";
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import type { Actor, Context } from "../context.ts";
import { isoTime } from "../times.ts";
import { audit } from "./audit.ts";
import { listAudit } from "./list-audit.ts";
import { sealAudit } from "./seal-audit.ts";
import { verifyAudit } from "./verify-audit.ts";

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let ctx: Context;
let startMs: number;
const actor = (kind: "api-key" | "agent", name: string): Actor => ({ kind, id: "11111111-1111-7111-8111-111111111111", name });

setDefaultTimeout(60_000);

beforeAll(async () => {
  database = await testDatabase();
  services = testServices(database);
  tenant = await seedTenant(database);
  ctx = contextFor(services, tenant);
  startMs = services.clock.now();
  const write = async (by: Actor, action: AuditAction, id: string, customerId: string | null, detail: Record<string, unknown>) => {
    await database.transaction(ctx, (tx) =>
      audit(tx, { ...ctx, actor: by }, { action, subject: { kind: action.split(".")[0] as AuditSubject, id }, customerId, detail }),
    );
    services.clock.advance(60_000);
  };
  await write(actor("api-key", "Anna Müller"), "device.change", "d1", tenant.first.customerId, {
    before: { name: "PC-1" },
    change: { name: "100 %" },
  });
  await write(actor("api-key", "Anna Müller"), "device-group.change" as AuditAction, "g1", null, { count: 42 });
  await write(actor("agent", "PC-1"), "device.enrol", "d2", tenant.second.customerId, { nested: [{ text: "Lager_Süd" }] });
  await write(actor("api-key", "Ben"), "policy.change", "d1", null, {});
}, 60_000);
afterAll(() => database.close());

const found = async (filter: Partial<Input<"listAudit">>, as = ctx) =>
  (await listAudit({ ctx: as, input: { limit: 100, ...filter } })).items.map(({ action }) => action);
const at = (minutes: number) => isoTime(startMs + minutes * 60_000);

describe("narrowed to", () => {
  test.each<[string, () => Partial<Input<"listAudit">>, string[]]>([
    ["nothing", () => ({}), ["policy.change", "device.enrol", "device-group.change", "device.change"]],
    ["an action", () => ({ action: "device.enrol" }), ["device.enrol"]],
    ["all about devices", () => ({ action: "device" }), ["device.enrol", "device.change"]],
    ["somebody, by part of the name", () => ({ actor: "müll" }), ["device-group.change", "device.change"]],
    ["a kind of actor", () => ({ actorKind: "agent" }), ["device.enrol"]],
    ["a subject by id", () => ({ subject: "d1" }), ["policy.change", "device.change"]],
    ["a subject by kind", () => ({ subject: "policy" }), ["policy.change"]],
    ["a customer", () => ({ customerId: tenant.first.customerId }), ["device.change"]],
    ["a span of time", () => ({ from: at(1), to: at(3) }), ["device.enrol", "device-group.change"]],
    ["from a moment on", () => ({ from: at(3) }), ["policy.change"]],
    ["a text in a value, however deep", () => ({ search: "lager_s" }), ["device.enrol"]],
    ["a number in a value", () => ({ search: "42" }), ["device-group.change"]],
    ["a percent sign, which is only a percent sign", () => ({ search: "%" }), ["device.change"]],
    ["an underscore, which is only an underscore", () => ({ search: "_" }), ["device.enrol"]],
    ["the name of a field, which is no value", () => ({ search: "nested" }), []],
    ["several at once", () => ({ action: "device", actor: "anna", search: "pc-1" }), ["device.change"]],
  ])("%s", async (_, filter, actions) => expect(await found(filter())).toEqual(actions));

  test("for somebody restricted, within what concerns their customers", async () => {
    const restricted = { ...ctx, customers: [tenant.second.customerId] };
    expect([await found({}, restricted), await found({ actor: "müll" }, restricted)]).toEqual([["device.enrol"], []]);
  });
});

describe("verified", () => {
  test("up to the newest sealed entry; asked twice at once it is read once", async () => {
    expect(await verifyAudit({ ctx, input: {} })).toMatchObject({
      verifiedUntil: null,
      entries: 4,
      unsealed: 4,
      seals: 0,
      problemCount: 0,
    });
    // Transactions of other tests on the same PostgreSQL hold sealing back.
    let sealed = 0;
    await until("four seals", async () => (sealed += await sealAudit(database)) >= 4);
    const [one, two] = await Promise.all([verifyAudit({ ctx, input: {} }), verifyAudit({ ctx, input: {} })]);
    expect(one).toMatchObject({ verifiedUntil: at(3), entries: 4, unsealed: 0, seals: 1, problemCount: 0, problems: [] });
    expect(two).toBe(one);
  });

  test("not by somebody who may see some customers only", async () => {
    const restricted = { ...ctx, customers: [tenant.first.customerId] };
    expect(await codeOf(verifyAudit({ ctx: restricted, input: {} }))).toBe("FORBIDDEN");
  });

  test("what was changed behind the back is told", async () => {
    await database.unwalled("forge of a test", (tx) =>
      tx.sql(`update hauswart.audit_entry set detail = '{"count": 41}' where provider_id = $1 and action = 'device-group.change'`, [
        tenant.providerId,
      ]),
    );
    const { problemCount, problems } = await verifyAudit({ ctx, input: {} });
    expect([problemCount, problems[0]]).toMatchObject([1, { kind: "entry-changed", position: 2 }]);
  });
});
