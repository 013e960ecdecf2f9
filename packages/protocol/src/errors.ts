/**
 * Every error that Hauswart shows or sends has a code from this list; docs/errors.md describes each, and a test keeps
 * the two in step. Programs branch on the code alone, never on the text.
 */
export const errorCodes = {
  // requests
  INVALID_REQUEST: [400, "The request does not fit its schema."],
  UNAUTHENTICATED: [401, "Sign in first, or send a valid token."],
  WRONG_CREDENTIALS: [401, "E-mail address or password is wrong."],
  SECOND_FACTOR_REQUIRED: [401, "A second factor is needed."],
  FACTOR_REFUSED: [401, "The code or passkey is not right, or was used already."],
  FORBIDDEN: [403, "Your rights do not cover this."],
  WRONG_PASSWORD: [403, "This is not your current password."],
  STEP_UP_REQUIRED: [403, "This needs a fresh proof that it is you."],
  PROOF_REFUSED: [403, "This proof is not right."],
  SECOND_FACTOR_SETUP_REQUIRED: [403, "Your account needs a second factor first."],
  ACCOUNT_NOT_LINKED: [403, "The identity provider knows you, Hauswart does not."],
  CROSS_SITE_REQUEST: [403, "The request came from another site."],
  NOT_FOUND: [404, "There is no such thing, or it is not yours to see."],
  METHOD_NOT_ALLOWED: [405, "This address does not take that method."],
  CONFLICT: [409, "Somebody changed this in the meantime; load it again."],
  IN_USE: [409, "Something still uses this; change that first."],
  LAST_OWNER: [409, "This is the last owner; make somebody else an owner first."],
  MAIL_SERVER_MISSING: [409, "Hauswart has no mail server yet, so the link cannot be mailed."],
  NO_DEVICE_CONNECTED: [409, "None of these devices is connected at the moment."],
  LINK_INVALID: [410, "This link is unknown, was used already, or has expired."],
  PASSKEYS_UNAVAILABLE: [409, "Passkeys do not work at this address."],
  PASSKEY_REFUSED: [400, "The passkey's answer does not fit."],
  CHALLENGE_INVALID: [410, "This took too long or was used already; begin again."],
  TOO_LARGE: [413, "The request is too large."],
  TOO_MANY_ATTEMPTS: [429, "Too many attempts; wait a while."],
  TOO_MANY_REQUESTS: [429, "Too many requests in a short time; wait a moment."],
  INTERNAL: [500, "Something broke on the server; it has been recorded."],
  IDENTITY_PROVIDER_FAILED: [424, "The identity provider did not answer as it should."],
  NOT_READY: [503, "The server is not ready yet; try again in a moment."],
  // enrolment and the agent link
  ENROLMENT_TOKEN_INVALID: [401, "The enrolment token is unknown, used up or expired."],
  DEVICE_UNKNOWN: [401, "No device is enrolled under this id and key."],
  DEVICE_REVOKED: [403, "This device was revoked; enrol it anew."],
  DEVICE_QUARANTINED: [403, "This device's key is used by two computers; enrol each of them anew."],
  SIGNATURE_INVALID: [401, "The signature does not fit the key."],
  PROTOCOL_UNSUPPORTED: [426, "This agent speaks no protocol version that the server knows."],
  MESSAGE_MALFORMED: [400, "The message does not fit its schema."],
  EPOCH_OUTDATED: [409, "A newer connection of this device has taken over."],
  STREAM_DIVERGED: [409, "What the agent sends is not what it sent before under the same number."],
  SERVER_BUSY: [503, "The server cannot store more just now; the agent keeps its data."],
} as const satisfies Record<string, readonly [status: number, text: string]>;

export type ErrorCode = keyof typeof errorCodes;

/** An error with a code that may be shown to whoever asked. `detail` adds what a person needs to act; it never carries a secret. */
export class HauswartError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  /** More fields of the problem document (RFC 9457, section 3.2). */
  readonly extra: Readonly<Record<string, unknown>> | undefined;
  constructor(code: ErrorCode, detail?: string, extra?: Readonly<Record<string, unknown>>) {
    super(detail ? `${code}: ${detail}` : code);
    this.name = "HauswartError";
    this.code = code;
    this.detail = detail;
    this.extra = extra;
  }
  /** HTTP status that belongs to the code. */
  get status(): number {
    return errorCodes[this.code][0];
  }
}
