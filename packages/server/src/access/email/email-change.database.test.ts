/** A new e-mail address by the API itself: who asks, who confirms, who objects, and what somebody else would try. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { auditedActions } from "@hauswart/testkit/audit-log.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedPerson, type SeededPerson } from "@hauswart/testkit/people.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Caller, Context } from "../../context.ts";
import { claimMails } from "../../mail/outbox/store.ts";
import { parseSettings } from "../../settings.ts";
import { changeAccount } from "../accounts/change-account.ts";
import { authenticate } from "../authenticate.ts";
import { createSession } from "../create-session.ts";
import { unsetOwnerEmail } from "../ensure-first-owner.ts";
import { forgetEndedAccess } from "../forget-ended-access.ts";
import { hashPassword } from "../passwords.ts";
import { mailPasswordReset } from "../password/request-password-reset.ts";
import { cancelEmailChange } from "./cancel-email-change.ts";
import { confirmEmailChange } from "./confirm-email-change.ts";
import { confirmLifeMs, mostChangesAnHour, objectionLifeMs } from "./email-change-row.ts";
import { getEmailChange } from "./get-email-change.ts";
import { objectToEmailChange } from "./object-to-email-change.ts";
import { requestEmailChange } from "./request-email-change.ts";

const password = "a long enough password";
const old = "Someone@Example.test";
const next = "somebody@example.test";

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let someone: SeededPerson;
let passwordHash: string;
beforeAll(async () => {
  database = await testDatabase();
  passwordHash = await hashPassword(password);
}, 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  await database.unwalled("clean slate of a test", (tx) => tx.sql("truncate hauswart.provider, hauswart.sign_in_failure cascade"));
  services = testServices(database, { settings: { ...parseSettings({}), smtpUrl: "smtp://127.0.0.1:9", url: "https://hauswart.example" } });
  tenant = await seedTenant(database);
  someone = await seedPerson(services, tenant, {
    email: old,
    reach: { mode: "include", customerIds: [tenant.first.customerId] },
    passwordHash,
  });
});

const caller = (): Caller => ({ services, address: "192.0.2.1", userAgent: "test", token: undefined });
const who = (token: string) => authenticate(services, token, "192.0.2.7", "");
const context = async (token = someone.token): Promise<Context> => (await who(token))!;
const request = async (email = next, ctx?: Context) => requestEmailChange({ ctx: ctx ?? (await context()), input: { email } });
const confirm = (token: string) => confirmEmailChange({ caller: caller(), input: { token } });
const object = (token: string) => objectToEmailChange({ caller: caller(), input: { token } });
const signIn = (email: string) => codeOf(createSession({ caller: caller(), input: { email, password } }));
const mails = async () =>
  (await claimMails(services, 100)).map(({ recipients, subject, text }) => ({ to: recipients[0]!.address, subject, text }));
const tokenIn = (text: string, path: string) => new RegExp(`https://hauswart\\.example/${path}#token=(\\S+)`).exec(text)?.[1];
const emailNow = async () =>
  (
    await database.unwalled("look of a test", (tx) =>
      tx.sql<{ email: string }>("select email from hauswart.account where account_id = $1", [someone.accountId]),
    )
  )[0]!.email;
const audited = () => auditedActions(database);

/** Asks for a change. @returns the tokens in the mails to the new and to the old address */
async function asked(email = next): Promise<{ confirmToken: string; objectToken: string }> {
  await request(email);
  const written = await mails();
  const to = (address: string) => written.find((mail) => mail.to === address)!.text;
  return { confirmToken: tokenIn(to(email), "email-change")!, objectToken: tokenIn(to(await emailNow()), "email-objection")! };
}

