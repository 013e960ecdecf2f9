import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createECDH, randomBytes } from "node:crypto";
import { NewRecipient, type EscalationStep } from "@hauswart/protocol/api/routing.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { startDeliveries } from "../channels/outbox/start-deliveries.ts";
import type { Context } from "../context.ts";
import { acknowledgeFinding } from "../findings/acknowledge-finding.ts";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { getFinding } from "../findings/get-finding.ts";
import { composeMails } from "../mail/compose/compose-mails.ts";
import { startSender } from "../mail/outbox/sender.ts";
import { smtpTransport } from "../mail/outbox/smtp.ts";
import { parseSettings } from "../settings.ts";
import { changeCustomer } from "../tenancy/change-customer.ts";
import { createEscalationPlan } from "./escalation/create-escalation-plan.ts";
import { acknowledgeByLink } from "./links/acknowledge-by-link.ts";
import { endDigest } from "./links/end-digest.ts";
import { getAcknowledgement } from "./links/get-acknowledgement.ts";
import { getPushKey } from "./push/get-push-key.ts";
import { createPushSubscription, listPushSubscriptions } from "./push/push-subscriptions.ts";
import { previewRouting } from "./preview-routing.ts";
import { createRecipient } from "./recipients/create-recipient.ts";
import { listRecipients } from "./recipients/list-recipients.ts";
import { testRecipient } from "./recipients/test-recipient.ts";
import { createRota } from "./rota/create-rota.ts";
import { createRotaOverride } from "./rota/create-rota-override.ts";
import { getOnCall } from "./rota/get-on-call.ts";
import { getRotaCalendar } from "./rota/get-rota-calendar.ts";
import { runDueDigests, runDueEscalations } from "./start-routing.ts";

const minuteMs = 60_000;
// A round of all workers takes a second on a busy computer, and some tests do a day of them.
setDefaultTimeout(60_000);

interface Received {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

let database: TestDatabase;
let mailServer: MailServer;
let tenant: SeededTenant;
let deviceId: Id;
let services: TestServices;
let received: Received[] = [];
let answer: (request: Request) => Response;
/** Plays Teams, ntfy and a push service. */
const receiver = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const { pathname } = new URL(request.url);
    received.push({ path: pathname, headers: Object.fromEntries(request.headers), body: Buffer.from(await request.arrayBuffer()) });
    return answer(request);
  },
});
const at = (path: string) => `http://127.0.0.1:${receiver.port}${path}`;

beforeAll(async () => {
  database = await testDatabase();
  mailServer = await startMailServer();
}, 60_000);
afterAll(async () => {
  await receiver.stop(true);
  await mailServer.stop();
  await database.close();
});
beforeEach(async () => {
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
  received = [];
  answer = () => new Response("1", { status: 202 });
});
// What a test leaves behind is nobody's business any more.
afterEach(() =>
  database.unwalled("clean", async (tx) => {
    await tx.sql("update hauswart.mail set state = 'kept'");
    for (const table of ["delivery", "escalation", "held_notice"]) await tx.sql(`delete from hauswart.${table}`);
  }),
);

const ctx = (changes: Partial<Context> = {}) => contextFor(services, tenant, changes);
const caller = () => ({ services, address: "127.0.0.1", userAgent: "test", token: undefined });
const recipient = (input: Partial<NewRecipientInput>) =>
  createRecipient({ ctx: ctx(), input: NewRecipient.parse({ language: "en", ...input }) });
type NewRecipientInput = Parameters<typeof createRecipient>[0]["input"];

async function person(name: string, role = "technician"): Promise<Id> {
  const accountId = newId();
  await database.unwalled("a test", (tx) =>
    tx.sql(
      "insert into hauswart.account (provider_id, account_id, email, name, role, language, password_hash) values ($1, $2, $3, $4, $5, 'en', 'x')",
      [tenant.providerId, accountId, `${name.toLowerCase()}-${accountId.slice(-6)}@house.example`, name, role],
    ),
  );
  return accountId;
}

