import { NewRecipient } from "@hauswart/protocol/api/routing.ts";
/** ALM-2 from the alarm mail's link to the confirmation, with those who try to order what they may not. */
import type { RepairTerms } from "@hauswart/protocol/repair-terms.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Caller } from "../context.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { getFinding } from "../findings/get-finding.ts";
import { actionLinkLifeMs } from "../mail/action-links.ts";
import { composeMails } from "../mail/compose/compose-mails.ts";
import { createRecipient } from "../routing/recipients/create-recipient.ts";
import { getMail } from "../mail/get-mail.ts";
import { listOutbox } from "../mail/list-outbox.ts";
import { startSender } from "../mail/outbox/sender.ts";
import { smtpTransport } from "../mail/outbox/smtp.ts";
import { parseSettings } from "../settings.ts";
import { changeCustomerTerms } from "../tenancy/change-customer-terms.ts";
import { changeRepairOrder } from "./change-repair-order.ts";
import { getRepairOffer } from "./get-repair-offer.ts";
import { listRepairOrders } from "./list-repair-orders.ts";
import { placeRepairOrder } from "./place-repair-order.ts";

const hourly = { kind: "hourly", centsPerHour: 9_500, currency: "EUR", minutesPerStep: 15 } as const;

let database: TestDatabase;
let mailServer: MailServer;
let tenant: SeededTenant;
let deviceId: Id;
let services: TestServices;

beforeAll(async () => {
  database = await testDatabase();
  mailServer = await startMailServer();
}, 60_000);
afterAll(async () => {
  await mailServer.stop();
  await database.close();
});
beforeEach(async () => {
  await database.unwalled("clean", (tx) => tx.sql("update hauswart.mail set state = 'kept'"));
  tenant = await seedTenant(database);
  deviceId = await seedDevice(database, tenant, tenant.first, "PC-EMPFANG");
  services = testServices(database, {
    settings: parseSettings({
      HAUSWART_SMTP_URL: mailServer.url,
      HAUSWART_URL: "https://hauswart.example",
      HAUSWART_TLS_AT_PROXY: "yes",
    }),
  });
  mailServer.mails.length = 0;
  await recipient("chef@muster.example", tenant.first.customerId);
  await recipient("technik@systemhaus.example", null);
});

const technician = () =>
  contextFor(services, tenant, { actor: { kind: "technician", id: newId(), name: "Nele Nord", sessionId: newId() } });
const recipient = (address: string, customerId: Id | null) =>
  createRecipient({
    ctx: technician(),
    input: NewRecipient.parse({ customerId, address }),
  });
const terms = (repair: RepairTerms) => changeCustomerTerms({ ctx: technician(), input: { customerId: tenant.first.customerId, repair } });
const sendDue = () => startSender(services, smtpTransport(mailServer.url)).stop();
const caller = (): Caller => ({ services, address: "192.0.2.44", userAgent: "test", token: undefined });

const change = (kind: "open" | "close") =>
  ({
    kind,
    code: "silent",
    subject: "",
    atMs: services.clock.now(),
    evidence: { lastSeenAtMs: services.clock.now() - 300_000 },
    severity: "failure",
    noticeDueAtMs: null,
    reason: "recovered",
    scope: { customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId, check: "device", checkNumber: null, instance: "" },
  }) as FindingChange;
const apply = async (kind: "open" | "close"): Promise<Id> => {
  const [effect] = await database.transaction(technician(), (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "test", name: "test" } }, [
      change(kind),
    ]),
  );
  await composeMails(services, tenant.providerId);
  await sendDue();
  return effect!.findingId;
};
const mailsTo = (address: string) =>
  mailServer.mails.filter(({ recipients }) => recipients.includes(address)).map(({ message }) => message);
const link = /https:\/\/hauswart\.example\/order#token=([\w-]+)/;
const alarmed = async () => {
  const findingId = await apply("open");
  const text = mailsTo("chef@muster.example").at(-1)!.text!;
  return { findingId, text, token: link.exec(text)![1]! };
};
const look = (token: string) => getRepairOffer({ caller: caller(), input: { token } });
const order = (token: string, placed: RepairTerms, over = {}) =>
  placeRepairOrder({
    caller: caller(),
    input: { token, name: "Erika Muster", contact: "040 1234", note: "Bitte vor 12 Uhr", terms: placed, ...over },
  });
const onlyOrder = async () => {
  const [order, ...more] = await orders();
  expect(more).toEqual([]);
  return order!.repairOrderId;
};
const orders = async (ctx = technician()) => (await listRepairOrders({ ctx, input: { limit: 100 } })).items;

