/** ALM-4: the mail of critical events, every day, also when there were none. */
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { startSender } from "../mail/outbox/sender.ts";
import { smtpTransport } from "../mail/outbox/smtp.ts";
import { parseSettings } from "../settings.ts";
import { changeCustomerTerms } from "../tenancy/change-customer-terms.ts";
import { writeDailyMails } from "./write-daily-mails.ts";

/** 07:30 in Berlin on a Monday in March. */
const due = Date.UTC(2026, 2, 2, 6, 30);
const hourMs = 3_600_000;

let database: TestDatabase;
let mailServer: MailServer;
let tenant: SeededTenant;
let services: TestServices;
let deviceId: Id;
beforeAll(async () => {
  database = await testDatabase();
  mailServer = await startMailServer();
}, 60_000);
afterAll(async () => {
  await mailServer.stop();
  await database.close();
});
beforeEach(async () => {
  await database.unwalled("clean", async (tx) => {
    await tx.sql("update hauswart.mail set state = 'kept'");
    await tx.sql("update hauswart.customer set terms = '{}', time_zone = null");
    await tx.sql("truncate hauswart.server_process");
  });
  await ran("2026-02-01T00:00Z", "2026-04-01T00:00Z");
  tenant = await seedTenant(database);
  deviceId = await seedDevice(database, tenant, tenant.first, "PC-EMPFANG");
  services = testServices(database, { settings: parseSettings({ HAUSWART_SMTP_URL: mailServer.url }) });
  services.clock.set(due - 26 * hourMs);
  mailServer.mails.length = 0;
  await changeCustomerTerms({
    ctx: ctx(),
    input: {
      customerId: tenant.first.customerId,
      dailyMail: {
        at: "07:30",
        recipients: [
          { address: "chefin@muster.example", language: "de" },
          { address: "it@muster.example", language: "en" },
        ],
      },
    },
  });
});

/** A process of the server ran from then until it died. */
const ran = (from: string, until: string) =>
  database.unwalled("a process", (tx) =>
    tx.sql("insert into hauswart.server_process (process_id, started_at, alive_at) values ($1, $2, $3)", [newId(), from, until]),
  );
const ctx = () => contextFor(services, tenant);
const ofDevice = () => ({ customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId, checkNumber: null });
const apply = (kind: "open" | "change" | "close", subject = "", severity: "failure" | "warning" = "failure", more: object = {}) => {
  const change = {
    kind,
    code: "silent",
    subject,
    atMs: services.clock.now(),
    evidence: { lastSeenAtMs: services.clock.now() - 300_000 },
    severity,
    noticeDueAtMs: null,
    reason: "recovered",
    scope: { ...ofDevice(), check: "device", instance: "" },
    ...more,
  } as FindingChange;
  const actor = { kind: "system", id: "test", name: "test" } as const;
  return database.transaction(ctx(), (tx) => applyFindingChanges(tx, services, { providerId: tenant.providerId, actor }, [change]));
};
const send = async () => {
  const written = await writeDailyMails(services);
  await startSender(services, smtpTransport(mailServer.url)).stop();
  return written;
};
const mailTo = (address: string) => mailServer.mails.filter(({ recipients }) => recipients.includes(address)).at(-1)?.message;
const proofs = () =>
  database.transaction(ctx(), (tx) =>
    tx.sql<{ day: string; told: Record<string, number>; mail_ids: Id[] }>(
      "select day::text, told, mail_ids from hauswart.daily_mail where customer_id = $1 order by day",
      [tenant.first.customerId],
    ),
  );

