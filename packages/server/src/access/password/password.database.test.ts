import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedPerson, type SeededPerson } from "@hauswart/testkit/people.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import type { Caller, Context } from "../../context.ts";
import { claimMails } from "../../mail/outbox/store.ts";
import { parseSettings } from "../../settings.ts";
import { changeAccount } from "../accounts/change-account.ts";
import { authenticate } from "../authenticate.ts";
import { createSession } from "../create-session.ts";
import { unsetOwnerEmail } from "../ensure-first-owner.ts";
import { findAccountByEmail } from "../find-account.ts";
import { forgetEndedAccess } from "../forget-ended-access.ts";
import { freeFailures } from "../lock-out.ts";
import { hashPassword } from "../passwords.ts";
import { startSession } from "../start-session.ts";
import { changePassword } from "./change-password.ts";
import { mailPasswordReset, mostMailsAnHour, requestPasswordReset } from "./request-password-reset.ts";
import { resetPassword } from "./reset-password.ts";

const old = "the old long password";
const fresh = "the new long password";
const hour = 3_600_000;

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let someone: SeededPerson;
let passwordHash: string;
beforeAll(async () => {
  database = await testDatabase();
  passwordHash = await hashPassword(old);
}, 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  await database.unwalled("clean slate of a test", (tx) => tx.sql("truncate hauswart.provider, hauswart.sign_in_failure cascade"));
  services = testServices(database, { settings: { ...parseSettings({}), smtpUrl: "smtp://127.0.0.1:9", url: "https://hauswart.example" } });
  tenant = await seedTenant(database);
  someone = await seedPerson(services, tenant, {
    email: "Someone@Example.test",
    reach: { mode: "include", customerIds: [tenant.first.customerId] },
    passwordHash,
  });
});

const caller = (address = "192.0.2.1"): Caller => ({ services, address, userAgent: "test", token: undefined });
const who = (token: string) => authenticate(services, token, "192.0.2.7", "");
const context = async (): Promise<Context> => (await who(someone.token))!;
const signIn = (password: string) => createSession({ caller: caller(), input: { email: someone.email, password } });
const reset = (token: string, password = fresh) => resetPassword({ caller: caller(), input: { token, password } });
const mails = async () =>
  (await claimMails(services, 100)).map(({ recipients, subject, text }) => ({ to: recipients[0]!.address, subject, text }));
const resetToken = async (email = someone.email) => {
  expect(await mailPasswordReset(caller(), email)).toBe(true);
  return /https:\/\/hauswart\.example\/password-reset#token=(\S+)/.exec((await mails()).at(-1)!.text)![1]!;
};

describe("a link for a new password", () => {
  test("sets it once, ends all sessions, and the address is told", async () => {
    const token = await resetToken();
    await reset(token);
    expect([await who(someone.token), await codeOf(signIn(old)), await codeOf(signIn(fresh))]).toEqual([
      undefined,
      "WRONG_CREDENTIALS",
      "done",
    ]);
    expect(await mails()).toMatchObject([{ to: "Someone@Example.test", subject: "Your password for Hauswart was changed: Provider" }]);
    expect(await codeOf(reset(token, "another long password"))).toBe("LINK_INVALID");
  });

  test("lets no sign-in finish whose password was looked at before", async () => {
    const account = await database.unwalled("look of a test", (tx) => findAccountByEmail(tx, someone.email));
    const finish = () => codeOf(startSession(caller(), account!, { method: "password", passwordHash, factor: undefined }));
    const token = await resetToken();
    expect(await finish()).toBe("done");
    await reset(token);
    expect(await finish()).toBe("WRONG_CREDENTIALS");
  });

  test("is stored without its token", async () => {
    const token = await resetToken();
    const stored = await database.unwalled("look of a test", (tx) =>
      tx.sql("select to_jsonb(r) as row from hauswart.password_reset r union all select to_jsonb(a) from hauswart.audit_entry a"),
    );
    expect(stored.length).toBe(2);
    expect(JSON.stringify(stored)).not.toContain(token.slice(4));
  });

  test("works once when it is used twice at once", async () => {
    const token = await resetToken();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => codeOf(reset(token))));
    expect(outcomes.sort()).toEqual([...Array.from({ length: 4 }, () => "LINK_INVALID"), "done"]);
  });

  test("is good for an hour", async () => {
    const token = await resetToken();
    services.clock.advance(hour - 1);
    const other = await resetToken();
    services.clock.advance(1);
    expect(await codeOf(reset(token))).toBe("LINK_INVALID");
    await forgetEndedAccess(services);
    expect(await codeOf(reset(other))).toBe("done");
  });

  test("ends with any change of the password, and with the account", async () => {
    const [first, second] = [await resetToken(), await resetToken()];
    await reset(second);
    expect(await codeOf(reset(first))).toBe("LINK_INVALID");
    const third = await resetToken();
    const ctx = contextFor(services, tenant);
    await changeAccount({ ctx, input: { accountId: someone.accountId, isDisabled: true } });
    expect([await codeOf(reset(third)), await mailPasswordReset(caller(), someone.email)]).toEqual(["LINK_INVALID", false]);
    await changeAccount({ ctx, input: { accountId: someone.accountId, isDisabled: false } });
    expect(await codeOf(reset(third))).toBe("LINK_INVALID");
  });

  test.each(["", "x", `hwr_${"A".repeat(43)}`, `hwi_${"A".repeat(43)}`, "' or true --"])("is not %j", async (token) => {
    await resetToken();
    expect(await codeOf(reset(token))).toBe("LINK_INVALID");
  });

  test("takes no password that is guessed first, and is not used up by it", async () => {
    const token = await resetToken();
    expect(await codeOf(reset(token, "SOMEONE@example.test"))).toBe("INVALID_REQUEST");
    expect(await codeOf(reset(token))).toBe("done");
  });
});

