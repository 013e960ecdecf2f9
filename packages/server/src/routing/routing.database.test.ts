import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { type TestServices } from "@hauswart/testkit/seed.ts";
import { acknowledgeFinding } from "../findings/acknowledge-finding.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { getFinding } from "../findings/get-finding.ts";
import { changeCustomer } from "../tenancy/change-customer.ts";
import { acknowledgeByLink } from "./links/acknowledge-by-link.ts";
import { endDigest } from "./links/end-digest.ts";
import { getAcknowledgement } from "./links/get-acknowledgement.ts";
import { previewRouting } from "./preview-routing.ts";
import { listRecipients } from "./recipients/list-recipients.ts";
import { createRotaOverride } from "./rota/create-rota-override.ts";
import { getOnCall } from "./rota/get-on-call.ts";
import { getRotaCalendar } from "./rota/get-rota-calendar.ts";
import { runDueEscalations } from "./start-routing.ts";
import { RoutingStage } from "@hauswart/testkit/routing-stage.ts";

const minuteMs = 60_000;
// A round of all workers takes a second on a busy computer, and some tests do a day of them.
setDefaultTimeout(60_000);
let stage: RoutingStage;
beforeAll(async () => void (stage = await RoutingStage.open()), 60_000);
afterAll(() => stage.close());
beforeEach(() => stage.begin());
afterEach(() => stage.clean());

describe("SVC-12 messages go to recipients that the customer chooses", () => {
  test("several, by topic and severity, each in their language and on their channel, over real SMTP and HTTP", async () => {
    const { customerId } = stage.tenant.first;
    await stage.recipient({ customerId, address: "disks@customer.example", topics: ["disks"] });
    await stage.recipient({ customerId, address: "all@customer.example", language: "de" });
    await stage.recipient({ customerId, channel: "teams", address: stage.at("/workflows/abc?sig=secret") });
    await stage.recipient({ customerId, channel: "ntfy", address: stage.at("/alarms-of-customer"), token: "tk_1234567890" });
    await stage.recipient({ customerId: stage.tenant.second.customerId, address: "other@customer.example" });
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.mailed()).toEqual(["all@customer.example: Meldet sich nicht mehr, zuletzt 02.03.2026, 10:55: PC-EMPFANG, First Customer"]);
    const teams = stage.received.find(({ path }) => path.startsWith("/workflows"))!;
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
    const ntfy = stage.received.find(({ path }) => path === "/")!;
    expect(ntfy.headers["authorization"]).toBe("Bearer tk_1234567890");
    expect(JSON.parse(ntfy.body.toString())).toMatchObject({
      topic: "alarms-of-customer",
      priority: 4,
      tags: ["rotating_light"],
      click: `https://hauswart.example/findings/${effect!.findingId}`,
    });
    const { events } = await getFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId } });
    expect(events.filter(({ kind }) => kind === "mailed").map(({ note }) => note)).toEqual(
      expect.arrayContaining(["Mail an einen Empfänger.", "Nachricht in Teams.", "Nachricht über ntfy."]),
    );
    stage.services.clock.advance(2 * minuteMs);
    stage.received = [];
    await stage.apply(stage.change("close"));
    await stage.due();
    expect(stage.received.map(({ body }) => body.toString()).join()).toContain("white_check_mark");
    expect(stage.mailed().length).toBe(1);
  });

  test("the secret part of a Teams address and the token are nowhere to be read", async () => {
    await stage.recipient({ channel: "teams", address: stage.at("/workflows/abc?sig=very-secret") });
    await stage.recipient({ channel: "ntfy", address: stage.at("/topic"), token: "tk_very-secret" });
    const { items } = await listRecipients({ ctx: stage.ctx(), input: { limit: 10 } });
    const stored = await stage.database.unwalled("a test", (tx) =>
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
    expect(await codeOf(stage.recipient({ channel, address }))).toBe("INVALID_REQUEST");
  });
});

describe("ALM-1 a mail straight after detection", () => {
  test("in the contract level basis only when the customer has ordered alarms; the house's people are told all the same", async () => {
    const { customerId } = stage.tenant.first;
    await stage.recipient({ customerId, address: "customer@example.org" });
    await stage.recipient({ address: "house@example.org" });
    const level = (contractLevel: "basis" | "premium", alarmsOrdered?: boolean) =>
      changeCustomer({ ctx: stage.ctx(), input: { customerId, contractLevel, ...(alarmsOrdered === undefined ? {} : { alarmsOrdered }) } });
    const rounds: unknown[] = [];
    for (const [index, set] of [
      () => level("basis"),
      () => level("basis", true),
      () => level("basis", false),
      () => level("premium"),
    ].entries()) {
      await set();
      await stage.apply(stage.change("open", "silent", { subject: String(index) }));
      await stage.due();
      rounds.push(
        stage
          .mailed()
          .flatMap((line) => line.split(":")[0])
          .toSorted((one, other) => (one! < other! ? -1 : 1)),
      );
      stage.services.clock.advance(2 * minuteMs);
    }
    const both = ["customer@example.org", "house@example.org"];
    expect(rounds).toEqual([["house@example.org"], both, ["house@example.org"], both]);
  });
});

