import { newId } from "@hauswart/protocol/ids.ts";
import { describe, expect, test } from "bun:test";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";
import { listAccounts } from "../../access/accounts/list-accounts.ts";
import { writeDailyMails } from "../../daily-mail/write-daily-mails.ts";
import { changeRecipient } from "../../routing/recipients/change-recipient.ts";
import { listRecipients } from "../../routing/recipients/list-recipients.ts";
import { testRecipient } from "../../routing/recipients/test-recipient.ts";
import type { MailboxMessage } from "../../mailbox/mailbox.ts";
import { getServerReport } from "../../operation/get-server-report.ts";
import { watchSelf } from "../../operation/self-report.ts";
import { changeCustomerTerms } from "../../tenancy/change-customer-terms.ts";
import { getCustomerTerms } from "../../tenancy/get-customer-terms.ts";
import { composeMails } from "../compose/compose-mails.ts";
import { listOutbox } from "../list-outbox.ts";
import { startSender } from "../outbox/sender.ts";
import { smtpTransport } from "../outbox/smtp.ts";
import { claimMails, recordAttempt } from "../outbox/store.ts";
import { retryMail } from "../retry-mail.ts";
import { deliveryReports } from "./take-reports.ts";
import { settleUnreachable } from "./unreachable.ts";

const stage = routingStage();
let uid = 0;

interface Told {
  readonly action?: string;
  readonly words?: string;
  readonly messageId?: string;
  readonly original?: string;
}

/** A delivery report on a mail, as the mailbox hands it over. */
function report(
  address: string,
  messageId: string,
  { action = "failed", words = "550 5.1.1 User unknown", original }: Told = {},
): MailboxMessage {
  const source = [
    "From: Mail Delivery System <MAILER-DAEMON@mx.example>",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
    "",
    "--B",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.kunde.example",
    "",
    ...(original === undefined ? [] : [`Original-Recipient: rfc822; ${original}`]),
    `Final-Recipient: rfc822; ${address}`,
    `Action: ${action}`,
    "Status: 5.1.1",
    `Diagnostic-Code: smtp; ${words}`,
    "",
    "--B",
    "Content-Type: text/rfc822-headers",
    "",
    `Message-ID: ${messageId}`,
    "",
    "--B--",
  ].join("\r\n");
  const bytes = new TextEncoder().encode(source);
  return { uid: ++uid, sizeBytes: bytes.length, receivedAtMs: stage.services.clock.now(), source: bytes };
}

const take = (message: MailboxMessage) => deliveryReports(stage.services).take(message);
const outbox = async () => (await listOutbox({ ctx: stage.ctx(), input: { limit: 100 } })).items;
const recipients = async () =>
  (await listRecipients({ ctx: stage.ctx(), input: { limit: 100 } })).items.toSorted((one, other) =>
    one.address < other.address ? -1 : 1,
  );
const unreachable = async () =>
  Object.fromEntries((await recipients()).map(({ address, unreachable: why }) => [address, why && `${why.via}: ${why.reason}`]));
const history = (findingId: string) =>
  stage.database.transaction(stage.ctx(), (tx) =>
    tx.sql<{ note: string | null }>(
      "select note from hauswart.finding_event where finding_id = $1 and kind = 'mailed' order by finding_event_id",
      [findingId],
    ),
  );
const problems = async () =>
  (await getServerReport({ ctx: stage.ctx() } as Parameters<typeof getServerReport>[0])).problems
    .filter(({ code }) => code === "address-unreachable")
    .map(({ subject, severity, evidence, findingId }) => ({ subject, severity, evidence, isOpen: findingId !== null }));
const send = () => startSender(stage.services, smtpTransport(stage.mailServer.url)).stop();
const nobodyTold = async () => /^hauswart_findings_nobody_told_total (\d+)/m.exec(await stage.services.metrics.text())?.[1] ?? "0";
const counted = async (outcome: string) =>
  new RegExp(`^hauswart_delivery_reports_total\\{outcome="${outcome}"\\} (\\d+)`, "m").exec(await stage.services.metrics.text())?.[1] ??
  "0";

