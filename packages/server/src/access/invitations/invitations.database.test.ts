import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Input } from "@hauswart/protocol/api/routes.ts";
import type { Id } from "@hauswart/protocol/ids.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedPerson, type SeededPerson } from "@hauswart/testkit/people.ts";
import { seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Caller, Context } from "../../context.ts";
import { getMail } from "../../mail/get-mail.ts";
import { getMailHtml } from "../../mail/get-mail-html.ts";
import { claimMails, claimMs, recordAttempt } from "../../mail/outbox/store.ts";
import { retryMail } from "../../mail/retry-mail.ts";
import { temporarySealedBox } from "../../secrets/sealed-box.ts";
import { parseSettings } from "../../settings.ts";
import { changeAccount } from "../accounts/change-account.ts";
import { authenticate } from "../authenticate.ts";
import { createSession } from "../create-session.ts";
import { forgetEndedAccess } from "../forget-ended-access.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { getInvitation } from "./get-invitation.ts";
import { invitationLifeMs } from "./invitation-row.ts";
import { inviteAccount } from "./invite-account.ts";
import { listInvitations } from "./list-invitations.ts";
import { resendInvitation } from "./resend-invitation.ts";
import { revokeInvitation } from "./revoke-invitation.ts";

const password = "a good long password";
const day = 86_400_000;

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let owner: Context;
let owning: SeededPerson;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  await database.unwalled("clean slate of a test", (tx) => tx.sql("truncate hauswart.provider, hauswart.sign_in_failure cascade"));
  services = testServices(database, { settings: { ...parseSettings({}), smtpUrl: "smtp://127.0.0.1:9", url: "https://hauswart.example" } });
  tenant = await seedTenant(database);
  owning = await seedPerson(services, tenant, { role: "owner" });
  owner = await as(owning);
});

const as = async ({ token }: SeededPerson): Promise<Context> => (await authenticate(services, token, "192.0.2.7", ""))!;
const caller = (): Caller => ({ services, address: "192.0.2.1", userAgent: "test", token: undefined });
const invite = (over: Partial<Input<"inviteAccount">> = {}, ctx = owner) =>
  inviteAccount({
    ctx,
    input: { email: "Neu@Example.test", name: "Neu", role: "technician", reach: { mode: "all", customerIds: [] }, language: "de", ...over },
  });
const look = (token: string) => getInvitation({ caller: caller(), input: { token } });
const accept = (token: string, over: Partial<Input<"acceptInvitation">> = {}) =>
  acceptInvitation({ caller: caller(), input: { token, name: "Nele Neu", password, ...over } });
