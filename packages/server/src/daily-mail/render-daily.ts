/** The daily mail of critical events in both its parts. Pure. */
import type { Evidence } from "@hauswart/protocol/check.ts";
import type { Format, Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { formatIn } from "../format-in.ts";
import { findingWords, oneLine } from "../mail/render/finding-words.ts";
import { buttonTo, cardRow, mailPage, paragraph, titleLine } from "../mail/render/mail-page.ts";
import { mailTexts } from "../mail/render/mail-texts.ts";
import type { RenderedMail } from "../mail/render/render-mail.ts";
import { wrap } from "../mail/render/text-part.ts";
import type { Span } from "../presence/availability.ts";
import type { CheckRegistry } from "../services.ts";
import { dailyTexts, dayOf, type DailyCounts, type DailyTexts, type UntoldFailures } from "./daily-texts.ts";
import type { FailureTimes } from "./failure-times.ts";

/** A failure of the day. */
export interface DailyFinding extends FailureTimes {
  readonly findingId: Id;
  readonly checkId: string;
  readonly code: string;
  readonly subject: string;
  readonly evidence: Evidence;
  readonly deviceId: Id | null;
  readonly deviceName: string | null;
}

export interface DailyAbout {
  readonly language: Language;
  readonly timeZone: string;
  readonly providerName: string;
  readonly customerName: string;
  readonly customerId: Id;
  readonly consoleUrl: string;
  /** Time of day at which it is sent, HH:MM. */
  readonly at: string;
  readonly fromMs: number;
  readonly dueAtMs: number;
  /** When the server did not run or agents did not reach it. */
  readonly away: readonly Span[];
  /** Findings that were failures at some moment of that time, oldest first. */
  readonly failures: readonly DailyFinding[];
  /** Other failures of that time. */
  readonly untold: UntoldFailures;
  /** Without those that stand among `failures`. */
  readonly openWarnings: number;
  readonly measured: number;
  readonly total: number;
  /** Devices without fresh evidence, some by name. */
  readonly notMeasured: readonly string[];
}

const linesOfGroup = 20;
const groupsShown = 30;
const namesShown = 20;

/** Failures of one kind, told once and listed by device. */
interface Group {
  readonly heading: string;
  readonly lines: readonly string[];
  readonly meaning: string;
}

const devicesOf = (findings: readonly DailyFinding[]): number => new Set(findings.flatMap(({ deviceId }) => deviceId ?? [])).size;

/** What a daily mail counts; stored with it as proof. */
export function dailyCounts({ failures, measured, total }: DailyAbout): DailyCounts {
  const begun = failures.filter(({ isNew }) => isNew);
  return {
    told: failures.length,
    begun: begun.length,
    over: begun.filter(({ untilMs, isEased }) => untilMs !== undefined && !isEased).length,
    open: failures.filter(({ untilMs }) => untilMs === undefined).length,
    eased: failures.filter(({ isEased }) => isEased).length,
    devices: devicesOf(failures),
    measured,
    total,
  };
}

/** Writes the mail; a day without anything critical has one too (ALM-4). */
export function renderDaily(checks: CheckRegistry, about: DailyAbout): RenderedMail {
  const { language, timeZone, customerName, providerName } = about;
  const texts = dailyTexts[language];
  const { automatic, openFindings } = mailTexts[language];
  const format = formatIn(language, timeZone);
  const counts = dailyCounts(about);
  const day = dayOf(language, timeZone, about.dueAtMs);
  const subject = oneLine(`${texts.subject(counts, day)}: ${customerName}`, 250);
  const intro = introOf(texts, about, counts, format);
  const all = groupsOf(checks, about, texts, format);
  const groups = all.slice(0, groupsShown);
  const beyond = all.length > groups.length ? texts.more(all.length - groups.length) : "";
  const reason = texts.reason({ customer: oneLine(customerName), provider: oneLine(providerName), at: about.at });
  const link = `${about.consoleUrl}/findings?customer=${about.customerId}`;
  const text = [
    wrap(texts.title(day)),
    ...intro.map((line) => wrap(line)),
    ...groups.map(({ heading, lines, meaning }) =>
      [wrap(heading), ...lines.map((line) => wrap(`- ${line}`, "  ")), ...(meaning ? [wrap(meaning)] : [])].join("\n"),
    ),
    ...(beyond ? [beyond] : []),
    `${openFindings}:\n${link}`,
    `-- \n${wrap(reason)}\n${automatic}`,
  ].join("\n\n");
  const html = mailPage({
    language,
    subject,
    preview: intro.slice(1).join(" "),
    rows: [
      cardRow([titleLine(texts.title(day)), ...intro.map((line) => paragraph("", line))]),
      ...groups.map(({ heading, lines, meaning }) =>
        cardRow([titleLine(heading), paragraph("", lines.join("\n")), paragraph(mailTexts[language].meaning, meaning)]),
      ),
      cardRow([paragraph("", beyond), buttonTo(link, openFindings)]),
    ],
    foot: [reason, automatic],
  });
  return { subject, text, html };
}

function introOf(texts: DailyTexts, about: DailyAbout, counts: DailyCounts, format: Format): string[] {
  const names = about.notMeasured.slice(0, namesShown).map((name) => oneLine(name));
  return [
    texts.window(format.dateTime(about.fromMs), format.dateTime(about.dueAtMs)),
    texts.away(about.away.map(({ from, until }) => [format.dateTime(from), format.dateTime(until)])),
    texts.happened(counts),
    texts.notCounted(about.untold),
    [texts.measured(counts), names.length > 0 ? texts.notMeasured(names, counts.total - counts.measured - names.length) : ""]
      .filter(Boolean)
      .join(" "),
    texts.warnings(about.openWarnings),
  ].filter(Boolean);
}

function groupsOf(checks: CheckRegistry, { failures }: DailyAbout, texts: DailyTexts, format: Format): Group[] {
  const byKind = Map.groupBy(failures, ({ checkId, code }) => `${checkId}\n${code}`);
  return [...byKind.values()].map((findings) => {
    const told = findings.map((finding) => ({ finding, words: findingWords(checks, finding, finding.evidence, format) }));
    const devices = devicesOf(findings);
    const { checkId } = findings[0]!;
    const name = checks.get(checkId)?.messages[format.language].name ?? texts.presence;
    const lines = told.slice(0, linesOfGroup).map(({ finding, words }) =>
      texts.line({
        device: oneLine(finding.deviceName ?? ""),
        title: words.title,
        times: finding.times,
        from: format.dateTime(finding.sinceMs),
        until: finding.untilMs === undefined ? undefined : format.dateTime(finding.untilMs),
        isEased: finding.isEased,
      }),
    );
    return {
      heading: devices === 0 ? name : `${name}: ${texts.devices(devices)}`,
      lines: told.length > linesOfGroup ? [...lines, texts.more(told.length - linesOfGroup)] : lines,
      meaning: told[0]!.words.meaning,
    };
  });
}
