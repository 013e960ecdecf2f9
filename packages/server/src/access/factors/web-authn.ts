/** Passkeys: what to ask a browser for, and whether its answer holds (WebAuthn). The only file that knows the library. */
import type { PasskeyAnswer, PasskeyRegistration } from "@hauswart/protocol/api/factors.ts";
import { HauswartError } from "@hauswart/protocol/errors.ts";
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
} from "@simplewebauthn/server";
import { isIP } from "node:net";
import { isLoopback, type Settings } from "../../settings.ts";

/** To whom a passkey belongs: the server's name, and the page's address that browsers vouch for. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** A credential as it is kept. */
export interface KnownCredential {
  /** base64url */
  readonly credentialId: string;
  /** COSE */
  readonly publicKey: Uint8Array;
  readonly signCount: number;
  readonly transports: readonly string[];
}

/** Milliseconds for which a browser waits for its user. */
const timeout = 120_000;

/** Undefined where HAUSWART_URL is an IP address: browsers bind passkeys to names. On the own computer the name is localhost. */
export function relyingPartyOf({ url }: Pick<Settings, "url">): RelyingParty | undefined {
  const { hostname, protocol, port, origin } = new URL(url);
  if (isLoopback(hostname)) return { id: "localhost", origin: `${protocol}//localhost${port === "" ? "" : `:${port}`}` };
  return isIP(hostname.replace(/^\[|\]$/g, "")) === 0 ? { id: hostname, origin } : undefined;
}

/** Errors: PASSKEYS_UNAVAILABLE. */
export function requireRelyingParty(settings: Pick<Settings, "url">): RelyingParty {
  const party = relyingPartyOf(settings);
  if (!party) throw new HauswartError("PASSKEYS_UNAVAILABLE", `Browsers refuse passkeys for ${new URL(settings.url).hostname}.`);
  return party;
}

/** Who the passkey is for. */
export interface PasskeyOwner {
  readonly accountId: string;
  readonly email: string;
  readonly name: string;
}

interface Asked {
  readonly options: Record<string, unknown>;
  /** What the passkey has to sign, base64url. */
  readonly webAuthn: string;
}

/** Asks for a new passkey: one that knows its account by itself, and that verifies its user. */
export async function askForRegistration(
  party: RelyingParty,
  { name: rpName, owner, known }: { name: string; owner: PasskeyOwner; known: readonly KnownCredential[] },
): Promise<Asked> {
  const options = await generateRegistrationOptions({
    rpName,
    rpID: party.id,
    userID: new TextEncoder().encode(owner.accountId),
    userName: owner.email,
    userDisplayName: owner.name,
    timeout,
    attestationType: "none",
    excludeCredentials: known.map(describe),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  return { options: { ...options }, webAuthn: options.challenge };
}

/** Asks for an answer by one of these passkeys; by any that the browser knows when there are none. */
export async function askForAnswer(party: RelyingParty, known: readonly KnownCredential[]): Promise<Asked> {
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    timeout,
    userVerification: "required",
    allowCredentials: known.map(describe),
  });
  return { options: { ...options }, webAuthn: options.challenge };
}

/** Whether a registration holds. Errors: PASSKEY_REFUSED. */
export async function checkRegistration(
  party: RelyingParty,
  registration: PasskeyRegistration,
  webAuthn: string,
): Promise<KnownCredential & { readonly isSynced: boolean }> {
  const result = await verifyRegistrationResponse({
    response: { clientExtensionResults: {}, ...registration } as RegistrationResponseJSON,
    expectedChallenge: webAuthn,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch((error: unknown) => {
    throw new HauswartError("PASSKEY_REFUSED", error instanceof Error ? error.message : undefined);
  });
  if (!result.verified) throw new HauswartError("PASSKEY_REFUSED");
  const { credential, credentialDeviceType } = result.registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: credential.publicKey,
    signCount: credential.counter,
    transports: registration.response.transports ?? [],
    isSynced: credentialDeviceType === "multiDevice",
  };
}

/** Whether an answer holds. @returns the authenticator's new count; undefined when the answer does not hold. */
export async function checkAnswer(
  party: RelyingParty,
  { answer, webAuthn, known }: { answer: PasskeyAnswer; webAuthn: string; known: KnownCredential },
): Promise<{ readonly signCount: number } | undefined> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { clientExtensionResults: {}, ...answer } as AuthenticationResponseJSON,
      expectedChallenge: webAuthn,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id: known.credentialId, publicKey: new Uint8Array(known.publicKey), counter: known.signCount },
    });
    return verified ? { signCount: authenticationInfo.newCounter } : undefined;
  } catch {
    // The library throws for every way in which an answer does not hold: challenge, address, count, signature.
    return undefined;
  }
}

const describe = ({ credentialId, transports }: KnownCredential) => ({ id: credentialId, transports: [...transports] });
