/**
 * The browser's passkeys. The library that speaks to them is fetched when somebody uses one; what the browser answers with is
 * checked by the server.
 */
import type { PasskeyAnswer, PasskeyRegistration } from "@hauswart/protocol/api/factors.ts";
import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from "@simplewebauthn/browser";

/** What the browser is to do, as the server sent it. */
type Options = Readonly<Record<string, unknown>>;

/** Why no passkey came of it: the reader or the browser gave up; there is one already; anything else. */
export type PasskeyFailure = "cancelled" | "already" | "unsupported";

export class PasskeyError extends Error {
  readonly reason: PasskeyFailure;
  constructor(reason: PasskeyFailure, cause: unknown) {
    super(`passkey: ${reason}`, { cause });
    this.name = "PasskeyError";
    this.reason = reason;
  }
}

/** Whether this browser, at this address, can have passkeys at all: not over plain HTTP, not under an IP address. */
export function supportsPasskeys(): boolean {
  return window.isSecureContext && typeof window.PublicKeyCredential === "function" && !/^[\d.]+$|:/.test(location.hostname);
}

function failureOf(error: unknown): PasskeyError {
  const name = error instanceof Error ? error.name : "";
  if (name === "InvalidStateError") return new PasskeyError("already", error);
  if (name === "NotAllowedError" || name === "AbortError") return new PasskeyError("cancelled", error);
  return new PasskeyError("unsupported", error);
}

/** Makes a passkey on this device. Throws `PasskeyError`. */
export async function makePasskey(options: Options): Promise<PasskeyRegistration> {
  const { startRegistration } = await import("@simplewebauthn/browser");
  try {
    const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
    return (await startRegistration({ optionsJSON })) as PasskeyRegistration;
  } catch (error) {
    throw failureOf(error);
  }
}

/** Signs the server's challenge with a passkey that the reader chooses. Throws `PasskeyError`. */
export async function signWithPasskey(options: Options): Promise<PasskeyAnswer> {
  const { startAuthentication } = await import("@simplewebauthn/browser");
  try {
    const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
    return (await startAuthentication({ optionsJSON })) as PasskeyAnswer;
  } catch (error) {
    throw failureOf(error);
  }
}
