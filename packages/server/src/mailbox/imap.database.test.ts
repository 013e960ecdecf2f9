import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "bun:test";
import { startMailboxServer, whyNoDovecot, type MailboxServer } from "@hauswart/testkit/mailbox-server.ts";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { RoutingStage } from "@hauswart/testkit/routing-stage.ts";
import { until } from "@hauswart/testkit/until.ts";
import { listOutbox } from "../mail/list-outbox.ts";
import { startSender } from "../mail/outbox/sender.ts";
import { smtpTransport } from "../mail/outbox/smtp.ts";
import { startMail } from "../mail/start-mail.ts";
import { gatherSelfFacts } from "../operation/self-facts.ts";
import { judgeSelf } from "../operation/self-judge.ts";
import { openImapMailbox } from "./imap.ts";
import { mostBytes } from "./mailbox.ts";
import { mailboxAddress } from "./mailbox-address.ts";

const missing = whyNoDovecot();
const dovecotTest = testNeeding(missing);

let server: MailboxServer;

const connect = (url = server.url) => openImapMailbox(mailboxAddress(url));

describe("a real IMAP server", () => {
  beforeEach(async () => {
    if (missing === undefined) server = await startMailboxServer();
  });
  afterEach(() => server?.[Symbol.asyncDispose]());

  dovecotTest("messages are listed by number, read and marked", async () => {
    server.deliver("From: a@b.example\n\none\n");
    server.deliver("From: a@b.example\n\ntwo\n");
    const mailbox = await connect();
    expect([mailbox.newestUid, await mailbox.uidsAfter(0, undefined), await mailbox.uidsAfter(2, undefined)]).toEqual([2, [1, 2], []]);
    const message = await mailbox.read(1);
    expect(new TextDecoder().decode(message!.source)).toBe("From: a@b.example\r\n\r\none\r\n");
    expect(await mailbox.read(9)).toBeUndefined();
    await mailbox.mark(1, "taken");
    await mailbox.mark(2, "given-up");
    mailbox.close();
    expect(server.flags()).toEqual(["S", "F"]);
  });

  dovecotTest("of a mail of 50 MB the beginning is fetched, and the next mail is read", async () => {
    server.deliver(`From: a@b.example\r\n\r\n${"x".repeat(78)}\r\n`.padEnd(50_000_000, `${"y".repeat(78)}\r\n`));
    server.deliver("From: a@b.example\n\ntwo\n");
    const mailbox = await connect();
    const large = await mailbox.read(1);
    expect([large!.source.byteLength, large!.sizeBytes]).toEqual([mostBytes, 50_000_000]);
    expect((await mailbox.read(2))!.source.byteLength).toBeLessThan(100);
    mailbox.close();
  });

  dovecotTest("what was understood goes into a folder where one is named", async () => {
    const address = `${server.url}?done=INBOX`;
    server.deliver("From: a@b.example\n\none\n");
    const mailbox = await connect(address.replace("done=INBOX", "done=Gelesen"));
    // The folder is not there: that is said, and the message stays.
    await expect(mailbox.mark(1, "taken")).rejects.toThrow("Gelesen");
    mailbox.close();
    expect(server.flags()).toEqual(["S"]);
    server.addFolder("Gelesen");
    const again = await connect(`${server.url}?done=Gelesen`);
    await again.mark(1, "taken");
    again.close();
    expect([server.flags(), server.flags(".Gelesen")]).toEqual([[], ["S"]]);
  });

  dovecotTest("new mail is told at once, and a lost connection by an error", async () => {
    const mailbox = await connect();
    const news = mailbox.news(600_000, new AbortController().signal);
    server.deliver("From: a@b.example\n\none\n");
    await news;
    await server.stop();
    await expect(mailbox.uidsAfter(0, undefined)).rejects.toThrow();
    await expect(mailbox.news(600_000, new AbortController().signal)).rejects.toThrow();
  });

  dovecotTest("why it cannot be read is said without the password", async () => {
    const { password } = server;
    const problem = async (url: string) =>
      connect(url).then(
        () => "",
        (error: unknown) => String(error),
      );
    const wrong = await problem(server.url.replace(encodeURIComponent(password), "wrong-password"));
    expect(wrong).toContain("refuses the sign-in");
    expect(wrong).not.toContain("wrong-password");
    expect(await problem(server.url.replace("/INBOX", "/Nirgends"))).toContain("Mailbox doesn't exist");
    await server.stop();
    expect(await problem(server.url)).toContain("ECONNREFUSED");
  });

  dovecotTest("without TLS nothing is said to a server that is not on this computer", async () => {
    const problem = await openImapMailbox({ ...mailboxAddress(server.url), tls: "upgrade" }).then(() => "", String);
    expect(problem).toContain("STARTTLS");
  });
});

