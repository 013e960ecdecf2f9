import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { type TestServices } from "@hauswart/testkit/seed.ts";
import { getOverview } from "../devices/get-overview.ts";
import { acknowledgeFinding } from "../findings/acknowledge-finding.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { getFinding } from "../findings/get-finding.ts";
import { reopenFinding } from "../findings/reopen-finding.ts";
import { sweepFindings } from "../findings/sweep-findings.ts";
import { changeCustomerTerms } from "../tenancy/change-customer-terms.ts";
import { endDigest } from "./links/end-digest.ts";
import { getDigest } from "./links/get-digest.ts";
import { changeRecipient } from "./recipients/change-recipient.ts";
import { listRecipients } from "./recipients/list-recipients.ts";
import { createRotaOverride } from "./rota/create-rota-override.ts";
import { getOnCall } from "./rota/get-on-call.ts";
import { getRotaCalendar } from "./rota/get-rota-calendar.ts";
import { runDueEscalations } from "./start-routing.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";

const minuteMs = 60_000;
// A round of all workers takes a second on a busy computer, and some tests do a day of them.
setDefaultTimeout(60_000);
const stage = routingStage();

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
  test("where alarms are the customer's to order, only when it has ordered them; the house's people are told all the same", async () => {
    const { customerId } = stage.tenant.first;
    await stage.recipient({ customerId, address: "customer@example.org" });
    await stage.recipient({ address: "house@example.org" });
    const rounds: unknown[] = [];
    for (const [index, alarms] of (["not-ordered", "ordered", "not-ordered", "always"] as const).entries()) {
      await changeCustomerTerms({ ctx: stage.ctx(), input: { customerId, alarms } });
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
    expect(stage.mailed()).toEqual([expect.stringMatching(/^anna-.*: On call: Silent since .*: PC-EMPFANG, First Customer, Main site$/)]);
    await stage.later(14);
    expect(stage.mailed()).toEqual([]);
    await stage.later(1);
    expect(stage.who()).toEqual(["clara"]);
    await acknowledgeFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId, note: "on it" } });
    await stage.later(60);
    expect(stage.mailed().map((line) => line.replace(/-.*?: /, ": "))).toEqual(
      ["anna", "clara"].map((who) => expect.stringMatching(new RegExp(`^${who}: Taken on: Silent since`))),
    );
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

  test("a finding that closes calls nobody any more; who was called hears that it is over", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    await stage.apply(stage.change("close"));
    stage.mailed();
    await stage.later(60);
    expect(stage.mailed()).toEqual([expect.stringMatching(/^anna-.*: All clear: /)]);
  });

  test("where no recipient fits, whom the plan calls knows of it: nothing else is said when it gets milder and ends", async () => {
    await stage.onCall();
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    for (const change of [stage.change("change", "silent", { severity: "warning" }), stage.change("close")]) {
      stage.services.clock.advance(20 * minuteMs);
      await stage.apply(change);
    }
    await stage.due();
    const { events } = await getFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId } });
    expect(events.flatMap(({ kind, note }) => (kind === "mailed" ? [note] : []))).toEqual([
      "Bereitschaft, Stufe 1: Anna benachrichtigt.",
      "Bereitschaft: Entwarnung an Anna.",
    ]);
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

