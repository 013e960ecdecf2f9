import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { defineCheck } from "@hauswart/protocol/check.ts";
import { formatFor, type Language } from "@hauswart/protocol/format.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import type { CheckRegistry } from "../../services.ts";
import { accessLinkMark } from "../access-link.ts";
import { actionLinkMark } from "../action-links.ts";
import type { MailAbout, ToldFinding } from "./mail-model.ts";
import { renderMail } from "./render-mail.ts";
import { wrap } from "./text-part.ts";

const now = Date.UTC(2026, 10, 21, 13, 5, 0);
const words = (subject: string) => ({
  low: {
    title: ({ evidence }: { evidence: Record<string, unknown> }) => `Volume ${subject} almost full (${String(evidence["freePercent"])} %)`,
    meaning: () => "Saving will fail.",
    advice: () => "Delete what is not needed.",
  },
  broken: {
    title: () => {
      throw new Error("no such value");
    },
    meaning: () => "",
    advice: () => "",
  },
});
const messages = {
  name: "Space",
  description: "",
  summary: ({ evidence }: { evidence: Record<string, unknown> }) => `${String(evidence["freePercent"])} % free`,
  findings: words("C:"),
  settings: {},
  fields: { availableBytes: "Available" },
};
const definition = defineCheck({
  id: "space",
  version: 1,
  description: "",
  promises: [],
  cycle: { everyMinutes: 5 },
  failuresBeforeFinding: 1,
  onByDefault: true,
  sample: z.object({}),
  selection: z.object({}),
  judgement: z.object({}),
  findings: { low: { description: "", raises: ["warning", "failure"] } },
});
const checks = new Map([["space", { definition, judge: () => [], messages: { de: messages, en: messages } }]]) as unknown as CheckRegistry;

const finding = (change: Partial<ToldFinding> = {}): ToldFinding => ({
  findingId: "0193a000-0000-7000-8000-000000000001",
  checkId: "space",
  code: "low",
  subject: "C:",
  told: "alarm",
  severity: "failure",
  severityBefore: undefined,
  deviceName: "PC-EMPFANG",
  evidence: { freePercent: 4, availableBytes: 12_300_000_000, secret: "unlabelled" },
  closingEvidence: undefined,
  evidenceAtMs: now - 3_000,
  measured: true,
  openedAtMs: now - 3_000,
  closedAtMs: undefined,
  ending: "recovered",
  isOrdered: false,
  ...change,
});
const about = (findings: readonly ToldFinding[], language: Language = "de", change: Partial<MailAbout> = {}): MailAbout => ({
  language,
  format: formatFor(language, "Europe/Berlin"),
  nowMs: now,
  providerName: "Systemhaus Nord",
  customerName: "Muster GmbH",
  siteName: "Zentrale",
  fromSeverity: "warning",
  consoleUrl: "https://hauswart.example",
  confirmsDrills: false,
  judgesAlarms: false,
  repair: undefined,
  findings,
  ...change,
});
const mail = (...parameters: Parameters<typeof about>) => renderMail(checks, about(...parameters));

describe("a mail about one finding", () => {
  test("says what and where in the subject", () => {
    expect(mail([finding()]).subject).toBe("Volume C: almost full (4 %): PC-EMPFANG, Muster GmbH");
  });
  test("tells the evidence with its time in the customer's zone, its age, and the labelled values", () => {
    for (const part of [mail([finding()]).text.replaceAll("\n  ", " "), mail([finding()]).html]) {
      expect(part).toContain("4 % free, gemessen 21.11.2026, 14:04, vor 3 Sekunden");
      expect(part).toContain("Available 12,3 GB");
      expect(part).not.toContain("unlabelled");
    }
  });
  test("goes from what is the case to the link and the small print", () => {
    const { text } = mail([finding()], "en");
    const places = [
      "Failure: Volume C:",
      "Device: PC-EMPFANG",
      "Since:",
      "How we know:",
      "What it means:",
      "What to do:",
      "https://hauswart.example/findings/0193a000",
      "Systemhaus Nord has this address",
    ].map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });
  test("says how long a resolved finding lasted, what was reported and what is the case now", () => {
    const over = finding({
      told: "recovery",
      closedAtMs: now - 1_000,
      openedAtMs: now - 601_000,
      evidenceAtMs: now - 1_000,
      closingEvidence: { freePercent: 40 },
    });
    const { subject, text } = mail([over]);
    expect(subject).toBe("Behoben: Volume C: almost full (4 %): PC-EMPFANG, Muster GmbH");
    expect(text).toContain("Dauer 10 Minuten");
    expect(text).toContain("Gemeldet war: 4 % free");
    expect(text).toContain("Jetzt: 40 % free, gemessen");
    expect(text).not.toContain("Saving will fail");
  });
  test("does not call resolved what nobody watches any more", () => {
    const { subject, text, html } = mail([finding({ told: "recovery", closedAtMs: now, ending: "not-watched" })]);
    expect(subject).toBe("Nicht mehr überwacht: Volume C: almost full (4 %): PC-EMPFANG, Muster GmbH");
    expect(text.replaceAll("\n", " ")).toContain("Ob das Problem noch besteht, ist nicht bekannt.");
    for (const part of [text, html]) expect(part).not.toContain("Behoben");
  });
  test("names the severity before and after a change", () => {
    const { subject, text } = mail([finding({ told: "change", severityBefore: "warning" })], "en");
    expect(subject).toStartWith("Changed: Volume C:");
    expect(text).toContain("Was Warning, is now Failure");
  });
  test("says that the server noticed what no agent measured", () => {
    const silent = finding({ checkId: "device", code: "silent", subject: "", evidence: { lastSeenAtMs: now - 300_000 }, measured: false });
    expect(mail([silent]).subject).toBe("Meldet sich nicht mehr, zuletzt 21.11.2026, 14:00: PC-EMPFANG, Muster GmbH");
    expect(mail([silent]).text).toContain("Woher wir es wissen: festgestellt 21.11.2026, 14:04, vor 3 Sekunden");
  });
});

