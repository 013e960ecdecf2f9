/**
 * Signing in at the house's own directory (OpenID Connect): the browser goes there and comes back to /sign-in/oidc. What has to
 * be remembered in between stays in this tab.
 */
import { api } from "../../api/client.ts";
import { safeNext } from "../next.ts";

const storageKey = "hauswart-oidc";

interface Begun {
  readonly challenge: string;
  /** Where the reader wanted to go. */
  readonly next: string;
}

/** Leaves for the directory. @param next address of the console to come to in the end. */
export async function beginOidc(oidcIssuerId: string, next: string | undefined): Promise<void> {
  const { challenge, url } = await api("beginOidcSignIn", { body: { oidcIssuerId } });
  const begun: Begun = { challenge, next: safeNext(next) };
  sessionStorage.setItem(storageKey, JSON.stringify(begun));
  location.assign(url);
}

/** What this tab began, once; null when it began nothing. */
export function takeBegun(): Begun | null {
  const text = sessionStorage.getItem(storageKey);
  sessionStorage.removeItem(storageKey);
  if (text === null) return null;
  const { challenge, next } = JSON.parse(text) as Partial<Begun>;
  return typeof challenge === "string" ? { challenge, next: safeNext(next) } : null;
}