/** An alarm to these recipients, taken by the mail server. */
async function alarm(...addresses: string[]) {
  const { customerId } = stage.tenant.first;
  for (const address of addresses) await stage.recipient({ address, customerId });
  const [effect] = await stage.apply(stage.change("open"));
  await send();
  const mails = await outbox();
  expect(mails.map(({ state }) => state)).toEqual(["sent"]);
  return { findingId: effect!.findingId, mail: mails[0]! };
}

describe("a report on a mail of ours", () => {
  test("ALM-1 an alarm that came back shows in the outbox, at the recipient, in the finding and to the house", async () => {
    const { findingId, mail } = await alarm("buero@kunde.example", "chef@kunde.example");
    stage.services.clock.advance(60_000);
    expect(await take(report("Buero@kunde.example", mail.messageId))).toBe(true);
    const at = new Date(stage.services.clock.now()).toISOString();
    expect(await outbox()).toMatchObject([
      {
        state: "sent",
        reports: [
          {
            address: "buero@kunde.example",
            action: "failed",
            status: "5.1.1",
            words: "550 5.1.1 User unknown",
            by: "mx.kunde.example",
            at,
          },
        ],
      },
    ]);
    expect(await recipients()).toMatchObject([
      { address: "buero@kunde.example", unreachable: { via: "returned", since: at, reason: "550 5.1.1 User unknown" } },
      { address: "chef@kunde.example", unreachable: null },
    ]);
    expect((await history(findingId)).at(-1)?.note).toBe(
      "Die Mail an buero@kunde.example kam als unzustellbar zurück: 550 5.1.1 User unknown",
    );
    expect(await nobodyTold()).toBe("0");
    expect(await problems()).toMatchObject([{ subject: "buero@kunde.example", severity: "warning", evidence: { untold: 0 } }]);
  });

  test("a report that comes twice, or late, tells nothing new", async () => {
    const { findingId, mail } = await alarm("buero@kunde.example");
    const message = report("buero@kunde.example", mail.messageId);
    await take(message);
    const notes = await history(findingId);
    expect(await take(message)).toBe(true);
    expect(await history(findingId)).toEqual(notes);
    expect([await counted("returned"), await counted("known")]).toEqual(["1", "1"]);
  });

  test("an alarm whose only word came back counts as told to nobody, and a recovery goes to nobody either", async () => {
    const { findingId, mail } = await alarm("buero@kunde.example");
    await take(report("buero@kunde.example", mail.messageId));
    expect(await outbox()).toMatchObject([{ state: "returned" }]);
    expect((await history(findingId)).at(-1)?.note).toBe("Sonst wurde niemand benachrichtigt: Von diesem Befund weiß niemand.");
    expect(await nobodyTold()).toBe("1");
    expect(await problems()).toMatchObject([{ severity: "failure", evidence: { untold: 1 } }]);
    const notes = await history(findingId);
    await stage.apply(stage.change("close"));
    expect(await outbox()).toHaveLength(1);
    expect(await history(findingId)).toEqual(notes);
  });

  test("who has had an earlier mail about it hears that it is over; that it got worse is known to nobody", async () => {
    await stage.recipient({ customerId: stage.tenant.first.customerId, address: "buero@kunde.example", fromSeverity: "warning" });
    const [effect] = await stage.apply(stage.change("open", "silent", { severity: "warning" }));
    await send();
    stage.services.clock.advance(3_600_000);
    await stage.apply(stage.change("change", "silent", { severity: "failure" }));
    await send();
    await take(report("buero@kunde.example", (await outbox())[0]!.messageId));
    expect((await history(effect!.findingId)).at(-1)?.note).toBe(
      "Sonst wurde niemand benachrichtigt: Dass es schlimmer wurde, weiß niemand.",
    );
    expect(await nobodyTold()).toBe("1");
    stage.mailed();
    stage.services.clock.advance(3_600_000);
    await stage.apply(stage.change("close"));
    await send();
    expect(stage.mailed()).toEqual([expect.stringMatching(/^buero@kunde\.example: Resolved: /)]);
  });

  test("an alarm that is sent again counts as told, and its readers hear that it is over; not if it comes back again", async () => {
    const again = async (comesBack: boolean) => {
      const [mail] = await outbox();
      await take(report("buero@kunde.example", mail!.messageId));
      stage.services.clock.advance(3_600_000);
      await retryMail({ ctx: stage.ctx(), input: { mailId: mail!.mailId } });
      await send();
      if (comesBack) await take(report("buero@kunde.example", mail!.messageId));
      stage.mailed();
      await stage.apply(stage.change("close"));
      await send();
      return stage.mailed();
    };
    await alarm("buero@kunde.example");
    expect(await again(false)).toEqual([expect.stringMatching(/^buero@kunde\.example: Resolved: /)]);
    stage.services.clock.advance(3_600_000);
    await stage.apply(stage.change("open"));
    await send();
    expect(await again(true)).toEqual([]);
  });

  test("what came back calls those who are on call by then", async () => {
    const { mail } = await alarm("buero@kunde.example");
    await stage.onCall();
    await take(report("buero@kunde.example", mail.messageId));
    expect(await nobodyTold()).toBe("0");
    stage.mailed();
    await stage.due();
    expect(stage.who()).toEqual(["anna"]);
  });

  test("a call that came back is not waited for", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    const [call] = await outbox();
    expect(stage.who()).toEqual(["anna"]);
    await take(report(call!.to[0]!, call!.messageId));
    await stage.due();
    expect(stage.who()).toEqual(["clara"]);
  });

  test("a delay is shown and is no return", async () => {
    const { findingId, mail } = await alarm("buero@kunde.example");
    await take(report("buero@kunde.example", mail.messageId, { action: "delayed", words: "451 4.7.1 later" }));
    expect(await outbox()).toMatchObject([{ state: "sent", reports: [{ action: "delayed", words: "451 4.7.1 later" }] }]);
    expect((await history(findingId)).at(-1)?.note).toContain("ist verzögert");
    expect(await unreachable()).toEqual({ "buero@kunde.example": null });
    stage.services.clock.advance(60_000);
    await take(report("buero@kunde.example", mail.messageId));
    expect(await outbox()).toMatchObject([{ state: "returned", reports: [{ action: "failed" }] }]);
  });

  test("where a mail was forwarded, the words say where to", async () => {
    const { mail } = await alarm("buero@kunde.example", "chef@kunde.example");
    await take(report("otto@privat.example", mail.messageId, { original: "buero@kunde.example" }));
    expect(await unreachable()).toEqual({
      "buero@kunde.example": "returned: otto@privat.example: 550 5.1.1 User unknown",
      "chef@kunde.example": null,
    });
  });

  test("it can be sent again, to those who have not had it, and comes back again only by a new report", async () => {
    const { mail } = await alarm("buero@kunde.example", "chef@kunde.example");
    const first = report("buero@kunde.example", mail.messageId);
    await take(first);
    await retryMail({ ctx: stage.ctx(), input: { mailId: mail.mailId } });
    await send();
    expect(stage.mailServer.mails.at(-1)!.recipients).toEqual(["buero@kunde.example"]);
    expect(await outbox()).toMatchObject([{ state: "sent", reports: [] }]);
    await take(first);
    expect(await outbox()).toMatchObject([{ state: "sent", reports: [] }]);
    stage.services.clock.advance(60_000);
    await take(report("buero@kunde.example", mail.messageId));
    expect(await outbox()).toMatchObject([{ reports: [{ action: "failed" }] }]);
  });

  test("one that is there before the mail server's answer is written down counts", async () => {
    for (const address of ["buero@kunde.example", "chef@kunde.example"])
      await stage.recipient({ customerId: stage.tenant.first.customerId, address });
    const [effect] = await stage.apply(stage.change("open"));
    const attempt = async (...reported: string[]) => {
      const [mail] = await claimMails(stage.services, 1);
      for (const address of reported) expect(await take(report(address, mail!.messageId))).toBe(true);
      expect(await outbox()).toMatchObject([{ state: "queued", reports: [] }]);
      const answers = mail!.recipients.map(({ address }) => ({ address, verdict: "accepted" as const, answer: "250 ok" }));
      return recordAttempt(stage.services, mail!, { kind: "answered", answers });
    };
    expect(await attempt("buero@kunde.example")).toBe("sent");
    expect(await outbox()).toMatchObject([{ state: "sent", reports: [{ address: "buero@kunde.example", action: "failed" }] }]);
    expect([await nobodyTold(), await counted("returned"), await unreachable()]).toEqual([
      "0",
      "1",
      { "buero@kunde.example": "returned: 550 5.1.1 User unknown", "chef@kunde.example": null },
    ]);
    const { mailId, messageId } = (await outbox())[0]!;
    stage.services.clock.advance(60_000);
    await take(report("chef@kunde.example", messageId));
    expect([(await outbox())[0]!.state, await nobodyTold()]).toEqual(["returned", "1"]);
    // Sent again: what is known already does not count, what comes now does.
    await retryMail({ ctx: stage.ctx(), input: { mailId } });
    stage.services.clock.advance(60_000);
    expect(await attempt("buero@kunde.example", "chef@kunde.example")).toBe("returned");
    expect((await outbox())[0]).toMatchObject({
      state: "returned",
      lastError: null,
      reports: [{ action: "failed" }, { action: "failed" }],
    });
    expect((await history(effect!.findingId)).slice(-3).map(({ note }) => note?.split(" kam ")[0])).toEqual([
      "Die Mail an buero@kunde.example",
      "Die Mail an chef@kunde.example",
      "Sonst wurde niemand benachrichtigt: Von diesem Befund weiß niemand.",
    ]);
    await retryMail({ ctx: stage.ctx(), input: { mailId } });
    expect(await attempt()).toBe("sent");
  });

  test("credentials in a server's words are hidden", async () => {
    const { mail } = await alarm("buero@kunde.example");
    await take(report("buero@kunde.example", mail.messageId, { words: "550 see smtp://user:hunter2@mx.example\u0000" }));
    expect(JSON.stringify([await outbox(), await unreachable()])).not.toContain("hunter2");
  });
});