const change = (kind: "open" | "close", code = "silent", more: Partial<FindingChange> = {}) =>
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
const apply = async (...changes: FindingChange[]) => {
  const made = await database.transaction(ctx(), (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "test", name: "test" } }, changes),
  );
  await composeMails(services, tenant.providerId);
  return made;
};
/** Does what is due by the clock, and sends it. */
async function due() {
  await runDueEscalations(services);
  await runDueDigests(services);
  await startSender(services, smtpTransport(mailServer.url)).stop();
  await startDeliveries(services).stop();
}
const later = async (minutes: number) => {
  services.clock.advance(minutes * minuteMs);
  await due();
};
const mailed = () => mailServer.mails.splice(0).map(({ recipients, message }) => `${recipients.join()}: ${message.subject}`);

/** Two layers: Anna and Ben by the week, Clara behind them. */
async function onCall(steps?: EscalationStep[], repeats = 0) {
  const people = {
    anna: await person("Anna"),
    ben: await person("Ben"),
    clara: await person("Clara"),
    olga: await person("Olga", "owner"),
  };
  const layer = (name: string, ...accountIds: Id[]) => ({
    name,
    hours: "always" as const,
    startsOn: "2026-03-02",
    handover: { weekday: 1, time: "08:00" },
    everyWeeks: 1,
    accountIds,
  });
  const rota = await createRota({
    ctx: ctx(),
    input: { name: "On call", timeZone: "Europe/Berlin", layers: [layer("First", people.anna, people.ben), layer("Second", people.clara)] },
  });
  const { rotaId } = rota;
  const plan = await createEscalationPlan({
    ctx: ctx(),
    input: {
      customerId: null,
      name: "Failures",
      fromSeverity: "failure",
      topics: null,
      hours: "always",
      steps: steps ?? [
        { afterMinutes: 0, to: { kind: "rota", rotaId, layer: 0 } },
        { afterMinutes: 15, to: { kind: "rota", rotaId, layer: 1 } },
        { afterMinutes: 30, to: { kind: "owners" } },
      ],
      repeats,
    },
  });
  return { ...people, rotaId, plan };
}
const who = () => mailed().map((line) => line.split("-")[0]);

describe("SVC-12 messages go to recipients that the customer chooses", () => {
  test("several, by topic and severity, each in their language and on their channel, over real SMTP and HTTP", async () => {
    const { customerId } = tenant.first;
    await recipient({ customerId, address: "disks@customer.example", topics: ["disks"] });
    await recipient({ customerId, address: "all@customer.example", language: "de" });
    await recipient({ customerId, channel: "teams", address: at("/workflows/abc?sig=secret") });
    await recipient({ customerId, channel: "ntfy", address: at("/alarms-of-customer"), token: "tk_1234567890" });
    await recipient({ customerId: tenant.second.customerId, address: "other@customer.example" });
    const [effect] = await apply(change("open"));
    await due();
    expect(mailed()).toEqual(["all@customer.example: Meldet sich nicht mehr, zuletzt 02.03.2026, 10:55: PC-EMPFANG, First Customer"]);
    const teams = received.find(({ path }) => path.startsWith("/workflows"))!;
    const card = JSON.parse(teams.body.toString()) as {
      type: string;
      attachments: { contentType: string; content: { actions: { url: string }[] } }[];
    };
    expect(card.type).toBe("message");
    expect(card.attachments[0]).toMatchObject({
      contentType: "application/vnd.microsoft.card.adaptive",
      content: { type: "AdaptiveCard", version: "1.4" },
    });
    expect(card.attachments[0]!.content.actions[0]!.url).toBe(`https://hauswart.example/findings/${effect!.findingId}`);
    const ntfy = received.find(({ path }) => path === "/")!;
    expect(ntfy.headers["authorization"]).toBe("Bearer tk_1234567890");
    expect(JSON.parse(ntfy.body.toString())).toMatchObject({
      topic: "alarms-of-customer",
      priority: 4,
      tags: ["rotating_light"],
      click: `https://hauswart.example/findings/${effect!.findingId}`,
    });
    const { events } = await getFinding({ ctx: ctx(), input: { findingId: effect!.findingId } });
    expect(events.filter(({ kind }) => kind === "mailed").map(({ note }) => note)).toEqual(
      expect.arrayContaining(["Mail an einen Empfänger.", "Nachricht in Teams.", "Nachricht über ntfy."]),
    );
    services.clock.advance(2 * minuteMs);
    received = [];
    await apply(change("close"));
    await due();
    expect(received.map(({ body }) => body.toString()).join()).toContain("white_check_mark");
    expect(mailed().length).toBe(1);
  });

  test("the secret part of a Teams address and the token are nowhere to be read", async () => {
    await recipient({ channel: "teams", address: at("/workflows/abc?sig=very-secret") });
    await recipient({ channel: "ntfy", address: at("/topic"), token: "tk_very-secret" });
    const { items } = await listRecipients({ ctx: ctx(), input: { limit: 10 } });
    const stored = await database.unwalled("a test", (tx) =>
      tx.sql<{ row: string }>(
        "select recipient::text as row from hauswart.recipient union all select audit_entry::text from hauswart.audit_entry",
      ),
    );
    expect(JSON.stringify([items, stored])).not.toContain("very-secret");
    expect(Object.fromEntries(items.map(({ channel, hasToken }) => [channel, hasToken]))).toEqual({ teams: false, ntfy: true });
  });

  test.each([
    ["teams", "http://example.org/workflow"],
    ["teams", "https://169.254.169.254/workflow"],
    ["ntfy", "https://ntfy.example/a/b"],
    ["ntfy", "ftp://ntfy.example/topic"],
    ["mail", "nobody"],
    ["push", ""],
  ] as const)("%s does not go to %p", async (channel, address) => {
    expect(await codeOf(recipient({ channel, address }))).toBe("INVALID_REQUEST");
  });
});

