import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { newId } from "@hauswart/protocol/ids.ts";
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

const who = (token: string) => authenticate(services, token, "192.0.2.7");
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

describe("others' sessions", () => {
  test("are seen and ended by who may", async () => {
    await signIn(technician);
    expect(await sessionsOf(owner, technician.accountId)).toHaveLength(2);
    await end(owner, technician.sessionId);
    expect(await endOthers(owner, technician.accountId)).toEqual({ ended: 1 });
    expect(await sessionsOf(owner, technician.accountId)).toEqual([]);
    const entries = await database.unwalled("look of a test", (tx) =>
      tx.sql<{ action: string; actor: { id: string } }>(
        "select action, actor from hauswart.audit_entry where action like 'session.end%' order by 1",
      ),
    );
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