describe("a report on nothing of ours", () => {
  test.each<[string, (messageId: string) => MailboxMessage]>([
    ["a Message-ID that nobody had", () => report("buero@kunde.example", "<0199c0de-0000-7000-8000-000000000001@systemhaus.example>")],
    ["the thread's Message-ID", (id) => report("buero@kunde.example", id.replace("<", "<finding."))],
    ["none", () => report("buero@kunde.example", "")],
  ])("%s does nothing, is counted and left to people", async (_, make) => {
    const { findingId, mail } = await alarm("buero@kunde.example");
    const notes = await history(findingId);
    expect(await take(make(mail.messageId))).toBe(false);
    expect(await counted("unknown-mail")).toBe("1");
    expect([await unreachable(), await history(findingId), (await outbox())[0]!.state]).toEqual([
      { "buero@kunde.example": null },
      notes,
      "sent",
    ]);
  });

  test("an address that the mail did not go to is not believed", async () => {
    const { mail } = await alarm("buero@kunde.example", "chef@kunde.example");
    await stage.recipient({ address: "fremd@andere.example" });
    expect(await take(report("fremd@andere.example", mail.messageId))).toBe(true);
    expect(Object.values(await unreachable())).toEqual([null, null, null]);
  });

  test("hostile and ordinary mails are left", async () => {
    const message = (text: string) => ({ ...report("a@b.example", "<a@b.example>"), source: new TextEncoder().encode(text) });
    expect(await take(message("From: Otto <otto@kunde.example>\r\n\r\nHallo\r\n"))).toBe(false);
    expect(await take(message(`X: ${"a".repeat(300_000)}\r\n\r\nx`))).toBe(false);
    expect([await counted("unreadable"), await counted("unknown-mail")]).toEqual(["1", "0"]);
  });
});