describe("ALM-1 a mail straight after detection", () => {
  test("in the contract level basis only when the customer has ordered alarms; the house's people are told all the same", async () => {
    const { customerId } = tenant.first;
    await recipient({ customerId, address: "customer@example.org" });
    await recipient({ address: "house@example.org" });
    const level = (contractLevel: "basis" | "premium", alarmsOrdered?: boolean) =>
      changeCustomer({ ctx: ctx(), input: { customerId, contractLevel, ...(alarmsOrdered === undefined ? {} : { alarmsOrdered }) } });
    const rounds: unknown[] = [];
    for (const [index, set] of [
      () => level("basis"),
      () => level("basis", true),
      () => level("basis", false),
      () => level("premium"),
    ].entries()) {
      await set();
      await apply(change("open", "silent", { subject: String(index) }));
      await due();
      rounds.push(
        mailed()
          .flatMap((line) => line.split(":")[0])
          .toSorted((one, other) => (one! < other! ? -1 : 1)),
      );
      services.clock.advance(2 * minuteMs);
    }
    const both = ["customer@example.org", "house@example.org"];
    expect(rounds).toEqual([["house@example.org"], both, ["house@example.org"], both]);
  });
});

describe("escalation", () => {
  test("one after the other is told until somebody acknowledges", async () => {
    await onCall();
    const [effect] = await apply(change("open"));
    await due();
    expect(mailed()).toEqual([expect.stringMatching(/^anna-.*: On call: Silent since .*: PC-EMPFANG$/)]);
    await later(14);
    expect(mailed()).toEqual([]);
    await later(1);
    expect(who()).toEqual(["clara"]);
    await acknowledgeFinding({ ctx: ctx(), input: { findingId: effect!.findingId, note: "on it" } });
    await later(60);
    expect(mailed()).toEqual([]);
    const notes = (await getFinding({ ctx: ctx(), input: { findingId: effect!.findingId } })).events.map(({ note }) => note);
    expect(notes).toEqual(
      expect.arrayContaining(["Bereitschaft, Stufe 1: Anna benachrichtigt.", "Bereitschaft, Stufe 2: Clara benachrichtigt."]),
    );
  });

  test("to the owners at last, as often as the plan says, and then it ends with a word in the history", async () => {
    await onCall(undefined, 1);
    const [effect] = await apply(change("open"));
    const told: unknown[] = [];
    await due();
    told.push(who());
    for (let minutes = 0; minutes < 180; minutes += 15) {
      await later(15);
      told.push(who());
    }
    expect(told.flat()).toEqual(["anna", "clara", "olga", "anna", "clara", "olga"]);
    const { events } = await getFinding({ ctx: ctx(), input: { findingId: effect!.findingId } });
    expect(events.at(-1)!.note).toBe("Bereitschaft: Alle Stufen sind durchlaufen, niemand hat bestätigt.");
  });

  test("a finding that closes is told to nobody any more", async () => {
    await onCall();
    await apply(change("open"));
    await due();
    await apply(change("close"));
    mailed();
    await later(60);
    expect(mailed()).toEqual([]);
  });

  test("warnings do not wake anybody, when the plan says failures", async () => {
    await onCall();
    await apply(change("open", "silent", { severity: "warning" }));
    await due();
    expect(mailed()).toEqual([]);
  });

  test("several that are due at once lead to one mail; many processes at the same time tell nobody twice", async () => {
    await onCall();
    await apply(...["a", "b", "c"].map((subject) => change("open", "silent", { subject })));
    await Promise.all([1, 2, 3, 4].map(() => runDueEscalations(services)));
    await due();
    expect(who()).toEqual(["anna"]);
    services.clock.advance(15 * minuteMs);
    await Promise.all([1, 2, 3, 4].map(() => runDueEscalations(services)));
    await due();
    expect(who()).toEqual(["clara"]);
  });

  test("a round that fails in the middle has told nobody and is made up for: nothing twice, nothing lost", async () => {
    await onCall();
    await apply(change("open"));
    const broken: TestServices = {
      ...services,
      checks: new Proxy(new Map(), {
        get: () => () => {
          throw new Error("died");
        },
      }) as never,
    };
    expect(
      await runDueEscalations(broken).then(
        () => "went well",
        (error: Error) => error.message,
      ),
    ).toBe("died");
    await due();
    expect(who()).toEqual(["anna"]);
  });

  test("nobody on call: the next step does not wait", async () => {
    const { rotaId, plan } = await onCall();
    expect(plan.steps.length).toBe(3);
    await database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.rota set layers = jsonb_set(layers, '{0,startsOn}', '\"2026-06-01\"') where rota_id = $1", [rotaId]),
    );
    await apply(change("open"));
    await due();
    expect(who()).toEqual(["clara"]);
  });

  test("after an outage of the server, what became due meanwhile is told once", async () => {
    await onCall();
    await apply(change("open"));
    services.clock.advance(10 * 60 * minuteMs);
    await due();
    expect(who()).toEqual(["anna"]);
  });

  test("a person's phone is told besides, without the link that acknowledges", async () => {
    const { anna } = await onCall();
    await recipient({ channel: "ntfy", address: at("/anna"), accountId: anna, onCallOnly: true });
    await apply(change("open"));
    await due();
    expect(who()).toEqual(["anna"]);
    const message = received.map(({ body }) => body.toString()).join();
    expect(message).toContain('"topic":"anna"');
    expect(message).not.toContain("acknowledge#");
  });
});

