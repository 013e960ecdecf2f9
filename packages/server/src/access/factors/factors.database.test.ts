/** Second factors by the API itself: what a console does, and what somebody would try who is not its owner. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import { ApiError } from "@hauswart/protocol/api/client.ts";
import type { SecondFactorChallenge } from "@hauswart/protocol/api/factors.ts";
import { manualClock, type ManualClock } from "../../clock.ts";
import { auditedActions } from "@hauswart/testkit/audit-log.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { Secret, TOTP } from "otpauth";
import { freeFailures } from "../lock-out.ts";
import { hashPassword } from "../passwords.ts";
import { proofFreshMs } from "./fresh-proof.ts";

let server: TestServer;
let clock: ManualClock;
beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 2, 2, 10));
  server = await testServer({ services: { clock } });
}, 60_000);
afterEach(() => server.close());

/** Code of a call that did not succeed, or `done`. */
const outcome = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: unknown) => (error instanceof ApiError ? error.code : Promise.reject(error as Error)),
  );
const anybody = () => server.apiWith(undefined);
const signIn = () => anybody()("createSession", { body: server.owner });
/** The challenge that comes after the password. */
async function challenge(): Promise<SecondFactorChallenge> {
  const error = await signIn().catch((reason: unknown) => reason);
  expect((error as ApiError).code).toBe("SECOND_FACTOR_REQUIRED");
  return (error as ApiError).problem as unknown as SecondFactorChallenge;
}
const answer = (body: Input<"createSessionWithFactor">) => anybody()("createSessionWithFactor", { body });
const codeAt = (secret: string, atMs = clock.now()) =>
  TOTP.generate({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: 30, timestamp: atMs });
/** Sets an authenticator app up. */
async function setUpTotp(): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret } = await server.api("beginTotp");
  const { recoveryCodes } = await server.api("confirmTotp", { body: { totp: codeAt(secret) } });
  clock.advance(30_000);
  return { secret, recoveryCodes: recoveryCodes! };
}
const audited = () => auditedActions(server.database);
const mails = () =>
  server.database.unwalled("look of a test", (tx) =>
    tx.sql<{ subject: string; text_body: string; recipients: { address: string }[] }>(
      "select subject, text_body, recipients from hauswart.mail order by mail_id",
    ),
  );

