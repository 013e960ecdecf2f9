/**
 * Who is told what. Pure: findings as they are now, what each address knows of them, and the recipients, to the mails that
 * follow from it.
 */
import { alarmDrillCheckId } from "@hauswart/protocol/alarm-drill.ts";
import type { Channel } from "@hauswart/protocol/api/routing.ts";
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import {
  heldUntilMs,
  isSevereEnough,
  keyOfReader,
  nameOfReader,
  notAbout,
  type Recipient,
  type RoutedFinding,
} from "../../routing/rule.ts";
import type { Severity, Told } from "../render/mail-texts.ts";

export interface PendingFinding extends RoutedFinding {
  readonly findingId: Id;
  readonly isOver: boolean;
  /** When an acknowledgement ran out last, Unix milliseconds: readers who were told before are reminded. */
  readonly ranOutAtMs?: number | undefined;
  /** The same since anybody was told last; for those who are called. */
  readonly isReminded: boolean;
  /** Name of a reader who is not told: the finding is that this address cannot be reached. */
  readonly notTo?: string | undefined;
}

/** What a reader knows of a finding. */
export interface Telling {
  readonly findingId: Id;
  /** Key of the reader: a mail address in lower case, or a recipient's id. */
  readonly address: string;
  readonly severity: Severity;
  readonly isOver: boolean;
  /** Unix milliseconds. */
  readonly toldAtMs: number;
}

export interface LetterItem {
  readonly findingId: Id;
  readonly told: Told;
  readonly severityBefore: Severity | undefined;
}

/** Somebody who is told by a letter. */
export interface LetterReader {
  readonly key: string;
  readonly address: string;
  readonly recipientId: Id | null;
}

/** One mail or message: everybody in it reads the same. */
export interface Letter {
  readonly channel: Channel;
  readonly readers: readonly LetterReader[];
  /** Technicians and customers do not see each other's addresses. */
  readonly circle: "provider" | "customer";
  readonly language: Language;
  readonly fromSeverity: Severity;
  readonly items: readonly LetterItem[];
}

/** A finding that a recipient is told of after its quiet hours. */
export interface HeldItem {
  readonly recipientId: Id;
  readonly findingId: Id;
  readonly dueAtMs: number;
}

export interface Decision {
  readonly letters: readonly Letter[];
  readonly held: readonly HeldItem[];
  /** Findings that nobody is told of: no recipient fits, or it was over before a message left. */
  readonly untold: readonly { readonly findingId: Id; readonly why: "nobody" | "over" }[];
}

/** One address with all its entries in the recipient list. */
interface Reader {
  readonly key: string;
  readonly channel: Channel;
  readonly address: string;
  readonly entries: readonly Recipient[];
}

/**
 * Decides for the pending findings of one site.
 * @param occasion `digest`: what came in quiet hours; then nothing is held, and what was over meanwhile is told too
 */
export function decide(
  findings: readonly PendingFinding[],
  recipients: readonly Recipient[],
  tellings: readonly Telling[],
  occasion: "notice" | "digest" = "notice",
): Decision {
  const known = new Map(tellings.map((telling) => [`${telling.findingId} ${telling.address}`, telling]));
  const letters = new Map<string, Letter & { readers: LetterReader[] }>();
  const held: HeldItem[] = [];
  for (const reader of readersOf(recipients)) {
    const items: LetterItem[] = [];
    for (const finding of findings.filter(({ notTo }) => notTo !== nameOfReader(reader))) {
      const item = itemFor(reader, finding, known.get(`${finding.findingId} ${reader.key}`));
      const wait = item && occasion === "notice" ? waitOf(reader, finding) : undefined;
      if (wait) held.push({ ...wait, findingId: finding.findingId });
      else if (item) items.push(item);
    }
    // What was over before anybody heard of it is worth a line in a mail, not a mail.
    if (items.length === 0 || (occasion === "notice" && items.every(({ told }) => told === "brief"))) continue;
    const letter = letterFor(reader, findings, items);
    const same = letters.get(letter.key);
    const { key, address, entries } = reader;
    if (same) same.readers.push({ key, address, recipientId: entries[0]!.recipientId });
    else letters.set(letter.key, { readers: [{ key, address, recipientId: entries[0]!.recipientId }], ...letter.mail });
  }
  const all = [...letters.values()];
  return { letters: all, held, untold: untold(findings, recipients, tellings, all, held) };
}