const open = async (ctx = owner) => (await listInvitations({ ctx, input: { limit: 100 } })).items;
/** The links in mails that wait to be sent, as a mail server gets them. */
const mailedTokens = async () => {
  const mails = await claimMails(services, 100);
  return mails.map(({ text }) => /https:\/\/hauswart\.example\/invitation#token=(\S+)/.exec(text)![1]!);
};
const invitedToken = async (over: Partial<Input<"inviteAccount">> = {}) => {
  await invite(over);
  return (await mailedTokens()).at(-1)!;
};
const storedText = async () =>
  JSON.stringify(
    await database.unwalled("look of a test", (tx) =>
      tx.sql(
        "select (select jsonb_agg(to_jsonb(i)) from hauswart.invitation i) as i, (select jsonb_agg(to_jsonb(a)) from hauswart.audit_entry a) as a",
      ),
    ),
  );

test("nobody invites who was disabled or lost the rights since the request was let in", async () => {
  const administrator = await seedPerson(services, tenant, { role: "administrator" });
  const ctx = await as(administrator);
  const change = (input: Partial<Input<"changeAccount">>) =>
    changeAccount({ ctx: owner, input: { accountId: administrator.accountId, ...input } });
  await change({ role: "technician" });
  expect(await codeOf(invite({}, ctx))).toBe("FORBIDDEN");
  await change({ isDisabled: true });
  expect(await codeOf(invite({}, ctx))).toBe("UNAUTHENTICATED");
  expect(await open()).toEqual([]);
});

describe("an invitation", () => {
  test("is mailed, looked at, accepted once, and then an account that can sign in", async () => {
    const { first } = tenant;
    const reach = { mode: "include", customerIds: [first.customerId] } as const;
    const invited = await invite({ reach: { ...reach, customerIds: [...reach.customerIds] } });
    expect(invited).toMatchObject({ email: "Neu@Example.test", state: "open", link: null, createdBy: owner.actor.name, reach });
    const [token] = await mailedTokens();
    expect(await look(token!)).toMatchObject({ email: "Neu@Example.test", role: "technician", providerName: "Provider", language: "de" });
    expect(await accept(token!, { language: "en" })).toMatchObject({
      email: "Neu@Example.test",
      name: "Nele Neu",
      role: "technician",
      reach,
      language: "en",
    });
    expect(await open()).toEqual([]);
    const session = await createSession({ caller: caller(), input: { email: "neu@example.TEST", password } });
    expect((await authenticate(services, session.token, "192.0.2.1", ""))!.customers).toEqual([first.customerId]);
    expect([await codeOf(look(token!)), await codeOf(accept(token!))]).toEqual(["LINK_INVALID", "LINK_INVALID"]);
  });

  test("is stored without its token, and none of its traces has it", async () => {
    const token = await invitedToken();
    expect(await storedText()).toContain("Neu@Example.test");
    expect(await storedText()).not.toContain(token);
  });

  test("makes one account when many accept at once", async () => {
    const token = await invitedToken();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => codeOf(accept(token))));
    expect(outcomes.sort()).toEqual([...Array.from({ length: 5 }, () => "LINK_INVALID"), "done"]);
    const accounts = await database.unwalled("look of a test", (tx) =>
      tx.sql("select 1 from hauswart.account where lower(email) = 'neu@example.test'"),
    );
    expect(accounts).toHaveLength(1);
  });

  test("is good for seven days, and shown as expired for a while", async () => {
    const token = await invitedToken();
    services.clock.advance(invitationLifeMs - 1);
    expect((await look(token)).email).toBe("Neu@Example.test");
    services.clock.advance(1);
    expect([await codeOf(look(token)), await codeOf(accept(token))]).toEqual(["LINK_INVALID", "LINK_INVALID"]);
    owner = await as(await seedPerson(services, tenant, { role: "owner" }));
    expect((await open()).map(({ state }) => state)).toEqual(["expired"]);
    await forgetEndedAccess(services);
    expect(await open()).toHaveLength(1);
    services.clock.advance(31 * day);
    await forgetEndedAccess(services);
    expect(await database.unwalled("look of a test", (tx) => tx.sql("select 1 from hauswart.invitation"))).toEqual([]);
  });

  test("sent again has a new link and a new week; the old link is over", async () => {
    const { invitationId } = await invite();
    const [old] = await mailedTokens();
    services.clock.advance(1_000);
    const again = await resendInvitation({ ctx: owner, input: { invitationId } });
    expect(again).toMatchObject({ link: null, expiresAt: new Date(services.clock.now() + invitationLifeMs).toISOString() });
    const [fresh] = await mailedTokens();
    expect(await codeOf(accept(old!))).toBe("LINK_INVALID");
    expect(await codeOf(accept(fresh!))).toBe("done");
  });

  test("taken back is good for nothing", async () => {
    const { invitationId } = await invite();
    const [token] = await mailedTokens();
    await revokeInvitation({ ctx: owner, input: { invitationId } });
    expect([await codeOf(accept(token!)), await codeOf(revokeInvitation({ ctx: owner, input: { invitationId } }))]).toEqual([
      "LINK_INVALID",
      "NOT_FOUND",
    ]);
  });

  test("goes to one address once, however it is written; an expired one makes way", async () => {
    await invite();
    expect(await codeOf(invite({ email: "NEU@example.test" }))).toBe("CONFLICT");
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => codeOf(invite({ email: "twice@example.test" }))));
    expect(outcomes.sort()).toEqual(["CONFLICT", "CONFLICT", "CONFLICT", "done"]);
    services.clock.advance(invitationLifeMs);
    owner = await as(await seedPerson(services, tenant, { role: "owner" }));
    expect((await invite({ email: "NEU@example.test" })).email).toBe("NEU@example.test");
  });

  test("does not go to an address that has an account, nor does accepting take one over", async () => {
    expect(await codeOf(invite({ email: owning.email.toUpperCase() }))).toBe("CONFLICT");
    const token = await invitedToken({ email: "late@hauswart.test" });
    const late = await seedPerson(services, await seedTenant(database), { email: "LATE@hauswart.test", role: "read-only" });
    expect(await codeOf(accept(token))).toBe("CONFLICT");
    const [account] = await database.unwalled("look of a test", (tx) =>
      tx.sql<{ account_id: Id; role: string }>("select account_id, role from hauswart.account where lower(email) = 'late@hauswart.test'"),
    );
    expect(account).toEqual({ account_id: late.accountId, role: "read-only" });
  });

  test("refuses passwords that are guessed first, and is not used up by them", async () => {
    const token = await invitedToken();
    expect(await codeOf(accept(token, { password: "neu@EXAMPLE.test" }))).toBe("INVALID_REQUEST");
    expect(await codeOf(accept(token, { password: "ababababababab" }))).toBe("INVALID_REQUEST");
    expect(await codeOf(accept(token))).toBe("done");
  });

  test.each(["", "x", "hwi_", `hwi_${"A".repeat(43)}`, "' or true --", "\\x00"])("is not opened by %j", async (token) => {
    await invite();
    expect([await codeOf(look(token)), await codeOf(accept(token))]).toEqual(["LINK_INVALID", "LINK_INVALID"]);
  });
});