describe("a house whose mailbox is read", () => {
  const stage = new RoutingStage();
  beforeAll(async () => {
    if (missing !== undefined) return;
    await stage.open();
    server = await startMailboxServer();
  }, 60_000);
  afterAll(async () => {
    if (missing !== undefined) return;
    await stage.close();
    await server?.[Symbol.asyncDispose]();
  });

  const reportOn = (source: string) => {
    const messageId = /^Message-ID: (<.*>)/im.exec(source)![1]!;
    return [
      "From: Mail Delivery System <MAILER-DAEMON@mx.kunde.example>",
      "Auto-Submitted: auto-replied",
      'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
      "",
      "--B",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.kunde.example",
      "",
      "Final-Recipient: rfc822; buero@kunde.example",
      "Action: failed",
      "Status: 5.1.1",
      "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
      "",
      "--B",
      "Content-Type: text/rfc822-headers",
      "",
      `Message-ID: ${messageId}`,
      "",
      "--B--",
      "",
    ].join("\n");
  };

  dovecotTest(
    "ALM-1 an alarm that comes back into the house's mailbox is known, whatever else lies there and however often the server is away",
    async () => {
      await stage.begin();
      const { services } = stage;
      const lines: string[] = [];
      const say = (...said: unknown[]) => void lines.push(JSON.stringify(said));
      const log = { ...services.log, debug: say, info: say, warn: say, error: say } as typeof services.log;
      const reading = { ...services, log, settings: { ...services.settings, imapUrl: server.url } };
      await stage.recipient({ address: "buero@kunde.example", customerId: stage.tenant.first.customerId });
      await stage.apply(stage.change("open"));
      await startSender(services, smtpTransport(stage.mailServer.url)).stop();
      const alarm = stage.mailServer.mails[0]!;
      expect(alarm.wantedReports).toEqual({ ret: "HDRS", envid: /^Message-ID: <(.*)>/im.exec(alarm.source)![1]! });
      // What comes before must not keep it from being read.
      server.deliver(`X-Bomb: ${"a".repeat(300_000)}\n\nx\n`);
      server.deliver(
        Array.from({ length: 300 }, (_, depth) => `Content-Type: multipart/mixed; boundary="b${depth}"\n\n--b${depth}\n`).join(""),
      );
      server.deliver(`From: a@b.example\n\n${"y".repeat(3_000_000)}\n`);
      const mail = startMail(reading);
      const state = async () => (await listOutbox({ ctx: stage.ctx(), input: { limit: 10 } })).items.at(-1)!.state;
      const problem = async () =>
        judgeSelf(await gatherSelfFacts(reading, stage.tenant.providerId), () => undefined).map(({ code }) => code);
      await until("the mailbox was read", async () => (await reading.metrics.text()).includes('mailbox_messages_total{outcome="left"} 3'));
      await server.stop();
      await until(
        "the failure is noted",
        async () => (await gatherSelfFacts(reading, stage.tenant.providerId)).mailbox?.failingSinceMs !== undefined,
      );
      expect(await problem()).not.toContain("mailbox-unread");
      services.clock.advance(16 * 60_000);
      expect(await problem()).toContain("mailbox-unread");
      server.deliver(reportOn(alarm.source));
      await server.start();
      await until("the report was read", async () => (await state()) === "returned");
      await until("the mailbox is read to its end", async () => !(await problem()).includes("mailbox-unread"));
      expect(await problem()).toContain("address-unreachable");
      await until("it is marked", async () => server.flags().includes("S"));
      await mail.stop();
      expect(server.flags().filter((flags) => flags === "")).toHaveLength(3);
      expect(lines.join("\n")).toContain("the mailbox cannot be read");
      expect(lines.join("\n")).not.toContain(server.password);
      expect(lines.join("\n")).not.toContain(encodeURIComponent(server.password));
    },
    120_000,
  );
});