describe("why it looks as it does", () => {
  const flapping = { freePercent: 4, flapCount: 3, flapsSinceAtMs: now - 3_000_000 };
  const flat = (...parameters: Parameters<typeof mail>) => mail(...parameters).text.replaceAll("\n  ", " ");

  test("of what comes and goes it says how often, and that not each time is told", () => {
    expect(flat([finding({ evidence: flapping })])).toContain("Kommt und geht: 3-mal seit 21.11.2026, 13:15. Gemeldet wird es erst wieder");
    const over = finding({ told: "recovery", evidence: flapping, closingEvidence: { ...flapping, flapCount: 20 }, closedAtMs: now });
    expect(flat([over], "en")).toContain("Comes and goes: 20 times since 21 Nov 2026, 13:15; it is calm now");
    expect(flat([finding()])).not.toContain("Kommt und geht");
    expect(mail([over]).subject).toBe("Behoben: Volume C: almost full (4 %): PC-EMPFANG, Muster GmbH");
  });
  test("what comes and goes says so in the subject, with how often since when", () => {
    const subjects = (["de", "en"] as const).map((language) => mail([finding({ evidence: flapping })], language).subject);
    expect(subjects).toEqual([
      "Flattert: Volume C: almost full (4 %) – mindestens 3-mal seit 21.11.2026, 13:15: PC-EMPFANG, Muster GmbH",
      "Flaps: Volume C: almost full (4 %) – at least 3 times since 21 Nov 2026, 13:15: PC-EMPFANG, Muster GmbH",
    ]);
  });
  test("of what outlived a maintenance window it names the window", () => {
    expect(flat([finding({ windowName: "Patchnacht" })])).toContain("Wartung: Im Wartungsfenster „Patchnacht“ zurückgehalten und noch da.");
  });
  test("of what nobody measures it does not say what is the case now", () => {
    const over = finding({ checkId: "site", code: "offline", told: "recovery", evidence: {}, closedAtMs: now, measured: false });
    expect(mail([over]).text).not.toContain("Jetzt:");
  });
});

describe("a mail to somebody who looks after several places", () => {
  const lead = { subject: "Bereitschaft", title: "", text: "" };
  const none = { customerName: "", siteName: undefined, lead };
  test("says in the subject which place it is about, where it is one", () => {
    const here = finding({ place: "Muster GmbH, Zentrale" });
    expect(mail([here], "de", none).subject).toBe("Bereitschaft: Volume C: almost full (4 %): PC-EMPFANG, Muster GmbH, Zentrale");
    const there = finding({ place: "Beispiel KG, Lager" });
    expect(mail([here, there], "de", none).subject).toBe("Bereitschaft: 2 offene Befunde: PC-EMPFANG");
  });
});

