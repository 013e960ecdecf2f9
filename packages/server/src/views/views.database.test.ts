import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import { auditedActions } from "@hauswart/testkit/audit-log.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedPerson, type SeededPerson } from "@hauswart/testkit/people.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { deleteAccount } from "../access/accounts/delete-account.ts";
import { authenticate } from "../access/authenticate.ts";
import { isUniqueViolation } from "../database/errors.ts";
import type { Context } from "../context.ts";
import { changeSavedView } from "./change-saved-view.ts";
import { chooseSavedView } from "./choose-saved-view.ts";
import { createSavedView } from "./create-saved-view.ts";
import { deleteSavedView } from "./delete-saved-view.ts";
import { listSavedViews } from "./list-saved-views.ts";

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let anna: Context;
let ben: Context;
/** Sees the first customer alone. */
let carla: Context;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  services = testServices(database);
  tenant = await seedTenant(database);
  const reach = { mode: "include" as const, customerIds: [tenant.first.customerId] };
  [anna, ben, carla] = [
    await as(await seedPerson(services, tenant, { role: "owner" })),
    await as(await seedPerson(services, tenant, {})),
    await as(await seedPerson(services, tenant, { reach })),
  ];
});

const as = async ({ token }: SeededPerson): Promise<Context> => (await authenticate(services, token, "192.0.2.7", ""))!;
type New = Input<"createSavedView">;
const keep = (ctx: Context, input: Partial<New>) =>
  createSavedView({ ctx, input: { list: "devices", name: "Failures", search: "state=failure", columns: null, isShared: false, ...input } });
const names = async (ctx: Context, list?: New["list"]) => (await listSavedViews({ ctx, input: { list } })).items.map(({ name }) => name);
const acts = () => auditedActions(database, { providerId: tenant.providerId });

test("a view is kept as it is, listed by name and by list, and is on record", async () => {
  const columns = { hostname: true, site: false };
  const view = await keep(anna, { name: " Failures ", columns });
  expect(view).toMatchObject({ name: " Failures ", search: "state=failure", columns, isShared: false, isMine: true, isDefault: false });
  await keep(anna, { name: "a first one" });
  await keep(anna, { name: "Mails", list: "outbox", search: "state=refused" });
  expect([await names(anna), await names(anna, "outbox")]).toEqual([[" Failures ", "a first one", "Mails"], ["Mails"]]);
  expect(await acts()).toEqual(["saved-view.create", "saved-view.create", "saved-view.create"]);
});

describe("shared in the house", () => {
  test("others see what is shared and nothing else; only the owner changes it", async () => {
    const own = await keep(anna, { name: "mine" });
    const shared = await keep(anna, { name: "ours", isShared: true });
    const { items } = await listSavedViews({ ctx: ben, input: {} });
    expect(items).toMatchObject([{ name: "ours", isMine: false, isShared: true }]);
    const tries = [own, shared].map(({ savedViewId }) => savedViewId);
    expect(
      await Promise.all(tries.map((savedViewId) => codeOf(changeSavedView({ ctx: ben, input: { savedViewId, name: "his" } })))),
    ).toEqual(["NOT_FOUND", "FORBIDDEN"]);
    expect(await Promise.all(tries.map((savedViewId) => codeOf(deleteSavedView({ ctx: ben, input: { savedViewId } }))))).toEqual([
      "NOT_FOUND",
      "FORBIDDEN",
    ]);
    expect(await names(anna)).toEqual(["mine", "ours"]);
  });

  test("one that is narrowed to a customer is not shown to who may not see that customer", async () => {
    await keep(anna, { name: "hers", isShared: true, search: `customer=${tenant.first.customerId}&state=failure` });
    const { savedViewId } = await keep(anna, { name: "not hers", isShared: true, search: `state=ok&customer=${tenant.second.customerId}` });
    await keep(anna, { name: "all", isShared: true });
    expect(await names(carla)).toEqual(["all", "hers"]);
    expect(await names(ben)).toEqual(["all", "hers", "not hers"]);
    expect(await codeOf(chooseSavedView({ ctx: carla, input: { list: "devices", savedViewId } }))).toBe("NOT_FOUND");
  });

  test("somebody restricted to customers has views too", async () => {
    await keep(carla, { name: "Carla's", isShared: true });
    expect([await names(carla), await names(anna)]).toEqual([["Carla's"], ["Carla's"]]);
  });

  test("another provider sees nothing of it", async () => {
    await keep(anna, { isShared: true });
    const other = await seedTenant(database);
    expect(await names(await as(await seedPerson(services, other, { role: "owner" })))).toEqual([]);
  });
});