describe("the link in a mail to somebody on call", () => {
  const linkIn = () => /https:\/\/hauswart\.example\/acknowledge#token=([\w-]+)/.exec(mailServer.mails.splice(0)[0]!.message.text!)![1]!;

  test("shows what it is about as often as it is opened, and acknowledges once, in the person's name", async () => {
    await onCall();
    const [effect] = await apply(change("open"));
    await due();
    const token = linkIn();
    for (let looks = 0; looks < 5; looks++)
      expect(await getAcknowledgement({ caller: caller(), input: { token } })).toMatchObject({
        name: "Anna",
        findings: [{ state: "open" }],
      });
    expect(await acknowledgeByLink({ caller: caller(), input: { token } })).toMatchObject({
      findings: [{ state: "acknowledged", by: "Anna" }],
    });
    expect(await codeOf(acknowledgeByLink({ caller: caller(), input: { token } }))).toBe("LINK_INVALID");
    await later(60);
    expect(mailed()).toEqual([]);
    const finding = await getFinding({ ctx: ctx(), input: { findingId: effect!.findingId } });
    expect(finding.acknowledgement?.by).toBe("Anna");
  });

  test("of two presses at the same time one acts", async () => {
    await onCall();
    await apply(change("open"));
    await due();
    const token = linkIn();
    const press = () =>
      acknowledgeByLink({ caller: caller(), input: { token } }).then(
        () => "done",
        () => "refused",
      );
    expect((await Promise.all([press(), press()])).sort()).toEqual(["done", "refused"]);
  });

  test("is not in what the outbox shows, and ends with the account", async () => {
    const { anna } = await onCall();
    await apply(change("open"));
    await due();
    const [row] = await database.unwalled("a test", (tx) =>
      tx.sql<{ text: string }>("select text_body || html_body as text from hauswart.mail where provider_id = $1", [tenant.providerId]),
    );
    expect(row!.text).not.toContain("#token=");
    const token = linkIn();
    await database.unwalled("a test", (tx) => tx.sql("update hauswart.account set disabled_at = now() where account_id = $1", [anna]));
    expect(await codeOf(acknowledgeByLink({ caller: caller(), input: { token } }))).toBe("LINK_INVALID");
  });
});

