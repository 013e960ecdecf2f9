import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { mostBytes } from "../../mailbox/mailbox.ts";
import { readDeliveryReport } from "./read-report.ts";

/** Recorded: Postfix 3.7 and Exim 4.96 of Debian 12 were given a mail that the next server refused, put off, or that was forwarded. */
const recorded = (name: string) => new Uint8Array(readFileSync(fileURLToPath(new URL(`testdata/${name}.eml`, import.meta.url))));
const bytes = (...lines: string[]) => new TextEncoder().encode(lines.join("\r\n"));
const read = (source: Uint8Array) => readDeliveryReport(source);
const id = (last: number) => `<0199c0de-0000-7000-8000-00000000000${last}@systemhaus.example>`;

const unknownUser = "550 5.1.1 <buero@kunde.example>: Recipient address rejected: User unknown in virtual mailbox table";

test.each<[string, string, string, string, string]>([
  ["postfix-unknown", id(1), "buero@kunde.example", "failed 5.1.1", unknownUser],
  ["postfix-full", id(2), "voll@kunde.example", "failed 5.2.2", "552 5.2.2 Mailbox full / Quota exceeded"],
  ["postfix-delayed", id(3), "spaeter@kunde.example", "delayed 4.7.1", "451 4.7.1 Greylisting in action, please come back later"],
  ["postfix-forwarded", id(4), "verteiler@systemhaus.example", "failed 5.1.1", unknownUser],
  ["exim-unknown", id(5), "buero@kunde.example", "failed 5.0.0", unknownUser],
  ["exim-full", id(6), "voll@kunde.example", "failed 5.0.0", "552 5.2.2 Mailbox full / Quota exceeded"],
  ["exim-delayed", id(7), "spaeter@kunde.example", "delayed 4.0.0", "451 4.7.1 Greylisting in action, please come back later"],
  ["exim-forwarded", id(8), "verteiler@systemhaus.example", "failed 5.0.0", unknownUser],
])("%s", async (name, messageId, address, verdict, words) => {
  const report = (await read(recorded(name)))!;
  expect(new Set(report.messageIds)).toEqual(new Set([messageId]));
  expect(
    report.recipients.map((one) => [one.originalRecipient ?? one.finalRecipient, `${one.action} ${one.status}`, one.words, one.by]),
  ).toEqual([[address, verdict, words, "127.0.0.1"]]);
});

/** A report in the form of RFC 3464, appendix E. */
const standard = (status: readonly string[], original: readonly string[], headers: readonly string[] = []) =>
  bytes(
    "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
    ...headers,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
    "",
    "--B",
    "",
    "Words for people.",
    "--B",
    "Content-Type: message/delivery-status",
    "",
    ...status,
    "",
    ...(original.length > 0 ? ["--B", "Content-Type: message/rfc822", "", ...original, ""] : []),
    "--B--",
    "",
  );