describe("asking for a link", () => {
  test("gets the same answer whether there is an account or not", async () => {
    for (const email of [someone.email, "nobody@example.test", "' or true --"])
      expect(await requestPasswordReset({ caller: caller(), input: { email } })).toBeUndefined();
    const written = await until("the mail", async () => {
      const found = await mails();
      return found.length > 0 && found;
    });
    expect(written).toHaveLength(1);
  });

  test("sends the mail to the address that is stored, however it was typed", async () => {
    await mailPasswordReset(caller(), "  SOMEONE@example.TEST ");
    expect(await mails()).toMatchObject([{ to: "Someone@Example.test" }]);
  });

  test("fills nobody's mailbox", async () => {
    const outcomes = await Promise.all(Array.from({ length: mostMailsAnHour + 3 }, () => mailPasswordReset(caller(), someone.email)));
    expect(outcomes.filter(Boolean)).toHaveLength(mostMailsAnHour);
    services.clock.advance(hour);
    expect(await mailPasswordReset(caller(), someone.email)).toBe(true);
  });

  test("is limited per address, for known and unknown accounts alike, also all at once", async () => {
    const ask = (address: string) => codeOf(requestPasswordReset({ caller: caller(address), input: { email: "nobody@example.test" } }));
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => ask("198.51.100.1")));
    expect(outcomes.filter((code) => code === "done")).toHaveLength(freeFailures["password-reset"]);
    expect(outcomes.filter((code) => code === "TOO_MANY_ATTEMPTS")).toHaveLength(10);
    expect(await ask("198.51.100.2")).toBe("done");
    expect(await codeOf(signIn(old))).toBe("done");
  });

  test("writes nothing for an owner without a real address", async () => {
    await seedPerson(services, tenant, { role: "owner", email: unsetOwnerEmail });
    expect(await mailPasswordReset(caller(), unsetOwnerEmail)).toBe(false);
  });
});

describe("changing one's own password", () => {
  const change = async (currentPassword: string, newPassword = fresh, ctx?: Context) =>
    changePassword({ ctx: ctx ?? (await context()), input: { currentPassword, newPassword } });

  test("asks for the old one, ends the other sessions, keeps this one, and tells the address", async () => {
    const { token: other } = await signIn(old);
    expect(await codeOf(change("wrong"))).toBe("WRONG_PASSWORD");
    await change(old);
    expect([(await who(someone.token)) !== undefined, await who(other)]).toEqual([true, undefined]);
    expect([await codeOf(signIn(old)), await codeOf(signIn(fresh))]).toEqual(["WRONG_CREDENTIALS", "done"]);
    expect(await mails()).toMatchObject([{ subject: "Your password for Hauswart was changed: Provider" }]);
  });

  test("is no way to guess the old one with a stolen session, and locks nobody out of signing in", async () => {
    for (let attempt = 0; attempt < freeFailures.account; attempt++) expect(await codeOf(change("wrong"))).toBe("WRONG_PASSWORD");
    expect(await codeOf(change(old))).toBe("TOO_MANY_ATTEMPTS");
    expect(await codeOf(signIn(old))).toBe("done");
  });

  test("is for people", async () => {
    expect(await codeOf(change(old, fresh, contextFor(services, tenant)))).toBe("FORBIDDEN");
    expect(await codeOf(change(old, "Someone@Example.test"))).toBe("INVALID_REQUEST");
  });
});