describe("escalation", () => {
  test("one after the other is told until somebody acknowledges", async () => {
    await stage.onCall();
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^anna-.*: On call: Silent since .*: PC-EMPFANG$/)]);
    await stage.later(14);
    expect(stage.mailed()).toEqual([]);
    await stage.later(1);
    expect(stage.who()).toEqual(["clara"]);
    await acknowledgeFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId, note: "on it" } });
    await stage.later(60);
    expect(stage.mailed()).toEqual([]);
    const notes = (await getFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId } })).events.map(({ note }) => note);
    expect(notes).toEqual(
      expect.arrayContaining(["Bereitschaft, Stufe 1: Anna benachrichtigt.", "Bereitschaft, Stufe 2: Clara benachrichtigt."]),
    );
  });

  test("to the owners at last, as often as the plan says, and then it ends with a word in the history", async () => {
    await stage.onCall(undefined, 1);
    const [effect] = await stage.apply(stage.change("open"));
    const told: unknown[] = [];
    await stage.due();
    told.push(stage.who());
    for (let minutes = 0; minutes < 180; minutes += 15) {
      await stage.later(15);
      told.push(stage.who());
    }
    expect(told.flat()).toEqual(["anna", "clara", "olga", "anna", "clara", "olga"]);
    const { events } = await getFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId } });
    expect(events.at(-1)!.note).toBe("Bereitschaft: Alle Stufen sind durchlaufen, niemand hat bestätigt.");
  });

  test("a finding that closes is told to nobody any more", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    await stage.apply(stage.change("close"));
    stage.mailed();
    await stage.later(60);
    expect(stage.mailed()).toEqual([]);
  });

  test("warnings do not wake anybody, when the plan says failures", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open", "silent", { severity: "warning" }));
    await stage.due();
    expect(stage.mailed()).toEqual([]);
  });

  test("several that are due at once lead to one mail; many processes at the same time tell nobody twice", async () => {
    await stage.onCall();
    await stage.apply(...["a", "b", "c"].map((subject) => stage.change("open", "silent", { subject })));
    await Promise.all([1, 2, 3, 4].map(() => runDueEscalations(stage.services)));
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    stage.services.clock.advance(15 * minuteMs);
    await Promise.all([1, 2, 3, 4].map(() => runDueEscalations(stage.services)));
    await stage.due();
    expect(stage.who()).toEqual(["clara"]);
  });

  test("a round that fails in the middle has told nobody and is made up for: nothing twice, nothing lost", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open"));
    const broken: TestServices = {
      ...stage.services,
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
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
  });

  test("nobody on call: the next step does not wait", async () => {
    const { rotaId, plan } = await stage.onCall();
    expect(plan.steps.length).toBe(3);
    await stage.database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.rota set layers = jsonb_set(layers, '{0,startsOn}', '\"2026-06-01\"') where rota_id = $1", [rotaId]),
    );
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["clara"]);
  });

  test("after an outage of the server, what became due meanwhile is told once", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open"));
    stage.services.clock.advance(10 * 60 * minuteMs);
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
  });

  test("a person's phone is told besides, without the link that acknowledges", async () => {
    const { anna } = await stage.onCall();
    await stage.recipient({ channel: "ntfy", address: stage.at("/anna"), accountId: anna, onCallOnly: true });
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
    const message = stage.received.map(({ body }) => body.toString()).join();
    expect(message).toContain('"topic":"anna"');
    expect(message).not.toContain("acknowledge#");
  });
});

describe("the link in a mail to somebody on call", () => {
  const linkIn = () =>
    /https:\/\/hauswart\.example\/acknowledge#token=([\w-]+)/.exec(stage.mailServer.mails.splice(0)[0]!.message.text!)![1]!;

  test("shows what it is about as often as it is opened, and acknowledges once, in the person's name", async () => {
    await stage.onCall();
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    const token = linkIn();
    for (let looks = 0; looks < 5; looks++)
      expect(await getAcknowledgement({ caller: stage.caller(), input: { token } })).toMatchObject({
        name: "Anna",
        findings: [{ state: "open" }],
      });
    expect(await acknowledgeByLink({ caller: stage.caller(), input: { token } })).toMatchObject({
      findings: [{ state: "acknowledged", by: "Anna" }],
    });
    expect(await codeOf(acknowledgeByLink({ caller: stage.caller(), input: { token } }))).toBe("LINK_INVALID");
    await stage.later(60);
    expect(stage.mailed()).toEqual([]);
    const finding = await getFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId } });
    expect(finding.acknowledgement?.by).toBe("Anna");
  });

  test("of two presses at the same time one acts", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    const token = linkIn();
    const press = () =>
      acknowledgeByLink({ caller: stage.caller(), input: { token } }).then(
        () => "done",
        () => "refused",
      );
    expect((await Promise.all([press(), press()])).sort()).toEqual(["done", "refused"]);
  });

  test("is not in what the outbox shows, and ends with the account", async () => {
    const { anna } = await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    const [row] = await stage.database.unwalled("a test", (tx) =>
      tx.sql<{ text: string }>("select text_body || html_body as text from hauswart.mail where provider_id = $1", [
        stage.tenant.providerId,
      ]),
    );
    expect(row!.text).not.toContain("#token=");
    const token = linkIn();
    await stage.database.unwalled("a test", (tx) =>
      tx.sql("update hauswart.account set disabled_at = now() where account_id = $1", [anna]),
    );
    expect(await codeOf(acknowledgeByLink({ caller: stage.caller(), input: { token } }))).toBe("LINK_INVALID");
  });
});

