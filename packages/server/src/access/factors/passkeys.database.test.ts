/** Passkeys against a real authenticator in software: real keys, real signatures, and what somebody else's browser would send. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { ApiError, type Client } from "@hauswart/protocol/api/client.ts";
import type { PasskeyAnswer, SecondFactorChallenge } from "@hauswart/protocol/api/factors.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { softwareAuthenticator, type SoftwareAuthenticator } from "@hauswart/testkit/software-authenticator.ts";
import { manualClock, type ManualClock } from "../../clock.ts";
import { hashPassword } from "../passwords.ts";
import { proofFreshMs } from "./fresh-proof.ts";
import { relyingPartyOf } from "./web-authn.ts";

const url = "https://hauswart.example.com";
let server: TestServer;
let clock: ManualClock;
let authenticator: SoftwareAuthenticator;
beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 2, 2, 10));
  server = await testServer({ services: { clock }, settings: { url } });
  authenticator = softwareAuthenticator({ origin: url });
}, 60_000);
afterEach(() => server.close());

const outcome = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: unknown) => (error instanceof ApiError ? error.code : Promise.reject(error as Error)),
  );
const anybody = () => server.apiWith(undefined);

async function addPasskey(api: Client = server.api, key = authenticator, name = "Telefon") {
  const { challenge, options } = await api("beginPasskey");
  return api("createPasskey", { body: { name, challenge, passkey: key.register(options) } });
}
async function secondStep(): Promise<SecondFactorChallenge> {
  const error = await anybody()("createSession", { body: server.owner }).catch((reason: unknown) => reason);
  return (error as ApiError).problem as unknown as SecondFactorChallenge;
}
const signInWith = async (answer: (options: Readonly<Record<string, unknown>>) => PasskeyAnswer) => {
  const { challenge, options } = await anybody()("beginPasskeySignIn");
  return anybody()("createSessionWithPasskey", { body: { challenge, passkey: answer(options) } });
};

/** A second person, who may only read. */
async function colleague(): Promise<Client> {
  const body = { email: "colleague@hauswart.test", password: "another horse battery" };
  const hash = await hashPassword(body.password);
  await server.database.unwalled("a colleague in a test", (tx) =>
    tx.sql(
      "insert into hauswart.account (provider_id, account_id, email, name, role, password_hash) values ($1, $2, $3, 'Colleague', 'read-only', $4)",
      [server.providerId, newId(), body.email, hash],
    ),
  );
  return server.apiWith((await anybody()("createSession", { body })).token);
}

describe("a passkey", () => {
  test("is added, named, listed and removed; recovery codes come and go with it", async () => {
    const { passkey, recoveryCodes } = await addPasskey();
    expect([passkey.name, passkey.lastUsedAt, recoveryCodes?.length]).toEqual(["Telefon", null, 10]);
    expect((await addPasskey(server.api, softwareAuthenticator({ origin: url }), "Schlüssel")).recoveryCodes).toBeNull();
    const { passkeyId } = passkey;
    expect((await server.api("changePasskey", { params: { passkeyId }, body: { name: "Neues Telefon" } })).name).toBe("Neues Telefon");
    expect((await server.api("getFactors")).passkeys.map(({ name }) => name)).toEqual(["Neues Telefon", "Schlüssel"]);
    for (const one of (await server.api("getFactors")).passkeys)
      await server.api("deletePasskey", { params: { passkeyId: one.passkeyId } });
    expect(await server.api("getFactors")).toMatchObject({ passkeys: [], recoveryCodes: null, canUsePasskeys: true });
    expect(await outcome(anybody()("createSession", { body: server.owner }))).toBe("done");
    expect(await outcome(server.api("deletePasskey", { params: { passkeyId } }))).toBe("NOT_FOUND");
  });

  test("is refused from another page, for another challenge, without a look at its user", async () => {
    const register = async (
      key: SoftwareAuthenticator,
      alter: (options: Record<string, unknown>) => Record<string, unknown> = (same) => same,
    ) => {
      const { challenge, options } = await server.api("beginPasskey");
      return outcome(server.api("createPasskey", { body: { name: "x", challenge, passkey: key.register(alter(options)) } }));
    };
    expect(await register(softwareAuthenticator({ origin: "https://hauswart.example.org" }))).toBe("PASSKEY_REFUSED");
    expect(await register(softwareAuthenticator({ origin: url, verifiesUser: false }))).toBe("PASSKEY_REFUSED");
    expect(await register(authenticator, (options) => ({ ...options, challenge: "c29tZXRoaW5nIGVsc2U" }))).toBe("PASSKEY_REFUSED");
    expect(await register(authenticator, (options) => ({ ...options, rp: { id: "example.org" } }))).toBe("PASSKEY_REFUSED");
    expect((await server.api("getFactors")).passkeys).toEqual([]);
  });

  test("cannot be put into somebody else's account: a begun registration belongs to its session", async () => {
    const { challenge, options } = await server.api("beginPasskey");
    const other = await colleague();
    expect(await outcome(other("createPasskey", { body: { name: "x", challenge, passkey: authenticator.register(options) } }))).toBe(
      "CHALLENGE_INVALID",
    );
  });

  test("of somebody else is not there", async () => {
    const { passkey } = await addPasskey();
    const other = await colleague();
    const params = { passkeyId: passkey.passkeyId };
    expect((await other("getFactors")).passkeys).toEqual([]);
    expect(await outcome(other("changePasskey", { params, body: { name: "mine" } }))).toBe("NOT_FOUND");
    expect(await outcome(other("deletePasskey", { params }))).toBe("NOT_FOUND");
    expect((await server.api("getFactors")).passkeys).toEqual([passkey]);
  });
});

