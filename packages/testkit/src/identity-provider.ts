/**
 * A real OpenID provider on loopback: discovery, authorization code with PKCE, signed ID tokens, userinfo. Whoever comes to its
 * sign-in page is at once signed in as `people.signsIn`, as if they had a session there.
 *
 *     const issuer = await startIdentityProvider({ redirectUri: "http://127.0.0.1:8080/sign-in/oidc" });
 *     issuer.people.set("anna", { email: "anna@hauswart.test", email_verified: true, name: "Anna" });
 *     issuer.signsIn = "anna";
 *     const query = await issuer.visit(url);   // what comes back to the redirect address
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

/** What it says of somebody. */
export interface IdentityClaims {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

export interface IdentityProvider extends AsyncDisposable {
  /** Its address; also the `iss` of its tokens. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** By subject. */
  readonly people: Map<string, IdentityClaims>;
  /** Subject of whoever comes next; undefined: they cancel. */
  signsIn: string | undefined;
  /** Goes to the address as a browser would, until it is sent back. @returns the query that came back, without the question mark */
  visit(url: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts a provider on a free port of 127.0.0.1. @param redirectUri the only one that its client may use */
export async function startIdentityProvider({ redirectUri }: { readonly redirectUri: string }): Promise<IdentityProvider> {
  const people = new Map<string, IdentityClaims>();
  const [clientId, clientSecret] = ["hauswart", randomBytes(24).toString("base64url")];
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    jwks: {
      keys: [
        { ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" },
      ] as never,
    },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    claims: { email: ["email", "email_verified"], profile: ["name"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
  });
  const answer = provider.callback();
  const made: IdentityProvider = {
    issuer,
    clientId,
    clientSecret,
    people,
    signsIn: undefined,
    visit: (url) => visit(url, redirectUri),
    close: () => new Promise((resolve) => server.close(() => resolve())),
    [Symbol.asyncDispose]: () => made.close(),
  };

  /** The sign-in page, without a page. */
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!request.url?.startsWith("/interaction/")) return void answer(request, response);
    const { params } = await provider.interactionDetails(request, response);
    if (made.signsIn === undefined) {
      await provider.interactionFinished(request, response, { error: "access_denied", error_description: "cancelled" });
      return;
    }
    const grant = new provider.Grant({ accountId: made.signsIn, clientId: String(params["client_id"]) });
    grant.addOIDCScope(String(params["scope"]));
    const result = { login: { accountId: made.signsIn }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  }
  return made;
}

/** Follows redirects with cookies until they lead back. */
async function visit(url: string, redirectUri: string): Promise<string> {
  const cookies = new Map<string, string>();
  let address = url;
  for (let hops = 0; hops < 10; hops++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(address, { redirect: "manual", headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (location === null) throw new Error(`The identity provider answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    address = new URL(location, address).href;
    if (address.startsWith(`${redirectUri}?`)) return address.slice(redirectUri.length + 1);
  }
  throw new Error("The identity provider sent its visitor around in circles.");
}