describe("forms of RFC 3464", () => {
  test("several recipients, folded fields, comments and strange spelling", async () => {
    const report = await read(
      standard(
        [
          "Reporting-MTA: dns; cs.utk.example",
          "",
          "Original-Recipient: rfc822;<Louisl@larry.slip.umd.example>",
          "FINAL-recipient:RFC822;louisl@larry.slip.umd.example",
          "Action: Failed (gave up)",
          "Status: 4.0.0 (timeout)",
          "Diagnostic-Code: smtp; 426 connection timed out;",
          "   no answer in 5 days",
          "",
          "Final-Recipient: rfc822; wsnell@sdcc13.ucsd.example",
          "Action: delivered",
          "Status: 2.0.0",
          "",
          "Final-Recipient: x400; /S=somebody/",
          "Action: failed",
          "",
          "Status: 5.0.0",
        ],
        ["Subject: x", "message-id:", " <a@b.example>", "", "Message-ID: <inner@b.example>"],
      ),
    );
    expect(report).toEqual({
      messageIds: ["<a@b.example>"],
      recipients: [
        {
          originalRecipient: "Louisl@larry.slip.umd.example",
          finalRecipient: "louisl@larry.slip.umd.example",
          action: "failed",
          status: "4.0.0",
          words: "426 connection timed out; no answer in 5 days",
          by: "cs.utk.example",
        },
        {
          originalRecipient: undefined,
          finalRecipient: "wsnell@sdcc13.ucsd.example",
          action: "delivered",
          status: "2.0.0",
          words: "2.0.0",
          by: "cs.utk.example",
        },
      ],
    });
  });

  test("the envelope id names the mail where its header is not brought back", async () => {
    const report = await read(
      standard(
        ["Original-Envelope-Id: a+2Bb@c.example", "", "Final-Recipient: rfc822; x@y.example", "Action: failed", "Status: 5.1.1"],
        [],
      ),
    );
    expect(report?.messageIds).toEqual(["<a+b@c.example>"]);
  });

  test("Exchange answers to the mail where it leaves its header out", async () => {
    const report = await read(
      standard(
        [
          "Reporting-MTA: dns;mail.kunde.example",
          "",
          "Final-recipient: RFC822;buero@kunde.example",
          "Action: failed",
          "Status: 5.1.10",
          "Diagnostic-code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
          "X-Display-Name: buero",
        ],
        [],
        ["In-Reply-To: <a@b.example>", "References: <root@b.example> <a@b.example>", "Auto-Submitted: auto-replied"],
      ),
    );
    expect(report).toMatchObject({
      messageIds: ["<a@b.example>", "<root@b.example>", "<a@b.example>"],
      recipients: [{ status: "5.1.10", words: "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup" }],
    });
  });

  test("where the header is there, what the mail itself answered to names nothing", async () => {
    const status = ["", "Final-Recipient: rfc822; x@y.example", "Action: failed", "Status: 5.1.1"];
    const report = await read(
      standard(status, ["Message-ID: <a@b.example>", "References: <other@b.example>"], ["References: <third@b.example>"]),
    );
    expect(report?.messageIds).toEqual(["<a@b.example>"]);
  });
});

describe("plain texts", () => {
  const plain = (headers: readonly string[], ...body: string[]) =>
    bytes("From: Mail Delivery System <Mailer-Daemon@mx.example>", ...headers, "", ...body, "");
  const copied = [
    "------ This is a copy of the message, including all the headers. ------",
    "",
    "Return-path: <alarm@systemhaus.example>",
    "Message-ID: <a@b.example>",
    "Subject: x",
    "",
    "text",
  ];

  test("Exim before 4.8x", async () => {
    const report = await read(
      plain(
        ["X-Failed-Recipients: buero@kunde.example, chef@kunde.example", "Auto-Submitted: auto-replied"],
        "A message that you sent could not be delivered to one or more of its",
        "recipients. This is a permanent error. The following address(es) failed:",
        "",
        "  buero@kunde.example",
        "    SMTP error from remote mail server after RCPT TO:<buero@kunde.example>:",
        "    host mx.kunde.example [192.0.2.1]: 550 5.1.1 User unknown",
        "  chef@kunde.example",
        "    retry timeout exceeded",
        "",
        ...copied,
      ),
    );
    expect(report?.messageIds).toEqual(["<a@b.example>"]);
    expect(report?.recipients.map(({ finalRecipient, status, words }) => [finalRecipient, status, words])).toEqual([
      [
        "buero@kunde.example",
        "5.1.1",
        "SMTP error from remote mail server after RCPT TO:<buero@kunde.example>: host mx.kunde.example [192.0.2.1]: 550 5.1.1 User unknown",
      ],
      ["chef@kunde.example", undefined, "retry timeout exceeded"],
    ]);
  });

  test("qmail", async () => {
    const report = await read(
      plain(
        ["Return-Path: <>"],
        "Hi. This is the qmail-send program at mx.example.",
        "I'm afraid I wasn't able to deliver your message to the following addresses.",
        "",
        "<buero@kunde.example>:",
        "192.0.2.1 does not like recipient.",
        "Remote host said: 550 5.7.1 no such user",
        "Giving up on 192.0.2.1.",
        "",
        "--- Below this line is a copy of the message.",
        "",
        "Message-ID: <a@b.example>",
        "",
        "text",
      ),
    );
    expect(report).toMatchObject({
      messageIds: ["<a@b.example>"],
      recipients: [{ finalRecipient: "buero@kunde.example", status: "5.7.1" }],
    });
  });

  test.each<[string, Uint8Array]>([
    [
      "a warning",
      plain(
        ["Auto-Submitted: auto-replied"],
        "Your message has not yet been delivered to",
        "",
        "  a@b.example",
        "    451 4.7.1 later",
        "",
        ...copied,
      ),
    ],
    ["no code that says for good", plain([], "  a@b.example", "    something went wrong", "", ...copied)],
    ["no copied header", plain(["X-Failed-Recipients: a@b.example"], "  a@b.example", "    550 no")],
    ["an absence note", plain(["Auto-Submitted: auto-replied"], "I am away until Monday. Room 550 is closed.")],
    [
      "a person who forwards a report",
      bytes("From: Otto <otto@kunde.example>", "", "Look:", "", "  a@b.example", "    550 5.1.1 unknown", "", ...copied),
    ],
    ["an ordinary mail", bytes("From: Otto <otto@kunde.example>", "Subject: Hi", "", "text")],
    ["nothing", new Uint8Array()],
  ])("%s is no report", async (_, source) => {
    expect(await read(source)).toBeUndefined();
  });
});

