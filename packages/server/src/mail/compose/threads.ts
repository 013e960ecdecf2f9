/** Message-IDs and the headers that make all mails about a finding one thread. */
import type { Language } from "@hauswart/protocol/format.ts";
import type { Id } from "@hauswart/protocol/ids.ts";

/** More references than this are not written: header lines have an end, and so has the use of a thread. */
const mostReferences = 25;

/**
 * Right-hand side of Message-IDs: the domain of the sender's address, or else the console's host.
 * @param from `address` or `Name <address>`
 */
export function messageDomain(from: string, consoleUrl: string): string {
  const domain = /@([a-z0-9.-]+\.[a-z0-9-]+)>?\s*$/i.exec(from)?.[1];
  return (domain ?? new URL(consoleUrl).hostname.replace(/[^a-z0-9.-]/gi, "")).toLowerCase();
}

/** The same for a mail however often it is sent: made from the mail's own id. */
export const messageIdOf = (mailId: Id, domain: string): string => `<${mailId}@${domain}>`;

/** First of the thread of a finding. No mail carries it itself; mail programs thread by it all the same, because each mail about the finding refers to it. */
const rootOf = (findingId: Id, domain: string): string => `<finding.${findingId}@${domain}>`;

/**
 * Headers of a mail about findings.
 * @param findingIds those that begin their threads: of an incident its cause
 * @param earlier Message-IDs of earlier mails about them to the same readers, oldest first
 */
export function mailHeaders(
  findingIds: readonly Id[],
  earlier: readonly string[],
  domain: string,
  language: Language,
): Record<string, string> {
  const roots = findingIds.slice(0, mostReferences).map((findingId) => rootOf(findingId, domain));
  const previous = [...new Set(earlier)].slice(-mostReferences);
  return {
    ...(roots.length > 0 ? { References: [...roots, ...previous].join(" "), "In-Reply-To": previous.at(-1) ?? roots[0]! } : {}),
    "Auto-Submitted": "auto-generated",
    // Exchange answers with absence notes unless told so.
    "X-Auto-Response-Suppress": "All",
    "Content-Language": language,
  };
}