describe("as second factor a passkey", () => {
  test("signs its own challenge, once", async () => {
    await addPasskey();
    const { challenge, factors, passkeyOptions } = await secondStep();
    expect(factors).toEqual(["passkey", "recovery-code"]);
    const passkey = authenticator.answer(passkeyOptions!);
    const { token } = await anybody()("createSessionWithFactor", { body: { challenge, passkey } });
    expect((await server.apiWith(token)("getFactors")).passkeys[0]?.lastUsedAt).toBe(new Date(clock.now()).toISOString());
    const again = await secondStep();
    expect(await outcome(anybody()("createSessionWithFactor", { body: { challenge: again.challenge, passkey } }))).toBe("FACTOR_REFUSED");
  });

  test("of somebody else does not answer", async () => {
    await addPasskey();
    const foreign = softwareAuthenticator({ origin: url });
    await addPasskey(await colleague(), foreign);
    const { challenge, passkeyOptions } = await secondStep();
    expect(await outcome(anybody()("createSessionWithFactor", { body: { challenge, passkey: foreign.answer(passkeyOptions!) } }))).toBe(
      "FACTOR_REFUSED",
    );
  });
});

describe("a passkey alone", () => {
  test("signs in, with no password and no second step", async () => {
    await addPasskey();
    const { token, account } = await signInWith((options) => authenticator.answer(options));
    expect(account.email).toBe(server.owner.email);
    expect(await outcome(server.apiWith(token)("createApiKey", { body: { name: "key", scopes: ["devices:read"] } }))).toBe("done");
  });

  test("does not when it is unknown, forged, from another page, did not look at its user, or is a copy", async () => {
    await addPasskey();
    const stranger = softwareAuthenticator({ origin: url });
    stranger.register({ rp: { id: "hauswart.example.com" }, user: { id: "" }, challenge: "x" });
    expect(await outcome(signInWith((options) => stranger.answer(options)))).toBe("FACTOR_REFUSED");
    expect(await outcome(signInWith((options) => authenticator.answer(options, { origin: "https://hauswart.example.org" })))).toBe(
      "FACTOR_REFUSED",
    );
    const forged = (options: Readonly<Record<string, unknown>>) => {
      const right = authenticator.answer(options);
      const wrong = stranger.answer(options);
      return { ...right, response: { ...right.response, signature: wrong.response.signature } };
    };
    expect(await outcome(signInWith(forged))).toBe("FACTOR_REFUSED");
    const unverified = (options: Readonly<Record<string, unknown>>) => {
      const right = authenticator.answer(options);
      const data = Buffer.from(right.response.authenticatorData, "base64url");
      data[32]! &= ~0x04;
      return { ...right, response: { ...right.response, authenticatorData: data.toString("base64url") } };
    };
    expect(await outcome(signInWith(unverified))).toBe("FACTOR_REFUSED");
    expect(await outcome(signInWith((options) => authenticator.answer(options, { count: 40 })))).toBe("done");
    expect(await outcome(signInWith((options) => authenticator.answer(options, { count: 40 })))).toBe("FACTOR_REFUSED");
    expect(await outcome(signInWith((options) => authenticator.answer(options, { count: 41 })))).toBe("done");
  });

  test("that does not count its uses, as synchronised ones do not, signs in again and again", async () => {
    const synced = softwareAuthenticator({ origin: url, counts: false });
    await addPasskey(server.api, synced);
    for (let time = 0; time < 3; time++) expect(await outcome(signInWith((options) => synced.answer(options)))).toBe("done");
  });

  test("does not sign in to an account that is disabled, nor with an answer that was given before", async () => {
    await addPasskey();
    const { challenge, options } = await anybody()("beginPasskeySignIn");
    const passkey = authenticator.answer(options);
    expect(await outcome(anybody()("createSessionWithPasskey", { body: { challenge, passkey } }))).toBe("done");
    expect(await outcome(anybody()("createSessionWithPasskey", { body: { challenge, passkey } }))).toBe("CHALLENGE_INVALID");
    expect(await outcome(signInWith(() => passkey))).toBe("FACTOR_REFUSED");
    await server.database.unwalled("end of an account in a test", (tx) => tx.sql("update hauswart.account set disabled_at = now()"));
    expect(await outcome(signInWith((asked) => authenticator.answer(asked)))).toBe("FACTOR_REFUSED");
  });

  test("can be begun so often from one network, and no more until they are over", async () => {
    for (let begun = 0; begun < 100; begun++) await anybody()("beginPasskeySignIn");
    expect(await outcome(anybody()("beginPasskeySignIn"))).toBe("TOO_MANY_ATTEMPTS");
    clock.advance(5 * 60_000 + 1);
    expect(await outcome(anybody()("beginPasskeySignIn"))).toBe("done");
  });
});