describe("hostile mails", () => {
  const status = ["Reporting-MTA: dns; x", "", "Final-Recipient: rfc822; x@y.example", "Action: failed", "Status: 5.1.1"];

  test("parts within parts without end are refused", async () => {
    const nested = Array.from({ length: 300 }, (_, depth) => [
      `Content-Type: multipart/mixed; boundary="b${depth}"`,
      "",
      `--b${depth}`,
    ]).flat();
    await expect(read(bytes(...nested, "", "x"))).rejects.toThrow("nesting");
  });

  test("headers without end are refused", async () => {
    await expect(read(bytes(`X-Bomb: ${"a".repeat(400_000)}`, "", "x"))).rejects.toThrow("header");
  });

  test("charsets that nobody knows, broken encodings and NUL do no harm", async () => {
    const source = standard(status, ["Message-ID: <a@b.example>", "Subject: =?x-bad?Q?=FF=00?=", "", "\u0000"]);
    const text = new TextDecoder()
      .decode(source)
      .replace("Words for people.", "\u0000=FF=Z")
      .replace("--B\r\n\r\n", "--B\r\nContent-Type: text/plain; charset=x-none\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
    expect(await read(bytes(text))).toMatchObject({ messageIds: ["<a@b.example>"], recipients: [{ finalRecipient: "x@y.example" }] });
  });

  test("a report that was cut off is read as far as it goes", async () => {
    const source = standard(status, ["Message-ID: <a@b.example>", "", "x".repeat(2 * mostBytes)]).subarray(0, mostBytes);
    expect(await read(source)).toMatchObject({ messageIds: ["<a@b.example>"], recipients: [{ action: "failed" }] });
  });

  test("of a thousand recipients two hundred are read, and of endless words the beginning", async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => [
      "",
      `Final-Recipient: rfc822; a${index}@y.example`,
      "Action: failed",
      `Diagnostic-Code: smtp; ${"w".repeat(3_000)}`,
    ]).flat();
    const report = await read(standard(["Reporting-MTA: dns; x", ...many].slice(0, 100), ["Message-ID: <a@b.example>"]));
    expect(report!.recipients[0]!.words).toHaveLength(500);
    const short = Array.from({ length: 1_000 }, (_, index) => [
      "",
      `Final-Recipient: rfc822; a${index}@y.example`,
      "Action: failed",
    ]).flat();
    expect((await read(standard(["Reporting-MTA: dns; x", ...short], ["Message-ID: <a@b.example>"])))!.recipients).toHaveLength(200);
  });

  test.each([
    ["<".repeat(100_000)],
    ["(".repeat(100_000)],
    [`${"a@".repeat(50_000)}b`],
    ["- ".repeat(50_000)],
    [`--${" copy".repeat(20_000)}`],
    [`\n${" \n".repeat(90_000)}`],
  ])("no text makes it search without end (%#)", async (text) => {
    const source = bytes(
      "From: Mailer-Daemon@x.example",
      `X-Failed-Recipients: ${text.replaceAll("\n", "").slice(0, 50_000)}`,
      "",
      text,
      "----- copy of message",
      text,
    );
    expect(await read(source)).toBeUndefined();
    expect(
      await read(standard(["Reporting-MTA: dns; x", "", `Final-Recipient: rfc822; ${text}`, `Action: ${text}`], [text])),
    ).toBeUndefined();
  });
});
