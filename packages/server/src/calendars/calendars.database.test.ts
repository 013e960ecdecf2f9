import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Id } from "@hauswart/protocol/ids.ts";
import { auditedActions } from "@hauswart/testkit/audit-log.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Context } from "../context.ts";
import { assignCalendar } from "./assign-calendar.ts";
import { calendarsOf } from "./calendars-of.ts";
import { changeCalendar } from "./change-calendar.ts";
import { changeHolidaySet } from "./change-holiday-set.ts";
import { createCalendar } from "./create-calendar.ts";
import { createHolidaySet } from "./create-holiday-set.ts";
import { deleteCalendar } from "./delete-calendar.ts";
import { deleteHolidaySet } from "./delete-holiday-set.ts";
import { deleteHoliday } from "./delete-holiday.ts";
import { getCalendarsInForce } from "./get-calendars-in-force.ts";
import { listCalendars } from "./list-calendars.ts";
import { listHolidays } from "./list-holidays.ts";
import { previewCalendar } from "./preview-calendar.ts";
import { putHoliday } from "./put-holiday.ts";
import { refillHolidays } from "./refill-holidays.ts";

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

const house = async () => {
  const { calendars, holidaySets } = await listCalendars({ ctx, input: {} });
  return { service: calendars.find(({ houseUses }) => houseUses.includes("service"))!, set: holidaySets[0]!, calendars };
};
const namesOf = async (holidaySetId: Id, year: number) =>
  (await listHolidays({ ctx, input: { holidaySetId, year } })).holidays
    .filter(({ isRemoved }) => !isRemoved)
    .map(({ day, name }) => `${day} ${name}`);
const isWorkingDay = async (day: string, customerId = tenant.first.customerId) =>
  (await calendarsOf(services, tenant.providerId)).workingTime({ customerId }, "service").isWorkingDay(day);
const actions = () => auditedActions(database, { providerId: tenant.providerId });

test("a house is given one calendar per purpose, and nine holidays a year", async () => {
  const { calendars, set } = await house();
  expect(calendars.map(({ name, houseUses }) => `${name}: ${houseUses.join()}`)).toEqual([
    "Annahmezeit: acceptance",
    "Ruhezeit: quiet",
    "Servicezeit: service",
    "Wartungsfenster für Patches: patch",
  ]);
  for (const year of [2024, 2026, 2029]) expect(await namesOf(set.holidaySetId, year)).toHaveLength(9);
  expect(await namesOf(set.holidaySetId, 2030)).toEqual([]);
});

test("a day that was renamed, added, halved or taken out stays so when the set is filled again, also years later", async () => {
  const { set } = await house();
  const { holidaySetId } = set;
  const put = (day: string, name: string, spans: { from: string; to: string }[] = []) =>
    putHoliday({ ctx, input: { holidaySetId, day, name, spans } });
  await put("2026-05-01", "Tag der Arbeit");
  await put("2026-12-24", "Heiligabend", [{ from: "09:00", to: "12:00" }]);
  await deleteHoliday({ ctx, input: { holidaySetId, day: "2026-05-14" } });
  await database.unwalled("test", (tx) =>
    tx.sql("update hauswart.holiday set name = 'stale' where day = '2026-01-01' and provider_id = $1", [tenant.providerId]),
  );
  services.clock.set(Date.UTC(2028, 2, 1));
  await refillHolidays(services);
  const days = await namesOf(holidaySetId, 2026);
  expect(days).toContain("2026-05-01 Tag der Arbeit");
  expect(days).toContain("2026-12-24 Heiligabend");
  expect(days).toContain("2026-01-01 Neujahr");
  expect(days.join()).not.toContain("2026-05-14");
  expect(await namesOf(holidaySetId, 2031)).toHaveLength(9);
  expect(await refillHolidays(services)).toBe(0);
  // What was taken out can be put in again.
  await put("2026-05-14", "Himmelfahrt");
  expect(await namesOf(holidaySetId, 2026)).toContain("2026-05-14 Himmelfahrt");
}, 120_000);

