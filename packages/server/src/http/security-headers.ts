/** Headers that tell browsers what an answer may do. */
import type { Settings } from "../settings.ts";

/** What every answer carries. */
export function commonHeaders({ tls }: Pick<Settings, "tls">): Record<string, string> {
  return {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ...(tls.kind === "none" ? {} : { "strict-transport-security": "max-age=31536000" }),
  };
}

/** Answers with data are no pages: nothing in them is loaded, run or framed. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/**
 * The console: scripts, styles, pictures, fonts and calls from files of this server and nothing else. Its components need no
 * style element: the theme is a file, made when the console is built. Frames show mails, which have a policy of their own.
 * The console's browser tests run under this policy (packages/console/dev/double.ts).
 */
export const consolePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** A mail's HTML: shown in a frame of the console, without scripts, and without fetching anything. */
export const mailPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";
