import { newId } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Context } from "../context.ts";
import { changeCustomerTerms } from "./change-customer-terms.ts";
import { getCustomerTerms } from "./get-customer-terms.ts";

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  services = testServices(database);
  tenant = await seedTenant(database);
});

const ctx = (changes: Partial<Context> = {}) => contextFor(services, tenant, changes);
const terms = (customerId = tenant.first.customerId, who = ctx()) => getCustomerTerms({ ctx: who, input: { customerId } });

test("what a customer was promised has defaults, and shows what was agreed since, for this customer alone", async () => {
  const { first, second } = tenant;
  const before = await terms();
  expect(before).toMatchObject({ alarms: "always", repair: { kind: "quote" } });
  const repair = { kind: "hourly", centsPerHour: 9_500, currency: "EUR", minutesPerStep: 15 } as const;
  const change = { repair, contactWithinMinutes: 240, alarms: "ordered" } as const;
  await changeCustomerTerms({ ctx: ctx(), input: { customerId: first.customerId, ...change } });
  expect(await terms()).toEqual({ ...before, ...change });
  expect(await terms(second.customerId)).toEqual(before);
  await changeCustomerTerms({ ctx: ctx(), input: { customerId: first.customerId, contactWithinMinutes: null } });
  expect(await terms()).toEqual({ ...before, ...change, contactWithinMinutes: null });
});

test("is read by whoever may read the customer, and is not there for others", async () => {
  const { first, second } = tenant;
  const reader = ctx({ scopes: new Set(["customers:read"] as const), customers: [first.customerId] });
  expect(await terms(first.customerId, reader)).toEqual(await terms());
  expect(await codeOf(terms(second.customerId, reader))).toBe("NOT_FOUND");
  expect(await codeOf(terms(newId()))).toBe("NOT_FOUND");
  const other = await seedTenant(database);
  expect(await codeOf(terms(other.first.customerId))).toBe("NOT_FOUND");
  expect(await codeOf(terms(first.customerId, ctx({ scopes: new Set(["devices:read"] as const) })))).toBe("FORBIDDEN");
});