test("what is changed holds at once wherever it is used", async () => {
  const { service, set } = await house();
  expect(await isWorkingDay("2026-12-24")).toBe(true);
  await putHoliday({
    ctx,
    input: { holidaySetId: set.holidaySetId, day: "2026-12-24", name: "Heiligabend", spans: [{ from: "09:00", to: "12:00" }] },
  });
  expect(await isWorkingDay("2026-12-24")).toBe(true);
  await changeCalendar({ ctx, input: { calendarId: service.calendarId, halfDaysWork: false } });
  expect(await isWorkingDay("2026-12-24")).toBe(false);
  await deleteHoliday({ ctx, input: { holidaySetId: set.holidaySetId, day: "2026-12-24" } });
  expect(await isWorkingDay("2026-12-24")).toBe(true);
  expect(await actions()).toEqual(["holiday.change", "calendar.change", "holiday.remove"]);
});

test("a site works by its own calendar, else by its customer's, else by the house's", async () => {
  const { customerId, siteId } = tenant.first;
  const bavaria = await createHolidaySet({ ctx, input: { name: "Bayern", source: "DE-BY" } });
  const { service } = await house();
  const own = await createCalendar({ ctx, input: { ...service, name: "Bayerische Kunden", holidaySetId: bavaria.holidaySetId } });
  const inForce = async () =>
    (await getCalendarsInForce({ ctx, input: { siteId } })).calendars.find(({ purpose }) => purpose === "service")!;
  expect(await inForce()).toMatchObject({ calendarName: "Servicezeit", from: "provider" });
  await assignCalendar({ ctx, input: { scope: "customer", scopeId: customerId, purpose: "service", calendarId: own.calendarId } });
  expect(await inForce()).toMatchObject({ calendarName: "Bayerische Kunden", from: "customer" });
  expect([await isWorkingDay("2026-06-04"), await isWorkingDay("2026-06-04", tenant.second.customerId)]).toEqual([false, true]);
  await assignCalendar({ ctx, input: { scope: "site", scopeId: siteId, purpose: "service", calendarId: service.calendarId } });
  expect(await inForce()).toMatchObject({ calendarName: "Servicezeit", from: "site" });
  const refused = await deleteCalendar({ ctx, input: { calendarId: own.calendarId } }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "IN_USE", extra: { usedBy: [{ kind: "customer", name: tenant.first.name }] } });
  expect(await codeOf(deleteCalendar({ ctx, input: { calendarId: service.calendarId } }))).toBe("IN_USE");
  for (const [scope, scopeId] of [
    ["site", siteId],
    ["customer", customerId],
  ] as const)
    await assignCalendar({ ctx, input: { scope, scopeId, purpose: "service", calendarId: null } });
  expect(await inForce()).toMatchObject({ calendarName: "Servicezeit", from: "provider" });
  const used = await deleteHolidaySet({ ctx, input: { holidaySetId: bavaria.holidaySetId } }).catch((error: unknown) => error);
  expect(used).toMatchObject({ code: "IN_USE", extra: { usedBy: [{ kind: "calendar", name: "Bayerische Kunden" }] } });
  await deleteCalendar({ ctx, input: { calendarId: own.calendarId } });
  await deleteHolidaySet({ ctx, input: { holidaySetId: bavaria.holidaySetId } });
});