describe("an authenticator app", () => {
  test("is asked for once a code has confirmed it, not before", async () => {
    const { secret, uri } = await server.api("beginTotp");
    expect(uri).toStartWith("otpauth://totp/");
    expect(await outcome(signIn())).toBe("done");
    expect(await outcome(server.api("confirmTotp", { body: { totp: "000000" } }))).toBe("PROOF_REFUSED");
    expect((await server.api("getFactors")).totp).toBeNull();
    expect((await server.api("listAccounts")).items[0]!.factors).toEqual({ totp: false, passkeys: 0 });
    const { recoveryCodes } = await server.api("confirmTotp", { body: { totp: codeAt(secret) } });
    expect(recoveryCodes).toHaveLength(10);
    expect((await server.api("getFactors")).recoveryCodes).toMatchObject({ left: 10 });
    expect((await server.api("listAccounts")).items[0]!.factors).toEqual({ totp: true, passkeys: 0 });
    clock.advance(30_000);
    const { challenge: token, factors, passkeyOptions } = await challenge();
    expect([factors, passkeyOptions]).toEqual([["totp", "recovery-code"], null]);
    const { token: session } = await answer({ challenge: token, totp: codeAt(secret) });
    expect((await server.apiWith(session)("getSession")).account).toMatchObject({ email: server.owner.email });
    expect(await outcome(server.api("beginTotp"))).toBe("CONFLICT");
  });

  test("finishes no sign-in that began with a password which is not the password any more", async () => {
    const { secret } = await setUpTotp();
    const { challenge: token } = await challenge();
    const body = { currentPassword: server.owner.password, newPassword: "another long password" };
    await server.api("changePassword", { body });
    expect(await outcome(answer({ challenge: token, totp: codeAt(secret) }))).toBe("CHALLENGE_INVALID");
  });

  test("gives codes that are good once, also for two who send the same one at once", async () => {
    const { secret } = await setUpTotp();
    const code = codeAt(secret);
    const challenges = await Promise.all([challenge(), challenge(), challenge()]);
    const outcomes = await Promise.all(challenges.map(({ challenge: token }) => outcome(answer({ challenge: token, totp: code }))));
    expect(outcomes.sort()).toEqual(["FACTOR_REFUSED", "FACTOR_REFUSED", "done"]);
    const { challenge: token } = await challenge();
    // The step before is good within the drift, but older than the one that was taken.
    expect(await outcome(answer({ challenge: token, totp: codeAt(secret, clock.now() - 30_000) }))).toBe("FACTOR_REFUSED");
    expect(await outcome(answer({ challenge: token, totp: codeAt(secret, clock.now() + 30_000) }))).toBe("done");
  });

  test("has a secret that the database alone does not tell", async () => {
    const { secret } = await server.api("beginTotp");
    const rows = await server.database.unwalled("look of a test", (tx) =>
      tx.sql<{ secret: Buffer }>("select secret from hauswart.account_totp"),
    );
    expect(Buffer.from(rows[0]!.secret).includes(Buffer.from(Secret.fromBase32(secret).bytes))).toBe(false);
  });

  test("ends the sessions that a password alone opened, but the one that set it up", async () => {
    const { token: other } = await signIn();
    await setUpTotp();
    expect(await outcome(server.apiWith(other)("getSession"))).toBe("UNAUTHENTICATED");
    expect(await outcome(server.api("getSession"))).toBe("done");
  });

  test("is gone when it is removed, with the recovery codes that stood in for it", async () => {
    const { recoveryCodes } = await setUpTotp();
    const before = await challenge();
    await server.api("deleteTotp");
    expect(await server.api("getFactors")).toMatchObject({ totp: null, recoveryCodes: null });
    expect(await outcome(signIn())).toBe("done");
    expect(await outcome(answer({ challenge: before.challenge, recoveryCode: recoveryCodes[0]! }))).toBe("FACTOR_REFUSED");
    expect((await audited()).filter((action) => action.startsWith("totp"))).toEqual(["totp.begin", "totp.create", "totp.delete"]);
    expect((await mails()).map(({ subject }) => subject)).toEqual([
      "Ihr Konto hat einen neuen zweiten Faktor (Hauswart)",
      "Ein zweiter Faktor Ihres Kontos wurde entfernt (Hauswart)",
    ]);
  });
});

describe("a challenge", () => {
  test("is good for one sign-in", async () => {
    const { recoveryCodes } = await setUpTotp();
    const { challenge: token } = await challenge();
    expect(await outcome(answer({ challenge: token, recoveryCode: recoveryCodes[0]! }))).toBe("done");
    expect(await outcome(answer({ challenge: token, recoveryCode: recoveryCodes[1]! }))).toBe("CHALLENGE_INVALID");
  });

  test("ends after five minutes, after five wrong answers, and with its account", async () => {
    const { recoveryCodes } = await setUpTotp();
    const [late, tried, orphaned] = [await challenge(), await challenge(), await challenge()];
    for (let attempt = 0; attempt < 5; attempt++)
      expect(await outcome(answer({ challenge: tried.challenge, totp: "000000" }))).toBe("FACTOR_REFUSED");
    expect(await outcome(answer({ challenge: tried.challenge, recoveryCode: recoveryCodes[0]! }))).toBe("CHALLENGE_INVALID");
    await server.database.unwalled("end of an account in a test", (tx) => tx.sql("update hauswart.account set disabled_at = now()"));
    expect(await outcome(answer({ challenge: orphaned.challenge, recoveryCode: recoveryCodes[0]! }))).toBe("CHALLENGE_INVALID");
    await server.database.unwalled("end of an account in a test", (tx) => tx.sql("update hauswart.account set disabled_at = null"));
    clock.advance(5 * 60_000);
    expect(await outcome(answer({ challenge: late.challenge, recoveryCode: recoveryCodes[0]! }))).toBe("CHALLENGE_INVALID");
  });

  test("that nobody gave, or that is for something else, opens nothing", async () => {
    await setUpTotp();
    expect(await outcome(answer({ challenge: "hwc_made-up", totp: "000000" }))).toBe("CHALLENGE_INVALID");
    expect(await outcome(answer({ challenge: (await challenge()).challenge, totp: "12345" }))).toBe("INVALID_REQUEST");
    expect(
      await outcome(answer({ challenge: (await challenge()).challenge, totp: "123456", recoveryCode: "k3vd-x8qp-7mzr-abcd-2345" })),
    ).toBe("INVALID_REQUEST");
  });

  test("holds nothing readable in the database", async () => {
    await setUpTotp();
    const { challenge: token } = await challenge();
    const rows = await server.database.unwalled("look of a test", (tx) => tx.sql("select * from hauswart.sign_in_challenge"));
    const stored = JSON.stringify(rows);
    expect(rows).toHaveLength(1);
    expect(stored.includes(token) || stored.includes("second-factor")).toBe(false);
  });
});