describe("ALM-1 whoever was called hears that they can stop", () => {
  /** A Monday evening at 22:30 in Berlin, in the quiet hours that end at six. */
  const night = () => stage.services.clock.set(Date.UTC(2026, 2, 2, 21, 30));

  test("once, also on the phone, and when it is over after that nobody is told again", async () => {
    const { anna } = await stage.onCall();
    await stage.recipient({ channel: "ntfy", address: stage.at("/anna"), accountId: anna, onCallOnly: true });
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    stage.mailed();
    stage.received = [];
    await acknowledgeFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId, note: "" } });
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^anna-.*: Taken on: Silent since/)]);
    expect(stage.received.map(({ body }) => body.toString()).join()).toContain("Taken on");
    await stage.later(5);
    await stage.apply(stage.change("close"));
    await stage.later(60);
    expect(stage.mailed()).toEqual([]);
    const { events } = await getFinding({ ctx: stage.ctx(), input: { findingId: effect!.findingId } });
    expect(events.filter(({ note }) => note === "Bereitschaft: Entwarnung an Anna.").length).toBe(1);
  });

  test("not whoever took it on: nobody is woken at night for what they acknowledged", async () => {
    const { anna } = await stage.onCall();
    night();
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    const actor = { kind: "technician", id: anna, name: "Anna", sessionId: anna } as const;
    stage.mailed();
    await acknowledgeFinding({ ctx: stage.ctx({ actor }), input: { findingId: effect!.findingId, note: "" } });
    await stage.later(5 * 60);
    await stage.apply(stage.change("close"));
    await stage.later(12 * 60);
    expect(stage.mailed()).toEqual([]);
  });

  test("in quiet hours only while their last call is not an hour ago, else when they end", async () => {
    await stage.onCall();
    night();
    await stage.apply(stage.change("open"));
    await stage.due();
    await stage.later(15);
    await stage.later(30);
    expect(stage.who()).toEqual(["anna", "clara", "olga"]);
    // At 00:00: Olga and Clara were called less than an hour or an hour and a quarter ago, Anna an hour and a half.
    await stage.later(45);
    await stage.apply(stage.change("close"));
    await stage.due();
    expect(stage.who()).toEqual(["olga"]);
    stage.services.clock.set(Date.UTC(2026, 2, 3, 5, 0, 1));
    await stage.due();
    expect(new Set(stage.who())).toEqual(new Set(["anna", "clara"]));
  });

  test("a recipient who is told of the end as such gets no second mail about it", async () => {
    const { anna } = await stage.onCall();
    const [account] = await stage.database.unwalled("a test", (tx) =>
      tx.sql<{ email: string }>("select email from hauswart.account where account_id = $1", [anna]),
    );
    await stage.recipient({ address: account!.email });
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.who()).toEqual(["anna", "anna"]);
    stage.services.clock.advance(2 * minuteMs);
    await stage.apply(stage.change("close"));
    await stage.later(2);
    expect(stage.who()).toEqual(["anna"]);
  });

  test("of two findings of one call, when both need nobody any more; many processes say it once", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open", "silent", { subject: "a" }), stage.change("open", "silent", { subject: "b" }));
    await stage.due();
    stage.mailed();
    await stage.apply(stage.change("close", "silent", { subject: "a" }));
    await stage.due();
    expect(stage.mailed()).toEqual([]);
    await stage.apply(stage.change("close", "silent", { subject: "b" }));
    await Promise.all([1, 2, 3, 4].map(() => runDueEscalations(stage.services)));
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^anna-.*: All clear: /)]);
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
      expect.stringMatching(/^quiet@example\.org: After quiet hours: One open finding, 1 resolved: PC-EMPFANG, First Customer, Main site$/),
    ]);
    const unsubscribe = message.headers.find(({ key }) => key === "list-unsubscribe")!.value;
    const token = /^<https:\/\/hauswart\.example\/digest#token=([\w-]+)>$/.exec(unsubscribe)![1]!;
    expect(message.headers.find(({ key }) => key === "auto-submitted")!.value).toBe("auto-generated");
    stage.services.clock.set(Date.UTC(2026, 2, 3, 22, 30));
    await stage.apply(stage.change("open", "ran-backwards", mild));
    await stage.due();
    expect(stage.mailed()).toEqual([]);
    expect(await endDigest({ caller: stage.caller(), input: { token } })).toMatchObject({ isOn: false });
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^quiet@example\.org: After quiet hours: /)]);
    expect((await listRecipients({ ctx: stage.ctx(), input: { limit: 5 } })).items[0]!.quiet).toBe(false);
    expect(first).toBeDefined();
  });

  test("are nobody's to end by the digest of an address that the recipient had before", async () => {
    const { recipientId, revision } = await stage.recipient({ address: "before@example.org", quiet: true, quietExcept: null });
    night();
    await stage.apply(stage.change("open"));
    morning();
    await stage.due();
    const { message } = stage.mailServer.mails.at(-1)!;
    const token = /#token=([\w-]+)>$/.exec(message.headers.find(({ key }) => key === "list-unsubscribe")!.value)![1]!;
    const [caller, input] = [stage.caller(), { token }];
    expect(await getDigest({ caller, input })).toMatchObject({ address: "before@example.org", isOn: true });
    await changeRecipient({ ctx: stage.ctx(), input: { recipientId, revision, address: "after@example.org" } });
    expect([await codeOf(getDigest({ caller, input })), await codeOf(endDigest({ caller, input }))]).toEqual([
      "LINK_INVALID",
      "LINK_INVALID",
    ]);
    expect((await listRecipients({ ctx: stage.ctx(), input: { limit: 5 } })).items[0]!.quiet).toBe(true);
  });

  test("whoever is not told of an acknowledgement that ran out at night hears of it in the morning, whoever else was told meanwhile", async () => {
    for (const [address, quiet] of [
      ["awake@example.org", false],
      ["quiet@example.org", true],
    ] as const)
      await stage.recipient({ address, quiet, quietExcept: null });
    const [effect] = await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^awake@example\.org,quiet@example\.org: Silent since/)]);
    const { findingId } = effect!;
    const until = new Date(Date.UTC(2026, 2, 2, 22)).toISOString();
    await acknowledgeFinding({ ctx: stage.ctx(), input: { findingId, note: "", until } });
    night();
    await sweepFindings(stage.services);
    await stage.apply();
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^awake@example\.org: Still open: /)]);
    // Somebody takes it on, and leaves it again.
    await acknowledgeFinding({ ctx: stage.ctx(), input: { findingId, note: "" } });
    await reopenFinding({ ctx: stage.ctx(), input: { findingId } });
    morning();
    await stage.due();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^quiet@example\.org: After quiet hours: Still open: /)]);
    await stage.due();
    expect(stage.mailed()).toEqual([]);
  });
});

describe("what maintenance holds back", () => {
  test("is named in the digest and the overview, with the way to its list", async () => {
    await stage.recipient({ address: "quiet@example.org", quiet: true });
    stage.services.clock.set(Date.UTC(2026, 2, 2, 22, 30));
    const mild = { severity: "warning" } as Partial<FindingChange>;
    const [, held] = await stage.apply(stage.change("open", "silent", mild), stage.change("open", "cloned", mild));
    await stage.database.unwalled("held back by a window", async (tx) => {
      await tx.sql("update hauswart.finding set hold_kind = 'maintenance', noticed_at = null where finding_id = $1", [held!.findingId]);
      await tx.sql("delete from hauswart.held_notice where finding_id = $1", [held!.findingId]);
    });
    const { findings } = await getOverview({ ctx: stage.ctx(), input: {} });
    expect(findings.held).toEqual({ maintenance: 1, cause: 0 });
    stage.services.clock.set(Date.UTC(2026, 2, 3, 5, 0, 1));
    await stage.due();
    const { text } = stage.mailServer.mails[0]!.message;
    expect(text!.replaceAll("\n", " ")).toContain("One more finding is held back by maintenance.");
    expect(text).toContain("https://hauswart.example/findings?hold=maintenance&state=all");
  });
});