describe("who invites", () => {
  test("needs the right, reaches all customers, and only owners invite owners", async () => {
    const administrator = await as(await seedPerson(services, tenant, { role: "administrator" }));
    expect(await codeOf(invite({ role: "owner" }, administrator))).toBe("FORBIDDEN");
    const { invitationId } = await invite({ role: "owner" });
    expect(await codeOf(resendInvitation({ ctx: administrator, input: { invitationId } }))).toBe("FORBIDDEN");
    expect(await codeOf(revokeInvitation({ ctx: administrator, input: { invitationId } }))).toBe("FORBIDDEN");
    for (const role of ["technician", "read-only"] as const) {
      const ctx = await as(await seedPerson(services, tenant, { role }));
      expect([await codeOf(invite({ email: "x@y.test" }, ctx)), await codeOf(open(ctx))]).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    }
    expect(await codeOf(invite({ email: "x@y.test" }, { ...owner, customers: [tenant.first.customerId] }))).toBe("FORBIDDEN");
  });

  test("names customers of the own house only, and for roles that can be restricted", async () => {
    const other = await seedTenant(database);
    const reach = (...customerIds: Id[]) => ({ mode: "exclude" as const, customerIds });
    expect(await codeOf(invite({ reach: reach(other.first.customerId) }))).toBe("NOT_FOUND");
    expect(await codeOf(invite({ role: "administrator", reach: reach(tenant.first.customerId) }))).toBe("INVALID_REQUEST");
    expect((await invite({ reach: reach(tenant.first.customerId) })).reach).toEqual(reach(tenant.first.customerId));
  });

  test("does not reach invitations of another house", async () => {
    const { invitationId } = await invite();
    const stranger = await as(await seedPerson(services, await seedTenant(database), { role: "owner" }));
    expect(await open(stranger)).toEqual([]);
    expect(await codeOf(resendInvitation({ ctx: stranger, input: { invitationId } }))).toBe("NOT_FOUND");
    expect(await codeOf(revokeInvitation({ ctx: stranger, input: { invitationId } }))).toBe("NOT_FOUND");
  });

  test("and is disabled leaves no open invitations", async () => {
    const administrator = await seedPerson(services, tenant, { role: "administrator" });
    await invite({}, await as(administrator));
    const [token] = await mailedTokens();
    await changeAccount({ ctx: owner, input: { accountId: administrator.accountId, isDisabled: true } });
    expect(await codeOf(accept(token!))).toBe("LINK_INVALID");
  });

  test("gets the link to hand over where no mail server is set, once", async () => {
    services = testServices(database, { settings: { ...parseSettings({}), url: "https://hauswart.example" } });
    owner = await as(owning);
    const { link } = await invite();
    const token = /^https:\/\/hauswart\.example\/invitation#token=(hwi_\S+)$/.exec(link!)![1]!;
    expect(JSON.stringify(await open())).not.toContain(token);
    const mails = await database.unwalled("look of a test", (tx) =>
      tx.sql<{ state: string; access_link: null }>("select state, access_link, text_body, html_body from hauswart.mail"),
    );
    expect(mails).toMatchObject([{ state: "kept", access_link: null }]);
    expect(JSON.stringify(mails)).not.toContain(token);
    expect(await codeOf(accept(token))).toBe("done");
  });
});

