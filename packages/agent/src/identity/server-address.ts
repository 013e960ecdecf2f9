import { agentLinkPath, enrolPath } from "@hauswart/protocol/wire/versions.ts";

/** An address that the agent will not talk to, with the reason for a person. */
export class AddressError extends Error {
  override readonly name = "AddressError";
}

export interface ServerAddress {
  /** As it is kept and shown: no trailing slash, no credentials. */
  readonly server: string;
  readonly enrolUrl: string;
  /** wss://…, or ws:// on loopback. */
  readonly linkUrl: string;
}

/**
 * Understands the server's address. TLS everywhere but on this computer itself.
 * @throws AddressError
 */
export function serverAddress(text: string): ServerAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new AddressError(`"${text}" is not an address such as https://hauswart.example.org`);
  }
  if (url.username || url.password) throw new AddressError("The server's address carries no user name or password.");
  if (url.search || url.hash) throw new AddressError("The server's address ends with its path; leave out ? and #.");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new AddressError("Use https://. Plain http:// is allowed only to this computer itself (localhost, 127.0.0.1, [::1]).");
  }
  const server = url.origin + url.pathname.replace(/\/+$/, "");
  return { server, enrolUrl: server + enrolPath, linkUrl: server.replace(/^http/, "ws") + agentLinkPath };
}

/** @param hostname as `URL.hostname` gives it: IPv6 addresses in brackets. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || /^127(\.\d{1,3}){3}$/.test(hostname) || hostname === "[::1]";
}
