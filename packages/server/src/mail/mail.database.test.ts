import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { NewRecipient } from "@hauswart/protocol/api/routing.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { parseSettings } from "../settings.ts";
import { composeMails } from "./compose/compose-mails.ts";
import { startComposer } from "./compose/composer.ts";
import { createRecipient } from "../routing/recipients/create-recipient.ts";
import { deleteRecipient } from "../routing/recipients/delete-recipient.ts";
import { getMail } from "./get-mail.ts";
import { listOutbox } from "./list-outbox.ts";
import { listRecipients } from "../routing/recipients/list-recipients.ts";
import { startSender, type Sender } from "./outbox/sender.ts";
import { smtpTransport } from "./outbox/smtp.ts";
import { claimMails, claimMs, recordAttempt } from "./outbox/store.ts";
import { retryMail } from "./retry-mail.ts";

let database: TestDatabase;
let mailServer: MailServer;
let tenant: SeededTenant;
let deviceId: Id;
let services: TestServices;
let sender: Sender | undefined;

beforeAll(async () => {
  database = await testDatabase();
  mailServer = await startMailServer();
}, 60_000);
afterAll(async () => {
  await mailServer.stop();
  await database.close();
});
beforeEach(async () => {
  // Mails of the test before are nobody's business any more.
  await database.unwalled("clean", (tx) => tx.sql("update hauswart.mail set state = 'kept'"));
  tenant = await seedTenant(database);
  deviceId = await seedDevice(database, tenant, tenant.first, "PC-EMPFANG");
  services = testServices(database, {
    settings: parseSettings({
      HAUSWART_SMTP_URL: mailServer.url,
      HAUSWART_MAIL_FROM: "Hauswart <alarm@systemhaus.example>",
      HAUSWART_URL: "https://hauswart.example",
      HAUSWART_TLS_AT_PROXY: "yes",
    }),
  });
  mailServer.mails.length = 0;
  Object.assign(mailServer.behaviour, { refusedRecipients: new Set(), temporaryFailure: undefined, delayMs: 0, dropsAfterMessage: 0 });
});
afterEach(async () => {
  await sender?.stop();
  sender = undefined;
});

const ctx = () => contextFor(services, tenant);
const change = (kind: "open" | "change" | "close", code: string, more: Partial<FindingChange> = {}) =>
  ({
    kind,
    code,
    subject: "",
    atMs: services.clock.now(),
    evidence: { lastSeenAtMs: services.clock.now() - 300_000 },
    severity: "failure",
    noticeDueAtMs: null,
    reason: "recovered",
    scope: { customerId: tenant.first.customerId, siteId: tenant.first.siteId, deviceId, check: "device", checkNumber: null, instance: "" },
    ...more,
  }) as FindingChange;
const apply = (...changes: FindingChange[]) =>
  database.transaction(ctx(), (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "test", name: "test" } }, changes),
  );
const recipient = (address: string, more: Record<string, unknown> = {}) =>
  createRecipient({
    ctx: ctx(),
    input: NewRecipient.parse({ address, language: "en", ...more }),
  });
const outbox = async () => (await listOutbox({ ctx: ctx(), input: { limit: 100 } })).items;
const compose = () => composeMails(services, tenant.providerId);
const events = (findingId: Id) =>
  database.transaction(ctx(), (tx) =>
    tx.sql<{ kind: string; note: string | null; evidence: Record<string, unknown> | null }>(
      "select kind, note, evidence from hauswart.finding_event where finding_id = $1 order by finding_event_id",
      [findingId],
    ),
  );
/** Sends what is due and waits until nothing is in hand. */
async function sendDue(timeLimitMs?: number) {
  const once = startSender(services, smtpTransport(mailServer.url, timeLimitMs));
  await once.stop();
}