describe("the house's finding", () => {
  const open = async () => (await problems()).map(({ subject, isOpen }) => `${subject} ${isOpen}`);

  test("goes to the owners and the others, and not to the address itself", async () => {
    const owner = await stage.person("Olga", "owner");
    await stage.recipient({ address: "leitstelle@house.example" });
    await stage.recipient({ address: "Kaputt@house.example" });
    await stage.apply(stage.change("open"));
    await send();
    stage.mailed();
    await take(report("kaputt@house.example", (await outbox())[0]!.messageId));
    await watchSelf(stage.services);
    await composeMails(stage.services, stage.tenant.providerId);
    await send();
    const told = stage.mailServer.mails.filter(({ message }) => message.subject?.includes("kaputt@house.example"));
    expect(told.flatMap((mail) => mail.recipients).toSorted()).toEqual([
      "leitstelle@house.example",
      `olga-${owner.slice(-6)}@house.example`,
    ]);
    expect(await open()).toEqual(["kaputt@house.example true"]);
  });

  test("is over when a later mail has not come back for a day", async () => {
    const { mail } = await alarm("buero@kunde.example");
    await take(report("buero@kunde.example", mail.messageId));
    await stage.apply(stage.change("close"), stage.change("open", "silent", { atMs: stage.services.clock.now() + 1 }));
    stage.services.clock.advance(61_000);
    await composeMails(stage.services, stage.tenant.providerId);
    await send();
    expect((await outbox()).map(({ state }) => state)).toEqual(["sent", "returned"]);
    stage.services.clock.advance(86_000_000);
    await settleUnreachable(stage.services);
    expect(await open()).toHaveLength(1);
    stage.services.clock.advance(500_000);
    await settleUnreachable(stage.services);
    expect(await open()).toEqual([]);
  });

  test("stays when the later mail is delayed or comes back too", async () => {
    const { mail } = await alarm("buero@kunde.example");
    await take(report("buero@kunde.example", mail.messageId));
    await stage.apply(stage.change("close"), stage.change("open", "silent", { atMs: stage.services.clock.now() + 1 }));
    stage.services.clock.advance(61_000);
    await composeMails(stage.services, stage.tenant.providerId);
    await send();
    await take(report("buero@kunde.example", (await outbox())[0]!.messageId, { action: "delayed" }));
    stage.services.clock.advance(2 * 86_400_000);
    await settleUnreachable(stage.services);
    expect(await open()).toHaveLength(1);
  });

  test("is over when somebody tests the address, or says that it can be reached", async () => {
    const { mail } = await alarm("buero@kunde.example");
    await take(report("buero@kunde.example", mail.messageId));
    const { recipientId } = (await recipients())[0]!;
    stage.services.clock.advance(1_000);
    const testing = testRecipient({ ctx: stage.ctx(), input: { recipientId } });
    const sender = startSender(stage.services, smtpTransport(stage.mailServer.url));
    expect((await testing).state).toBe("accepted");
    await sender.stop();
    expect(await open()).toEqual([]);
    stage.services.clock.advance(60_000);
    await take(report("buero@kunde.example", (await outbox())[0]!.messageId));
    expect(await open()).toHaveLength(1);
    await changeRecipient({ ctx: stage.ctx(), input: { recipientId, revision: (await recipients())[0]!.revision, reachable: true } });
    expect(await open()).toEqual([]);
  });

  test("knows the addresses of people too", async () => {
    await stage.onCall();
    await stage.apply(stage.change("open"));
    await stage.due();
    const [call] = await outbox();
    await take(report(call!.to[0]!, call!.messageId));
    expect(await problems()).toMatchObject([{ subject: call!.to[0]! }]);
    const people = (await listAccounts({ ctx: stage.ctx(), input: { limit: 100 } })).items;
    expect(people.filter(({ unreachable: why }) => why !== null)).toMatchObject([
      { email: call!.to[0]!, unreachable: { via: "returned", reason: "550 5.1.1 User unknown" } },
    ]);
  });
});