describe("ALM-4", () => {
  test("tells the failures of the last day, new and still open, with devices, counts and what was not measured", async () => {
    await apply("open", "old");
    services.clock.set(due - 3 * hourMs);
    await apply("open", "new");
    await apply("open", "warned", "warning");
    services.clock.set(due - 2 * hourMs);
    await apply("close", "new");
    services.clock.set(due);
    expect(await send()).toBe(2);
    const german = mailTo("chefin@muster.example")!;
    expect(german.subject).toBe("Tagesbericht 02.03.2026: eine neue Störung, 1 offen: First Customer");
    const text = german.text!.replaceAll("\n", " ");
    expect(text).toContain("Neu: eine Störung, schon behoben. Offen ist eine Störung. Betroffen: ein Gerät.");
    expect(text).toContain("Gemessen wurden 0 von 1 Geräten. Nicht gemessen, also nicht bekannt: PC-EMPFANG.");
    expect(text).toContain("ist eine Warnung offen");
    expect(text).toContain("besteht noch");
    expect(text).toContain("vorbei 02.03.2026, 05:30");
    expect(german.headers.map(({ key }) => key)).toContain("list-unsubscribe");
    expect(mailTo("it@muster.example")!.subject).toBe("Daily report 2 Mar 2026: one new failure, 1 open: First Customer");
    expect(await proofs()).toMatchObject([{ day: "2026-03-02", told: { begun: 1, over: 1, open: 1, total: 1, measured: 0 } }]);
  });

  test("tells what was a failure at night and is a warning by morning, as the failure that it was", async () => {
    services.clock.set(due - 6 * hourMs);
    await apply("open", "", "failure", { evidence: { lastSeenAtMs: Date.UTC(2026, 0, 1) } });
    services.clock.set(due - hourMs);
    await apply("change", "", "warning", { evidence: { lastSeenAtMs: Date.UTC(2026, 0, 2) } });
    await apply("open", "only a warning", "warning");
    services.clock.set(due);
    await send();
    const german = mailTo("chefin@muster.example")!;
    expect(german.subject).toBe("Tagesbericht 02.03.2026: eine neue Störung, keine offen: First Customer");
    const text = german.text!.replaceAll(/\s+/g, " ");
    expect(text).toContain("Neu: eine Störung. Offen ist keine mehr; eine besteht als Warnung fort. Betroffen: ein Gerät.");
    expect(text).toContain("Außerdem ist eine Warnung offen, die hier nicht einzeln steht.");
    expect(text).toContain("(seit 02.03.2026, 01:30, ab 02.03.2026, 06:30 nur noch Warnung)");
    expect(text).toContain("01.01.2026, 01:00");
    const english = mailTo("it@muster.example")!.text!.replaceAll(/\s+/g, " ");
    expect(english).toContain("None is open any more; one goes on as a warning.");
    expect(english).toContain("(since 2 Mar 2026, 01:30, only a warning since 2 Mar 2026, 06:30)");
  });

  test("a warning of last week that became a failure at night is new", async () => {
    services.clock.set(due - 100 * hourMs);
    await apply("open", "", "warning");
    services.clock.set(due - 4 * hourMs);
    await apply("change");
    services.clock.set(due);
    await send();
    const german = mailTo("chefin@muster.example")!;
    expect(german.subject).toBe("Tagesbericht 02.03.2026: eine neue Störung, 1 offen: First Customer");
    expect(german.text!.replaceAll(/\s+/g, " ")).toContain("(seit 02.03.2026, 03:30, besteht noch)");
  });

  test("a failure of the day before that ended in this time is told, and nothing is called fine", async () => {
    await apply("open");
    services.clock.set(due - 20 * hourMs);
    await apply("change", "", "warning");
    services.clock.set(due - 19 * hourMs);
    await apply("close", "", "warning");
    services.clock.set(due);
    await send();
    const german = mailTo("chefin@muster.example")!;
    expect(german.subject).toBe("Tagesbericht 02.03.2026: keine neue Störung, keine offen: First Customer");
    expect(german.text!.replaceAll(/\s+/g, " ")).toContain("Neu hinzugekommen ist nichts. Offen ist keine mehr. Betroffen: ein Gerät.");
    expect(mailTo("it@muster.example")!.subject).toBe("Daily report 2 Mar 2026: no new failure, none open: First Customer");
    // Of the day after it is no event any more.
    services.clock.set(due + 24 * hourMs);
    await send();
    expect(mailTo("chefin@muster.example")!.subject).toContain("nichts Kritisches");
  });

  test("does not count what planned maintenance or a cause that is listed explains, and says so", async () => {
    const scope = { customerId: tenant.first.customerId, deviceId: null, checkNumber: null, siteId: tenant.first.siteId };
    services.clock.set(due - 3 * hourMs);
    await apply("open", "patched");
    await database.unwalled("held back", (tx) =>
      tx.sql("update hauswart.finding set noticed_at = null, hold_kind = 'maintenance' where subject = 'patched'"),
    );
    services.clock.advance(hourMs);
    await apply("open", "", "failure", {
      scope: { ...scope, check: "site", instance: tenant.first.siteId },
      code: "offline",
      evidence: {},
    });
    await apply("open", "behind it");
    services.clock.set(due);
    await send();
    const german = mailTo("chefin@muster.example")!;
    expect(german.subject).toBe("Tagesbericht 02.03.2026: eine neue Störung, 1 offen: First Customer");
    expect(german.text!.replaceAll(/\s+/g, " ")).toContain(
      "Nicht mitgezählt: eine Störung während geplanter Wartung; eine Störung aus derselben Ursache wie eine, die hier steht.",
    );
    expect(mailTo("it@muster.example")!.text!.replaceAll(/\s+/g, " ")).toContain(
      "Not counted: one failure during planned maintenance; one failure with the same cause as one that is listed.",
    );
  });

  test("does not say that a cause is listed where it is our own outage, or no failure", async () => {
    services.clock.set(due - 3 * hourMs);
    await apply("open", "", "warning");
    await apply("open", "behind a warning", "failure", {
      scope: { ...ofDevice(), check: "disk-space", instance: "" },
      code: "nearly-full",
    });
    await apply("close", "", "warning");
    services.clock.advance(hourMs);
    const house = { customerId: null, siteId: null, deviceId: null, check: "server", checkNumber: null, instance: "" };
    await apply("open", "", "failure", { scope: house, code: "agents-lost", evidence: { sites: 3, lost: 9 } });
    await apply("open", "unheard");
    services.clock.set(due);
    await send();
    const german = mailTo("chefin@muster.example")!;
    expect(german.text!.replaceAll(/\s+/g, " ")).toContain(
      "Nicht mitgezählt: eine Störung, weil unsere Überwachung nicht erreichbar war; eine Störung aus einer Ursache, die hier nicht einzeln steht.",
    );
    expect(mailTo("it@muster.example")!.text!.replaceAll(/\s+/g, " ")).toContain(
      "Not counted: one failure because our monitoring was out of reach; one failure with a cause that is not listed here.",
    );
  });

  test("also says that there was nothing critical, and how much was measured", async () => {
    services.clock.set(due);
    await send();
    expect(mailTo("chefin@muster.example")!.subject).toBe(
      "Tagesbericht 02.03.2026: nichts Kritisches, 0 von 1 Geräten gemessen: First Customer",
    );
    expect(mailTo("chefin@muster.example")!.text).toContain("Es gab nichts Kritisches.");
  });

  test("leaves also when another customer's cannot be reckoned, which is told", async () => {
    await database.unwalled("a zone that is none", (tx) =>
      tx.sql(
        "update hauswart.customer set terms = (select terms from hauswart.customer where customer_id = $1), time_zone = 'Mars/Base' where customer_id = $2",
        [tenant.first.customerId, tenant.second.customerId],
      ),
    );
    services.clock.set(due);
    await expect(send()).rejects.toThrow("1 daily mails could not be written.");
    expect(await proofs()).toHaveLength(1);
  });

  test("leaves once a day, however many processes look and however often", async () => {
    services.clock.set(due - 1);
    expect(await send()).toBe(0);
    services.clock.set(due);
    const written = await Promise.all(Array.from({ length: 4 }, () => writeDailyMails(services)));
    expect(written.toSorted((one, other) => one - other)).toEqual([0, 0, 0, 2]);
    services.clock.advance(hourMs);
    expect(await send()).toBe(0);
    services.clock.set(due + 24 * hourMs);
    expect(await send()).toBe(2);
    expect((await proofs()).map(({ day }) => day)).toEqual(["2026-03-02", "2026-03-03"]);
  });

  test("after days without a server, tells of all of them in one mail", async () => {
    services.clock.set(due);
    await send();
    services.clock.advance(2 * hourMs);
    await apply("open", "on the first day");
    services.clock.advance(hourMs);
    await apply("close", "on the first day");
    services.clock.set(due + 72 * hourMs);
    await send();
    expect(mailTo("chefin@muster.example")!.text!.replaceAll("\n", " ")).toContain("Neu: eine Störung, schon behoben");
    expect(await proofs()).toHaveLength(2);
  });

  test("after an outage of the server waits until agents are back, and says that there was one", async () => {
    await database.unwalled("clean", (tx) => tx.sql("truncate hauswart.server_process"));
    await ran("2026-02-01T00:00Z", "2026-03-02T01:00Z");
    await ran("2026-03-02T01:01Z", "2026-03-02T01:02Z");
    await ran("2026-03-02T07:00Z", "2026-04-01T00:00Z");
    services.clock.set(Date.UTC(2026, 2, 2, 7, 4, 59));
    expect(await send()).toBe(0);
    services.clock.set(Date.UTC(2026, 2, 2, 7, 5));
    expect(await send()).toBe(2);
    expect(mailTo("chefin@muster.example")!.text!.replaceAll("\n", " ")).toContain(
      "Unsere Überwachung war nicht in Betrieb oder nicht erreichbar: 02.03.2026, 02:02 bis 02.03.2026, 08:00. Störungen der Geräte konnten in dieser Zeit nicht gemeldet werden.",
    );
    expect(await proofs()).toMatchObject([{ told: { away: [{ from: Date.UTC(2026, 2, 2, 1, 2), until: Date.UTC(2026, 2, 2, 7) }] } }]);
  });

  test("says that agents did not reach the server, as long as they do not", async () => {
    services.clock.set(due - 2 * hourMs);
    const scope = { customerId: null, siteId: null, deviceId: null, check: "server", checkNumber: null, instance: "" };
    await apply("open", "", "failure", { scope, code: "agents-lost", evidence: { sites: 3, lost: 9 } });
    services.clock.set(due);
    await send();
    expect(mailTo("it@muster.example")!.text!.replaceAll("\n", " ")).toContain(
      "Our monitoring did not run or was out of reach: 2 Mar 2026, 05:30 to 2 Mar 2026, 07:30. Failures of devices could not be reported in that time.",
    );
  });

  test("names that come from devices stay text, and other customers are not in it", async () => {
    await database.unwalled("rename", (tx) =>
      tx.sql("update hauswart.device set name = $1 where device_id = $2", ["<script>alert(1)</script>\r\nBcc: x@example.org", deviceId]),
    );
    await seedDevice(database, tenant, tenant.second, "PC-FREMD");
    await apply("open", newId());
    services.clock.set(due);
    await send();
    const { html, text, headers } = mailTo("chefin@muster.example")!;
    expect(String(html)).not.toContain("<script>");
    expect(headers.map(({ key }) => key)).not.toContain("bcc");
    expect(text).not.toContain("PC-FREMD");
  });
});
