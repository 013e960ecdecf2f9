/** The console's session travels in a cookie that no script can read and no other site can send. */
import { sessionLifeMs } from "../access/session-lifetime.ts";
import type { Settings } from "../settings.ts";

/** Over TLS the name's prefix makes browsers refuse a cookie of this name from a sub-domain or without Secure (RFC 6265bis). */
function cookieName({ tls }: Pick<Settings, "tls">): string {
  return tls.kind === "none" ? "hauswart-session" : "__Host-hauswart-session";
}

/** Set-Cookie of a new session; with an empty token, of one that is over. */
export function sessionCookie(settings: Pick<Settings, "tls">, token: string): string {
  const life = token === "" ? 0 : Math.floor(sessionLifeMs / 1_000);
  const secure = settings.tls.kind === "none" ? "" : "; Secure";
  return `${cookieName(settings)}=${token}; Path=/; Max-Age=${life}; HttpOnly; SameSite=Strict${secure}`;
}

/** The session token in a Cookie header. */
export function tokenInCookie(settings: Pick<Settings, "tls">, header: string | undefined): string | undefined {
  const name = `${cookieName(settings)}=`;
  const found = header
    ?.split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(name));
  return found?.slice(name.length) || undefined;
}
