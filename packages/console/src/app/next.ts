/** Address within the console to go to after signing in; only paths of our own, so that no link can lead elsewhere. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in") ? next : "/";
}

/** Pages that nobody has to be signed in for. */
export const isDoor = (pathname: string): boolean =>
  /^\/(sign-in|invitation|password-reset|email-change|email-objection)(\/|$)/.test(pathname);
