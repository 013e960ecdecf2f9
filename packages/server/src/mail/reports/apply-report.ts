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
 * Only who was sent the mail can have it come back, and a report no newer than the last one about a recipient is known already.
 * @param atMs when the report arrived, Unix milliseconds
 */
export function applyReport(recipients: readonly MailRecipientState[], reports: readonly RecipientReport[], atMs: number): AfterReport {
  const at = new Date(atMs).toISOString();
  const returned: Reported[] = [];
  const delayed: Reported[] = [];
  const after = recipients.map((recipient): MailRecipientState => {
    const said = reports.find((report) => isAbout(report, recipient, recipients.length));
    if (!said || recipient.state !== "sent" || (recipient.report && recipient.report.at >= at)) return recipient;
    const report = { action: said.action, status: said.status ?? null, words: wordsOf(said, recipient), by: said.by ?? null, at };
    if (said.action === "failed") returned.push({ address: recipient.address, report });
    if (said.action === "delayed") delayed.push({ address: recipient.address, report });
    return { ...recipient, state: said.action === "failed" ? "returned" : recipient.state, report };
  });
  return { recipients: after, returned, delayed };
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
