/** The first hour: a test mail by the real way, and the steps to the first alarm mail as they are read from the data. */
import { NewRecipient } from "@hauswart/protocol/api/routing.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testServer } from "@hauswart/testkit/server.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import { unsetOwnerEmail } from "../access/ensure-first-owner.ts";
import { ownCustomerName, prepareFirstRecipient } from "../first-start.ts";
import { parseSettings } from "../settings.ts";
import { changeSettings } from "../tenancy/change-settings.ts";
import { getFirstSteps } from "../tenancy/get-first-steps.ts";
import { composeMails } from "./compose/compose-mails.ts";
import { createRecipient } from "../routing/recipients/create-recipient.ts";
import { getMail } from "./get-mail.ts";
import { startSender } from "./outbox/sender.ts";
import { smtpTransport } from "./outbox/smtp.ts";
import { mostTestMailsAnHour, sendTestMail } from "./send-test-mail.ts";

let database: TestDatabase;
let mailServer: MailServer;
let tenant: SeededTenant;
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
  services = testServices(database, { settings: parseSettings({ HAUSWART_SMTP_URL: mailServer.url }) });
  mailServer.mails.length = 0;
});
afterEach(() => mailServer.behaviour.refusedRecipients.clear());

const ctx = () => contextFor(services, tenant, { actor: { kind: "technician", id: newId(), name: "Chefin", sessionId: newId() } });
const testMail = (address: string, customerId: string | null = null) =>
  sendTestMail({ ctx: ctx(), input: { address, language: "de", customerId } });
/** Sends what is due and waits until nothing is in hand. */
const sendDue = () => startSender(services, smtpTransport(mailServer.url)).stop();
const recipient = (address: string) =>
  createRecipient({
    ctx: ctx(),
    input: NewRecipient.parse({ address }),
  });

describe("a test mail", () => {
  test("goes the way of every mail, and has the mail server's own words", async () => {
    const queued = await testMail("it@example.org");
    expect(queued).toMatchObject({ state: "queued", to: ["it@example.org"], subject: "Testnachricht: Provider" });
    await sendDue();
    const [{ message, recipients }] = mailServer.mails as [(typeof mailServer.mails)[number]];
    expect(recipients).toEqual(["it@example.org"]);
    expect(message.text).toContain("Chefin hat am");
    expect(message.html).toContain("Diese Nachricht ist angekommen");
    expect(message.headers.find(({ key }) => key === "auto-submitted")?.value).toBe("auto-generated");
    const mail = await getMail({ ctx: ctx(), input: { mailId: queued.mailId } });
    expect(mail.state).toBe("sent");
    expect(mail.answers).toEqual([{ address: "it@example.org", state: "sent", answer: expect.stringMatching(/^250 /) }]);
  });

  test("that is refused says why", async () => {
    mailServer.behaviour.refusedRecipients.add("nobody@example.org");
    const { mailId } = await testMail("nobody@example.org");
    await sendDue();
    const mail = await getMail({ ctx: ctx(), input: { mailId } });
    expect(mail.state).toBe("refused");
    expect(mail.answers[0]!.answer).toMatch(/^550/);
  });

  test("is kept where no mail server is set", async () => {
    services = testServices(database, { settings: parseSettings({}) });
    expect((await testMail("it@example.org")).state).toBe("kept");
  });

  test("can be tried often, but is no way to annoy strangers", async () => {
    for (let sent = 0; sent < mostTestMailsAnHour; sent++) await testMail("it@example.org");
    expect(await codeOf(testMail("it@example.org"))).toBe("TOO_MANY_ATTEMPTS");
    services.clock.advance(3_600_001);
    expect((await testMail("it@example.org")).state).toBe("queued");
  });

  test("is the provider's, or that of a customer within reach", async () => {
    const restricted = { ...ctx(), customers: [tenant.first.customerId] };
    const send = (customerId: string | null) =>
      sendTestMail({ ctx: restricted, input: { address: "it@example.org", language: "de", customerId } });
    expect(await codeOf(send(null))).toBe("FORBIDDEN");
    expect(await codeOf(send(tenant.second.customerId))).toBe("NOT_FOUND");
    expect((await send(tenant.first.customerId)).state).toBe("queued");
  });
});

