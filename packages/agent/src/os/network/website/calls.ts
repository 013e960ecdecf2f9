/** What is asked of a web server, and what comes of it. */
import type { AddressFamily, NetworkAddress } from "../calls.ts";

export interface WebsiteQuestion {
  /** http: or https:, with what it takes. */
  readonly url: string;
  readonly family: AddressFamily;
  readonly httpVersion: "automatic" | "1.1" | "2";
  /** For everything together, redirects included. */
  readonly timeoutMs: number;
  readonly bodyLimitBytes: number;
  readonly redirectLimit: number;
  /** http://host:port; empty for none. */
  readonly proxy: string;
  /** Certificates in PEM that are trusted besides the usual ones; empty for none. */
  readonly authorities: string;
  /** To look for in what is read of the body. */
  readonly texts: readonly string[];
  readonly signal: AbortSignal;
  /**
   * Whether this address may be connected to; all when left out. Asked of each address that is really used, on each redirect, so that
   * neither a name nor a redirect leads past it.
   */
  readonly mayConnectTo?: (address: string) => boolean;
}

/** How far it came. Everything but answered names in `problem` what went wrong. */
export type WebsiteOutcome =
  | "answered"
  | "name-unknown"
  | "connect-failed"
  | "proxy-failed"
  | "tls-failed"
  | "broken-answer"
  | "too-many-redirects"
  | "timed-out";

export interface WebsiteCertificate {
  /** Why it is not to be trusted, as the TLS library calls it; empty when all is well. */
  readonly problem: string;
  /** When the first of its chain ends. Unix time in milliseconds. */
  readonly validToMs: number;
  readonly subject: string;
  readonly issuer: string;
}

/** Times of the stages of the last request; null where there was no such stage. */
export interface WebsiteTimes {
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** From the request until the first byte of the answer. */
  readonly firstByteMs: number | null;
}

export interface WebsiteResponse {
  readonly status: number;
  readonly httpVersion: "1.0" | "1.1" | "2";
  readonly bodyBytes: number;
  /** The body is longer than what was read of it. */
  readonly isCut: boolean;
  /** Of each text, whether it stands in what was read. */
  readonly found: readonly boolean[];
}

export interface WebsiteAnswer {
  readonly outcome: WebsiteOutcome;
  /** A code of the system or of the TLS library, or the stage in which time ran out. */
  readonly problem: string;
  /** The own side is to blame: it says nothing about the website. */
  readonly notAsked: "no-name-server" | "no-route" | "not-allowed" | "";
  readonly finalUrl: string;
  readonly redirectCount: number;
  readonly address: NetworkAddress | null;
  readonly times: WebsiteTimes;
  /** All requests together, redirects included. */
  readonly totalMs: number;
  /** Of the last host that spoke TLS. */
  readonly certificate: WebsiteCertificate | null;
  readonly response: WebsiteResponse | null;
}
