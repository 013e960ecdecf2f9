import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { ApiError } from "@hauswart/protocol/api/client.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { auditEntries } from "@hauswart/testkit/audit-log.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { Secret, TOTP } from "otpauth";
import { manualClock, type ManualClock } from "../../clock.ts";
import { freeFailures } from "../lock-out.ts";
import { makeBreakGlassCode } from "./break-glass.ts";

let server: TestServer;
let clock: ManualClock;
beforeEach(async () => {
  clock = manualClock(Date.UTC(2026, 2, 2, 10));
  server = await testServer({ services: { clock } });
}, 60_000);
afterEach(() => server.close());

const outcome = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: unknown) => (error instanceof ApiError ? error.code : Promise.reject(error as Error)),
  );
const signIn = (code: string, email = server.owner.email) =>
  server.apiWith(undefined)("createSessionWithBreakGlass", { body: { email, code } });
async function codeFor(email?: string): Promise<string> {
  const made = await makeBreakGlassCode(server.services, email);
  if (made.kind !== "made") throw new Error(`no code: ${JSON.stringify(made)}`);
  return made.code;
}
const addAccount = (email: string, role: string) =>
  server.database.unwalled("a colleague in a test", (tx) =>
    tx.sql("insert into hauswart.account (provider_id, account_id, email, name, role, language) values ($1, $2, $3, $3, $4, 'en')", [
      server.providerId,
      newId(),
      email,
      role,
    ]),
  );
const mails = async () =>
  (
    await server.database.unwalled("look of a test", (tx) =>
      tx.sql<{ subject: string; text_body: string; recipients: { address: string }[] }>(
        "select subject, text_body, recipients from hauswart.mail order by mail_id",
      ),
    )
  ).map(({ subject, text_body: text, recipients }) => ({ subject, text, to: recipients.map(({ address }) => address).join() }));