describe("a new e-mail address", () => {
  test("holds once its link was followed; sessions stay, and both addresses were told", async () => {
    await request();
    expect([await emailNow(), (await getEmailChange({ ctx: await context(), input: undefined })).waiting?.email]).toEqual([old, next]);
    const written = await mails();
    expect(new Map(written.map(({ to, subject }) => [to, subject]))).toEqual(
      new Map([
        [next, "Confirm your new e-mail address: Provider"],
        [old, "Your e-mail address in Hauswart is to change: Provider"],
      ]),
    );
    const token = tokenIn(written.find(({ to }) => to === next)!.text, "email-change")!;
    expect(await confirm(token)).toEqual({ email: next });
    expect([await emailNow(), (await who(someone.token)) !== undefined]).toEqual([next, true]);
    expect([await signIn(old), await signIn(next)]).toEqual(["WRONG_CREDENTIALS", "done"]);
    expect(await getEmailChange({ ctx: await context(), input: undefined })).toEqual({ waiting: null });
    expect(await audited()).toEqual(["account.email-change-request", "account.email-change", "session.create"]);
  });

  test("is confirmed once, also by two clicks at once", async () => {
    const { confirmToken } = await asked();
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => codeOf(confirm(confirmToken))));
    expect(outcomes.sort()).toEqual(["LINK_INVALID", "LINK_INVALID", "LINK_INVALID", "done"]);
  });

  test("can be confirmed for a day, and its links are stored as nothing that opens", async () => {
    const { confirmToken, objectToken } = await asked();
    const stored = await database.unwalled("look of a test", (tx) =>
      tx.sql("select to_jsonb(c) as row from hauswart.email_change c union all select to_jsonb(a) from hauswart.audit_entry a"),
    );
    for (const token of [confirmToken, objectToken]) expect(JSON.stringify(stored)).not.toContain(token.slice(4));
    services.clock.advance(confirmLifeMs);
    expect([await codeOf(confirm(confirmToken)), await emailNow()]).toEqual(["LINK_INVALID", old]);
    const { token } = await createSession({ caller: caller(), input: { email: old, password } });
    expect(await getEmailChange({ ctx: await context(token), input: undefined })).toEqual({ waiting: null });
  });

  test("ends the links for a new password that lie in the old mailbox", async () => {
    const { confirmToken } = await asked();
    await mailPasswordReset(caller(), old);
    await confirm(confirmToken);
    const left = await database.unwalled("look of a test", (tx) => tx.sql("select 1 from hauswart.password_reset"));
    expect(left).toEqual([]);
  });

  test("is not confirmed any more when it was taken back, when another was asked for, and when the account is locked", async () => {
    const first = await asked();
    const second = await asked("third@example.test");
    expect(await codeOf(confirm(first.confirmToken))).toBe("LINK_INVALID");
    await cancelEmailChange({ ctx: await context(), input: undefined });
    await cancelEmailChange({ ctx: await context(), input: undefined });
    expect(await codeOf(confirm(second.confirmToken))).toBe("LINK_INVALID");
    expect((await audited()).filter((action) => action === "account.email-change-cancel")).toHaveLength(1);
    const third = await asked();
    const owner = contextFor(services, tenant);
    await changeAccount({ ctx: owner, input: { accountId: someone.accountId, isDisabled: true } });
    await changeAccount({ ctx: owner, input: { accountId: someone.accountId, isDisabled: false } });
    expect([await codeOf(confirm(third.confirmToken)), await emailNow()]).toEqual(["LINK_INVALID", old]);
  });

  test("does not say who has an account: the answer and the mail are the same, only its reader learns it", async () => {
    const other = await seedPerson(services, await seedTenant(database), { email: "taken@example.test", passwordHash });
    const free = await request("free@example.test");
    const taken = await request(other.email.toUpperCase());
    expect(taken).toEqual({ ...free, email: other.email.toUpperCase() });
    const subjects = (await mails()).filter(({ to }) => to !== old).map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(1);
    const { confirmToken } = await asked(other.email);
    expect([await codeOf(confirm(confirmToken)), await emailNow()]).toEqual(["CONFLICT", old]);
  });

  test("is asked for a few times an hour at most, also all at once", async () => {
    const ctx = await context();
    const outcomes = await Promise.all(Array.from({ length: mostChangesAnHour + 3 }, (_, n) => codeOf(request(`n${n}@example.test`, ctx))));
    expect(outcomes.filter((code) => code === "TOO_MANY_ATTEMPTS")).toHaveLength(3);
    services.clock.advance(3_600_000);
    expect(await codeOf(request())).toBe("done");
  });

  test("is for people, not the same one, and needs a mail server", async () => {
    expect(await codeOf(request(next, contextFor(services, tenant)))).toBe("FORBIDDEN");
    expect(await codeOf(request(old))).toBe("INVALID_REQUEST");
    expect(await codeOf(request("someone@example.test"))).toBe("done");
    const { smtpUrl: _, ...settings } = services.settings;
    const ctx = await context();
    expect(await codeOf(request(next, { ...ctx, services: { ...services, settings } as never }))).toBe("MAIL_SERVER_MISSING");
  });

  test("of a first owner without a real one is told to nobody else", async () => {
    const owner = await seedPerson(services, tenant, { role: "owner", email: unsetOwnerEmail });
    await request(next, await context(owner.token));
    expect((await mails()).map(({ to }) => to)).toEqual([next]);
  });

  test.each(["", "x", `hwm_${"A".repeat(43)}`, `hwr_${"A".repeat(43)}`, "' or true --"])(
    "is not confirmed or objected to by %j",
    async (token) => {
      await asked();
      expect([await codeOf(confirm(token)), await codeOf(object(token))]).toEqual(["LINK_INVALID", "LINK_INVALID"]);
    },
  );
});