describe("the outbox", () => {
  test("shows the mail without the link to whoever may read mails, before and after it is sent", async () => {
    await invite();
    const [mail] = await claimMails(services, 1);
    const token = /#token=(hwi_[\w-]+)/.exec(mail!.text)![1]!;
    expect(mail!.html.match(new RegExp(`href="https://hauswart.example/invitation#token=${token}"`, "g"))).toHaveLength(1);
    const seen = async () => {
      const input = { mailId: mail!.mailId };
      return JSON.stringify([await getMail({ ctx: owner, input }), await getMailHtml({ ctx: owner, input })]);
    };
    expect(await seen()).toContain("[Der Link steht nur in der Mail selbst.]");
    expect(await seen()).not.toMatch(/hwi_|access-link/);
    await recordAttempt(services, mail!, {
      kind: "answered",
      answers: [{ address: "Neu@Example.test", verdict: "accepted", answer: "250 ok" }],
    });
    expect(await seen()).not.toMatch(/hwi_|access-link/);
    const left = await database.unwalled("look of a test", (tx) => tx.sql("select access_link from hauswart.mail"));
    expect(left).toEqual([{ access_link: null }]);
  });

  test("keeps a link that waits sealed; under another master key the mail waits and keeps no other back", async () => {
    await invite();
    const stored = await database.unwalled("look of a test", (tx) =>
      tx.sql<{ access_link: Buffer }>("select access_link, text_body, html_body from hauswart.mail"),
    );
    expect(stored[0]!.access_link.includes("hwi_")).toBe(false);
    const elsewhere = { ...services, secrets: temporarySealedBox() };
    expect(await claimMails(elsewhere, 10)).toEqual([]);
    await invite({ email: "other@example.test" }, { ...owner, services: elsewhere });
    expect((await claimMails(elsewhere, 10)).map(({ recipients }) => recipients[0]!.address)).toEqual(["other@example.test"]);
    services.clock.advance(claimMs);
    expect((await claimMails(services, 10)).map(({ recipients }) => recipients[0]!.address)).toEqual(["Neu@Example.test"]);
  });

  test("sends a refused mail again with its link, and not without one", async () => {
    await invite();
    const [mail] = await claimMails(services, 1);
    await recordAttempt(services, mail!, { kind: "message", isPermanent: true, answer: "550 no" });
    await retryMail({ ctx: owner, input: { mailId: mail!.mailId } });
    expect((await claimMails(services, 1))[0]!.text).toBe(mail!.text);
    services.clock.advance(invitationLifeMs + 1);
    await forgetEndedAccess(services);
    expect(await codeOf(retryMail({ ctx: owner, input: { mailId: mail!.mailId } }))).toBe("CONFLICT");
  });
});
