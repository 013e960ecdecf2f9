/** Attempts on second factors and on the ways to sign in. A key is nobody's account, so what is one's own is out of its reach. */
import type { RouteName } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import type { Attempt } from "./attempts.ts";

const refused = [{ expect: "FORBIDDEN" }] as const satisfies readonly Attempt[];
/** base64url of nothing in particular. */
const bytes = "AAAAAAAAAAAAAAAAAAAAAA";
const ids = { id: bytes, rawId: bytes, type: "public-key" };
const passkey = { ...ids, response: { clientDataJSON: bytes, authenticatorData: bytes, signature: bytes } };
const registration = { ...ids, response: { clientDataJSON: bytes, attestationObject: bytes } };
const challenge = `hwc_${"A".repeat(43)}`;

export const onFactors = {
  createSessionWithFactor: [{ body: { challenge, totp: "000000" }, expect: "CHALLENGE_INVALID" }],
  createSessionWithPasskey: [{ body: { challenge, passkey }, expect: "CHALLENGE_INVALID" }],
  beginPasskeySignIn: [{ expect: "harmless" }],
  listSignInWays: [{ expect: "harmless" }],
  beginOidcSignIn: [{ body: { oidcIssuerId: newId() }, expect: "NOT_FOUND" }],
  createSessionWithOidc: [{ body: { challenge, query: "code=x" }, expect: "CHALLENGE_INVALID" }],
  createSessionWithBreakGlass: [{ body: { email: "nobody@hauswart.test", code: "k3vd-x8qp-7mzr-abcd-2345" }, expect: "FACTOR_REFUSED" }],
  listOidcIssuers: refused,
  createOidcIssuer: [
    { body: { name: "mine", issuer: "https://issuer.invalid", clientId: "mine", clientSecret: "mine" }, expect: "FORBIDDEN" },
  ],
  changeOidcIssuer: [{ params: { oidcIssuerId: newId() }, body: { createsAccounts: true }, expect: "FORBIDDEN" }],
  deleteOidcIssuer: [{ params: { oidcIssuerId: newId() }, expect: "FORBIDDEN" }],
  beginProof: refused,
  proveSession: [{ body: { password: "correct horse battery staple" }, expect: "FORBIDDEN" }],
  checkProof: [{ expect: "harmless" }],
  getFactors: refused,
  beginTotp: refused,
  confirmTotp: [{ body: { totp: "000000" }, expect: "FORBIDDEN" }],
  deleteTotp: refused,
  deleteAccountFactors: [{ params: { accountId: newId() }, expect: "FORBIDDEN" }],
  createRecoveryCodes: refused,
  beginPasskey: refused,
  createPasskey: [{ body: { name: "mine", challenge, passkey: registration }, expect: "FORBIDDEN" }],
  changePasskey: [{ params: { passkeyId: newId() }, body: { name: "mine" }, expect: "FORBIDDEN" }],
  deletePasskey: [{ params: { passkeyId: newId() }, expect: "FORBIDDEN" }],
} satisfies Partial<Record<RouteName, readonly Attempt[]>>;
