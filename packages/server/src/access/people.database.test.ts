/** The way of a colleague, over the API and a real mail server: invited, forgetful, cautious, gone. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { grantableScopes } from "@hauswart/protocol/roles.ts";
import { startMailServer, type MailServer } from "@hauswart/testkit/mail-server.ts";
import { seedPerson } from "@hauswart/testkit/people.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { startMail, type RunningMail } from "../mail/start-mail.ts";

const email = "kollege@hauswart.test";
const [first, second] = ["the first long password", "the second long password"];

let smtp: MailServer;
let server: TestServer;
let mail: RunningMail;
beforeAll(async () => {
  smtp = await startMailServer();
  server = await testServer({ settings: { smtpUrl: smtp.url } });
  mail = startMail(server.services);
}, 60_000);
afterAll(async () => {
  await mail.stop();
  await server.close();
  await smtp.stop();
});

const everybody = () => server.apiWith(undefined);
/** The one-time token of the mail's link, the same in both parts; it leads to the console and stands in the fragment. */
async function linkedToken(subject: string, path: string): Promise<string> {
  const { message } = await smtp.waitForMail((received) => received.message.subject === subject);
  expect(message.to?.[0]?.address).toBe(email);
  const links = [message.text!, message.html!].map((part) => new RegExp(`${server.url}${path}#token=([\\w-]+)`).exec(part)?.[1]);
  expect(links[0]).toBe(links[1]);
  return links[0]!;
}

test("a colleague is invited, signs in, forgets the password, gets a new one, sees the sessions and leaves", async () => {
  const { customerId } = await server.api("createCustomer", { body: { name: "Muster" } });
  await server.api("inviteAccount", {
    body: { email, name: "Kollege", role: "technician", reach: { mode: "include", customerIds: [customerId] }, language: "de" },
  });
  const token = await linkedToken("Einladung zu Hauswart: Hauswart", "/invitation");
  expect(await everybody()("getInvitation", { body: { token } })).toMatchObject({ email, role: "technician" });
  const account = await everybody()("acceptInvitation", { body: { token, name: "Kolja Kollege", password: first } });

  const phone = await everybody()("createSession", { body: { email, password: first } });
  expect((await server.apiWith(phone.token)("listCustomers")).items.map(({ name }) => name)).toEqual(["Muster"]);

  await everybody()("requestPasswordReset", { body: { email: "KOLLEGE@hauswart.test" } });
  const link = await linkedToken("Neues Kennwort für Hauswart: Hauswart", "/password-reset");
  await everybody()("resetPassword", { body: { token: link, password: second } });
  await expect(server.apiWith(phone.token)("getSession")).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await expect(everybody()("createSession", { body: { email, password: first } })).rejects.toMatchObject({ code: "WRONG_CREDENTIALS" });

  const desk = server.apiWith((await everybody()("createSession", { body: { email, password: second } })).token);
  await everybody()("createSession", { body: { email, password: second } });
  expect((await desk("listSessions")).items.map(({ isCurrent }) => isCurrent)).toEqual([false, true]);
  expect(await desk("endOtherSessions")).toEqual({ ended: 1 });
  await expect(desk("changePassword", { body: { currentPassword: first, newPassword: first } })).rejects.toMatchObject({
    code: "WRONG_PASSWORD",
  });
  await desk("changePassword", { body: { currentPassword: second, newPassword: first } });
  expect((await desk("changeProfile", { body: { language: "en" } })).language).toBe("en");

  const changed = "Ihr Kennwort für Hauswart wurde geändert: Hauswart";
  await smtp.waitForMail(() => smtp.mails.filter(({ message }) => message.subject === changed).length === 2);
  const shown = await Promise.all(
    (await server.api("listOutbox")).items.map(({ mailId }) => server.api("getMail", { params: { mailId } })),
  );
  expect(shown.filter(({ text }) => text.includes("[Der Link steht nur in der Mail selbst.]"))).toHaveLength(2);
  expect(JSON.stringify(shown)).not.toMatch(/hw[ir]_/);

  await server.api("deleteAccount", { params: { accountId: account.accountId } });
  await expect(desk("getSession")).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  const acts = (await server.api("listAudit", { query: { limit: 500 } })).items;
  expect(
    acts
      .filter(({ subjectId }) => subjectId === account.accountId)
      .map(({ action }) => action)
      .reverse(),
  ).toEqual([
    "account.create",
    "account.password-reset-request",
    "account.password-reset",
    "session.refuse",
    "session.end-others",
    "account.password-change",
    "account.change",
    "account.delete",
  ]);
}, 60_000);

test("nobody but an owner says which identity provider is believed: it could vouch for an owner", async () => {
  const { services, providerId, database } = server;
  const oidcIssuerId = newId();
  await database.unwalled("seed of a test", (tx) =>
    tx.sql(
      `insert into hauswart.oidc_issuer (provider_id, oidc_issuer_id, name, issuer, client_id, client_secret, active, creates_accounts, counts_as_second_factor, created_at)
       values ($1, $2, 'Own', 'https://issuer.invalid', 'own', '\\x00', false, false, false, now())`,
      [providerId, oidcIssuerId],
    ),
  );
  const administrator = await seedPerson(services, { providerId }, { role: "administrator" });
  const { key } = await server.api("createApiKey", { body: { name: "mighty", scopes: [...grantableScopes] } });
  const body = { name: "Mine", issuer: "https://issuer.invalid", clientId: "mine", clientSecret: "mine" };
  for (const token of [administrator.token, key]) {
    const api = server.apiWith(token);
    await expect(api("createOidcIssuer", { body })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(api("changeOidcIssuer", { params: { oidcIssuerId }, body: { active: true } })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
  }
  expect(await server.api("changeOidcIssuer", { params: { oidcIssuerId }, body: { active: true } })).toMatchObject({ active: true });
});

test("a session that was left open lets nobody else in", async () => {
  await server.database.unwalled("time passes in a test", (tx) =>
    tx.sql("update hauswart.session set created_at = created_at - interval '1 hour', proved_at = proved_at - interval '1 hour'"),
  );
  const { accountId } = (await server.api("listAccounts")).items[0]!;
  const attempts = [
    () => server.api("inviteAccount", { body: { email: "accomplice@hauswart.test", name: "Accomplice", role: "read-only" } }),
    () => server.api("changeAccount", { params: { accountId }, body: { role: "owner" } }),
    () => server.api("deleteAccount", { params: { accountId } }),
  ];
  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "STEP_UP_REQUIRED" });
  expect((await server.api("changeAccount", { params: { accountId }, body: { name: "Harmless" } })).name).toBe("Harmless");
});
