/**
 * Whether a website answers as it should.
 *
 * 1: 2026-11-22 first version.
 * 2: 2026-11-22 whether the page was read to its end.
 */
import { addressFamily } from "@hauswart/protocol/address-family.ts";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { fact, list, series, setting, subject } from "@hauswart/protocol/fields.ts";
import { z } from "zod";

export const website = defineCheck({
  id: "website",
  topic: "availability",
  version: 2,
  readsFrom: 1,
  description: "Whether a website answers, with what status and text, how quickly, and how long its certificate is valid.",
  promises: ["MON-11"],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 2,
  sample: z.object({
    url: fact.text("The address that was asked, without what follows a question mark."),
    finalUrl: fact.text("Where redirects led to, without what follows a question mark."),
    redirectCount: fact.count("How many redirects were followed."),
    outcome: fact.oneOf(
      ["answered", "name-unknown", "connect-failed", "proxy-failed", "tls-failed", "broken-answer", "too-many-redirects", "timed-out"],
      "How far it came: to an answer, or what went wrong on the way.",
    ),
    problem: fact.text(
      "What went wrong, as a code of the system or of the TLS library, or the stage in which time ran out; empty when nothing did.",
    ),
    address: fact.text("The address that was connected to: the website's, or the proxy's; empty when there was none."),
    status: fact.text("Status of the answer, such as 200; empty without an answer."),
    httpVersion: fact.oneOf(["1.0", "1.1", "2", "none"], "Version of HTTP that was spoken."),
    certificateProblem: fact.text(
      "Why its certificate is not to be trusted, as the TLS library calls it; empty when all is well, or without TLS.",
    ),
    certificateValidTo: fact
      .statedMoment("When the first certificate of its chain ends, Unix time in milliseconds; null without TLS.")
      .nullable(),
    certificateSubject: fact.text("Whom the certificate names; empty without TLS."),
    certificateIssuer: fact.text("Who issued the certificate; empty without TLS."),
    texts: list({
      text: subject("A text that the settings name."),
      wanted: fact.oneOf(["present", "absent"], "Whether it shall be there or not."),
      found: fact.flag("Whether it is there, in what was read of the page."),
    }),
    isCut: fact.flag("Whether the page has more than was read of it; left out by agents that do not say.").optional(),
    dnsMs: series.number("Time until the name was resolved, in milliseconds; null when it did not come to that.").nullable(),
    connectMs: series.number("Time until the connection stood, in milliseconds; null when it did not come to that.").nullable(),
    tlsMs: series.number("Time until TLS was agreed on, in milliseconds; null without TLS.").nullable(),
    firstByteMs: series
      .number("Time from the request until the first byte of the answer, in milliseconds; null without an answer.")
      .nullable(),
    totalMs: series.number("Time of everything together, redirects included, in milliseconds."),
    bodyBytes: series.bytes("Bytes of the page that were read; null without an answer.").nullable(),
  }),
  selection: z.object({
    url: setting.text(
      "",
      "Address of the website; empty: the name of this instance. Without http:// or https:// it is asked by https.",
      1_000,
    ),
    textPresent: setting.names([], "Texts that must stand in the page, letter by letter."),
    textAbsent: setting.names([], "Texts that must not stand in the page, letter by letter."),
    followRedirects: setting.count(5, "So many redirects are followed; 0: the redirect itself is the answer.", 20),
    httpVersion: setting.oneOf(
      ["automatic", "1.1", "2"],
      "automatic",
      "Which version of HTTP is spoken. 2 fails where the server does not offer it.",
    ),
    family: addressFamily,
    answerWithinSeconds: setting.seconds(10, "Everything together may take this long, redirects included.", 25),
    readAtMostBytes: setting.bytes(1_000_000, "At most so much of the page is read and searched; up to 10 MB."),
    proxy: setting.text("", "Proxy on the way, such as http://proxy.example:3128; empty: none.", 300),
    extraAuthorities: setting.text("", "Certificates of authorities of your own, in PEM, trusted besides the usual ones.", 20_000),
  }),
  judgement: z.object({
    acceptedStatus: setting.names(["200-299"], "Status that is in order: single ones (200) or ranges (200-299)."),
    leadsTo: setting.text("", "Where the website must lead to in the end; * stands for any characters. Empty: anywhere.", 1_000),
    certificateWarningDays: setting.days(21, "Warning when a certificate of the chain is valid for less than this; 0 = never."),
    certificateFailureDays: setting.days(7, "Failure when a certificate of the chain is valid for less than this; 0 = never."),
    trustNeeded: setting.flag(true, "Failure when the certificate is not to be trusted: unknown issuer, other name, expired."),
    slowWarningMs: setting.milliseconds(5_000, "Warning when everything together takes longer; 0 = never."),
    smallestBytes: setting.bytes(0, "Warning when less than this was read of the page; 0 = never."),
    largestBytes: setting.bytes(0, "Warning when more than this was read of the page; 0 = never."),
  }),
  findings: {
    unreachable: { description: "The website gave no answer.", raises: ["failure"] },
    status: { description: "The answer has a status that is not in order.", raises: ["failure"] },
    text: { description: "A text is missing, or stands there and must not.", raises: ["failure"] },
    redirect: { description: "The website leads to another address than it shall.", raises: ["failure"] },
    certificate: { description: "The certificate is not to be trusted, or ends soon.", raises: ["warning", "failure"] },
    slow: { description: "The website answers slowly.", raises: ["warning"] },
    size: { description: "The page is larger or smaller than it shall be.", raises: ["warning"] },
  },
  noData: ["no-address", "no-website-address", "no-proxy-address", "not-allowed", "no-route", "no-connection", "no-name-server"],
  onByDefault: false,
  fromServer: { target: "url" },
});

export default [website];
