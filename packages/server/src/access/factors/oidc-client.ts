/** Signing in at an identity provider: OpenID Connect, authorization code with PKCE. The only file that knows the library. */
import { HauswartError } from "@hauswart/protocol/errors.ts";
import * as client from "openid-client";
import { isLoopback } from "../../settings.ts";

/** What an identity provider needs to know of us, and we of it. */
export interface OidcClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where it sends people back to. */
  readonly redirectUri: string;
  /** Where it does not say whether an address is verified, it is taken for verified. */
  readonly trustsEmails: boolean;
}

/** What has to come back as it went out. */
export interface OidcBegun {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Whom the identity provider vouches for. */
export interface OidcPerson {
  readonly subject: string;
  /** Set only where the identity provider says that it has verified the address, or is trusted without saying so. */
  readonly verifiedEmail: string | undefined;
  readonly name: string | undefined;
}

/** Seconds that an identity provider may take for one answer. */
const timeout = 10;

/** Begins a sign-in. @returns the address to go to. Errors: IDENTITY_PROVIDER_FAILED. */
export async function beginAtIssuer(oidc: OidcClient): Promise<OidcBegun & { readonly url: string }> {
  const configuration = await discover(oidc);
  const begun = { state: client.randomState(), nonce: client.randomNonce(), codeVerifier: client.randomPKCECodeVerifier() };
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: oidc.redirectUri,
    scope: "openid email profile",
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(begun.codeVerifier),
    code_challenge_method: "S256",
  });
  return { ...begun, url: url.href };
}

/**
 * Takes the answer: trades the code for an ID token and checks it (signature, issuer, audience, times, nonce, state).
 * @param query what came back in the address, without the question mark. Errors: IDENTITY_PROVIDER_FAILED.
 */
export async function finishAtIssuer(oidc: OidcClient, begun: OidcBegun, query: string): Promise<OidcPerson> {
  const configuration = await discover(oidc);
  return explained(async () => {
    const tokens = await client.authorizationCodeGrant(configuration, new URL(`${oidc.redirectUri}?${query}`), {
      pkceCodeVerifier: begun.codeVerifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims()!;
    // Many identity providers tell the address only where it is asked for.
    const whole =
      claims["email"] !== undefined || configuration.serverMetadata().userinfo_endpoint === undefined
        ? claims
        : { ...claims, ...(await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)) };
    const { email, email_verified: said, name } = whole;
    // Some write it as a text.
    const isVerified = said === true || said === "true" || (said === undefined && oidc.trustsEmails);
    return {
      subject: claims.sub,
      verifiedEmail: typeof email === "string" && isVerified ? email : undefined,
      name: typeof name === "string" && name.trim() !== "" ? name.trim().slice(0, 200) : undefined,
    };
  });
}

/** Reads the identity provider's description of itself. Errors: IDENTITY_PROVIDER_FAILED. */
export function discover({
  issuer,
  clientId,
  clientSecret,
}: Pick<OidcClient, "issuer" | "clientId" | "clientSecret">): Promise<client.Configuration> {
  const address = new URL(issuer);
  const isPlain = address.protocol === "http:";
  if (isPlain && !isLoopback(address.hostname))
    throw new HauswartError("IDENTITY_PROVIDER_FAILED", "The identity provider's address must begin with https.");
  // oxlint-disable-next-line typescript/no-deprecated -- marked so that it stands out; plain HTTP never leaves this computer here
  const options = { timeout, ...(isPlain ? { execute: [client.allowInsecureRequests] } : {}) };
  return explained(() => client.discovery(address, clientId, undefined, client.ClientSecretBasic(clientSecret), options));
}

/** The library's errors name what does not hold, and carry neither tokens nor secrets in their message. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw new HauswartError("IDENTITY_PROVIDER_FAILED", wordsOf(error));
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof client.AuthorizationResponseError) return `It answered ${error.error}.`;
  if (error instanceof client.ResponseBodyError) return `It answered ${error.error}.`;
  return error instanceof Error ? error.message.slice(0, 300) : "It could not be reached.";
}
