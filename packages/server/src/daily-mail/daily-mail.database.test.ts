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
    await tx.sql("update hauswart.customer set terms = '{}'");
  });
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

const ctx = () => contextFor(services, tenant);
const apply = (kind: "open" | "close", subject = "", severity: "failure" | "warning" = "failure") => {
  const change = {
    kind,
    code: "silent",
    subject,
    atMs: services.clock.now(),
    evidence: { lastSeenAtMs: services.clock.now() - 300_000 },
    severity,
    noticeDueAtMs: null,
    reason: "recovered",
    scope: { customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId, check: "device", checkNumber: null, instance: "" },
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
    expect(text).toContain("Neu: eine Störung, davon 1 schon behoben. Offen ist eine Störung. Betroffen: ein Gerät.");
    expect(text).toContain("Gemessen wurden 0 von 1 Geräten. Nicht gemessen, also nicht bekannt: PC-EMPFANG.");
    expect(text).toContain("ist eine Warnung offen");
    expect(text).toContain("besteht noch");
    expect(text).toContain("vorbei 02.03.2026, 05:30");
    expect(german.headers.map(({ key }) => key)).toContain("list-unsubscribe");
    expect(mailTo("it@muster.example")!.subject).toBe("Daily report 2 Mar 2026: one new failure, 1 open: First Customer");
    expect(await proofs()).toMatchObject([{ day: "2026-03-02", told: { begun: 1, over: 1, open: 1, total: 1, measured: 0 } }]);
  });

  test("also says that there was nothing critical, and how much was measured", async () => {
    services.clock.set(due);
    await send();
    expect(mailTo("chefin@muster.example")!.subject).toBe(
      "Tagesbericht 02.03.2026: nichts Kritisches, 0 von 1 Geräten gemessen: First Customer",
    );
    expect(mailTo("chefin@muster.example")!.text).toContain("Es gab nichts Kritisches.");
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
    expect(mailTo("chefin@muster.example")!.text!.replaceAll("\n", " ")).toContain("Neu: eine Störung, davon 1 schon behoben");
    expect(await proofs()).toHaveLength(2);
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