describe("a code from the server's own computer", () => {
  test("lets an owner in who has lost the second factor, once, past what is owed", async () => {
    const { secret } = await server.api("beginTotp");
    await server.api("confirmTotp", {
      body: {
        totp: TOTP.generate({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: 6, period: 30, timestamp: clock.now() }),
      },
    });
    await server.api("changeSettings", { body: { secondFactor: "all" } });
    const code = await codeFor();
    const { token } = await signIn(code.toUpperCase());
    const api = server.apiWith(token);
    expect(await outcome(api("listDevices"))).toBe("done");
    expect(await outcome(api("deleteTotp"))).toBe("done");
    expect(await outcome(signIn(code))).toBe("FACTOR_REFUSED");
  });

  test("lets an owner who has forgotten the password set another one, without a mail server, for ten minutes", async () => {
    const newPassword = "four quite random words";
    const { token: withPassword } = await server.apiWith(undefined)("createSession", { body: server.owner });
    const byPassword = server.apiWith(withPassword);
    expect((await byPassword("getFactors")).setsPasswordUntil).toBeNull();
    expect(await outcome(byPassword("changePassword", { body: { newPassword } }))).toBe("WRONG_PASSWORD");
    const late = server.apiWith((await signIn(await codeFor())).token);
    clock.advance(10 * 60_000);
    expect((await late("getFactors")).setsPasswordUntil).toBeNull();
    expect(await outcome(late("changePassword", { body: { newPassword } }))).toBe("WRONG_PASSWORD");
    const api = server.apiWith((await signIn(await codeFor())).token);
    expect((await api("getFactors")).setsPasswordUntil).toBe(new Date(clock.now() + 10 * 60_000).toISOString());
    expect(await outcome(api("changePassword", { body: { currentPassword: "guessed", newPassword } }))).toBe("WRONG_PASSWORD");
    await api("changePassword", { body: { newPassword } });
    expect(await outcome(byPassword("listDevices"))).toBe("UNAUTHENTICATED");
    const signInWith = (password: string) => server.apiWith(undefined)("createSession", { body: { email: server.owner.email, password } });
    expect([await outcome(signInWith(server.owner.password)), await outcome(signInWith(newPassword))]).toEqual([
      "WRONG_CREDENTIALS",
      "done",
    ]);
    const [entry] = await auditEntries(server.database, { action: "account.password-change" });
    expect(entry!.detail).toMatchObject({ method: "break-glass" });
  });

  test("is over after a quarter of an hour, and with the next one", async () => {
    const first = await codeFor();
    const second = await codeFor(server.owner.email.toUpperCase());
    expect(await outcome(signIn(first))).toBe("FACTOR_REFUSED");
    clock.advance(15 * 60_000);
    expect(await outcome(signIn(second))).toBe("FACTOR_REFUSED");
  });

  test("is for owners, who are named where it is not clear which", async () => {
    await addAccount("second@hauswart.test", "owner");
    await addAccount("technician@hauswart.test", "technician");
    const owners = { kind: "no-such-owner", owners: [server.owner.email, "second@hauswart.test"] };
    expect(await makeBreakGlassCode(server.services, undefined)).toEqual(owners as never);
    expect(await makeBreakGlassCode(server.services, "technician@hauswart.test")).toEqual(owners as never);
    const code = await codeFor("second@hauswart.test");
    expect(await outcome(signIn(code))).toBe("FACTOR_REFUSED");
    expect((await signIn(code, "second@hauswart.test")).account.email).toBe("second@hauswart.test");
  });

  test("ends with the account's being an owner, or being disabled", async () => {
    const code = await codeFor();
    await server.database.unwalled("a change in a test", (tx) => tx.sql("update hauswart.account set role = 'technician'"));
    expect(await outcome(signIn(code))).toBe("FACTOR_REFUSED");
    await server.database.unwalled("a change in a test", (tx) => tx.sql("update hauswart.account set role = 'owner', disabled_at = now()"));
    expect(await outcome(signIn(code))).toBe("FACTOR_REFUSED");
    expect(await makeBreakGlassCode(server.services, undefined)).toEqual({ kind: "no-such-owner", owners: [] });
  });

  test("is told to all owners by mail when it is made and when it is used, without the code, and stands in the log", async () => {
    await addAccount("second@hauswart.test", "owner");
    await addAccount("technician@hauswart.test", "technician");
    const code = await codeFor(server.owner.email);
    await signIn(code);
    const told = await mails();
    expect(told.map(({ subject, to }) => [subject, to])).toEqual([
      ["Ein Notzugang wurde angelegt (Hauswart)", server.owner.email],
      ["An emergency sign-in was made (Hauswart)", "second@hauswart.test"],
      ["Der Notzugang wurde benutzt (Hauswart)", server.owner.email],
      ["The emergency sign-in was used (Hauswart)", "second@hauswart.test"],
    ]);
    const log = await auditEntries(server.database, { action: "break-glass%" });
    expect(log.map(({ action }) => action)).toEqual(["break-glass.create", "break-glass.use"]);
    expect(JSON.stringify([log, told])).not.toContain(code);
  });

  test("lets in while others keep the account locked by wrong passwords; wrong codes lock the address from which they come", async () => {
    const code = await codeFor();
    await server.database.unwalled("wrong passwords from many addresses in a test", (tx) =>
      tx.sql("update hauswart.sign_in_failure set failures = 25, last_at = $1 where kind = 'account'", [
        new Date(clock.now()).toISOString(),
      ]),
    );
    await server.database.unwalled("another network in a test", (tx) => tx.sql("update hauswart.session set address = '192.0.2.1'"));
    expect(await outcome(server.apiWith(undefined)("createSession", { body: server.owner }))).toBe("TOO_MANY_ATTEMPTS");
    expect(await outcome(signIn(code))).toBe("done");
    for (let attempt = 0; attempt < freeFailures.address; attempt++)
      expect(await outcome(signIn("k3vd-x8qp-7mzr-abcd-2345"))).toBe("FACTOR_REFUSED");
    expect(await outcome(signIn(await codeFor()))).toBe("TOO_MANY_ATTEMPTS");
  });
});