describe("wrong codes", () => {
  test("lock the account like wrong passwords, and the right password does not clear the count", async () => {
    const { recoveryCodes } = await setUpTotp();
    const elsewhere = async () => {
      // Whoever tries is somewhere else: from addresses that the owner has used lately the account's lock does not hold.
      await server.database.unwalled("another network in a test", (tx) => tx.sql("update hauswart.session set address = '192.0.2.1'"));
    };
    await elsewhere();
    for (let attempt = 0; attempt < freeFailures.account; attempt++)
      expect(await outcome(answer({ challenge: (await challenge()).challenge, totp: "000000" }))).toBe("FACTOR_REFUSED");
    expect(await outcome(signIn())).toBe("TOO_MANY_ATTEMPTS");
    clock.advance(60_000);
    const { challenge: token } = await challenge();
    expect(await outcome(answer({ challenge: token, totp: "000000" }))).toBe("FACTOR_REFUSED");
    expect(await outcome(answer({ challenge: token, recoveryCode: recoveryCodes[0]! }))).toBe("TOO_MANY_ATTEMPTS");
    clock.advance(120_000);
    expect(await outcome(answer({ challenge: token, recoveryCode: recoveryCodes[0]! }))).toBe("done");
    expect((await audited()).filter((action) => action === "session.refuse")).toHaveLength(freeFailures.account + 1);
  });
});

describe("recovery codes", () => {
  test("are good once each, however they are typed; using one is told by mail and written down", async () => {
    const { recoveryCodes } = await setUpTotp();
    expect(new Set(recoveryCodes).size).toBe(10);
    const first = recoveryCodes[0]!;
    const { challenge: token } = await challenge();
    const { token: session } = await answer({ challenge: token, recoveryCode: first.toUpperCase().replaceAll("-", " ") });
    expect((await server.apiWith(session)("getFactors")).recoveryCodes).toMatchObject({ left: 9 });
    expect(await outcome(answer({ challenge: (await challenge()).challenge, recoveryCode: first }))).toBe("FACTOR_REFUSED");
    expect(await audited()).toContain("recovery-code.use");
    const mail = (await mails()).at(-1)!;
    expect([mail.subject, mail.recipients.map(({ address }) => address)]).toEqual([
      "Ein Wiederherstellungscode wurde benutzt (Hauswart)",
      [server.owner.email],
    ]);
    expect(mail.text_body).toContain("Übrig: 9");
  });

  test("end when new ones are made; without a factor there are none", async () => {
    expect(await outcome(server.api("createRecoveryCodes"))).toBe("CONFLICT");
    const { recoveryCodes } = await setUpTotp();
    const { recoveryCodes: fresh } = await server.api("createRecoveryCodes");
    const { challenge: token } = await challenge();
    expect(await outcome(answer({ challenge: token, recoveryCode: recoveryCodes[0]! }))).toBe("FACTOR_REFUSED");
    expect(await outcome(answer({ challenge: token, recoveryCode: fresh[0]! }))).toBe("done");
  });

  test("are not offered when all are used", async () => {
    const { recoveryCodes } = await setUpTotp();
    for (const recoveryCode of recoveryCodes) await answer({ challenge: (await challenge()).challenge, recoveryCode });
    expect((await challenge()).factors).toEqual(["totp"]);
  });
});

