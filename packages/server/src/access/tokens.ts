/**
 * Opaque secrets: session tokens, API keys, enrolment tokens, links in mails. 256 random bits, so a plain hash is enough to store them:
 * there is nothing to guess. The first letters say what a found string is, for people and for secret scanners.
 */
import { createHash, randomBytes } from "node:crypto";

export type TokenKind =
  | "session"
  | "api-key"
  | "enrolment"
  | "challenge"
  | "invitation"
  | "password-reset"
  | "email-change"
  | "email-objection";

const marks: Readonly<Record<TokenKind, string>> = {
  session: "hws_",
  "api-key": "hwk_",
  enrolment: "hwe_",
  challenge: "hwc_",
  invitation: "hwi_",
  "password-reset": "hwr_",
  "email-change": "hwm_",
  "email-objection": "hwo_",
};

/** Makes a token: its mark and 43 letters of base64url. */
export function newToken(kind: TokenKind): string {
  return marks[kind] + randomBytes(32).toString("base64url");
}

/** What is stored of a token: SHA-256. */
export function hashOfToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** What a string claims to be; undefined when it looks like none of ours. */
export function kindOfToken(token: string): TokenKind | undefined {
  if (!/^hw[skecirmo]_[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
  return (Object.keys(marks) as TokenKind[]).find((kind) => token.startsWith(marks[kind]));
}
