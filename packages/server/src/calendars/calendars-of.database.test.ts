import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Context } from "../context.ts";
import { changeSettings } from "../tenancy/change-settings.ts";
import { changeSite } from "../tenancy/change-site.ts";
import { calendarsOf, workingTimeOf } from "./calendars-of.ts";

let database: TestDatabase;
let tenant: SeededTenant;
let services: TestServices;
let ctx: Context;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  services = testServices(database);
  ctx = contextFor(services, tenant);
});

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
const hours = (ms: number) => ms / 3_600_000;

test("SVC-1 a house begins with service from Monday to Friday 09:00 to 18:00 without nationwide holidays, and acceptance from 07:00 to 19:00", async () => {
  const service = await workingTimeOf(services, tenant.providerId, null, "service");
  const acceptance = await workingTimeOf(services, tenant.providerId, null, "acceptance");
  // A week, then the week of Good Friday, then of Easter Monday.
  expect(hours(service.elapsedMs(at("2026-03-02T00:00+01:00"), at("2026-03-09T00:00+01:00")))).toBe(45);
  expect(hours(service.elapsedMs(at("2026-03-30T00:00+02:00"), at("2026-04-13T00:00+02:00")))).toBe(72);
  expect(hours(acceptance.elapsedMs(at("2026-03-30T00:00+02:00"), at("2026-04-13T00:00+02:00")))).toBe(120);
  // Corpus Christi holds in some states only, All Saints' Day too.
  expect(service.isWorkingDay("2026-06-04")).toBe(true);
  expect(service.isWorkingDay("2027-11-01")).toBe(true);
  expect(service.isWorkingDay("2026-05-14")).toBe(false);
});

test("SVC-2 SVC-3 SVC-4 four and twenty-four hours after a report on Maundy Thursday run in service hours only", async () => {
  const service = await workingTimeOf(services, tenant.providerId, null, "service");
  const reportedAt = at("2026-04-02T17:00+02:00");
  expect(service.dueMs(reportedAt, 4 * 3_600_000)).toBe(at("2026-04-07T12:00+02:00"));
  expect(service.dueMs(reportedAt, 24 * 3_600_000)).toBe(at("2026-04-09T14:00+02:00"));
});

test("a place works in the time zone of its site, else of its customer, else of the house, as soon as that changes", async () => {
  const { customerId, siteId } = tenant.first;
  const zone = async () => (await calendarsOf(services, tenant.providerId)).timeZone({ customerId, siteId });
  expect(await zone()).toBe("Europe/Berlin");
  await changeSite({ ctx, input: { siteId, timeZone: "Asia/Tokyo" } });
  expect(await zone()).toBe("Asia/Tokyo");
  expect((await workingTimeOf(services, tenant.providerId, { customerId, siteId }, "service")).isOpen(at("2026-03-02T09:00+09:00"))).toBe(
    true,
  );
  await changeSite({ ctx, input: { siteId, timeZone: null } });
  await changeSettings({ ctx, input: { timeZone: "Europe/Vienna" } });
  expect(await zone()).toBe("Europe/Vienna");
});

test("the same working time is handed out as long as nothing changes, and its calendars are made once", async () => {
  const [one, other] = await Promise.all([
    calendarsOf(services, tenant.providerId),
    calendarsOf(testServices(database), tenant.providerId),
  ]);
  const place = { customerId: tenant.first.customerId };
  expect(one.workingTime(place, "quiet")).toBe((await calendarsOf(services, tenant.providerId)).workingTime(place, "quiet"));
  expect(one.calendar(place, "patch")).toEqual(other.calendar(null, "patch"));
});