describe("the first steps", () => {
  const steps = () => getFirstSteps({ ctx: ctx(), input: {} });
  const done = async () => {
    const { isDone, house, customer, recipient: told, device, alarm } = await steps();
    return [house, customer, told, device, alarm].map((step) => step.isDone).concat(isDone);
  };
  /** As a first start leaves it: only the house itself. */
  const asNew = () =>
    database.unwalled("seed of a test", async (tx) => {
      await tx.sql("update hauswart.provider set name = 'Hauswart' where provider_id = $1", [tenant.providerId]);
      await tx.sql("delete from hauswart.site where customer_id = $1", [tenant.second.customerId]);
      await tx.sql("update hauswart.customer set name = $2 where customer_id = $1", [tenant.first.customerId, ownCustomerName]);
    });

  test("are read from the data, one after the other", async () => {
    await asNew();
    await recipient("owner@localhost");
    await seedDevice(database, tenant, tenant.first, "the server itself");
    expect(await done()).toEqual([false, false, false, false, false, false]);
    expect((await steps()).customer).toMatchObject({ customerId: tenant.second.customerId, siteId: null });

    await changeSettings({ ctx: ctx(), input: { name: "Systemhaus", mailFrom: "Hauswart <alarm@systemhaus.example>" } });
    expect((await done())[0]).toBe(true);

    const { customerId, siteId } = tenant.second;
    await database.unwalled("seed of a test", (tx) =>
      tx.sql("insert into hauswart.site (provider_id, site_id, customer_id, name) values ($1, $2, $3, 'Main site')", [
        tenant.providerId,
        siteId,
        customerId,
      ]),
    );
    expect((await done())[1]).toBe(true);

    await recipient("it@example.org");
    expect((await steps()).recipient).toEqual({ isDone: false, address: "it@example.org" });
    await testMail("it@example.org");
    await sendDue();
    expect((await done())[2]).toBe(true);

    const deviceId = await seedDevice(database, tenant, tenant.second, "pc-empfang");
    expect((await steps()).device).toEqual({ isDone: true, deviceId, deviceName: "pc-empfang", system: "linux" });

    await database.transaction(ctx(), (tx) =>
      applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "test", name: "test" } }, [
        {
          kind: "open",
          scope: { customerId, siteId, deviceId, check: "device", checkNumber: null, instance: "" },
          code: "silent",
          subject: "",
          severity: "failure",
          evidence: { lastSeenAtMs: services.clock.now() },
          atMs: services.clock.now(),
          noticeDueAtMs: null,
        },
      ]),
    );
    expect((await steps()).alarm).toMatchObject({ isDone: false, findingId: expect.any(String), mailId: null });
    await composeMails(services, tenant.providerId);
    expect((await steps()).alarm).toMatchObject({ isDone: false, mailId: expect.any(String) });
    await sendDue();
    expect(await done()).toEqual([true, true, true, true, true, true]);
  });

  test("are nobody's business who may not see all customers", async () => {
    expect(await codeOf(getFirstSteps({ ctx: { ...ctx(), customers: [tenant.first.customerId] }, input: {} }))).toBe("FORBIDDEN");
  });
});

describe("the recipients", () => {
  test("are listed as the first start has left them: the first owner without an address of their own", async () => {
    await using server = await testServer();
    const { providerId } = server;
    await prepareFirstRecipient(server.services, { providerId, created: { email: unsetOwnerEmail, password: "shown once" } });
    const { items } = await server.api("listRecipients");
    expect(items.map(({ address }) => address)).toEqual([unsetOwnerEmail]);
  });
});