describe("a shared view of somebody else", () => {
  test("is renamed, replaced and removed by who manages users, stays shared, and stays its owner's", async () => {
    const { savedViewId } = await keep(ben, { name: "stale", isShared: true });
    expect((await listSavedViews({ ctx: anna, input: {} })).items).toMatchObject([{ isMine: false, mayChange: true }]);
    expect((await listSavedViews({ ctx: carla, input: {} })).items).toMatchObject([{ isMine: false, mayChange: false }]);
    await changeSavedView({ ctx: anna, input: { savedViewId, name: "fresh", search: "state=warning" } });
    expect((await listSavedViews({ ctx: ben, input: {} })).items).toMatchObject([{ name: "fresh", search: "state=warning", isMine: true }]);
    expect(await codeOf(changeSavedView({ ctx: anna, input: { savedViewId, isShared: false } }))).toBe("FORBIDDEN");
    await deleteSavedView({ ctx: anna, input: { savedViewId } });
    expect(await names(ben)).toEqual([]);
  });

  test("outlives the account of its maker: it goes over to whoever removes it; what was not shared goes", async () => {
    const dora = await seedPerson(services, tenant, {});
    const hers = await as(dora);
    await keep(anna, { name: "Failures" });
    const { savedViewId } = await keep(hers, { name: "failures", isShared: true });
    await keep(hers, { name: "Night", isShared: true });
    await keep(hers, { name: "her own" });
    await chooseSavedView({ ctx: ben, input: { list: "devices", savedViewId } });
    const { items } = await listSavedViews({ ctx: ben, input: {} });
    const maker = items[0]!.ownerName;
    await deleteAccount({ ctx: anna, input: { accountId: dora.accountId } });
    expect(await names(anna)).toEqual(["Failures", `failures (${maker})`, "Night"]);
    expect((await listSavedViews({ ctx: ben, input: {} })).items).toMatchObject([
      { savedViewId, isDefault: true, isShared: true },
      { name: "Night", isDefault: false },
    ]);
  });

  test("outlives one maker after another, though their views and they themselves are called the same", async () => {
    const long = "x".repeat(98);
    await keep(anna, { name: "Failures" });
    await keep(anna, { name: `${long}1` });
    for (let makers = 0; makers < 3; makers++) {
      const person = await seedPerson(services, tenant, {});
      await database.unwalled("a test", (tx) =>
        tx.sql("update hauswart.account set name = 'Dora' where account_id = $1", [person.accountId]),
      );
      const hers = await as(person);
      for (const name of ["FAILURES", `${long}1`, `${long}2`]) await keep(hers, { name, isShared: true });
      await deleteAccount({ ctx: anna, input: { accountId: person.accountId } });
    }
    const { items } = await listSavedViews({ ctx: anna, input: {} });
    const called = items.map(({ name }) => name).sort();
    expect(called.filter((name) => /fail/i.test(name))).toEqual(["FAILURES (Dora 2)", "FAILURES (Dora 3)", "FAILURES (Dora)", "Failures"]);
    expect([called.length, new Set(called).size]).toEqual([11, 11]);
  });
});

describe("changing", () => {
  test("renamed, replaced, shared: what is left out stays", async () => {
    const { savedViewId } = await keep(anna, { columns: { site: false } });
    services.clock.advance(1_000);
    expect(await changeSavedView({ ctx: anna, input: { savedViewId, name: "Broken" } })).toMatchObject({
      name: "Broken",
      search: "state=failure",
      columns: { site: false },
    });
    expect(
      await changeSavedView({ ctx: anna, input: { savedViewId, search: "state=warning", columns: null, isShared: true } }),
    ).toMatchObject({
      name: "Broken",
      search: "state=warning",
      columns: null,
      isShared: true,
    });
    await deleteSavedView({ ctx: anna, input: { savedViewId } });
    expect(await names(anna)).toEqual([]);
    expect(await acts()).toEqual(["saved-view.create", "saved-view.change", "saved-view.change", "saved-view.delete"]);
  });

  test("a name is given once by each person and list", async () => {
    await keep(anna, {});
    const refused = await keep(anna, { name: "FAILURES" }).then(
      () => false,
      (error: unknown) => isUniqueViolation(error),
    );
    expect(refused).toBe(true);
    await keep(anna, { list: "findings" });
    await keep(ben, {});
  });
});

describe("the view that a list opens with", () => {
  const defaults = async (ctx: Context) =>
    (await listSavedViews({ ctx, input: {} })).items.filter(({ isDefault }) => isDefault).map(({ name }) => name);

  test("is each person's own choice, one of each list", async () => {
    const [one, two] = [await keep(anna, { name: "one", isShared: true }), await keep(anna, { name: "two", isShared: true })];
    await chooseSavedView({ ctx: anna, input: { list: "devices", savedViewId: one.savedViewId } });
    await chooseSavedView({ ctx: ben, input: { list: "devices", savedViewId: one.savedViewId } });
    await chooseSavedView({ ctx: anna, input: { list: "devices", savedViewId: two.savedViewId } });
    expect([await defaults(anna), await defaults(ben)]).toEqual([["two"], ["one"]]);
    expect(await codeOf(chooseSavedView({ ctx: anna, input: { list: "audit", savedViewId: one.savedViewId } }))).toBe("NOT_FOUND");
    await chooseSavedView({ ctx: anna, input: { list: "devices", savedViewId: null } });
    expect([await defaults(anna), await defaults(ben)]).toEqual([[], ["one"]]);
  });

  test("is gone with the view, and for others when it is no longer shared", async () => {
    const { savedViewId } = await keep(anna, { isShared: true });
    for (const ctx of [anna, ben]) await chooseSavedView({ ctx, input: { list: "devices", savedViewId } });
    await changeSavedView({ ctx: anna, input: { savedViewId, isShared: false } });
    expect([await defaults(anna), await defaults(ben)]).toEqual([["Failures"], []]);
    await deleteSavedView({ ctx: anna, input: { savedViewId } });
    expect(await defaults(anna)).toEqual([]);
  });
});

test("an API key has no views", async () => {
  const key = contextFor(services, tenant);
  expect(await codeOf(listSavedViews({ ctx: key, input: {} }))).toBe("FORBIDDEN");
  expect(await codeOf(keep(key, {}))).toBe("FORBIDDEN");
});