describe("a fresh proof", () => {
  const key = { body: { name: "key", scopes: ["devices:read" as const] } };

  test("is what signing in is, for ten minutes; then dangerous changes want another", async () => {
    expect(await outcome(server.api("createApiKey", key))).toBe("done");
    clock.advance(proofFreshMs);
    expect(await outcome(server.api("createApiKey", key))).toBe("STEP_UP_REQUIRED");
    expect(await outcome(server.api("beginTotp"))).toBe("STEP_UP_REQUIRED");
    expect(await outcome(server.api("listDevices"))).toBe("done");
    expect(await server.api("beginProof")).toMatchObject({ ways: ["password"], challenge: null });
    const { provedUntil } = await server.api("proveSession", { body: { password: server.owner.password } });
    expect(Date.parse(provedUntil)).toBe(clock.now() + proofFreshMs);
    expect(await outcome(server.api("createApiKey", key))).toBe("done");
  });

  test("holds for the session that gave it alone", async () => {
    const { token: other } = await signIn();
    clock.advance(proofFreshMs);
    await server.api("proveSession", { body: { password: server.owner.password } });
    expect(await outcome(server.apiWith(other)("createApiKey", key))).toBe("STEP_UP_REQUIRED");
  });

  test("is no place to guess the password, and takes a code of the app", async () => {
    const { secret } = await setUpTotp();
    clock.advance(proofFreshMs);
    expect((await server.api("beginProof")).ways).toEqual(["password", "totp"]);
    expect(await outcome(server.api("proveSession", { body: { totp: codeAt(secret) } }))).toBe("done");
    for (let attempt = 0; attempt < freeFailures.address; attempt++)
      expect(await outcome(server.api("proveSession", { body: { password: "wrong" } }))).toBe("PROOF_REFUSED");
    expect(await outcome(server.api("proveSession", { body: { password: server.owner.password } }))).toBe("TOO_MANY_ATTEMPTS");
  });

  test("is wanted where something is kept for a shorter time, not where it is kept longer", async () => {
    const keep = (mailDays: number) => outcome(server.api("changeSettings", { body: { mailDays } }));
    expect(await keep(60)).toBe("done");
    clock.advance(proofFreshMs);
    expect([await keep(59), (await server.api("getSettings")).mailDays]).toEqual(["STEP_UP_REQUIRED", 60]);
    expect([await keep(60), await keep(61)]).toEqual(["done", "done"]);
    await server.api("proveSession", { body: { password: server.owner.password } });
    expect([await keep(59), (await server.api("getSettings")).mailDays]).toEqual(["done", 59]);
  });

  test("is wanted to take a customer's data along; a page can ask first", async () => {
    const { customerId } = await server.api("createCustomer", { body: { name: "Muster GmbH" } });
    const address = `${server.url}/api/v1/customers/${customerId}/export`;
    const take = async () => {
      const answer = await fetch(address, { headers: { authorization: `Bearer ${server.token}` } });
      return answer.ok ? (await answer.arrayBuffer()).byteLength > 100 : ((await answer.json()) as { code: string }).code;
    };
    expect([await outcome(server.api("checkProof")), await take()]).toEqual(["done", true]);
    clock.advance(proofFreshMs);
    expect([await outcome(server.api("checkProof")), await take()]).toEqual(["STEP_UP_REQUIRED", "STEP_UP_REQUIRED"]);
    await server.api("proveSession", { body: { password: server.owner.password } });
    expect([await outcome(server.api("checkProof")), await take()]).toEqual(["done", true]);
  });

  test("is wanted only where a change of settings is dangerous, and never of API keys", async () => {
    const { key: token } = await server.api("createApiKey", { body: { name: "key", scopes: ["devices:read", "access:write"] } });
    clock.advance(proofFreshMs);
    expect(await outcome(server.api("changeSettings", { body: { name: "House" } }))).toBe("done");
    expect(await outcome(server.api("changeSettings", { body: { secondFactor: "all" } }))).toBe("STEP_UP_REQUIRED");
    expect(await outcome(server.apiWith(token)("createApiKey", key))).toBe("done");
    expect(await outcome(server.apiWith(token)("beginProof"))).toBe("FORBIDDEN");
    expect(await outcome(server.apiWith(token)("getFactors"))).toBe("FORBIDDEN");
  });
});