describe("composing", () => {
  test("a finding becomes one mail, with its Message-ID, thread and sender's marks", async () => {
    await recipient("a@example.org");
    const [effect] = await apply(change("open", "silent"));
    expect(await compose()).toEqual({ mails: 1, nobodyTold: 0, nextAtMs: undefined });
    await sendDue();
    const { message, recipients, sender: envelopeSender } = mailServer.mails[0]!;
    const header = (name: string) => message.headers.find(({ key }) => key === name)?.value;
    expect(message.subject).toBe("Silent since 2 Mar 2026, 10:55: PC-EMPFANG, First Customer");
    expect(recipients).toEqual(["a@example.org"]);
    expect(envelopeSender).toBe("alarm@systemhaus.example");
    expect(message.from?.name).toBe("Hauswart");
    expect(message.messageId).toMatch(/^<[0-9a-f-]{36}@systemhaus\.example>$/);
    expect(header("references")).toBe(`<finding.${effect!.findingId}@systemhaus.example>`);
    expect(header("auto-submitted")).toBe("auto-generated");
    expect(message.text).toContain(`https://hauswart.example/findings/${effect!.findingId}`);
    expect(message.html).toContain("PC-EMPFANG");
    expect(await outbox()).toMatchObject([{ state: "sent", to: ["a@example.org"], attempts: 1, refusals: [], lastError: null }]);
    expect((await events(effect!.findingId)).at(-1)).toMatchObject({
      kind: "mailed",
      note: "Mail an einen Empfänger.",
      evidence: { told: "alarm", recipients: 1 },
    });
  });

  test("nothing is written twice for the same notice", async () => {
    await recipient("a@example.org");
    await apply(change("open", "silent"));
    await Promise.all([compose(), compose(), compose()]);
    expect((await outbox()).length).toBe(1);
  });

  test("the first leaves at once; followers and recoveries within a minute are gathered into one mail of the same thread", async () => {
    await recipient("a@example.org");
    const [first] = await apply(change("open", "silent"));
    await compose();
    services.clock.advance(10_000);
    await apply(change("open", "clock-wrong", { evidence: { offsetSeconds: 900 } }), change("open", "cloned"));
    const waiting = await compose();
    expect(waiting.mails).toBe(0);
    expect(waiting.nextAtMs).toBe(services.clock.now() + 50_000);
    services.clock.advance(20_000);
    await apply(change("close", "silent"));
    await compose();
    expect((await outbox()).length).toBe(1);
    services.clock.advance(30_001);
    expect((await compose()).mails).toBe(1);
    await sendDue();
    const gathered = mailServer.mails.find(({ message }) => message.subject?.startsWith("2 open"))!;
    expect(gathered.message.subject).toBe("2 open findings, 1 resolved: PC-EMPFANG, First Customer");
    const references = gathered.message.headers.find(({ key }) => key === "references")!.value;
    expect(references).toContain(`<finding.${first!.findingId}@systemhaus.example>`);
    expect(references).toContain(mailServer.mails.find((mail) => mail !== gathered)!.message.messageId!);
  });

  test("ALM-1 warnings that come in one by one are few mails; a failure among them leaves at once", async () => {
    await recipient("a@example.org", { fromSeverity: "warning" });
    const mailedAt: number[] = [];
    const start = services.clock.now();
    for (let minute = 0; minute < 60; minute++) {
      await apply(change("open", "silent", { subject: `${minute}`, severity: minute === 40 ? "failure" : "warning" }));
      if ((await compose()).mails > 0) mailedAt.push((services.clock.now() - start) / 60_000);
      services.clock.advance(60_000);
    }
    expect(mailedAt).toEqual([0, 1, 3, 7, 15, 30, 40, 55]);
  });

  test("what opened and closed within the gathering is mentioned with others, and is no mail alone", async () => {
    await recipient("a@example.org");
    await apply(change("open", "silent"));
    await compose();
    services.clock.advance(5_000);
    const [brief] = await apply(change("open", "cloned"));
    await apply(change("close", "cloned"));
    services.clock.advance(60_000);
    expect((await compose()).mails).toBe(0);
    expect((await events(brief!.findingId)).at(-1)).toMatchObject({ kind: "mailed", evidence: { told: "none" } });
    await apply(change("open", "cloned"));
    await apply(change("close", "cloned"));
    await apply(change("open", "ran-backwards"));
    expect((await compose()).mails).toBe(1);
    const whole = await getMail({ ctx: ctx(), input: { mailId: (await outbox())[0]!.mailId } });
    expect(whole.text).toContain("== Occurred and over already ==");
  });

  test("a recovery without an alarm never leaves", async () => {
    await apply(change("open", "silent"));
    await compose();
    await recipient("late@example.org");
    services.clock.advance(120_000);
    await apply(change("close", "silent"));
    expect((await compose()).mails).toBe(0);
  });

  test("a time zone that does not exist keeps no alarm back", async () => {
    await recipient("a@example.org");
    await database.unwalled("test", (tx) =>
      tx.sql("update hauswart.customer set time_zone = 'Mars/Olympus' where customer_id = $1", [tenant.first.customerId]),
    );
    await apply(change("open", "silent"));
    expect((await compose()).mails).toBe(1);
    expect((await outbox())[0]!.subject).toStartWith("Silent since 2 Mar 2026, 10:55");
  });

  test("trouble with one site keeps no other's mails back", async () => {
    await recipient("a@example.org");
    await apply(
      change("open", "silent"),
      change("open", "silent", {
        scope: {
          customerId: tenant.second.customerId,
          siteId: tenant.second.siteId,
          deviceId,
          check: "device",
          checkNumber: null,
          instance: "",
        },
      }),
    );
    const failing = {
      ...database,
      transaction: ((who, work) =>
        database.transaction(who, (tx) =>
          work({
            ...tx,
            afterCommit: (done) => tx.afterCommit(done),
            sql: (text, values) => (values?.includes(tenant.first.siteId) ? Promise.reject(new Error("broken")) : tx.sql(text, values)),
          }),
        )) as typeof database.transaction,
    };
    expect((await composeMails({ ...services, database: failing }, tenant.providerId)).mails).toBe(1);
    expect((await compose()).mails).toBe(1);
  });

  test("nobody is told: counted, and in the finding's history, once", async () => {
    const [effect] = await apply(change("open", "silent"));
    expect(await compose()).toMatchObject({ mails: 0, nobodyTold: 1 });
    expect((await events(effect!.findingId)).at(-1)).toMatchObject({
      kind: "mailed",
      note: "Kein Empfänger ist für diesen Befund eingetragen; niemand wurde benachrichtigt.",
    });
    services.clock.advance(120_000);
    await apply(change("close", "silent"));
    expect(await compose()).toMatchObject({ mails: 0, nobodyTold: 0 });
    expect((await events(effect!.findingId)).at(-1)).toMatchObject({ kind: "closed" });
    const [brief] = await apply(change("open", "cloned"));
    await apply(change("close", "cloned"));
    expect(await compose()).toMatchObject({ mails: 0, nobodyTold: 1 });
    expect((await events(brief!.findingId)).at(-1)).toMatchObject({ kind: "mailed" });
  });

  test("a changed severity is told with what it was", async () => {
    await recipient("a@example.org");
    await recipient("failures@example.org", { fromSeverity: "failure" });
    await apply(change("open", "silent", { severity: "warning" } as never));
    await compose();
    services.clock.advance(61_000);
    await apply(change("change", "silent", { severity: "failure" } as never));
    expect((await compose()).mails).toBe(2);
    const subjects = (await outbox()).map(({ to, subject }) => [to[0], subject.split(":")[0]]);
    expect(subjects).toContainEqual(["a@example.org", "Changed"]);
    expect(subjects).toContainEqual(["failures@example.org", "Silent since 2 Mar 2026, 10"]);
  });

  test("an acknowledgement that ran out reminds; one that a person took back does not", async () => {
    await recipient("a@example.org");
    const [effect] = await apply(change("open", "silent"));
    await compose();
    for (const [kind, mails] of [
      ["technician", 0],
      ["system", 1],
    ] as const) {
      services.clock.advance(120_000);
      await database.transaction(ctx(), async (tx) => {
        const keys = [
          tenant.providerId,
          newId(services.clock.now()),
          effect!.findingId,
          tenant.first.customerId,
          new Date(services.clock.now()).toISOString(),
        ];
        await tx.sql(
          `insert into hauswart.finding_event (provider_id, finding_event_id, finding_id, customer_id, at, kind, actor) values ($1, $2, $3, $4, $5, 'reopened', '{"kind": "${kind}"}')`,
          keys,
        );
        await tx.sql(
          "insert into hauswart.finding_notice (provider_id, finding_notice_id, finding_id, customer_id, at, kind, site_id) select $1, $2, $3, $4, $5, 'changed', site_id from hauswart.finding where finding_id = $3",
          keys,
        );
      });
      expect((await compose()).mails).toBe(mails);
    }
  });

  test("the composer hears the bus, and finds what nobody told it about", async () => {
    await recipient("a@example.org");
    await apply(change("open", "silent"));
    const composer = startComposer(services);
    const composed = async (count: number) => {
      await until(`${count} mails`, async () => (await outbox()).length >= count);
      return (await outbox()).length;
    };
    expect(await composed(1)).toBe(1);
    services.clock.advance(61_000);
    await apply(change("open", "cloned"));
    expect(await composed(2)).toBe(2);
    await composer.stop();
  });

  test("without a mail server mails are kept for reading", async () => {
    services = testServices(database);
    await recipient("a@example.org");
    await apply(change("open", "silent"));
    await compose();
    expect(await outbox()).toMatchObject([{ state: "kept", nextAttemptAt: null }]);
    const { mailId } = (await outbox())[0]!;
    expect(retryMail({ ctx: ctx(), input: { mailId } })).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("sending", () => {
  const queue = async (...addresses: string[]) => {
    for (const address of addresses) await recipient(address);
    await apply(change("open", "silent"));
    await compose();
  };

  test("one refused recipient is recorded; the others have it", async () => {
    mailServer.behaviour.refusedRecipients.add("gone@example.org");
    await queue("a@example.org", "gone@example.org");
    await sendDue();
    expect(mailServer.mails.map(({ recipients }) => recipients)).toEqual([["a@example.org"]]);
    expect(mailServer.mails[0]?.message.to?.map(({ address }) => address).sort()).toEqual(["a@example.org", "gone@example.org"]);
    const [mail] = await outbox();
    expect(mail).toMatchObject({ state: "sent", refusals: [{ address: "gone@example.org" }] });
    expect(mail!.refusals[0]!.answer).toContain("550");
  });

  test("a mail that everybody refuses can be sent again, under the same Message-ID", async () => {
    mailServer.behaviour.refusedRecipients.add("gone@example.org");
    await queue("gone@example.org");
    await sendDue();
    const [refused] = await outbox();
    expect(refused).toMatchObject({ state: "refused", nextAttemptAt: null });
    mailServer.behaviour.refusedRecipients.clear();
    expect(await retryMail({ ctx: ctx(), input: { mailId: refused!.mailId } })).toMatchObject({ state: "queued" });
    await sendDue();
    expect(await outbox()).toMatchObject([{ state: "sent", attempts: 2 }]);
    expect(mailServer.mails[0]?.message.messageId).toBe(refused!.messageId);
    expect(retryMail({ ctx: ctx(), input: { mailId: refused!.mailId } })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("a temporary failure is tried again later", async () => {
    mailServer.behaviour.temporaryFailure = "message";
    await queue("a@example.org");
    await sendDue();
    const [waiting] = await outbox();
    expect(waiting).toMatchObject({ state: "queued", attempts: 1 });
    expect(waiting!.lastError).toContain("451");
    mailServer.behaviour.temporaryFailure = undefined;
    await sendDue();
    expect(mailServer.mails.length).toBe(0);
    services.clock.advance(10_000);
    await sendDue();
    expect(await outbox()).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  test("a mail server that is down for an hour costs nothing but time", async () => {
    await mailServer.stop();
    await queue("a@example.org");
    for (let minute = 0; minute < 60; minute++) {
      await sendDue();
      services.clock.advance(60_000);
    }
    expect(await outbox()).toMatchObject([{ state: "queued", attempts: 60 }]);
    await mailServer.start();
    await sendDue();
    expect(await outbox()).toMatchObject([{ state: "sent", lastError: null }]);
    expect(mailServer.mails.length).toBe(1);
  });

  test("a slow mail server is given up on, and tried again", async () => {
    mailServer.behaviour.delayMs = 30_000;
    await queue("a@example.org");
    await sendDue(200);
    const [waiting] = await outbox();
    expect(waiting).toMatchObject({ state: "queued" });
    expect(waiting!.lastError).toMatch(/EABORT|ETIMEDOUT/);
    mailServer.behaviour.delayMs = 0;
    services.clock.advance(60_000);
    await sendDue();
    expect(await outbox()).toMatchObject([{ state: "sent" }]);
    expect(mailServer.mails.length).toBe(1);
  });

  test("two workers do not send the same mail", async () => {
    await queue("a@example.org");
    const claims = await Promise.all([claimMails(services, 5), claimMails(services, 5)]);
    expect(claims.flat().length).toBe(1);
  });

  test("a worker that died leaves its mail to another one, which sends it under the same Message-ID", async () => {
    await queue("a@example.org");
    const [lost] = await claimMails(services, 1);
    await sendDue();
    expect(mailServer.mails.length).toBe(0);
    services.clock.advance(claimMs + 1);
    await sendDue();
    expect(mailServer.mails[0]?.message.messageId).toBe(lost!.messageId);
    expect(await recordAttempt(services, lost!, { kind: "server", problem: "the dead one speaks" })).toBe("sent");
  });

  test("an answer that never came leads to a second copy with the same Message-ID", async () => {
    mailServer.behaviour.dropsAfterMessage = 1;
    await queue("a@example.org");
    await sendDue();
    services.clock.advance(60_000);
    await sendDue();
    expect(await outbox()).toMatchObject([{ state: "sent" }]);
    expect(new Set(mailServer.mails.map(({ message }) => message.messageId)).size).toBe(1);
    expect(mailServer.mails.length).toBe(2);
  });

  test("a running sender hears of a new mail by the bus", async () => {
    sender = startSender(services, smtpTransport(mailServer.url));
    const composer = startComposer(services);
    await recipient("a@example.org");
    await apply(change("open", "silent"));
    await mailServer.waitForMail(({ recipients }) => recipients.includes("a@example.org"));
    await composer.stop();
  });
});

describe("recipients", () => {
  test("are listed, per customer with those of all", async () => {
    await recipient("all@example.org");
    await recipient("first@example.org", { customerId: tenant.first.customerId });
    await recipient("site@example.org", { siteId: tenant.second.siteId });
    const addresses = async (customerId?: Id) =>
      (await listRecipients({ ctx: ctx(), input: { limit: 10, customerId } })).items.map(({ address }) => address);
    expect((await addresses()).sort()).toEqual(["all@example.org", "first@example.org", "site@example.org"]);
    expect((await addresses(tenant.first.customerId)).sort()).toEqual(["all@example.org", "first@example.org"]);
  });
  test("a site brings its customer, and must be that customer's", async () => {
    expect(await recipient("a@example.org", { siteId: tenant.second.siteId })).toMatchObject({ customerId: tenant.second.customerId });
    expect(recipient("a@example.org", { customerId: tenant.first.customerId, siteId: tenant.second.siteId })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
  test("twice the same is refused", async () => {
    await recipient("a@example.org");
    expect(recipient("A@example.org")).rejects.toMatchObject({ code: "CONFLICT" });
  });
  test("of an unknown check are refused", () => {
    expect(recipient("a@example.org", { checks: ["no-such-check"] })).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });
  test("removing one is audited, and removing it again finds nothing", async () => {
    const { recipientId } = await recipient("a@example.org");
    await deleteRecipient({ ctx: ctx(), input: { recipientId } });
    expect(deleteRecipient({ ctx: ctx(), input: { recipientId } })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const actions = await database.transaction(ctx(), (tx) =>
      tx.sql<{ action: string }>("select action from hauswart.audit_entry where subject_id = $1", [recipientId]),
    );
    expect(actions.map(({ action }) => action).sort()).toEqual(["recipient.create", "recipient.delete"]);
  });
  test("somebody restricted to one customer sees and touches only that customer's", async () => {
    await recipient("all@example.org");
    await recipient("second@example.org", { customerId: tenant.second.customerId });
    const restricted = contextFor(services, tenant, { customers: [tenant.first.customerId] });
    expect((await listRecipients({ ctx: restricted, input: { limit: 10 } })).items).toEqual([]);
    const input = NewRecipient.parse({ address: "x@example.org" });
    expect(createRecipient({ ctx: restricted, input: { ...input, customerId: null } })).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(createRecipient({ ctx: restricted, input: { ...input, customerId: tenant.second.customerId } })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
  test("a reader of mail cannot send, and who may not read mail reads none", async () => {
    const reader = contextFor(services, tenant, { scopes: new Set(["mail:read"]) });
    expect(retryMail({ ctx: reader, input: { mailId: newId() } })).rejects.toMatchObject({ code: "FORBIDDEN" });
    const nobody = contextFor(services, tenant, { scopes: new Set(["devices:read"]) });
    expect(listOutbox({ ctx: nobody, input: { limit: 1 } })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
