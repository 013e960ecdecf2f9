import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
import { auditEntries } from "@hauswart/testkit/audit-log.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedPerson, type SeededPerson } from "@hauswart/testkit/people.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Context } from "../../context.ts";
import { authenticate } from "../authenticate.ts";
import { createSession } from "../create-session.ts";
import { hashPassword } from "../passwords.ts";
import { sessionIdleMs } from "../session-lifetime.ts";
import { endOtherSessions } from "./end-other-sessions.ts";
import { endSessionById } from "./end-session-by-id.ts";
import { listSessions } from "./list-sessions.ts";

const password = "a good long password";

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let owner: SeededPerson;
let technician: SeededPerson;
let passwordHash: string;
beforeAll(async () => {
  database = await testDatabase();
  passwordHash = await hashPassword(password);
}, 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  await database.unwalled("clean slate of a test", (tx) => tx.sql("truncate hauswart.provider, hauswart.sign_in_failure cascade"));
  services = testServices(database);
  tenant = await seedTenant(database);
  owner = await seedPerson(services, tenant, { role: "owner" });
  const reach = { mode: "include" as const, customerIds: [tenant.first.customerId] };
  technician = await seedPerson(services, tenant, { reach, passwordHash });
});

const who = (token: string) => authenticate(services, token, "192.0.2.7", "");
const as = async ({ token }: SeededPerson): Promise<Context> => (await who(token))!;
const signIn = ({ email }: SeededPerson, userAgent = "Firefox") =>
  createSession({ caller: { services, address: "192.0.2.50", userAgent, token: undefined }, input: { email, password } });
const sessionsOf = async (actor: SeededPerson, accountId?: string) =>
  (await listSessions({ ctx: await as(actor), input: { limit: 50, accountId } })).items;
const end = async (actor: SeededPerson, sessionId: string) => endSessionById({ ctx: await as(actor), input: { sessionId } });
const endOthers = async (actor: SeededPerson, accountId?: string) => endOtherSessions({ ctx: await as(actor), input: { accountId } });

describe("one's own sessions", () => {
  test("are seen with where they are from, also by somebody restricted; those that are over are not", async () => {
    services.clock.advance(1_000);
    await signIn(technician);
    expect(await sessionsOf(technician)).toMatchObject([
      { isCurrent: false, address: "192.0.2.50", userAgent: "Firefox", accountId: technician.accountId },
      { isCurrent: true, sessionId: technician.sessionId, address: "192.0.2.7" },
    ]);
    services.clock.advance(sessionIdleMs - 1_000);
    await signIn(technician, "Chrome");
    const fresh = (await who((await signIn(technician, "Safari")).token))!;
    services.clock.advance(1_000);
    expect((await listSessions({ ctx: fresh, input: { limit: 50 } })).items.map(({ userAgent }) => userAgent)).toEqual([
      "Safari",
      "Chrome",
    ]);
  });

  test("can be ended one by one, the current one too", async () => {
    const { token } = await signIn(technician);
    const [other] = await sessionsOf(technician);
    await end(technician, other!.sessionId);
    expect([await who(token), await codeOf(end(technician, other!.sessionId))]).toEqual([undefined, "NOT_FOUND"]);
    await end(technician, technician.sessionId);
    expect(await who(technician.token)).toBeUndefined();
  });

  test("can be ended all but this one", async () => {
    const tokens = [await signIn(technician), await signIn(technician)];
    expect(await endOthers(technician)).toEqual({ ended: 2 });
    expect(await Promise.all(tokens.map(({ token }) => who(token)))).toEqual([undefined, undefined]);
    expect((await who(technician.token)) !== undefined).toBe(true);
  });
});

const browsers = {
  firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0",
  updated: "Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0",
  chrome: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36",
  windows: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0",
};

