/** ALM-2 from the alarm mail's link to the confirmation, with those who try to order what they may not. */
import { NewRecipient } from "@hauswart/protocol/api/routing.ts";
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
import { actionLinkLifeMs, actionLinkMark } from "../mail/action-links.ts";
import { composeMails } from "../mail/compose/compose-mails.ts";
import { createRecipient } from "../routing/recipients/create-recipient.ts";
import { deleteRecipient } from "../routing/recipients/delete-recipient.ts";
import { runDueDigests } from "../routing/start-routing.ts";
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
const recipient = (address: string, customerId: Id | null, more: object = {}) =>
  createRecipient({ ctx: technician(), input: NewRecipient.parse({ customerId, address, ...more }) });
const account = async (name: string, language: "de" | "en") => {
  const accountId = newId();
  await database.unwalled("a test", (tx) =>
    tx.sql(
      "insert into hauswart.account (provider_id, account_id, email, name, role, language, password_hash) values ($1, $2, $3, $4, 'technician', $5, 'x')",
      [tenant.providerId, accountId, `${name.toLowerCase()}@house.example`, name, language],
    ),
  );
  return accountId;
};
const terms = (repair: RepairTerms) => changeCustomerTerms({ ctx: technician(), input: { customerId: tenant.first.customerId, repair } });
const sendDue = () => startSender(services, smtpTransport(mailServer.url)).stop();
const caller = (): Caller => ({ services, address: "192.0.2.44", userAgent: "test", token: undefined });

const change = (kind: "open" | "close", severity: "warning" | "failure", subject: string) =>
  ({
    kind,
    code: "silent",
    subject,
    atMs: services.clock.now(),
    evidence: { lastSeenAtMs: services.clock.now() - 300_000 },
    severity,
    noticeDueAtMs: null,
    reason: "recovered",
    scope: { customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId, check: "device", checkNumber: null, instance: "" },
  }) as FindingChange;
const apply = async (kind: "open" | "close", severity: "warning" | "failure" = "failure", subject = ""): Promise<Id> => {
  const [effect] = await database.transaction(technician(), (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "test", name: "test" } }, [
      change(kind, severity, subject),
    ]),
  );
  await composeMails(services, tenant.providerId);
  await sendDue();
  return effect!.findingId;
};
const mailsTo = (address: string) =>
  mailServer.mails.filter(({ recipients }) => recipients.includes(address)).map(({ message }) => message);
