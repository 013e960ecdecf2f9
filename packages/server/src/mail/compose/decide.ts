/**
 * Who is told what. Pure: findings as they are now, what each address knows of them, and the recipients, to the mails that
 * follow from it.
 */
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import type { Severity, Told } from "../render/mail-texts.ts";

export interface PendingFinding {
  readonly findingId: Id;
  /** null for findings about the server itself. */
  readonly customerId: Id | null;
  readonly siteId: Id | null;
  readonly checkId: string;
  readonly severity: Severity;
  readonly isOver: boolean;
  /** An acknowledgement ran out since the last mail. */
  readonly isReminded: boolean;
}

export interface Recipient {
  readonly address: string;
  /** null: all customers. */
  readonly customerId: Id | null;
  /** null: all sites. */
  readonly siteId: Id | null;
  readonly language: Language;
  readonly fromSeverity: Severity;
  /** Check ids; null: all. */
  readonly checks: readonly string[] | null;
  readonly recoveries: boolean;
}

/** What an address knows of a finding. */
export interface Telling {
  readonly findingId: Id;
  /** Lower case. */
  readonly address: string;
  readonly severity: Severity;
  readonly isOver: boolean;
}

export interface LetterItem {
  readonly findingId: Id;
  readonly told: Told;
  readonly severityBefore: Severity | undefined;
}

/** One mail: everybody in it reads the same. */
export interface Letter {
  readonly addresses: readonly string[];
  /** Technicians and customers do not see each other's addresses. */
  readonly circle: "provider" | "customer";
  readonly language: Language;
  readonly fromSeverity: Severity;
  readonly items: readonly LetterItem[];
}

export interface Decision {
  readonly letters: readonly Letter[];
  /** Findings that nobody is told of: no recipient fits, or it was over before a mail left. */
  readonly untold: readonly { readonly findingId: Id; readonly why: "nobody" | "over" }[];
}

/** One address with all its entries in the recipient list. */
interface Reader {
  readonly address: string;
  readonly entries: readonly Recipient[];
}

/** Decides for the pending findings of one site. */
export function decide(findings: readonly PendingFinding[], recipients: readonly Recipient[], tellings: readonly Telling[]): Decision {
  const known = new Map(tellings.map((telling) => [`${telling.findingId} ${telling.address}`, telling]));
  const letters = new Map<string, Letter & { addresses: string[] }>();
  for (const reader of readersOf(recipients)) {
    const items = findings.flatMap((finding) =>
      itemFor(reader, finding, known.get(`${finding.findingId} ${reader.address.toLowerCase()}`)),
    );
    // What was over before anybody heard of it is worth a line in a mail, not a mail.
    if (items.every(({ told }) => told === "brief")) continue;
    const letter = letterFor(reader, findings, items);
    const same = letters.get(letter.key);
    if (same) same.addresses.push(reader.address);
    else letters.set(letter.key, { addresses: [reader.address], ...letter.mail });
  }
  return { letters: [...letters.values()], untold: untold(findings, recipients, tellings, [...letters.values()]) };
}

function readersOf(recipients: readonly Recipient[]): Reader[] {
  const readers = new Map<string, { address: string; entries: Recipient[] }>();
  // The narrowest entry speaks first: its language and its spelling of the address are taken.
  const narrowest = [...recipients].sort((a, b) => narrowness(b) - narrowness(a));
  for (const recipient of narrowest) {
    const key = recipient.address.toLowerCase();
    const reader = readers.get(key);
    if (reader) reader.entries.push(recipient);
    else readers.set(key, { address: recipient.address, entries: [recipient] });
  }
  return [...readers.values()];
}

const narrowness = ({ customerId, siteId }: Recipient) => (siteId ? 2 : customerId ? 1 : 0);

const isAbout = (recipient: Recipient, finding: PendingFinding) =>
  (recipient.customerId === null || recipient.customerId === finding.customerId) &&
  (recipient.siteId === null || recipient.siteId === finding.siteId) &&
  (recipient.checks === null || recipient.checks.includes(finding.checkId));

const isSevereEnough = (recipient: Recipient, finding: PendingFinding) =>
  recipient.fromSeverity === "warning" || finding.severity === "failure";

function itemFor({ entries }: Reader, finding: PendingFinding, known: Telling | undefined): LetterItem[] {
  const about = entries.filter((entry) => isAbout(entry, finding));
  const severeEnough = about.some((entry) => isSevereEnough(entry, finding));
  const item = (told: Told): LetterItem[] => [{ findingId: finding.findingId, told, severityBefore: known?.severity }];
  if (!known) return severeEnough ? item(finding.isOver ? "brief" : "alarm") : [];
  if (about.length === 0 || known.isOver) return [];
  if (finding.isOver) return about.some(({ recoveries }) => recoveries) ? item("recovery") : [];
  if (known.severity !== finding.severity) return item("change");
  return finding.isReminded && severeEnough ? item("reminder") : [];
}

function letterFor(
  { entries }: Reader,
  findings: readonly PendingFinding[],
  items: readonly LetterItem[],
): { key: string; mail: Omit<Letter, "addresses"> } {
  const relevant = entries.filter((entry) => findings.some((finding) => isAbout(entry, finding)));
  const first = relevant[0] ?? entries[0]!;
  const fromSeverity: Severity = relevant.some((entry) => entry.fromSeverity === "warning") ? "warning" : "failure";
  const circle = relevant.some(({ customerId }) => customerId === null) ? "provider" : "customer";
  const key = JSON.stringify([circle, first.language, fromSeverity, items]);
  return { key, mail: { circle, language: first.language, fromSeverity, items } };
}

function untold(
  findings: readonly PendingFinding[],
  recipients: readonly Recipient[],
  tellings: readonly Telling[],
  letters: readonly Letter[],
): Decision["untold"] {
  const heard = new Set([...tellings, ...letters.flatMap(({ items }) => items)].map(({ findingId }) => findingId));
  return findings
    .filter(({ findingId }) => !heard.has(findingId))
    .map((finding) => {
      const someoneWould = recipients.some((recipient) => isAbout(recipient, finding) && isSevereEnough(recipient, finding));
      return { findingId: finding.findingId, why: someoneWould ? "over" : "nobody" };
    });
}