describe("ALM-2", () => {
  test("the customer orders the repair from the alarm, on the terms that stand there, and everybody concerned is told", async () => {
    await terms(hourly);
    const { findingId, token, text } = await alarmed();
    expect(text).toContain("95,00\u00a0€ je Stunde");
    expect(await look(token)).toMatchObject({
      language: "de",
      customerName: "First Customer",
      finding: { deviceName: "PC-EMPFANG", severity: "failure", closedAt: null },
      terms: hourly,
      order: null,
    });
    mailServer.mails.length = 0;
    expect(await order(token, hourly)).toMatchObject({ order: { orderedBy: "Erika Muster", state: "open" } });
    await sendDue();
    expect(await orders()).toMatchObject([
      {
        findingId,
        orderedBy: "Erika Muster",
        contact: "040 1234",
        note: "Bitte vor 12 Uhr",
        address: "192.0.2.44",
        terms: hourly,
        state: "open",
      },
    ]);
    const [confirmation] = mailsTo("chef@muster.example");
    expect(confirmation!.subject).toMatch(/^Auftrag erhalten: .*PC-EMPFANG, First Customer$/);
    expect(confirmation!.text!.replaceAll("\n", " ")).toContain("95,00\u00a0€ je Stunde");
    expect(mailsTo("technik@systemhaus.example")).toHaveLength(1);
    const { events } = await getFinding({ ctx: technician(), input: { findingId } });
    expect(events.at(-1)).toMatchObject({ kind: "ordered", actor: "Erika Muster", note: "Bitte vor 12 Uhr" });
  });

  test("programs that follow the links of a mail order nothing", async () => {
    const { token } = await alarmed();
    for (let times = 0; times < 5; times++) await look(token);
    expect(await orders()).toEqual([]);
  });

  test("of many who press at once, one orders; afterwards the page says by whom", async () => {
    await terms(hourly);
    const { token } = await alarmed();
    const outcomes = await Promise.all(Array.from({ length: 6 }, (_, index) => codeOf(order(token, hourly, { name: `Person ${index}` }))));
    expect(outcomes.toSorted()).toEqual(["CONFLICT", "CONFLICT", "CONFLICT", "CONFLICT", "CONFLICT", "done"]);
    expect(await orders()).toHaveLength(1);
    expect((await look(token)).order?.orderedBy).toMatch(/^Person \d$/);
    expect(await codeOf(order(token, hourly))).toBe("CONFLICT");
  });

  test("terms that have changed meanwhile are shown first, never taken for agreed", async () => {
    await terms({ kind: "included" });
    const { token } = await alarmed();
    await terms(hourly);
    expect(await codeOf(order(token, { kind: "included" }))).toBe("CONFLICT");
    expect(await codeOf(order(token, { ...hourly, centsPerHour: 0 }))).toBe("CONFLICT");
    expect(await codeOf(order(token, hourly))).toBe("done");
  });

  test("what is over, offered no more or out of date cannot be ordered", async () => {
    const { token } = await alarmed();
    await apply("close");
    expect((await look(token)).finding.closedAt).not.toBeNull();
    expect(await codeOf(order(token, { kind: "quote" }))).toBe("CONFLICT");
    const second = await alarmed();
    await terms({ kind: "off" });
    expect((await look(second.token)).terms).toBeNull();
    expect(await codeOf(order(second.token, { kind: "off" }))).toBe("CONFLICT");
    services.clock.advance(actionLinkLifeMs);
    expect([await codeOf(look(second.token)), await codeOf(order(second.token, { kind: "quote" }))]).toEqual([
      "LINK_INVALID",
      "LINK_INVALID",
    ]);
    expect(await orders()).toEqual([]);
  });

  test("the link stands in the customer's mail alone: not in technicians', not in what is stored or shown", async () => {
    const { text } = await alarmed();
    const token = link.exec(text)![1]!;
    expect(mailsTo("technik@systemhaus.example").at(-1)!.text).not.toMatch(link);
    const [shown] = (await listOutbox({ ctx: technician(), input: { limit: 100 } })).items.filter(({ to }) =>
      to.includes("chef@muster.example"),
    );
    const whole = await getMail({ ctx: technician(), input: { mailId: shown!.mailId } });
    expect(whole.text).toContain("[Der Link steht nur in der Mail selbst.]");
    const stored = await database.unwalled("look", (tx) => tx.sql("select text_body, html_body, headers from hauswart.mail"));
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  test("customers that are offered no repair find no button", async () => {
    await terms({ kind: "off" });
    await apply("open");
    const { text, html } = mailsTo("chef@muster.example").at(-1)!;
    expect(`${text} ${String(html)}`).not.toContain("/order");
  });

  test("a technician accepts and finishes it, the customer reads both, and what is done stays done", async () => {
    const { token } = await alarmed();
    await order(token, { kind: "quote" });
    const repairOrderId = await onlyOrder();
    await sendDue();
    mailServer.mails.length = 0;
    const act = (state: "accepted" | "done" | "declined", note = "") =>
      changeRepairOrder({ ctx: technician(), input: { repairOrderId, state, note } });
    expect(await act("accepted", "Heute um 14 Uhr aus der Ferne.")).toMatchObject({ state: "accepted", stateBy: "Nele Nord" });
    await act("done");
    await sendDue();
    const read = mailsTo("chef@muster.example");
    expect(read.map(({ subject }) => String(subject).split(":")[0]!).sort()).toEqual(["Auftrag angenommen", "Auftrag erledigt"]);
    expect(read.some(({ text }) => text!.includes("Heute um 14 Uhr aus der Ferne."))).toBe(true);
    expect([await codeOf(act("accepted")), await codeOf(act("declined"))]).toEqual(["CONFLICT", "CONFLICT"]);
  });

  test("orders of customers out of reach are neither seen nor changed", async () => {
    const { token } = await alarmed();
    await order(token, { kind: "quote" });
    const repairOrderId = await onlyOrder();
    const stranger = contextFor(services, tenant, { customers: [tenant.second.customerId] });
    expect(await orders(stranger)).toEqual([]);
    expect(await codeOf(changeRepairOrder({ ctx: stranger, input: { repairOrderId, state: "done", note: "" } }))).toBe("NOT_FOUND");
    const reader = contextFor(services, tenant, { scopes: new Set(["findings:read"]) });
    expect(await codeOf(changeRepairOrder({ ctx: reader, input: { repairOrderId, state: "done", note: "" } }))).toBe("FORBIDDEN");
  });
});
