/** What `HAUSWART_IMAP_URL` says. */
import { isLoopback } from "../settings.ts";

export interface MailboxAddress {
  readonly host: string;
  readonly port: number;
  /** `at-once`: TLS from the start; `upgrade`: STARTTLS or nothing; `none-needed`: on this computer, STARTTLS where offered. */
  readonly tls: "at-once" | "upgrade" | "none-needed";
  readonly trustsAnyCertificate: boolean;
  readonly user: string;
  readonly password: string;
  readonly folder: string;
  /** Where messages go that were understood; undefined = they stay and are marked as seen. */
  readonly doneFolder: string | undefined;
  /** For people and for the database: without the password. */
  readonly name: string;
}

/** @param text as `settings.ts` has checked it */
export function mailboxAddress(text: string): MailboxAddress {
  const url = new URL(text);
  const isSecure = url.protocol === "imaps:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const user = decodeURIComponent(url.username);
  const folder = decodeURIComponent(url.pathname.slice(1)) || "INBOX";
  return {
    host,
    port: Number(url.port) || (isSecure ? 993 : 143),
    tls: isSecure ? "at-once" : isLoopback(url.hostname) ? "none-needed" : "upgrade",
    trustsAnyCertificate: url.searchParams.get("tls.rejectUnauthorized") === "false",
    user,
    password: decodeURIComponent(url.password),
    folder,
    doneFolder: url.searchParams.get("done") || undefined,
    name: `${user} at ${url.host}, ${folder}`,
  };
}
