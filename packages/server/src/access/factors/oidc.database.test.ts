/** Signing in at a real OpenID provider on loopback, and what must not come of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { ApiError } from "@hauswart/protocol/api/client.ts";
import type { OidcIssuer, SecondFactorChallenge } from "@hauswart/protocol/api/factors.ts";
import { auditEntries } from "@hauswart/testkit/audit-log.ts";
import { startIdentityProvider, type IdentityProvider } from "@hauswart/testkit/identity-provider.ts";
import { seedPerson } from "@hauswart/testkit/people.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { Secret, TOTP } from "otpauth";

let server: TestServer;
let issuer: IdentityProvider;
let settings: OidcIssuer;
beforeAll(async () => {
  server = await testServer();
  issuer = await startIdentityProvider({ redirectUri: `${server.url}/sign-in/oidc` });
}, 60_000);
afterAll(async () => {
  await issuer.close();
  await server.close();
});
beforeEach(async () => {
  await server.database.unwalled("clean slate of a test", async (tx) => {
    await tx.sql("delete from hauswart.oidc_issuer");
    await tx.sql("delete from hauswart.account where lower(email) <> lower($1)", [server.owner.email]);
    await tx.sql("delete from hauswart.account_totp");
    await tx.sql("delete from hauswart.mail");
    await tx.sql("update hauswart.account set disabled_at = null");
  });
  issuer.people.clear();
  issuer.people.set("subject-1", { email: server.owner.email.toUpperCase(), email_verified: true, name: "Olga Owner" });
  issuer.signsIn = "subject-1";
  settings = await addIssuer();
});

const outcome = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: unknown) => (error instanceof ApiError ? error.code : Promise.reject(error as Error)),
  );
const anybody = () => server.apiWith(undefined);
const addIssuer = (
  over: { readonly createsAccounts?: boolean; readonly countsAsSecondFactor?: boolean; readonly clientSecret?: string } = {},
) =>
  server.api("createOidcIssuer", {
    body: { name: "Hausverzeichnis", issuer: issuer.issuer, clientId: issuer.clientId, clientSecret: issuer.clientSecret, ...over },
  });
const change = (body: { active?: boolean; createsAccounts?: boolean; countsAsSecondFactor?: boolean; clientSecret?: string }) =>
  server.api("changeOidcIssuer", { params: { oidcIssuerId: settings.oidcIssuerId }, body });
const begin = () => anybody()("beginOidcSignIn", { body: { oidcIssuerId: settings.oidcIssuerId } });
async function signIn(alter: (query: string) => string = (query) => query) {
  const { challenge, url } = await begin();
  const query = alter(await issuer.visit(url));
  return anybody()("createSessionWithOidc", { body: { challenge, query } });
}
const rows = <Row extends object>(sql: string) => server.database.unwalled("look of a test", (tx) => tx.sql<Row>(sql));

describe("an identity provider", () => {
  test("is offered by its name, tells where it sends people back to, and keeps its secret", async () => {
    expect(await anybody()("listSignInWays")).toEqual({
      issuers: [{ oidcIssuerId: settings.oidcIssuerId, name: "Hausverzeichnis" }],
      passkeys: true,
    });
    expect(settings.redirectUri).toBe(`${server.url}/sign-in/oidc`);
    const shown = JSON.stringify([await server.api("listOidcIssuers"), await rows("select * from hauswart.audit_entry")]);
    expect(shown).not.toContain(issuer.clientSecret);
    const [stored] = await rows<{ client_secret: Buffer }>("select client_secret from hauswart.oidc_issuer");
    expect(Buffer.from(stored!.client_secret).includes(issuer.clientSecret)).toBe(false);
    await change({ active: false });
    expect((await anybody()("listSignInWays")).issuers).toEqual([]);
    expect(await outcome(begin())).toBe("NOT_FOUND");
  });

  test("must answer before it is added, over TLS unless it is on this computer, and is there once", async () => {
    const add = (address: string) =>
      outcome(server.api("createOidcIssuer", { body: { name: "x", issuer: address, clientId: "x", clientSecret: "x" } }));
    expect(await add(`${issuer.issuer}/elsewhere`)).toBe("IDENTITY_PROVIDER_FAILED");
    expect(await add("http://issuer.example.com")).toBe("IDENTITY_PROVIDER_FAILED");
    expect(await outcome(addIssuer())).toBe("CONFLICT");
    expect((await server.api("listOidcIssuers")).items).toHaveLength(1);
  });

  test("that is taken away signs nobody in any more; accounts stay", async () => {
    await signIn();
    const { challenge, url } = await begin();
    const query = await issuer.visit(url);
    await server.api("deleteOidcIssuer", { params: { oidcIssuerId: settings.oidcIssuerId } });
    expect(await outcome(anybody()("createSessionWithOidc", { body: { challenge, query } }))).toBe("CHALLENGE_INVALID");
    expect(await outcome(server.api("getSession"))).toBe("done");
  });
});

describe("an identity provider that is not believed any more", () => {
  const isIn = (token: string) => outcome(server.apiWith(token)("getSession"));

  test.each(["taken away", "switched off"])("and is %s takes the sessions that it opened with it, and no others", async (how) => {
    const { secret } = await server.api("beginTotp");
    const code = (atMs: number) =>
      TOTP.generate({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: 30, timestamp: atMs });
    const opened = await signIn();
    await server.api("confirmTotp", { body: { totp: code(Date.now()) } });
    expect(await isIn(opened.token)).toBe("UNAUTHENTICATED");
    const error = (await signIn().catch((reason: unknown) => reason)) as ApiError;
    const { challenge } = error.problem as unknown as SecondFactorChallenge;
    const withFactor = await anybody()("createSessionWithFactor", { body: { challenge, totp: code(Date.now() + 30_000) } });
    await server.database.unwalled("without the code app again", (tx) => tx.sql("delete from hauswart.account_totp"));
    const withoutFactor = await signIn();
    expect(await Promise.all([withFactor, withoutFactor].map(({ token }) => isIn(token)))).toEqual(["done", "done"]);
    await change({ createsAccounts: false });
    expect(await isIn(withFactor.token)).toBe("done");
    if (how === "switched off") await change({ active: false });
    else await server.api("deleteOidcIssuer", { params: { oidcIssuerId: settings.oidcIssuerId } });
    expect(await Promise.all([withFactor, withoutFactor].map(({ token }) => isIn(token)))).toEqual(["UNAUTHENTICATED", "UNAUTHENTICATED"]);
    expect(await isIn(server.token)).toBe("done");
    const [entry] = (await auditEntries(server.database, { action: "oidc-issuer.%" })).slice(-1);
    expect(entry!.detail).toMatchObject({ endedSessions: 2 });
  });

  test.each(["taken away", "switched off"])("and is %s opens no session at the second step either", async (how) => {
    const { secret } = await server.api("beginTotp");
    const code = (atMs: number) =>
      TOTP.generate({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: 30, timestamp: atMs });
    await server.api("confirmTotp", { body: { totp: code(Date.now()) } });
    const error = (await signIn().catch((reason: unknown) => reason)) as ApiError;
    const { challenge } = error.problem as unknown as SecondFactorChallenge;
    if (how === "switched off") await change({ active: false });
    else await server.api("deleteOidcIssuer", { params: { oidcIssuerId: settings.oidcIssuerId } });
    const body = { challenge, totp: code(Date.now() + 30_000) };
    expect(await outcome(anybody()("createSessionWithFactor", { body }))).toBe("CHALLENGE_INVALID");
  });

  test("leaves the session that says so", async () => {
    const { token } = await signIn();
    await server.apiWith(token)("changeOidcIssuer", { params: { oidcIssuerId: settings.oidcIssuerId }, body: { active: false } });
    expect(await isIn(token)).toBe("done");
  });

  test("is an owner's to say, not an administrator's", async () => {
    const { providerId, services } = server;
    const { token } = await seedPerson(services, { providerId }, { role: "administrator" });
    const params = { oidcIssuerId: settings.oidcIssuerId };
    expect(await outcome(server.apiWith(token)("deleteOidcIssuer", { params }))).toBe("FORBIDDEN");
    expect(await outcome(server.apiWith(token)("changeOidcIssuer", { params, body: { active: false } }))).toBe("FORBIDDEN");
    expect((await server.api("listOidcIssuers")).items).toHaveLength(1);
  });
});

describe("signing in", () => {
  test("links the account of a verified e-mail address once, and goes by the subject afterwards", async () => {
    const { account, token } = await signIn();
    expect(account.email).toBe(server.owner.email);
    expect((await server.apiWith(token)("getSession")).account?.email).toBe(server.owner.email);
    expect((await rows<{ subject: string }>("select subject from hauswart.mail")).map(({ subject }) => subject)).toEqual([
      "Ihr Konto ist mit einem Anmeldedienst verbunden (Hauswart)",
    ]);
    issuer.people.set("subject-1", { email: "moved@elsewhere.test", email_verified: false });
    expect((await signIn()).account.email).toBe(server.owner.email);
    expect(await rows("select subject from hauswart.oidc_identity")).toEqual([{ subject: "subject-1" }]);
  });

  test("opens nothing with an address that is not verified, unknown, or another subject's account", async () => {
    issuer.people.set("subject-1", { email: server.owner.email, email_verified: false });
    expect(await outcome(signIn())).toBe("ACCOUNT_NOT_LINKED");
    issuer.people.set("subject-1", { email: server.owner.email });
    expect(await outcome(signIn())).toBe("ACCOUNT_NOT_LINKED");
    issuer.people.set("subject-1", { email: "stranger@hauswart.test", email_verified: true });
    expect(await outcome(signIn())).toBe("ACCOUNT_NOT_LINKED");
    issuer.people.set("subject-1", { email: server.owner.email, email_verified: true });
    expect(await outcome(signIn())).toBe("done");
    issuer.people.set("subject-2", { email: server.owner.email, email_verified: true });
    issuer.signsIn = "subject-2";
    expect(await outcome(signIn())).toBe("ACCOUNT_NOT_LINKED");
    expect(await rows("select subject from hauswart.oidc_identity")).toEqual([{ subject: "subject-1" }]);
  });

  test("takes addresses for verified of which nothing is said, where the setting says so, and none that is said not to be", async () => {
    await server.api("changeOidcIssuer", { params: { oidcIssuerId: settings.oidcIssuerId }, body: { trustsEmails: true } });
    issuer.people.set("subject-1", { email: server.owner.email, email_verified: false });
    expect(await outcome(signIn())).toBe("ACCOUNT_NOT_LINKED");
    issuer.people.set("subject-1", { email: server.owner.email });
    expect(await outcome(signIn())).toBe("done");
  });

  test("opens no account that is disabled", async () => {
    await signIn();
    await server.database.unwalled("end of an account in a test", (tx) => tx.sql("update hauswart.account set disabled_at = now()"));
    expect(await outcome(signIn())).toBe("ACCOUNT_NOT_LINKED");
  });

  test("makes an account that may read only and reaches nobody, where the setting says so, and tells the owners", async () => {
    await change({ createsAccounts: true });
    issuer.people.set("subject-3", { email: "new@hauswart.test", email_verified: true, name: "Neu Hier" });
    issuer.signsIn = "subject-3";
    const { account, token } = await signIn();
    expect(account).toMatchObject({
      email: "new@hauswart.test",
      name: "Neu Hier",
      role: "read-only",
      reach: { mode: "include", customerIds: [] },
    });
    const { customerId } = await server.api("createCustomer", { body: { name: "Muster GmbH" } });
    const seen = async () => (await server.apiWith(token)("listCustomers")).items.map((customer) => customer.customerId);
    const told = await rows<{ address: string; subject: string }>(
      "select recipients -> 0 ->> 'address' as address, subject from hauswart.mail order by subject",
    );
    expect([await seen(), told]).toEqual([
      [],
      [
        { address: "new@hauswart.test", subject: "Ihr Konto ist mit einem Anmeldedienst verbunden (Hauswart)" },
        { address: server.owner.email, subject: "Neues Konto über Hausverzeichnis: new@hauswart.test (Hauswart)" },
      ],
    ]);
    await server.api("changeAccount", {
      params: { accountId: account.accountId },
      body: { reach: { mode: "include", customerIds: [customerId] } },
    });
    expect(await seen()).toEqual([customerId]);
    expect(await outcome(server.apiWith(token)("createCustomer", { body: { name: "x" } }))).toBe("FORBIDDEN");
    expect(await outcome(anybody()("createSession", { body: { email: "new@hauswart.test", password: "null" } }))).toBe("WRONG_CREDENTIALS");
    expect((await server.apiWith(token)("beginProof")).ways).toEqual([]);
    expect((await signIn()).account.accountId).toBe(account.accountId);
    issuer.people.set("subject-4", { email: "unverified@hauswart.test" });
    issuer.signsIn = "subject-4";
    expect(await outcome(signIn())).toBe("ACCOUNT_NOT_LINKED");
  });
});

describe("an answer", () => {
  test("is good once, and only for the page that began", async () => {
    const [one, other] = [await begin(), await begin()];
    const query = await issuer.visit(one.url);
    expect(await outcome(anybody()("createSessionWithOidc", { body: { challenge: other.challenge, query } }))).toBe(
      "IDENTITY_PROVIDER_FAILED",
    );
    expect(await outcome(anybody()("createSessionWithOidc", { body: { challenge: one.challenge, query } }))).toBe("done");
    expect(await outcome(anybody()("createSessionWithOidc", { body: { challenge: one.challenge, query } }))).toBe("CHALLENGE_INVALID");
  });

  test("does not hold when state, code or issuer were altered, or when it is a refusal", async () => {
    const altered = (name: string, value: string) => (query: string) => {
      const fields = new URLSearchParams(query);
      fields.set(name, value);
      return fields.toString();
    };
    expect(await outcome(signIn(altered("state", "another")))).toBe("IDENTITY_PROVIDER_FAILED");
    expect(await outcome(signIn(altered("code", "another")))).toBe("IDENTITY_PROVIDER_FAILED");
    expect(await outcome(signIn(altered("iss", "https://issuer.example.com")))).toBe("IDENTITY_PROVIDER_FAILED");
    expect(await outcome(signIn(() => ""))).toBe("IDENTITY_PROVIDER_FAILED");
    issuer.signsIn = undefined;
    expect(await outcome(signIn())).toBe("IDENTITY_PROVIDER_FAILED");
  });

  test("is worth nothing with the wrong client secret", async () => {
    await change({ clientSecret: "not the secret" });
    expect(await outcome(signIn())).toBe("IDENTITY_PROVIDER_FAILED");
    await change({ clientSecret: issuer.clientSecret });
    expect(await outcome(signIn())).toBe("done");
  });
});

describe("an own second factor", () => {
  const codeOf = (secret: string, atMs = Date.now()) =>
    TOTP.generate({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: 30, timestamp: atMs });

  test("is asked for after the identity provider, unless that one counts as such", async () => {
    const { secret } = await server.api("beginTotp");
    await server.api("confirmTotp", { body: { totp: codeOf(secret) } });
    const error = await signIn().catch((reason: unknown) => reason);
    expect((error as ApiError).code).toBe("SECOND_FACTOR_REQUIRED");
    const { challenge, factors } = (error as ApiError).problem as unknown as SecondFactorChallenge;
    expect(factors).toContain("totp");
    // The code of the next step: the one of now was taken by the confirmation.
    const body = { challenge, totp: codeOf(secret, Date.now() + 30_000) };
    expect((await anybody()("createSessionWithFactor", { body })).account.email).toBe(server.owner.email);
    await change({ countsAsSecondFactor: true });
    expect(await outcome(signIn())).toBe("done");
  });

  test("is owed after the identity provider too where it is wanted of all, unless that one counts as such", async () => {
    await server.database.unwalled("a setting in a test", (tx) =>
      tx.sql(`update hauswart.provider set settings = settings || '{"secondFactor": "all"}'`),
    );
    try {
      expect(await outcome(server.apiWith((await signIn()).token)("listDevices"))).toBe("SECOND_FACTOR_SETUP_REQUIRED");
      await server.database.unwalled("a setting in a test", (tx) =>
        tx.sql("update hauswart.oidc_issuer set counts_as_second_factor = true"),
      );
      expect(await outcome(server.apiWith((await signIn()).token)("listDevices"))).toBe("done");
    } finally {
      await server.database.unwalled("a setting in a test", (tx) =>
        tx.sql(`update hauswart.provider set settings = settings || '{"secondFactor": "off"}'`),
      );
    }
  });
});