test("a passkey proves anew who sits there, for its own session alone", async () => {
  await addPasskey();
  const { token } = await signInWith((options) => authenticator.answer(options));
  const api = server.apiWith(token);
  clock.advance(proofFreshMs);
  const offer = await api("beginProof");
  expect(offer.ways).toEqual(["password", "passkey"]);
  const proof = { challenge: offer.challenge!, passkey: authenticator.answer(offer.passkeyOptions!) };
  expect(await outcome(server.api("proveSession", { body: proof }))).toBe("PROOF_REFUSED");
  const next = await api("beginProof");
  await api("proveSession", { body: { challenge: next.challenge!, passkey: authenticator.answer(next.passkeyOptions!) } });
  expect(await outcome(api("createRecoveryCodes"))).toBe("done");
  expect(await outcome(server.api("createRecoveryCodes"))).toBe("STEP_UP_REQUIRED");
});

test("passkeys belong to names: on the own computer localhost, and to no IP address", () => {
  expect(relyingPartyOf({ url: "http://127.0.0.1:8080" })).toEqual({ id: "localhost", origin: "http://localhost:8080" });
  expect(relyingPartyOf({ url: "http://localhost:8080" })).toEqual({ id: "localhost", origin: "http://localhost:8080" });
  expect(relyingPartyOf({ url: "https://hauswart.example.com:8443" })).toEqual({
    id: "hauswart.example.com",
    origin: "https://hauswart.example.com:8443",
  });
  for (const address of ["https://192.0.2.7", "https://192.0.2.7:8443", "https://[2001:db8::7]:8443"])
    expect(relyingPartyOf({ url: address })).toBeUndefined();
});

test("at an IP address passkeys are refused with the reason", async () => {
  await using numbered = await testServer({ settings: { url: "https://192.0.2.7" } });
  expect(await outcome(numbered.api("beginPasskey"))).toBe("PASSKEYS_UNAVAILABLE");
  expect(await outcome(numbered.apiWith(undefined)("beginPasskeySignIn"))).toBe("PASSKEYS_UNAVAILABLE");
  expect([(await numbered.apiWith(undefined)("listSignInWays")).passkeys, (await numbered.api("getFactors")).canUsePasskeys]).toEqual([
    false,
    false,
  ]);
});