describe("the question whether it was right to tell", () => {
  const asked = (findings: readonly ToldFinding[]) => {
    const { text, html } = mail(findings, "de", { judgesAlarms: true });
    return [text, html].map((part) => part.split("verdict/0193a000").length - 1);
  };
  test("stands in mails to those who judge, also when it is over, and in no other", () => {
    expect(asked([finding()])).toEqual([1, 1]);
    expect(asked([finding({ told: "recovery", closedAtMs: now })])).toEqual([1, 1]);
    expect(mail([finding()]).text).not.toContain("nützlich");
  });
  test("is not asked of drills, nor where it would be most of the mail", () => {
    expect(asked([finding({ checkId: "alarm-drill" })])).toEqual([0, 0]);
    expect(asked(Array.from({ length: 5 }, () => finding()))).toEqual([5, 5]);
    expect(asked(Array.from({ length: 6 }, () => finding()))).toEqual([0, 0]);
  });
});

describe("a gathered mail", () => {
  const several = [
    finding({ told: "brief", closedAtMs: now, deviceName: "PC-3" }),
    finding({ told: "alarm", severity: "warning", deviceName: "PC-2" }),
    finding({ told: "recovery", closedAtMs: now, deviceName: "PC-1" }),
    finding({ told: "alarm", deviceName: "PC-2" }),
  ];
  test("puts the worst news first, under headings", () => {
    const { text } = mail(several);
    const places = ["== Neu ==", "Störung:", "Warnung:", "== Nicht mehr offen ==", "== Aufgetreten und schon vorüber =="].map((part) =>
      text.indexOf(part),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });
  test("counts in the subject", () => {
    expect(mail(several).subject).toBe("2 offene Befunde, 2 behoben: PC-2 und 2 weitere Geräte, Muster GmbH");
    expect(mail(several.map((one) => ({ ...one, ending: "not-watched" as const }))).subject).toStartWith("2 offene Befunde, 2 vorüber:");
    expect(mail([finding({ told: "recovery", closedAtMs: now }), finding({ told: "recovery", closedAtMs: now })]).subject).toStartWith(
      "2 Befunde behoben:",
    );
    expect(mail(several, "en").subject).toBe("2 open findings, 2 resolved: PC-2 and 2 more devices, Muster GmbH");
  });
  test("counts what would make it too long", () => {
    const { text, html } = mail(Array.from({ length: 45 }, (_, index) => finding({ deviceName: `PC-${index}` })));
    expect(text).toContain("… und 15 weitere Befunde in Hauswart\nhttps://hauswart.example/findings");
    expect(html.split('class="card"').length - 1).toBe(30);
  });
});

describe("what comes from outside", () => {
  const script = `<script>alert(1)</script>" onload="x`;
  test("stays text in HTML", () => {
    const { html } = mail([finding({ deviceName: script, subject: script, checkId: "gone" })], "de", {
      customerName: script,
      siteName: script,
      providerName: script,
    });
    expect(html).not.toContain("<script");
    expect(html).not.toContain('" onload');
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });
  test("cannot add a line to the subject or turn its direction", () => {
    const { subject } = mail([finding({ deviceName: "PC\r\nBcc: everyone@example.com\u202egnp\u0000" })]);
    expect(subject).toBe("Volume C: almost full (4 %): PC Bcc: everyone@example.comgnp, Muster GmbH");
  });
  test.each([
    ["as it is", ""],
    ["within itself", accessLinkMark],
    ["with a control character in it", "\u0000"],
  ])("cannot bring a link of ours into the mail: the mark %s", (_, inside) => {
    const bare = actionLinkMark("verdict", newId());
    const mark = `${bare.slice(0, 20)}${inside}${bare.slice(20)}`;
    const { subject, text, html } = mail(
      [finding({ deviceName: mark, subject: mark, evidence: { freePercent: mark, availableBytes: mark } })],
      "de",
      {
        customerName: mark,
        siteName: mark,
        providerName: mark,
      },
    );
    expect(text).toContain("verdict/");
    expect([subject, text, html].filter((part) => part.includes(accessLinkMark))).toEqual([]);
  });
  test("a check that this server no longer knows is still told", () => {
    expect(mail([finding({ checkId: "gone", code: "odd", subject: "/var" })]).subject).toBe("gone: odd /var: PC-EMPFANG, Muster GmbH");
  });
  test("a text that fails is replaced by the finding's code", () => {
    expect(mail([finding({ code: "broken", subject: "" })]).subject).toBe("space: broken: PC-EMPFANG, Muster GmbH");
  });
  test("a code like a property of every object finds no text", () => {
    expect(mail([finding({ code: "constructor" })]).subject).toStartWith("space: constructor C:");
  });
});

test("lines of the text part stay short, except for addresses", () => {
  const long = mail([finding({ subject: "C:" })])
    .text.split("\n")
    .filter((line) => line.length > 76 && !line.startsWith("https://"));
  expect(long).toEqual([]);
  expect(wrap("a".repeat(90))).toBe("a".repeat(90));
});