describe("a session that is used elsewhere", () => {
  const use = (token: string, userAgent: string, address = "192.0.2.50") => authenticate(services, token, address, userAgent);
  const written = () =>
    database.unwalled("look of a test", async (tx) => ({
      mails: await tx.sql<{ subject: string; text_body: string; recipients: { address: string }[] }>(
        "select subject, text_body, recipients from hauswart.mail",
      ),
      ended: await tx.sql("select actor, detail from hauswart.audit_entry where action = 'session.end-stolen'"),
    }));

  test.each([browsers.chrome, browsers.windows, "curl/8.14.1", ""])(
    "by another browser, system or program ends, and is told once: %p",
    async (thief) => {
      const { token } = await signIn(technician, browsers.firefox);
      expect(await use(token, browsers.firefox)).toBeDefined();
      expect(await Promise.all([use(token, thief, "198.51.100.4"), use(token, thief, "198.51.100.4")])).toEqual([undefined, undefined]);
      expect(await use(token, browsers.firefox)).toBeUndefined();
      const { mails, ended } = await written();
      expect(mails).toMatchObject([{ recipients: [{ address: technician.email }] }]);
      expect(mails[0]!.text_body).toContain("198.51.100.4");
      expect(ended).toMatchObject([
        { actor: { id: "session-watch" }, detail: { accountId: technician.accountId, signedIn: { browser: "Firefox", system: "Linux" } } },
      ]);
      expect(await who(technician.token)).toBeDefined();
    },
  );

  test("goes on for a browser that tells more about itself than is kept, and ends for another one", async () => {
    const long = (name: string) => `${browsers.firefox} ${name} ${"x".repeat(300)}`;
    // Edge calls itself Chrome first, and Edge only behind what is kept.
    const edge = `${browsers.chrome} ${"x".repeat(300)} Edg/152.0.0.0`;
    for (const userAgent of [long("One"), edge]) {
      const { token } = await signIn(technician, userAgent);
      expect([await use(token, userAgent), await use(token, userAgent)]).not.toContain(undefined);
    }
    const { token } = await signIn(technician, long("One"));
    expect(await use(token, browsers.chrome)).toBeUndefined();
  });

  test("tells open streams to look again", async () => {
    const told: unknown[] = [];
    services.bus.subscribe("access-changed", (message) => void told.push(message));
    const { token } = await signIn(technician, browsers.firefox);
    await use(token, browsers.chrome);
    expect(told).toEqual([{ providerId: tenant.providerId, actorIds: [technician.accountId] }]);
  });

  test("in another network goes on, and shows each network with its last use", async () => {
    const { token } = await signIn(technician, browsers.firefox);
    await use(token, browsers.firefox);
    services.clock.advance(30_000);
    await use(token, browsers.updated, "198.51.100.4");
    services.clock.advance(3_600_000);
    const ctx = (await use(token, browsers.updated))!;
    const [session] = (await listSessions({ ctx, input: { limit: 5 } })).items.filter(({ isCurrent }) => isCurrent);
    const now = services.clock.now();
    expect(session).toMatchObject({ address: "192.0.2.50", userAgent: browsers.firefox, lastUsedAt: new Date(now).toISOString() });
    expect(session!.uses).toEqual([
      { address: "192.0.2.50", userAgent: browsers.updated, lastUsedAt: new Date(now).toISOString() },
      { address: "198.51.100.4", userAgent: browsers.updated, lastUsedAt: new Date(now - 3_600_000).toISOString() },
    ]);
    expect((await written()).mails).toEqual([]);
  });

  test("remembers five networks, and counts an IPv6 network as one", async () => {
    const { token } = await signIn(technician, browsers.firefox);
    for (const address of ["2001:db8::1", "2001:db8::2", ...[1, 2, 3, 4, 5].map((last) => `198.51.100.${last}`)]) {
      services.clock.advance(1_000);
      await use(token, browsers.firefox, address);
    }
    const ctx = (await use(token, browsers.firefox, "2001:db8::3"))!;
    const [session] = (await listSessions({ ctx, input: { limit: 5 } })).items.filter(({ isCurrent }) => isCurrent);
    expect(session!.uses.map(({ address }) => address)).toEqual([
      "2001:db8::3",
      "198.51.100.5",
      "198.51.100.4",
      "198.51.100.3",
      "198.51.100.2",
    ]);
  });

  test("by another program goes on when a program has signed in", async () => {
    const { token } = await signIn(technician, "backup-script/1");
    expect(await use(token, "curl/8.14.1")).toBeDefined();
  });
});

describe("others' sessions", () => {
  test("are seen and ended by who may", async () => {
    await signIn(technician);
    expect(await sessionsOf(owner, technician.accountId)).toHaveLength(2);
    await end(owner, technician.sessionId);
    expect(await endOthers(owner, technician.accountId)).toEqual({ ended: 1 });
    expect(await sessionsOf(owner, technician.accountId)).toEqual([]);
    const entries = await auditEntries(database, { action: "session.end%" });
    expect(entries.map(({ action, actor }) => [action, actor.id])).toEqual([
      ["session.end", owner.accountId],
      ["session.end-others", owner.accountId],
    ]);
  });

  test("are as good as none for who may not, and an administrator ends no owner's", async () => {
    expect(await codeOf(sessionsOf(technician, owner.accountId))).toBe("FORBIDDEN");
    expect(await codeOf(end(technician, owner.sessionId))).toBe("NOT_FOUND");
    expect(await codeOf(endOthers(technician, owner.accountId))).toBe("FORBIDDEN");
    const administrator = await seedPerson(services, tenant, { role: "administrator" });
    expect(await sessionsOf(administrator, owner.accountId)).toHaveLength(1);
    expect(await codeOf(end(administrator, owner.sessionId))).toBe("FORBIDDEN");
    expect(await codeOf(endOthers(administrator, owner.accountId))).toBe("FORBIDDEN");
  });

  test("of another house are out of reach", async () => {
    const stranger = await seedPerson(services, await seedTenant(database), { role: "technician" });
    expect(await sessionsOf(owner, stranger.accountId)).toEqual([]);
    expect(await codeOf(end(owner, stranger.sessionId))).toBe("NOT_FOUND");
    expect(await codeOf(endOthers(owner, stranger.accountId))).toBe("NOT_FOUND");
  });

  test("are named by a key, which has none itself", async () => {
    const ctx = contextFor(services, tenant);
    expect(await codeOf(listSessions({ ctx, input: { limit: 5 } }))).toBe("FORBIDDEN");
    expect((await listSessions({ ctx, input: { limit: 5, accountId: technician.accountId } })).items).toHaveLength(1);
    const narrow = contextFor(services, tenant, { scopes: new Set(["devices:read"] as const) });
    expect(await codeOf(listSessions({ ctx: narrow, input: { limit: 5, accountId: technician.accountId } }))).toBe("FORBIDDEN");
    expect(await codeOf(endSessionById({ ctx: narrow, input: { sessionId: technician.sessionId } }))).toBe("NOT_FOUND");
    expect(await codeOf(endSessionById({ ctx, input: { sessionId: newId() } }))).toBe("NOT_FOUND");
  });
});