describe("an objection from the old address", () => {
  test("before the link was followed ends the change and all sessions", async () => {
    const { confirmToken, objectToken } = await asked();
    expect(await object(objectToken)).toEqual({ email: old });
    expect([await codeOf(confirm(confirmToken)), await emailNow(), await who(someone.token)]).toEqual(["LINK_INVALID", old, undefined]);
    expect(await mails()).toMatchObject([{ to: old, subject: "Your e-mail address in Hauswart stays: Provider" }]);
    expect(await codeOf(object(objectToken))).toBe("LINK_INVALID");
    expect((await audited()).at(-1)).toBe("account.email-objection");
  });

  test("after it gives the account its address back, for a week", async () => {
    const { confirmToken, objectToken } = await asked();
    await confirm(confirmToken);
    services.clock.advance(objectionLifeMs - 1);
    await forgetEndedAccess(services);
    expect(await object(objectToken)).toEqual({ email: old });
    expect([await emailNow(), await signIn(old), await signIn(next)]).toEqual([old, "done", "WRONG_CREDENTIALS"]);
  });

  test("comes too late after a week, and is forgotten then", async () => {
    const { confirmToken, objectToken } = await asked();
    await confirm(confirmToken);
    services.clock.advance(objectionLifeMs);
    expect([await codeOf(object(objectToken)), await emailNow()]).toEqual(["LINK_INVALID", next]);
    services.clock.advance(1);
    await forgetEndedAccess(services);
    expect(await database.unwalled("look of a test", (tx) => tx.sql("select 1 from hauswart.email_change"))).toEqual([]);
  });

  test("undoes what came after it too; whoever came later cannot object that away", async () => {
    const first = await asked("intruder@example.test");
    await confirm(first.confirmToken);
    services.clock.advance(1);
    const second = await asked("intruder2@example.test");
    await confirm(second.confirmToken);
    expect(await object(second.objectToken)).toEqual({ email: "intruder@example.test" });
    expect(await object(first.objectToken)).toEqual({ email: old });
    expect([await emailNow(), await codeOf(object(second.objectToken))]).toEqual([old, "LINK_INVALID"]);
  });
});