describe("where the provider wants second factors", () => {
  test("a session without one can set one up and nothing else", async () => {
    const { key } = await server.api("createApiKey", { body: { name: "key", scopes: ["devices:read"] } });
    await server.api("changeSettings", { body: { secondFactor: "owners-and-administrators" } });
    expect(await outcome(server.api("listDevices"))).toBe("SECOND_FACTOR_SETUP_REQUIRED");
    expect(await outcome(server.api("changeSettings", { body: { secondFactor: "off" } }))).toBe("SECOND_FACTOR_SETUP_REQUIRED");
    expect(await outcome(server.apiWith((await signIn()).token)("listDevices"))).toBe("SECOND_FACTOR_SETUP_REQUIRED");
    expect(await server.api("getFactors")).toMatchObject({ isRequired: true, isMissing: true });
    expect(await outcome(server.apiWith(key)("listDevices"))).toBe("done");
    await setUpTotp();
    expect(await outcome(server.api("listDevices"))).toBe("done");
    expect(await server.api("getFactors")).toMatchObject({ isRequired: true, isMissing: false });
  });

  test("open streams look again whether they may stay, when the setting changes and when weaker sessions end", async () => {
    const { account } = await server.api("getSession");
    const told: unknown[] = [];
    server.services.bus.subscribe("access-changed", (message) => void told.push(message));
    await server.api("changeSettings", { body: { name: "House" } });
    await server.api("changeSettings", { body: { secondFactor: "all" } });
    await setUpTotp();
    const expected = { providerId: server.providerId, actorIds: [account!.accountId] };
    expect(told).toEqual([expected, expected]);
  });

  test("those of other roles are left alone unless all are meant", async () => {
    await server.api("changeSettings", { body: { secondFactor: "owners-and-administrators" } });
    await server.database.unwalled("another role in a test", (tx) => tx.sql("update hauswart.account set role = 'technician'"));
    expect(await outcome(server.api("listDevices"))).toBe("done");
    expect((await server.api("getFactors")).isRequired).toBe(false);
    await server.database.unwalled("another setting in a test", (tx) =>
      tx.sql(`update hauswart.provider set settings = settings || '{"secondFactor": "all"}'`),
    );
    expect(await outcome(server.api("listDevices"))).toBe("SECOND_FACTOR_SETUP_REQUIRED");
  });
});

describe("factors that somebody has lost", () => {
  const colleague = { email: "colleague@hauswart.test", password: "another horse battery" };
  /** Another account of this role, signed in. */
  async function addColleague(role: string) {
    const [accountId, hash] = [newId(), await hashPassword(colleague.password)];
    await server.database.unwalled("a colleague in a test", (tx) =>
      tx.sql(
        "insert into hauswart.account (provider_id, account_id, email, name, role, language, password_hash) values ($1, $2, $3, 'Colleague', $4, 'en', $5)",
        [server.providerId, accountId, colleague.email, role, hash],
      ),
    );
    const { token } = await anybody()("createSession", { body: colleague });
    return { accountId, token, api: server.apiWith(token) };
  }

  test("are taken away by who gives rights; the password stays, sessions end, mail and log tell of it", async () => {
    const { accountId, token, api } = await addColleague("technician");
    const { secret } = await api("beginTotp");
    await api("confirmTotp", { body: { totp: codeAt(secret) } });
    expect(await outcome(anybody()("createSession", { body: colleague }))).toBe("SECOND_FACTOR_REQUIRED");
    await server.api("deleteAccountFactors", { params: { accountId } });
    expect(await outcome(server.apiWith(token)("getSession"))).toBe("UNAUTHENTICATED");
    expect(await outcome(anybody()("createSession", { body: colleague }))).toBe("done");
    expect(await audited()).toContain("account.remove-factors");
    const mail = (await mails()).at(-1)!;
    expect([mail.subject, mail.recipients[0]?.address]).toEqual(["Your account has no second factor any more (Hauswart)", colleague.email]);
    clock.advance(proofFreshMs);
    expect(await outcome(server.api("deleteAccountFactors", { params: { accountId } }))).toBe("STEP_UP_REQUIRED");
  });

  test("are not taken away by who may not give what that account has, nor one's own in one go", async () => {
    const { account } = await server.api("getSession");
    const owner = { params: { accountId: account!.accountId } };
    expect(await outcome(server.api("deleteAccountFactors", owner))).toBe("FORBIDDEN");
    expect(await outcome((await addColleague("administrator")).api("deleteAccountFactors", owner))).toBe("FORBIDDEN");
    expect(await outcome(server.api("deleteAccountFactors", { params: { accountId: newId() } }))).toBe("NOT_FOUND");
  });
});
