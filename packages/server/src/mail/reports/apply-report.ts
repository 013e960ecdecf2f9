/** What a delivery report changes about a mail's recipients. Pure. */
import type { MailRecipientState } from "../outbox/attempt.ts";
import type { RecipientReport } from "./delivery-status.ts";

/** A recipient of whom a report has told something new. */
export interface Reported {
  readonly address: string;
  readonly report: NonNullable<MailRecipientState["report"]>;
}

export interface AfterReport {
  readonly recipients: readonly MailRecipientState[];
  /** Those whom the mail has come back from. */
  readonly returned: readonly Reported[];
  readonly delayed: readonly Reported[];
}

/**
 * Only who was sent the mail can have it come back, and a report no newer than the last one about a recipient is known already. A report
 * may be read before it is written down that the mail was sent; then it is kept, and whoever writes that down takes it (cameBackOf).
 * @param atMs when the report arrived, Unix milliseconds
 */
export function applyReport(recipients: readonly MailRecipientState[], reports: readonly RecipientReport[], atMs: number): AfterReport {
  const at = new Date(atMs).toISOString();
  const returned: Reported[] = [];
  const delayed: Reported[] = [];
  const after = recipients.map((recipient): MailRecipientState => {
    const said = reports.find((report) => isAbout(report, recipient, recipients.length));
    const mayBeSent = recipient.state === "sent" || recipient.state === "queued";
    if (!said || !mayBeSent || (recipient.report && recipient.report.at >= at)) return recipient;
    const report = { action: said.action, status: said.status ?? null, words: wordsOf(said, recipient), by: said.by ?? null, at };
    if (recipient.state === "queued") return { ...recipient, report };
    if (said.action === "failed") returned.push({ address: recipient.address, report });
    if (said.action === "delayed") delayed.push({ address: recipient.address, report });
    return { ...recipient, state: said.action === "failed" ? "returned" : recipient.state, report };
  });
  return { recipients: after, returned, delayed };
}

/**
 * Who has given the mail back while it was being handed over.
 * @param tried the recipients as they were when that began
 */
export function cameBackOf(recipients: readonly MailRecipientState[], tried: readonly MailRecipientState[]): Set<string> {
  const before = new Map(tried.map(({ address, report }) => [address, report?.at]));
  const after = recipients.filter(({ address, report }) => report?.action === "failed" && report.at !== before.get(address));
  return new Set(after.map(({ address }) => address));
}

/** A mail to one address alone came back from there, whatever address it had by then. */
function isAbout({ originalRecipient, finalRecipient }: RecipientReport, { address }: MailRecipientState, recipients: number): boolean {
  const own = address.toLowerCase();
  return originalRecipient?.toLowerCase() === own || finalRecipient?.toLowerCase() === own || recipients === 1;
}

/** Says where the mail was forwarded to when it did not come back from the address itself. */
function wordsOf({ finalRecipient, words }: RecipientReport, { address }: MailRecipientState): string {
  const isElsewhere = finalRecipient !== undefined && finalRecipient.toLowerCase() !== address.toLowerCase();
  return isElsewhere ? `${finalRecipient}: ${words}` : words;
}
