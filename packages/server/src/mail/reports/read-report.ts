/**
 * Delivery reports out of raw mails. What is read was written by anybody, so nothing in it is believed beyond what it says: a report
 * that does not name a mail of ours by its Message-ID leads to nothing (take-report.ts).
 *
 * Read with certainty are reports by RFC 3464, as Postfix, Exim and Exchange write them, and the plain texts of older Exim, qmail and
 * those who write like them: a header or a line names the address, a reply code says that it is for good, and the copied header of our
 * mail follows below.
 */
import PostalMime, { type Email } from "postal-mime";
import { mailAddress, parseDeliveryStatus, type RecipientReport } from "./delivery-status.ts";
import { parsePlainReport } from "./plain-report.ts";

export interface DeliveryReport {
  /** Message-IDs, with angle brackets, of mails that it may be about; the first that we have sent is meant. */
  readonly messageIds: readonly string[];
  readonly recipients: readonly RecipientReport[];
}

/** Reports nest three deep; what is deeper was made to be a nuisance. */
const limits = { maxNestingDepth: 12, maxHeadersSize: 128 * 1_024, maxRfc822NestingDepth: 0 };
/** So much of each part is looked at. */
const mostText = 200_000;

const statusTypes = ["message/delivery-status", "message/global-delivery-status"];
const originalTypes = ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/rfc822-headers"];

/** undefined when it is no delivery report. Throws when no sense can be made of the mail. */
export async function readDeliveryReport(source: Uint8Array): Promise<DeliveryReport | undefined> {
  const email = await PostalMime.parse(source, limits);
  const status = email.attachments.find(({ mimeType }) => statusTypes.includes(mimeType));
  return status ? standardReport(email, parseDeliveryStatus(textOf(status.content))) : plainReport(email);
}

function standardReport(email: Email, status: ReturnType<typeof parseDeliveryStatus>): DeliveryReport | undefined {
  if (status.recipients.length === 0) return undefined;
  const original = email.attachments.find(({ mimeType }) => originalTypes.includes(mimeType));
  const own = original ? messageIdIn(textOf(original.content)) : undefined;
  const envelopeId = status.envelopeId === undefined ? undefined : `<${decodeXtext(status.envelopeId)}>`;
  const named = [own, envelopeId].filter((id) => id !== undefined);
  // Exchange leaves the original out where it may not be shown, and answers to its Message-ID.
  return { messageIds: named.length > 0 ? named : referredTo(email), recipients: status.recipients };
}

function plainReport(email: Email): DeliveryReport | undefined {
  const header = (name: string) => email.headers.find(({ key }) => key === name)?.value ?? "";
  const isFromMailSystem =
    /^(auto-replied|auto-generated)/i.test(header("auto-submitted")) ||
    header("return-path").trim() === "<>" ||
    /\b(mailer-daemon|postmaster)@/i.test(header("from")) ||
    header("x-failed-recipients") !== "";
  if (!isFromMailSystem) return undefined;
  const failed = header("x-failed-recipients")
    .split(",")
    .flatMap((part) => mailAddress(part) ?? []);
  const report = parsePlainReport((email.text ?? "").slice(0, mostText), failed);
  if (!report) return undefined;
  const own = messageIdIn(report.original);
  return { messageIds: own === undefined ? [] : [own], recipients: report.recipients };
}

/** Of the original's header alone: what stands below its first empty line was its text, and may be a mail within a mail. */
function messageIdIn(original: string): string | undefined {
  const header = original
    .replaceAll("\r\n", "\n")
    .trimStart()
    .split(/\n[ \t]*\n/, 1)[0]!;
  return /^message-id:[ \t]*(?:\n[ \t]+)?(<[^\s<>]{3,250}>)/im.exec(header)?.[1];
}

const referredTo = ({ inReplyTo, references }: Email): string[] =>
  [...`${inReplyTo ?? ""} ${references ?? ""}`.slice(0, 4_000).matchAll(/<[^\s<>]{3,250}>/g)].map(([id]) => id).slice(0, 20);

/** RFC 3461, section 4: `+3D` for `=`. */
const decodeXtext = (text: string) => text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function textOf(content: ArrayBuffer | Uint8Array | string): string {
  if (typeof content === "string") return content.slice(0, mostText);
  const bytes = content instanceof Uint8Array ? content : new Uint8Array(content);
  return new TextDecoder().decode(bytes.subarray(0, mostText));
}
