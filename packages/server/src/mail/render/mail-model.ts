/** A mail as it will be read, before it is HTML or text. */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import type { Evidence } from "@hauswart/protocol/check.ts";
import { flapsOf, withoutFlaps } from "@hauswart/protocol/flapping.ts";
import type { Format, Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { repairTermsText, type RepairTerms } from "@hauswart/protocol/repair-terms.ts";
import type { CheckRegistry } from "../../services.ts";
import { actionLinkMark } from "../action-links.ts";
import { findingWords, oneLine, type FindingWords, type SpokenFinding } from "./finding-words.ts";
import { mailTexts, type MailTexts, type Ending, type Severity, type Told } from "./mail-texts.ts";

/** A finding as a mail tells it. Times are Unix milliseconds. */
export interface ToldFinding extends SpokenFinding {
  readonly findingId: Id;
  readonly told: Told;
  readonly severity: Severity;
  /** What the reader was told last; undefined for news. */
  readonly severityBefore: Severity | undefined;
  readonly deviceName: string | undefined;
  /** Customer and site, in a mail about several places; else the mail's own. */
  readonly place?: string | undefined;
  /** Evidence of the problem. */
  readonly evidence: Evidence;
  /** Evidence of its end; undefined while it lasts. */
  readonly closingEvidence: Evidence | undefined;
  /** Time of the newest evidence, of the end when it is over. */
  readonly evidenceAtMs: number;
  /** True when an agent measured the evidence; false when the server noticed it itself. */
  readonly measured: boolean;
  readonly openedAtMs: number;
  readonly closedAtMs: number | undefined;
  /** The maintenance window that held it back, and which it outlived. */
  readonly windowName?: string | undefined;
  /** Why it is over; without a meaning while it lasts. */
  readonly ending: Ending;
  /** The customer has ordered its repair. */
  readonly isOrdered: boolean;
}

/** What stands before the findings: why this mail comes, and what its reader can do at once. */
export interface MailLead {
  /** Begins the subject. */
  readonly subject: string;
  readonly title: string;
  readonly text: string;
  readonly button?: { readonly label: string; readonly link: string } | undefined;
}

export interface MailAbout {
  readonly language: Language;
  readonly format: Format;
  readonly nowMs: number;
  readonly providerName: string;
  readonly customerName: string;
  readonly siteName: string | undefined;
  /** The least severity that the recipients asked for. */
  readonly fromSeverity: Severity;
  /** Address of the console, no slash at the end. */
  readonly consoleUrl: string;
  /** The readers are those who confirm a drill. */
  readonly confirmsDrills: boolean;
  /** The readers are the house's own people, who say whether an alarm was worth telling. What customers think of it is not counted. */
  readonly judgesAlarms: boolean;
  /** On which terms the readers can order a repair; undefined: they cannot. */
  readonly repair: RepairTerms | undefined;
  readonly findings: readonly ToldFinding[];
  readonly lead?: MailLead | undefined;
  /** Why this address got the mail, where it is not on record as a recipient for the place. */
  readonly reason?: string | undefined;
}

export interface MailItem {
  readonly finding: ToldFinding;
  readonly words: FindingWords;
  readonly deviceName: string;
  /** Customer and site, where they are not the mail's own. */
  readonly place: string | undefined;
  readonly link: string;
  /** What the reader can do about it by a link of their own: order the repair, confirm a drill. undefined: nothing, or it was done already. */
  readonly action: { readonly heading: string; readonly text: string; readonly label: string; readonly link: string } | undefined;
  /** Where the reader says whether it was right to tell of it; undefined: not here. */
  readonly verdictLink: string | undefined;
  readonly isOver: boolean;
  /** The state in words: "Failure", "Resolved". */
  readonly state: string;
  /** What to say instead of meaning and advice when it is over. */
  readonly ending: string;
  /** Rows of "label: text" in the order of reading. */
  readonly facts: readonly { readonly label: string; readonly text: string }[];
}

export interface MailModel {
  readonly texts: MailTexts;
  readonly about: MailAbout;
  readonly subject: string;
  readonly place: string;
  readonly items: readonly MailItem[];
  /** Findings that are only counted, because the mail would be too long. */
  readonly more: number;
  /** Where the console shows all of them. */
  readonly listLink: string;
}

/** Findings told in full; a mail about a whole site that lost power must stay readable. */
const toldInFull = 30;

const order: readonly Told[] = ["alarm", "change", "reminder", "recovery", "brief"];
const rank = ({ told, severity }: ToldFinding) => order.indexOf(told) * 2 + (severity === "failure" ? 0 : 1);

/** A mail about more has no links to judge its alarms: they would be most of it, and the console's list takes a key for each. */
const mostJudged = 5;

/** Why the reader got the mail. */
export function reasonOf({ texts, about }: MailModel): string {
  const { customerName: customer, siteName: site, providerName: provider, fromSeverity: from } = about;
  return about.reason ?? texts.reason({ customer: oneLine(customer), site: site && oneLine(site), provider: oneLine(provider), from });
}

/** Arranges what a mail says: worst news first. */
export function mailModel(checks: CheckRegistry, about: MailAbout): MailModel {
  const texts = mailTexts[about.language];
  const sorted = [...about.findings].sort((a, b) => rank(a) - rank(b) || a.openedAtMs - b.openedAtMs);
  const items = sorted.slice(0, toldInFull).map((finding) => mailItem(checks, about, texts, finding));
  return {
    texts,
    about,
    subject: subjectOf(about, texts, items, sorted),
    place: [about.customerName, about.siteName ?? ""]
      .map((name) => oneLine(name))
      .filter(Boolean)
      .join(", "),
    items,
    more: sorted.length - items.length,
    listLink: `${about.consoleUrl}/findings`,
  };
}

function mailItem(checks: CheckRegistry, about: MailAbout, texts: MailTexts, finding: ToldFinding): MailItem {
  const isOver = finding.closedAtMs !== undefined;
  const words = findingWords(checks, finding, isOver ? withoutFlaps(finding.evidence) : finding.evidence, about.format);
  return {
    finding,
    words,
    deviceName: oneLine(finding.deviceName ?? ""),
    place: finding.place === undefined ? undefined : oneLine(finding.place),
    link: `${about.consoleUrl}/findings/${finding.findingId}`,
    action: isOver ? undefined : actionOf(about, texts, finding),
    verdictLink: isJudgedIn(about, finding) ? actionLinkMark("verdict", finding.findingId) : undefined,
    isOver,
    state: isOver ? texts.endings[finding.ending].word : texts.severity[finding.severity],
    ending: texts.endings[finding.ending].text,
    facts: factsOf(checks, about, texts, finding, words),
  };
}

/** Also what is over: whether an alarm helped shows at its end. */
const isJudgedIn = ({ judgesAlarms, findings }: MailAbout, { checkId }: ToldFinding) =>
  judgesAlarms && findings.length <= mostJudged && checkId !== alarmDrillCheckId;

function actionOf({ repair, confirmsDrills, format }: MailAbout, texts: MailTexts, finding: ToldFinding): MailItem["action"] {
  const { checkId, findingId, isOrdered } = finding;
  if (checkId === alarmDrillCheckId)
    return confirmsDrills
      ? { heading: texts.drill, text: texts.drillHelp, label: texts.confirmDrill, link: actionLinkMark("alarm-drill", findingId) }
      : undefined;
  if (isOrdered || !repair) return undefined;
  const text = repairTermsText(repair, format);
  return { heading: texts.repair, text, label: texts.orderRepair, link: actionLinkMark("repair-order", findingId) };
}

function factsOf(checks: CheckRegistry, { format, nowMs }: MailAbout, texts: MailTexts, finding: ToldFinding, words: FindingWords) {
  const { openedAtMs, closedAtMs, evidenceAtMs, told, severity, severityBefore, closingEvidence } = finding;
  const timed = (finding.measured ? texts.measured : texts.noticed)(
    format.dateTime(evidenceAtMs),
    format.ago((nowMs - evidenceAtMs) / 1_000),
  );
  const values = words.values.map(({ label, value }) => `${label} ${value}`).join("; ");
  const withTime = (text: string) => [text, timed].filter(Boolean).join(", ");
  const facts: { label: string; text: string }[] = [];
  if (told === "change" && severityBefore)
    facts.push({ label: texts.told.change, text: texts.changedFrom(texts.severity[severityBefore], texts.severity[severity]) });
  if (told === "reminder") facts.push({ label: texts.told.reminder, text: texts.reminded });
  facts.push({ label: texts.since, text: format.dateTime(openedAtMs) });
  facts.push(...flapFacts(texts, closingEvidence ?? finding.evidence, format, closedAtMs !== undefined));
  if (finding.windowName !== undefined) facts.push({ label: texts.maintenance, text: texts.outlived(oneLine(finding.windowName, 200)) });
  if (closedAtMs === undefined)
    return [...facts, { label: texts.evidence, text: withTime(words.summary) }, ...(values ? [{ label: texts.values, text: values }] : [])];
  facts.push({
    label: texts.endings[finding.ending].word,
    text: `${format.dateTime(closedAtMs)}, ${texts.lasted(format.duration((closedAtMs - openedAtMs) / 1_000))}`,
  });
  if (words.summary) facts.push({ label: texts.before, text: words.summary });
  if (finding.ending !== "recovered") return facts;
  const summaryNow = closingEvidence ? findingWords(checks, finding, closingEvidence, format).summary : "";
  return summaryNow ? [...facts, { label: texts.now, text: withTime(summaryNow) }] : facts;
}

/** That it comes and goes, so that nobody waits for a message each time. The engine says so in the evidence (judge-damped.ts). */
function flapFacts(texts: MailTexts, evidence: Evidence, format: Format, isOver: boolean): MailItem["facts"] {
  const flaps = flapsOf(evidence);
  if (!flaps) return [];
  const say = isOver ? texts.flapped : texts.flaps;
  return [{ label: texts.flapping, text: say(flaps.flapCount, format.dateTime(flaps.flapsSinceAtMs)) }];
}

function subjectOf(about: MailAbout, texts: MailTexts, items: readonly MailItem[], all: readonly ToldFinding[]): string {
  const devices = [...new Set(all.map(({ deviceName }) => oneLine(deviceName ?? "")).filter(Boolean))];
  const where =
    devices.length === 0
      ? oneLine(about.siteName ?? "")
      : devices.length === 1
        ? devices[0]!
        : texts.andOthers(devices[0]!, devices.length - 1);
  const what = [about.lead?.subject ?? "", whatOf(texts, items, all)].filter(Boolean).join(": ");
  // A mail about several places says it in the subject where it happens to be one: at night nobody opens a mail to learn that.
  const places = [...new Set(all.map(({ place }) => oneLine(place ?? "")))];
  const whose = oneLine(about.customerName) || (places.length === 1 ? places[0]! : "");
  return oneLine([what, [where, whose].filter(Boolean).join(", ")].filter(Boolean).join(": "), 250);
}

function whatOf(texts: MailTexts, items: readonly MailItem[], all: readonly ToldFinding[]): string {
  const single = all.length === 1 ? items[0] : undefined;
  if (single)
    return [single.finding.told === "recovery" ? single.state : texts.told[single.finding.told], single.words.title]
      .filter(Boolean)
      .join(": ");
  const open = all.filter(({ closedAtMs }) => closedAtMs === undefined).length;
  return texts.several({
    open,
    over: all.length - open,
    isResolved: all.every(({ closedAtMs, ending }) => closedAtMs === undefined || ending === "recovered"),
  });
}
