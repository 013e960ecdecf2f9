/** Delivery reports in plain text, from before RFC 3464 or beside it: Exim, qmail (QSBMF) and those who write like them. Pure. */
import { mailAddress, type RecipientReport } from "./delivery-status.ts";

export interface PlainReport {
  readonly recipients: readonly RecipientReport[];
  /** What follows the line that says that the original is copied below. */
  readonly original: string;
}

const mostRecipients = 200;
const mostWords = 500;

/** The line above the copied original: Exim, qmail, IONOS and others. */
const separator = /^-{2,}.*\b(?:copy of|header of|original message|below this line)\b.*$/im;
/** An enhanced status code (RFC 3463) or an SMTP reply that is final. */
const finalStatus = /\b5\.\d{1,3}\.\d{1,3}\b/;
const finalReply = /(?:^|[\s:#])5[0-5]\d[ -]/;
const temporary = /\b(?:delayed|not yet been delivered|will be retried|delivery attempts will continue|warning only)\b/i;

/**
 * @param failedRecipients of the header X-Failed-Recipients
 * @returns undefined when it does not say with certainty who did not get the mail for good
 */
export function parsePlainReport(text: string, failedRecipients: readonly string[]): PlainReport | undefined {
  const lines = text.replaceAll("\r\n", "\n");
  const cut = separator.exec(lines);
  if (!cut) return undefined;
  const said = lines.slice(0, cut.index);
  const original = lines.slice(cut.index + cut[0].length);
  if (temporary.test(said)) return undefined;
  const found = new Map<string, RecipientReport>();
  for (const { address, words } of paragraphsAbout(said)) {
    const isNamed = failedRecipients.some((one) => one.toLowerCase() === address.toLowerCase());
    if (isNamed || finalStatus.test(words) || finalReply.test(words)) found.set(address.toLowerCase(), failure(address, words));
  }
  for (const address of failedRecipients) {
    if (!found.has(address.toLowerCase())) found.set(address.toLowerCase(), failure(address, ""));
  }
  const recipients = [...found.values()].slice(0, mostRecipients);
  return recipients.length === 0 ? undefined : { recipients, original };
}

const failure = (address: string, words: string): RecipientReport => ({
  originalRecipient: undefined,
  finalRecipient: address,
  action: "failed",
  status: finalStatus.exec(words)?.[0],
  words: words.slice(0, mostWords),
  by: undefined,
});

/** A line that is an address and nothing else, with what is said of it up to the next empty line or the next address. */
function paragraphsAbout(text: string): { address: string; words: string }[] {
  const found: { address: string; words: string[] }[] = [];
  let current: { address: string; words: string[] } | undefined;
  for (const line of text.split("\n")) {
    const address = line.length <= 330 ? mailAddress(line.trim().replace(/:$/, "")) : undefined;
    if (address !== undefined) found.push((current = { address, words: [] }));
    else if (line.trim() === "") current = undefined;
    else current?.words.push(line.trim());
  }
  return found.map(({ address, words }) => ({ address, words: words.join(" ") }));
}