describe("ALM-4 an address that gets a customer's daily mail and nothing else", () => {
  const { dayMs, minuteMs } = { dayMs: 86_400_000, minuteMs: 60_000 };
  const customerId = () => stage.tenant.first.customerId;
  const readers = (...addresses: string[]) =>
    changeCustomerTerms({
      ctx: stage.ctx(),
      input: {
        customerId: customerId(),
        dailyMail: { at: "00:00", recipients: addresses.map((address) => ({ address, language: "de" as const })) },
      },
    });
  const shown = async () =>
    (await getCustomerTerms({ ctx: stage.ctx(), input: { customerId: customerId() } })).dailyMailUnreachable.map(
      ({ address, via, reason }) => `${address} ${via}: ${reason}`,
    );
  /** The daily mail of the next day, which runs through. */
  const nextDay = async () => {
    stage.services.clock.advance(dayMs + minuteMs);
    const nowMs = stage.services.clock.now();
    await stage.database.unwalled("a process", (tx) =>
      tx.sql("insert into hauswart.server_process (process_id, started_at, alive_at) values ($1, $2, $3)", [
        newId(),
        new Date(nowMs - 2 * dayMs).toISOString(),
        new Date(nowMs).toISOString(),
      ]),
    );
    await writeDailyMails(stage.services);
    await send();
    return (await outbox())[0]!;
  };

  test("comes back: shown at the customer, told to the house, and over with a mail that stays", async () => {
    await readers("Chefin@kunde.example", "buero@kunde.example");
    const mails = [await nextDay(), (await outbox())[1]!];
    const { messageId } = mails.find(({ to }) => to.includes("Chefin@kunde.example"))!;
    expect(await take(report("chefin@kunde.example", messageId))).toBe(true);
    expect(await shown()).toEqual(["chefin@kunde.example returned: 550 5.1.1 User unknown"]);
    expect(await problems()).toMatchObject([
      { subject: "chefin@kunde.example", severity: "warning", evidence: { dailyMailOf: "First Customer", untold: 0 } },
    ]);
    // Who stays keeps what is known.
    await readers("chefin@kunde.example", "neu@kunde.example");
    expect(await shown()).toHaveLength(1);
    await nextDay();
    stage.services.clock.advance(dayMs + minuteMs);
    await settleUnreachable(stage.services);
    expect([await shown(), await problems()]).toEqual([[], []]);
  });

  test("is refused at once: until one is taken, or another address stands there", async () => {
    const { refusedRecipients } = stage.mailServer.behaviour;
    refusedRecipients.add("weg@kunde.example");
    await readers("weg@kunde.example");
    await nextDay();
    expect(await shown()).toEqual([expect.stringMatching(/^weg@kunde\.example refused: /)]);
    expect(await problems()).toHaveLength(1);
    await readers("neu@kunde.example");
    expect([await shown(), await problems()]).toEqual([[], []]);
    await readers("weg@kunde.example");
    await nextDay();
    expect(await problems()).toHaveLength(1);
    refusedRecipients.delete("weg@kunde.example");
    await nextDay();
    expect([await shown(), await problems()]).toEqual([[], []]);
  });
});