const link = /https:\/\/hauswart\.example\/order#token=([\w-]+)/;
const alarmed = async (severity: "warning" | "failure" = "failure") => {
  const findingId = await apply("open", severity);
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

  test("it can be ordered from the digest after the quiet hours too, until it was; the house's own digest offers nothing", async () => {
    await terms(hourly);
    const { customerId } = tenant.first;
    const quiet = { quiet: true, quietExcept: null };
    await recipient("nachts@muster.example", customerId, quiet);
    await recipient("nachts@systemhaus.example", null, quiet);
    services.clock.set(Date.UTC(2026, 2, 2, 22, 30));
    const { findingId, token } = await alarmed();
    services.clock.advance(2 * 60_000);
    await apply("open", "failure", "another");
    await order(token, hourly);
    services.clock.set(Date.UTC(2026, 2, 3, 5, 0, 1));
    await runDueDigests(services);
    await sendDue();
    const [digest] = mailsTo("nachts@muster.example").filter(({ subject }) => subject!.startsWith("Nach der Ruhezeit"));
    expect(digest!.text).toContain("95,00\u00a0€ je Stunde");
    expect(digest!.text!.match(new RegExp(link, "g"))).toHaveLength(1);
    await order(link.exec(digest!.text!)![1]!, hourly);
    expect((await orders()).map((placed) => placed.findingId)).toContain(findingId);
    expect(await orders()).toHaveLength(2);
    expect(
      mailsTo("nachts@systemhaus.example")
        .map(({ text }) => text)
        .join(),
    ).not.toMatch(link);
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

  test("what was declined, or done while the fault stayed, can be ordered again, and mails offer it again; one order at a time", async () => {
    const { token: first, findingId } = await alarmed();
    let token = first;
    /** Whether the newest alarm to the customer has the button. */
    const isOffered = async () => {
      const [mail] = await database.unwalled("a test", (tx) =>
        tx.sql<{ text_body: string }>(
          "select text_body from hauswart.mail where provider_id = $1 and $2 = any(finding_ids) and recipients::text like '%chef@%' order by mail_id desc limit 1",
          [tenant.providerId, findingId],
        ),
      );
      return mail!.text_body.includes(actionLinkMark("repair-order", findingId));
    };
    for (const [index, state] of (["declined", "done"] as const).entries()) {
      await order(token, { kind: "quote" }, { name: `Person ${index}` });
      expect(await codeOf(order(token, { kind: "quote" }))).toBe("CONFLICT");
      const [newest] = await orders();
      await changeRepairOrder({ ctx: technician(), input: { repairOrderId: newest!.repairOrderId, state, note: "Bitte neu." } });
      expect(await look(token)).toMatchObject({
        order: { orderedBy: `Person ${index}`, state, stateNote: "Bitte neu." },
        linkIsSpent: true,
      });
      // A link orders once; the next mail brings another.
      expect(await codeOf(order(token, { kind: "quote" }))).toBe("CONFLICT");
      services.clock.advance(2 * 60_000);
      await apply("open", state === "declined" ? "warning" : "failure");
      services.clock.advance(20 * 60_000);
      await composeMails(services, tenant.providerId);
      await sendDue();
      expect(await isOffered()).toBe(true);
      token = link.exec(mailsTo("chef@muster.example").at(-1)!.text!)![1]!;
      expect((await look(token)).linkIsSpent).toBe(false);
    }
    await order(token, { kind: "quote" });
    services.clock.advance(2 * 60_000);
    await apply("open", "warning");
    expect(await isOffered()).toBe(false);
    expect((await orders()).map(({ state }) => state)).toEqual(["open", "done", "declined"]);
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

  test("everybody who had the alarm hears of the order, on their own channel and in their own language, at every turn", async () => {
    const { customerId } = tenant.first;
    await recipient("manager@muster.example", customerId, { language: "en" });
    const teams = await recipient("", customerId, { channel: "teams", address: "https://flow.example/workflows/1" });
    const gone = await recipient("", customerId, { channel: "ntfy", address: "https://ntfy.example/alarms" });
    const [called, left] = [await account("Nina", "en"), await account("Lea", "de")];
    await recipient("lea@private.example", null, { accountId: left });
    const { findingId, token } = await alarmed();
    await deleteRecipient({ ctx: technician(), input: { recipientId: gone.recipientId } });
    await database.unwalled("a test", async (tx) => {
      await tx.sql(
        "insert into hauswart.escalation_call (provider_id, call_id, account_id, finding_ids, called_at) values ($1, $2, $3, array[$4]::uuid[], now())",
        [tenant.providerId, newId(), called, findingId],
      );
      await tx.sql("update hauswart.account set disabled_at = now() where account_id = $1", [left]);
    });
    await database.unwalled("a test", (tx) => tx.sql("delete from hauswart.delivery where provider_id = $1", [tenant.providerId]));
    mailServer.mails.length = 0;
    const told = async () => {
      await sendDue();
      const mails = mailServer.mails.splice(0).map(({ recipients, message }) => `${recipients.join()}: ${message.subject!.split(":")[0]!}`);
      const deliveries = await database.unwalled("a test", (tx) =>
        tx.sql<{ recipient_id: Id; body: string }>(
          "select recipient_id, body from hauswart.delivery where provider_id = $1 and event = 'repair-order.told' order by delivery_id",
          [tenant.providerId],
        ),
      );
      return { mails: new Set(mails), deliveries };
    };
    await order(token, { kind: "quote" });
    const first = await told();
    expect(first.mails).toEqual(
      new Set([
        "chef@muster.example: Auftrag erhalten",
        "manager@muster.example: Order received",
        "nina@house.example: Order received",
        "technik@systemhaus.example: Auftrag erhalten",
      ]),
    );
    expect(first.deliveries.map(({ recipient_id }) => recipient_id)).toEqual([teams.recipientId]);
    expect(first.deliveries[0]!.body).toContain("Auftrag erhalten");
    const stranger = contextFor(services, tenant, { customers: [customerId], actor: technician().actor });
    await changeRepairOrder({ ctx: stranger, input: { repairOrderId: await onlyOrder(), state: "declined", note: "Zu alt." } });
    const second = await told();
    expect(second.mails.size).toBe(4);
    expect(second.deliveries).toHaveLength(2);
    expect(second.deliveries.map(({ body }) => body).join()).toContain("Zu alt.");
  });

  test("where nobody of the house had the alarm, its recipients hear of the order however mild it was, and without any the owners", async () => {
    await database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.recipient set from_severity = 'failure' where provider_id = $1 and customer_id is null", [tenant.providerId]),
    );
    await recipient("drucker@systemhaus.example", null, { topics: ["disks"] });
    const owner = await account("Olga", "en");
    await database.unwalled("a test", (tx) => tx.sql("update hauswart.account set role = 'owner' where account_id = $1", [owner]));
    const orderedFromWarning = async () => {
      const { token } = await alarmed("warning");
      expect(mailServer.mails.splice(0).flatMap(({ recipients }) => recipients)).toEqual(["chef@muster.example"]);
      await order(token, { kind: "quote" });
      await sendDue();
      return new Set(mailServer.mails.flatMap(({ recipients }) => recipients));
    };
    expect(await orderedFromWarning()).toEqual(new Set(["chef@muster.example", "technik@systemhaus.example"]));
    await database.unwalled("a test", (tx) =>
      tx.sql("delete from hauswart.recipient where provider_id = $1 and address like 'technik%'", [tenant.providerId]),
    );
    await apply("close");
    services.clock.advance(60 * 60_000);
    mailServer.mails.length = 0;
    expect(await orderedFromWarning()).toEqual(new Set(["chef@muster.example", "olga@house.example"]));
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