describe("the rota", () => {
  test("says who is on call now and until when; a stand-in for a day goes before", async () => {
    const { rotaId, clara } = await onCall();
    const now = services.clock.now();
    const names = async () =>
      (await getOnCall({ ctx: ctx(), input: {} })).items.map(
        ({ layerName, name, isStandIn }) => `${layerName}: ${name}${isStandIn ? " (stand-in)" : ""}`,
      );
    expect(await names()).toEqual(["First: Anna", "Second: Clara"]);
    await createRotaOverride({
      ctx: ctx(),
      input: {
        rotaId,
        layer: 0,
        accountId: clara,
        from: new Date(now).toISOString(),
        until: new Date(now + 86_400_000).toISOString(),
        note: "swap",
      },
    });
    expect(await names()).toEqual(["First: Clara (stand-in)", "Second: Clara"]);
    const { shifts } = await getRotaCalendar({
      ctx: ctx(),
      input: { rotaId, from: new Date(now).toISOString(), until: new Date(now + 9 * 86_400_000).toISOString() },
    });
    expect(shifts.filter(({ layer }) => layer === 0).map(({ name }) => name)).toEqual(["Clara", "Anna", "Ben"]);
  });
});

describe("quiet hours", () => {
  // 2026-03-02 is a Monday; the house's quiet hours are 22:00 to 06:00, Berlin is UTC+1.
  const night = () => services.clock.set(Date.UTC(2026, 2, 2, 22, 30));
  const morning = () => services.clock.set(Date.UTC(2026, 2, 3, 5, 0, 1));

  test("are followed by one digest that can be unsubscribed from; a failure comes at once where that is wanted", async () => {
    await recipient({ address: "quiet@example.org", quiet: true, quietExcept: "failure" });
    night();
    const mild = { severity: "warning" } as Partial<FindingChange>;
    const [first] = await apply(change("open", "clock-wrong", { ...mild, evidence: { offsetSeconds: 900 } }), change("open", "silent"));
    await due();
    expect(mailed()).toEqual([expect.stringMatching(/^quiet@example\.org: Silent since/)]);
    services.clock.advance(5 * minuteMs);
    await apply(change("open", "cloned", mild));
    await apply(change("close", "clock-wrong"));
    await due();
    expect(mailed()).toEqual([]);
    morning();
    await due();
    await due();
    const { message } = mailServer.mails[0]!;
    expect(mailed()).toEqual([expect.stringMatching(/^quiet@example\.org: After quiet hours: One open finding, 1 resolved: PC-EMPFANG$/)]);
    const unsubscribe = message.headers.find(({ key }) => key === "list-unsubscribe")!.value;
    const token = /^<https:\/\/hauswart\.example\/digest#token=([\w-]+)>$/.exec(unsubscribe)![1]!;
    expect(message.headers.find(({ key }) => key === "auto-submitted")!.value).toBe("auto-generated");
    expect(await endDigest({ caller: caller(), input: { token } })).toMatchObject({ isOn: false });
    expect((await listRecipients({ ctx: ctx(), input: { limit: 5 } })).items[0]!.quiet).toBe(false);
    expect(first).toBeDefined();
  });
});

describe("the preview", () => {
  test("says who would be told, when and why, and who would not; it is what then happens", async () => {
    const { customerId, siteId } = tenant.first;
    await onCall();
    await recipient({ customerId, address: "all@example.org" });
    await recipient({ customerId, siteId, address: "disks@example.org", topics: ["disks"] });
    await recipient({ address: "quiet@example.org", quiet: true, quietExcept: null });
    const atNight = Date.UTC(2026, 2, 2, 22, 30);
    const { answers, planName } = await previewRouting({
      ctx: ctx(),
      input: { deviceId, check: "device", severity: "failure", at: new Date(atNight).toISOString() },
    });
    expect(planName).toBe("Failures");
    expect(answers.map(({ name, outcome, why, step }) => [name, outcome, why, step])).toEqual([
      ["all@example.org", "told", "fits", null],
      ["disks@example.org", "not-told", "other-topic", null],
      ["quiet@example.org", "held", "quiet", null],
      ["Anna", "told", "on-call", 1],
      ["Clara", "told", "on-call", 2],
      ["Olga", "told", "on-call", 3],
    ]);
    expect(answers[2]!.at).toBe("2026-03-03T05:00:00.000Z");
    services.clock.set(atNight);
    await apply(change("open"));
    await due();
    expect(
      mailed()
        .map((line) => line.split(/[-@]/)[0])
        .toSorted((one, other) => (one! < other! ? -1 : 1)),
    ).toEqual(["all", "anna"]);
  });
});