test("SVC-2 SVC-3 SVC-4 the preview says when a fault would be due, by a calendar that is not saved yet", async () => {
  const { service } = await house();
  const preview = (reportedAt: string) => previewCalendar({ ctx, input: { calendar: service, year: 2026, reportedAt, hours: [4, 24] } });
  const { workingDays, openHours, days, fault } = await preview("2026-04-02T17:00:00+02:00");
  expect([workingDays, openHours, days.length]).toEqual([254, 2_286, 365]);
  expect(days.find(({ day }) => day === "2026-04-03")).toEqual({
    day: "2026-04-03",
    isWorkingDay: false,
    openMinutes: 0,
    spans: [],
    holiday: "Karfreitag",
  });
  expect(days.find(({ day }) => day === "2026-04-02")).toMatchObject({ spans: [{ from: "09:00", to: "18:00" }], holiday: null });
  // Thursday's last hour, then Tuesday's first three: Good Friday, the weekend and Easter Monday do not count.
  expect(fault?.due[0]).toMatchObject({
    counted: [
      { from: "2026-04-02T15:00:00.000Z", to: "2026-04-02T16:00:00.000Z" },
      { from: "2026-04-07T07:00:00.000Z", to: "2026-04-07T10:00:00.000Z" },
    ],
    hasMore: false,
  });
  expect(fault).toMatchObject({
    isOpen: true,
    due: [
      { hours: 4, at: "2026-04-07T10:00:00.000Z" },
      { hours: 24, at: "2026-04-09T12:00:00.000Z" },
    ],
  });
  expect((await preview("2026-04-04T10:00:00+02:00")).fault).toMatchObject({ isOpen: false, opensAt: "2026-04-07T07:00:00.000Z" });
  const local = await previewCalendar({
    ctx,
    input: { calendar: service, timeZone: "America/New_York", year: 2026, reportedAtLocal: "2026-04-02T17:00", hours: [4] },
  });
  expect(local.fault).toMatchObject({ reportedAt: "2026-04-02T21:00:00.000Z", due: [{ at: "2026-04-07T16:00:00.000Z" }] });
  const noDate = previewCalendar({ ctx, input: { calendar: service, year: 2026, reportedAtLocal: "2026-02-30T09:00", hours: [4] } });
  expect(await codeOf(noDate)).toBe("INVALID_REQUEST");
  const long = await previewCalendar({
    ctx,
    input: { calendar: service, year: 2026, reportedAt: "2026-04-02T17:00:00+02:00", hours: [1_000] },
  });
  expect([long.fault?.due[0]?.counted.length, long.fault?.due[0]?.hasMore]).toEqual([60, true]);
  const closed = await previewCalendar({
    ctx,
    input: { calendar: { ...service, hours: {} }, year: 2026, reportedAt: "2026-04-02T17:00:00+02:00", hours: [4] },
  });
  expect(closed.fault).toMatchObject({ opensAt: null, due: [{ hours: 4, at: null }] });
});

test("names are taken once, the house always has a calendar, and only who may change settings changes calendars", async () => {
  const { service, set } = await house();
  expect(await codeOf(createCalendar({ ctx, input: { ...service, name: "servicezeit" } }))).toBe("CONFLICT");
  expect(await codeOf(createHolidaySet({ ctx, input: { name: set.name, source: null } }))).toBe("CONFLICT");
  expect(await codeOf(createHolidaySet({ ctx, input: { name: "Mars", source: "DE-MARS" } }))).toBe("INVALID_REQUEST");
  const assign = { scope: "provider", scopeId: tenant.providerId, purpose: "service", calendarId: null } as const;
  expect(await codeOf(assignCalendar({ ctx, input: assign }))).toBe("INVALID_REQUEST");
  const technician = contextFor(services, tenant, { scopes: new Set(["settings:read", "customers:write"]) });
  expect(await codeOf(changeCalendar({ ctx: technician, input: { calendarId: service.calendarId, name: "x" } }))).toBe("FORBIDDEN");
  expect(await codeOf(assignCalendar({ ctx: technician, input: { ...assign, calendarId: service.calendarId } }))).toBe("FORBIDDEN");
});

test("a list of holidays is renamed, and its name is taken once", async () => {
  const { set, service } = await house();
  const { holidaySetId } = set;
  const rename = (name: string) => changeHolidaySet({ ctx, input: { holidaySetId, name } });
  expect(await rename("Augsburg mit Betriebsferien")).toMatchObject({ holidaySetId, name: "Augsburg mit Betriebsferien", source: "DE" });
  expect((await house()).service.holidaySetName).toBe("Augsburg mit Betriebsferien");
  await createHolidaySet({ ctx, input: { name: "Bayern", source: null } });
  expect(await codeOf(rename("BAYERN"))).toBe("CONFLICT");
  expect(await codeOf(changeHolidaySet({ ctx, input: { holidaySetId: service.calendarId, name: "x" } }))).toBe("NOT_FOUND");
  const technician = contextFor(services, tenant, { scopes: new Set(["settings:read"]) });
  expect(await codeOf(changeHolidaySet({ ctx: technician, input: { holidaySetId, name: "x" } }))).toBe("FORBIDDEN");
  expect(await actions()).toEqual(["holiday-set.change", "holiday-set.create"]);
});