/** Waits only where every entry that would tell of it keeps quiet hours; it is told when the first of them ends. */
function waitOf({ entries }: Reader, finding: PendingFinding): Pick<HeldItem, "recipientId" | "dueAtMs"> | undefined {
  const telling = entries.filter((entry) => isAbout(entry, finding));
  const waits = telling.map((entry) => ({ recipientId: entry.recipientId, dueAtMs: heldUntilMs(entry, finding) }));
  const ends = waits.flatMap(({ recipientId, dueAtMs }) =>
    recipientId !== null && dueAtMs !== undefined ? [{ recipientId, dueAtMs }] : [],
  );
  if (ends.length < telling.length) return undefined;
  return ends.toSorted((one, other) => one.dueAtMs - other.dueAtMs)[0];
}

function readersOf(recipients: readonly Recipient[]): Reader[] {
  const readers = new Map<string, { key: string; channel: Channel; address: string; entries: Recipient[] }>();
  // The narrowest entry speaks first: its language and its spelling of the address are taken.
  const narrowest = [...recipients].sort((a, b) => narrowness(b) - narrowness(a));
  for (const recipient of narrowest) {
    const key = keyOfReader(recipient);
    const reader = readers.get(key);
    if (reader) reader.entries.push(recipient);
    else readers.set(key, { key, channel: recipient.channel, address: recipient.address, entries: [recipient] });
  }
  return [...readers.values()];
}

/** The narrowest of several entries speaks for its reader. */
export const narrowness = ({ customerId, siteId }: Pick<Recipient, "customerId" | "siteId">) => (siteId ? 2 : customerId ? 1 : 0);

const isAbout = (recipient: Recipient, finding: PendingFinding) => notAbout(recipient, finding) === undefined;

function itemFor({ entries }: Reader, finding: PendingFinding, known: Telling | undefined): LetterItem | undefined {
  const about = entries.filter((entry) => isAbout(entry, finding));
  const severeEnough = about.some(({ fromSeverity }) => isSevereEnough(fromSeverity, finding.severity));
  const item = (told: Told): LetterItem => ({ findingId: finding.findingId, told, severityBefore: known?.severity });
  if (!known) return severeEnough ? item(finding.isOver ? "brief" : "alarm") : undefined;
  if (about.length === 0 || known.isOver) return undefined;
  // That a drill is over is no news.
  if (finding.isOver && finding.checkId === alarmDrillCheckId) return undefined;
  if (finding.isOver) return about.some(({ recoveries }) => recoveries) ? item("recovery") : undefined;
  if (known.severity !== finding.severity) return item("change");
  const isReminded = finding.ranOutAtMs !== undefined && finding.ranOutAtMs > known.toldAtMs;
  return isReminded && severeEnough ? item("reminder") : undefined;
}

function letterFor(
  { channel, entries }: Reader,
  findings: readonly PendingFinding[],
  items: readonly LetterItem[],
): { key: string; mail: Omit<Letter, "readers"> } {
  const relevant = entries.filter((entry) => findings.some((finding) => isAbout(entry, finding)));
  const first = relevant[0] ?? entries[0]!;
  const fromSeverity: Severity = relevant.some((entry) => entry.fromSeverity === "warning") ? "warning" : "failure";
  const circle = relevant.some(({ customerId }) => customerId === null) ? "provider" : "customer";
  const key = JSON.stringify([channel, circle, first.language, fromSeverity, items]);
  return { key, mail: { channel, circle, language: first.language, fromSeverity, items } };
}

function untold(
  findings: readonly PendingFinding[],
  recipients: readonly Recipient[],
  tellings: readonly Telling[],
  letters: readonly Letter[],
  held: readonly HeldItem[],
): Decision["untold"] {
  const heard = new Set([...tellings, ...held, ...letters.flatMap(({ items }) => items)].map(({ findingId }) => findingId));
  return findings
    .filter(({ findingId }) => !heard.has(findingId))
    .map((finding) => {
      const someoneWould = recipients.some(
        (recipient) =>
          nameOfReader(recipient) !== finding.notTo &&
          isAbout(recipient, finding) &&
          isSevereEnough(recipient.fromSeverity, finding.severity),
      );
      return { findingId: finding.findingId, why: someoneWould ? "over" : "nobody" };
    });
}
