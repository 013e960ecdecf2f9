import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedPerson } from "@hauswart/testkit/people.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { authenticate } from "../authenticate.ts";
import { recordVisit, visitEndsAfterMs } from "./record-visit.ts";

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  services = testServices(database);
  tenant = await seedTenant(database);
});

/** Somebody who looks at the overview. @returns when their visit before ended, Unix milliseconds; null for none */
async function somebody(): Promise<(seenAll?: boolean) => Promise<number | null>> {
  const { token } = await seedPerson(services, tenant, {});
  const ctx = (await authenticate(services, token, "192.0.2.1", ""))!;
  return async (seenAll = false) => {
    const { beforeAt } = await recordVisit({ ctx, input: { seenAll } });
    return beforeAt === null ? null : Date.parse(beforeAt);
  };
}

test("the first visit has none before it; a look at another page does not end one", async () => {
  const look = await somebody();
  expect(await look()).toBeNull();
  services.clock.advance(visitEndsAfterMs);
  expect(await look()).toBeNull();
});

test("who comes back after a while has the end of the visit before, and keeps it", async () => {
  const look = await somebody();
  await look();
  const leftMs = services.clock.now();
  services.clock.advance(visitEndsAfterMs + 1);
  expect(await look()).toBe(leftMs);
  services.clock.advance(60_000);
  expect(await look()).toBe(leftMs);
});

test("what was seen is seen, and everybody has visits of their own", async () => {
  const [look, other] = [await somebody(), await somebody()];
  await look();
  expect([await look(true), await look(), await other()]).toEqual([services.clock.now(), services.clock.now(), null]);
});

test("a program visits nothing", async () => {
  expect(await codeOf(recordVisit({ ctx: contextFor(services, tenant), input: { seenAll: false } }))).toBe("FORBIDDEN");
});