describe("a test message", () => {
  /** With the workers running, as on a real server. */
  async function tried(recipientId: Id) {
    const workers = [startSender(services, smtpTransport(mailServer.url)), startDeliveries(services)];
    try {
      return await testRecipient({ ctx: ctx(), input: { recipientId } });
    } finally {
      for (const worker of workers) await worker.stop();
    }
  }
  test("by mail: what the mail server said; an address that it refuses is marked", async () => {
    const { recipientId } = await recipient({ address: "there@example.org" });
    expect(await tried(recipientId)).toMatchObject({ state: "accepted", status: 250, answer: expect.stringContaining("250") });
    mailServer.behaviour.refusedRecipients.add("gone@example.org");
    const { recipientId: gone } = await recipient({ address: "gone@example.org" });
    expect(await tried(gone)).toMatchObject({
      state: "refused",
      status: 550,
      answer: expect.stringContaining("No such mailbox"),
      problem: "answer",
    });
    const { items } = await listRecipients({ ctx: ctx(), input: { limit: 5 } });
    expect(Object.fromEntries(items.map(({ address, unreachable }) => [address, unreachable?.via ?? "fine"]))).toEqual({
      "there@example.org": "fine",
      "gone@example.org": "refused",
    });
  });
  test("by HTTP: status and how the answer began, or why there was none", async () => {
    const { recipientId } = await recipient({ channel: "ntfy", address: at("/topic") });
    expect(await tried(recipientId)).toEqual({ state: "accepted", status: 202, answer: "1", problem: null });
    answer = () => new Response('{"error":"forbidden"}', { status: 403 });
    expect(await tried(recipientId)).toEqual({ state: "refused", status: 403, answer: '{"error":"forbidden"}', problem: "answer" });
    const closed = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
    const { port } = closed;
    await closed.stop(true);
    const nobody = await recipient({ channel: "ntfy", address: `http://127.0.0.1:${port}/topic` });
    expect(await tried(nobody.recipientId)).toMatchObject({ state: "refused", status: null, problem: "refused-connection" });
    const unknown = await recipient({ channel: "ntfy", address: "http://no-such-name.invalid/topic" });
    expect(await tried(unknown.recipientId)).toMatchObject({ state: "refused", status: null, problem: "name-unknown" });
  });
});

describe("messages in the browser", () => {
  const keys = () => {
    const ecdh = createECDH("prime256v1");
    return { p256dh: ecdh.generateKeys("base64url"), auth: randomBytes(16).toString("base64url") };
  };
  test("go encrypted and signed to each of a person's browsers; one that is gone is taken off the list", async () => {
    const anna = await person("Anna");
    const own = ctx({ actor: { kind: "technician", id: anna, name: "Anna", sessionId: newId() } });
    expect((await getPushKey({ ctx: own, input: {} })).publicKey).toMatch(/^[\w-]{87}$/);
    for (const name of ["phone", "desk"])
      await createPushSubscription({ ctx: own, input: { endpoint: at(`/push/${name}`), deviceName: name, ...keys() } });
    const { recipientId } = await recipient({ channel: "push", accountId: anna });
    answer = (request) => new Response(null, { status: request.url.endsWith("phone") ? 201 : 410 });
    await apply(change("open"));
    await due();
    const sent = received.filter(({ path }) => path.startsWith("/push/"));
    expect(sent.map(({ path }) => path).sort()).toEqual(["/push/desk", "/push/phone"]);
    expect(sent[0]!.headers).toMatchObject({
      "content-encoding": "aes128gcm",
      urgency: "high",
      authorization: expect.stringMatching(/^vapid t=/),
    });
    expect(sent[0]!.body.toString()).not.toContain("PC-EMPFANG");
    expect((await listPushSubscriptions({ ctx: own, input: {} })).items.map(({ deviceName }) => deviceName)).toEqual(["phone"]);
    expect(recipientId).toBeDefined();
  });
});