describe("the rota", () => {
  test("says who is on call now and until when; a stand-in for a day goes before", async () => {
    const { rotaId, clara } = await stage.onCall();
    const now = stage.services.clock.now();
    const names = async () =>
      (await getOnCall({ ctx: stage.ctx(), input: {} })).items.map(
        ({ layerName, name, isStandIn }) => `${layerName}: ${name}${isStandIn ? " (stand-in)" : ""}`,
      );
    expect(await names()).toEqual(["First: Anna", "Second: Clara"]);
    await createRotaOverride({
      ctx: stage.ctx(),
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
      ctx: stage.ctx(),
      input: { rotaId, from: new Date(now).toISOString(), until: new Date(now + 9 * 86_400_000).toISOString() },
    });
    expect(shifts.filter(({ layer }) => layer === 0).map(({ name }) => name)).toEqual(["Clara", "Anna", "Ben"]);
  });
});

describe("quiet hours", () => {
  // 2026-03-02 is a Monday; the house's quiet hours are 22:00 to 06:00, Berlin is UTC+1.
  const night = () => stage.services.clock.set(Date.UTC(2026, 2, 2, 22, 30));
  const morning = () => stage.services.clock.set(Date.UTC(2026, 2, 3, 5, 0, 1));

  test("are followed by one digest that can be unsubscribed from; a failure comes at once where that is wanted", async () => {
    await stage.recipient({ address: "quiet@example.org", quiet: true, quietExcept: "failure" });
    night();
    const mild = { severity: "warning" } as Partial<FindingChange>;
    const [first] = await stage.apply(
      stage.change("open", "clock-wrong", { ...mild, evidence: { offsetSeconds: 900 } }),
      stage.change("open", "silent"),
    );
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^quiet@example\.org: Silent since/)]);
    stage.services.clock.advance(5 * minuteMs);
    await stage.apply(stage.change("open", "cloned", mild));
    await stage.apply(stage.change("close", "clock-wrong"));
    await stage.due();
    expect(stage.mailed()).toEqual([]);
    morning();
    await stage.due();
    await stage.due();
    const { message } = stage.mailServer.mails[0]!;
    expect(stage.mailed()).toEqual([
      expect.stringMatching(/^quiet@example\.org: After quiet hours: One open finding, 1 resolved: PC-EMPFANG$/),
    ]);
    const unsubscribe = message.headers.find(({ key }) => key === "list-unsubscribe")!.value;
    const token = /^<https:\/\/hauswart\.example\/digest#token=([\w-]+)>$/.exec(unsubscribe)![1]!;
    expect(message.headers.find(({ key }) => key === "auto-submitted")!.value).toBe("auto-generated");
    expect(await endDigest({ caller: stage.caller(), input: { token } })).toMatchObject({ isOn: false });
    expect((await listRecipients({ ctx: stage.ctx(), input: { limit: 5 } })).items[0]!.quiet).toBe(false);
    expect(first).toBeDefined();
  });
});

describe("the preview", () => {
  test("says who would be told, when and why, and who would not; it is what then happens", async () => {
    const { customerId, siteId } = stage.tenant.first;
    await stage.onCall();
    await stage.recipient({ customerId, address: "all@example.org" });
    await stage.recipient({ customerId, siteId, address: "disks@example.org", topics: ["disks"] });
    await stage.recipient({ address: "quiet@example.org", quiet: true, quietExcept: null });
    const atNight = Date.UTC(2026, 2, 2, 22, 30);
    const { answers, planName } = await previewRouting({
      ctx: stage.ctx(),
      input: { deviceId: stage.deviceId, check: "device", severity: "failure", at: new Date(atNight).toISOString() },
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
    stage.services.clock.set(atNight);
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(
      stage
        .mailed()
        .map((line) => line.split(/[-@]/)[0])
        .toSorted((one, other) => (one! < other! ? -1 : 1)),
    ).toEqual(["all", "anna"]);
  });
});
