/** ALM-3: contacts after an alarm, and the list of those that are due in the customer's service hours. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { changeCalendar } from "../calendars/change-calendar.ts";
import { listCalendars } from "../calendars/list-calendars.ts";
import type { Context } from "../context.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { getFinding } from "../findings/get-finding.ts";
import { changeCustomerTerms } from "../tenancy/change-customer-terms.ts";
import { finishContactStep } from "./finish-contact-step.ts";
import { listContacts } from "./list-contacts.ts";
import { listDueContacts } from "./list-due-contacts.ts";
import { recordContact } from "./record-contact.ts";

const hourMs = 3_600_000;
/** Friday 27 March 2026, 15:00 in Berlin; clocks change on the Sunday after it. */
const fridayAfternoon = Date.UTC(2026, 2, 27, 14);

let database: TestDatabase;
let tenant: SeededTenant;
let deviceId: Id;
let services: TestServices;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await seedTenant(database);
  deviceId = await seedDevice(database, tenant, tenant.first, "PC-EMPFANG");
  services = testServices(database);
  services.clock.set(fridayAfternoon);
  await changeCustomerTerms({ ctx: technician(), input: { customerId: tenant.first.customerId, contactWithinMinutes: 240 } });
});

const technician = (changes: Partial<Context> = {}) =>
  contextFor(services, tenant, { actor: { kind: "technician", id: newId(), name: "Nele Nord", sessionId: newId() }, ...changes });
const apply = async (kind: "open" | "close", severity: "failure" | "warning" = "failure"): Promise<Id> => {
  const change = {
    kind,
    code: "silent",
    subject: "",
    atMs: services.clock.now(),
    evidence: { lastSeenAtMs: services.clock.now() - 300_000 },
    severity,
    noticeDueAtMs: null,
    reason: "recovered",
    scope: { customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId, check: "device", checkNumber: null, instance: "" },
  } as FindingChange;
  const actor = { kind: "system", id: "test", name: "test" } as const;
  const [effect] = await database.transaction(technician(), (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor }, [change]),
  );
  return effect!.findingId;
};
const record = (findingId: Id, more: Partial<Parameters<typeof recordContact>[0]["input"]> = {}, ctx = technician()) =>
  recordContact({
    ctx,
    input: {
      findingId,
      channel: "telephone",
      partner: "Frau Muster",
      reached: true,
      agreed: "",
      nextStep: "",
      nextWithinMinutes: null,
      ...more,
    },
  });
const due = async (ctx = technician()) => (await listDueContacts({ ctx, input: {} })).items;

describe("ALM-3", () => {
  test("a failure stands on the list until the customer was reached; its time runs in service hours, over the weekend and the clock change", async () => {
    const findingId = await apply("open");
    // Three hours are left on Friday, the fourth is Monday's first.
    const expected = { kind: "first-contact", findingId, dueAt: "2026-03-30T08:00:00.000Z", isOverdue: false, deviceName: "PC-EMPFANG" };
    expect(await due()).toMatchObject([expected]);
    services.clock.set(Date.UTC(2026, 2, 30, 8));
    expect(await due()).toMatchObject([{ ...expected, isOverdue: true }]);
    await record(findingId, { reached: false });
    expect(await due()).toHaveLength(1);
    await record(findingId);
    expect(await due()).toEqual([]);
    const { events } = await getFinding({ ctx: technician(), input: { findingId } });
    expect(events.filter(({ kind }) => kind === "contacted")).toHaveLength(2);
  });

  test("where the service never opens the time runs by the clock, so that the list is there and nothing is forgotten", async () => {
    const { calendars } = await listCalendars({ ctx: technician(), input: {} });
    const { calendarId } = calendars.find(({ houseUses }) => houseUses.includes("service"))!;
    await changeCalendar({ ctx: technician(), input: { calendarId, hours: {} } });
    const findingId = await apply("open");
    expect(await due()).toMatchObject([{ findingId, dueAt: new Date(fridayAfternoon + 4 * hourMs).toISOString() }]);
    const step = await record(findingId, { nextStep: "Angebot schicken", nextWithinMinutes: 60 });
    expect(step).toMatchObject({ nextDueAt: new Date(fridayAfternoon + hourMs).toISOString() });
  });

  test("what was agreed is due in service hours, and the next contact or a word that it is done takes it off", async () => {
    const findingId = await apply("open");
    const first = await record(findingId, { agreed: "Neue Festplatte", nextStep: "Angebot schicken", nextWithinMinutes: 10 * 60 });
    expect(first).toMatchObject({ by: "Nele Nord", nextDueAt: "2026-03-30T14:00:00.000Z", nextDoneAt: null });
    expect(await due()).toMatchObject([{ kind: "next-step", nextStep: "Angebot schicken", contactId: first.contactId, isOverdue: false }]);
    await finishContactStep({ ctx: technician(), input: { contactId: first.contactId } });
    expect(await due()).toEqual([]);
    expect(await codeOf(finishContactStep({ ctx: technician(), input: { contactId: first.contactId } }))).toBe("CONFLICT");
    services.clock.advance(1);
    await record(findingId, { nextStep: "Einbau", nextWithinMinutes: 60 });
    services.clock.advance(1);
    await record(findingId, { agreed: "Eingebaut" });
    expect(await due()).toEqual([]);
    const { items } = await listContacts({ ctx: technician(), input: { limit: 100, findingId } });
    expect(items.map(({ agreed }) => agreed)).toEqual(["Eingebaut", "", "Neue Festplatte"]);
    expect(items.every(({ nextDueAt, nextDoneAt }) => (nextDueAt === null) === (nextDoneAt === null))).toBe(true);
  });

  test("what was over before its contact was due needs none; a promise that was missed stays to be seen", async () => {
    const early = await apply("open");
    services.clock.advance(hourMs);
    await apply("close");
    expect((await due()).map(({ findingId }) => findingId)).not.toContain(early);
    const late = await apply("open");
    services.clock.set(Date.UTC(2026, 2, 31, 8));
    await apply("close");
    expect(await due()).toMatchObject([{ findingId: late, isOverdue: true, findingOpen: false }]);
    services.clock.advance(31 * 24 * hourMs);
    expect(await due()).toEqual([]);
  });

  test("warnings, and customers without the promise, stand on no list unless it was said so", async () => {
    await apply("open", "warning");
    expect(await due()).toEqual([]);
    await changeCustomerTerms({ ctx: technician(), input: { customerId: tenant.first.customerId, contactFrom: "warning" } });
    expect(await due()).toHaveLength(1);
    await changeCustomerTerms({ ctx: technician(), input: { customerId: tenant.first.customerId, contactWithinMinutes: null } });
    expect(await due()).toEqual([]);
  });

  test("contacts out of reach, to come, or about the server itself are refused", async () => {
    const findingId = await apply("open");
    const stranger = technician({ customers: [tenant.second.customerId] });
    expect(await due(stranger)).toEqual([]);
    expect(await codeOf(record(findingId, {}, stranger))).toBe("NOT_FOUND");
    expect(await codeOf(record(findingId, {}, technician({ scopes: new Set(["findings:read"]) })))).toBe("FORBIDDEN");
    expect(await codeOf(record(findingId, { at: new Date(services.clock.now() + hourMs).toISOString() }))).toBe("INVALID_REQUEST");
    const { contactId } = await record(findingId, { nextStep: "x", nextWithinMinutes: 5 });
    expect(await codeOf(finishContactStep({ ctx: stranger, input: { contactId } }))).toBe("NOT_FOUND");
  });
});
