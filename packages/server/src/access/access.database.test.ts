import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Id } from "@hauswart/protocol/ids.ts";
import { grantableScopes } from "@hauswart/protocol/roles.ts";
import { auditedActions } from "@hauswart/testkit/audit-log.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedTenant, testServices, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Caller, Context } from "../context.ts";
import { parseSettings } from "../settings.ts";
import { authenticate } from "./authenticate.ts";
import { createApiKey } from "./create-api-key.ts";
import { createSession } from "./create-session.ts";
import { endSession } from "./end-session.ts";
import { ensureFirstOwner } from "./ensure-first-owner.ts";
import { requireFreshProof } from "./factors/fresh-proof.ts";
import { forgetEndedAccess } from "./forget-ended-access.ts";
import { getSession } from "./get-session.ts";
import { listApiKeys } from "./list-api-keys.ts";
import { freeFailures } from "./lock-out.ts";
import { revokeApiKey } from "./revoke-api-key.ts";
import { sessionIdleMs, sessionLifeMs } from "./session-lifetime.ts";
import { isStillSignedIn } from "./still-signed-in.ts";

const admin = { email: "Owner@Hauswart.test", password: "correct horse battery staple" };
const minute = 60_000;
const day = 86_400_000;

let database: TestDatabase;
let services: TestServices;
let providerId: Id;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  await database.unwalled("clean slate of a test", (tx) => tx.sql("truncate hauswart.provider, hauswart.sign_in_failure cascade"));
  services = testServices(database, { settings: { ...parseSettings({}), admin } });
  ({ providerId } = await ensureFirstOwner(services));
});

const caller = (address = "192.0.2.1", token?: string): Caller => ({ services, address, userAgent: "test", token });
const signIn = (over: Partial<typeof admin> = {}, from = caller()) => createSession({ caller: from, input: { ...admin, ...over } });
const who = (token: string) => authenticate(services, token, "192.0.2.1", "");
const wrong = (address?: string, email = admin.email) => codeOf(signIn({ email, password: "wrong" }, caller(address)));

describe("the first owner", () => {
  test("is made once, as set from outside; later settings change nothing", async () => {
    services = testServices(database, {
      settings: { ...parseSettings({}), admin: { email: "other@hauswart.test", password: "another password" } },
    });
    expect(await ensureFirstOwner(services)).toEqual({ providerId, created: undefined });
    expect(await codeOf(signIn({ email: "other@hauswart.test", password: "another password" }))).toBe("WRONG_CREDENTIALS");
    expect((await signIn()).account).toMatchObject({ email: admin.email, role: "owner" });
  });

  test("gets a made-up password when none was set, and two processes that start at once make one", async () => {
    await database.unwalled("clean slate of a test", (tx) => tx.sql("truncate hauswart.provider cascade"));
    services = testServices(database);
    const all = await Promise.all(Array.from({ length: 4 }, () => ensureFirstOwner(services)));
    const made = all.flatMap(({ created }) => created ?? []);
    expect(made).toEqual([{ email: "owner@localhost", password: expect.stringMatching(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/) }]);
    expect(new Set(all.map((each) => each.providerId)).size).toBe(1);
    expect(await codeOf(signIn({ email: made[0]!.email, password: made[0]!.password! }))).toBe("done");
  });
});

describe("a session", () => {
  test("belongs to its account; the token is stored as its hash only", async () => {
    const { token } = await signIn();
    const ctx = (await who(token))!;
    expect(ctx).toMatchObject({ providerId, customers: "*", actor: { kind: "technician", name: "Owner" } });
    expect([...(ctx.scopes as Set<string>)].sort()).toEqual([...grantableScopes].sort());
    expect((await getSession({ ctx, input: {} })).account).toMatchObject({ email: admin.email });
    const stored = await database.unwalled("look of a test", (tx) => tx.sql("select * from hauswart.session"));
    expect(JSON.stringify(stored)).not.toContain(token.slice(4));
  });

  test("is over when it was ended, and leaves a trace", async () => {
    const { token } = await signIn();
    const ctx = (await who(token))!;
    expect(await codeOf(requireFreshProof(ctx))).toBe("done");
    await endSession({ ctx, input: {} });
    expect(await codeOf(requireFreshProof(ctx))).toBe("STEP_UP_REQUIRED");
    expect([await who(token), await isStillSignedIn(ctx)]).toEqual([undefined, false]);
    expect(await auditedActions(database)).toEqual(["account.create", "session.create", "session.end"]);
  });

  test("lasts while it is used, ends when nobody does, and in any case after a week", async () => {
    const { token } = await signIn();
    services.clock.advance(sessionIdleMs - 1);
    expect(await who(token)).toBeDefined();
    services.clock.advance(sessionIdleMs - 1);
    expect(await who(token)).toBeDefined();
    services.clock.advance(sessionIdleMs);
    expect(await who(token)).toBeUndefined();
    const { token: busy } = await signIn();
    for (let elapsed = 0; elapsed + sessionIdleMs / 2 < sessionLifeMs; elapsed += sessionIdleMs / 2) {
      expect(await who(busy)).toBeDefined();
      services.clock.advance(sessionIdleMs / 2);
    }
    services.clock.advance(sessionIdleMs / 2);
    expect(await who(busy)).toBeUndefined();
  });

  test("that came with a sign-in ends with it", async () => {
    const { token: before } = await signIn();
    const { token: after } = await signIn({}, caller("192.0.2.1", before));
    expect([await who(before), (await who(after))?.providerId]).toEqual([undefined, providerId]);
  });

  test("falls with its account", async () => {
    const { token } = await signIn();
    await database.unwalled("end of an account in a test", (tx) => tx.sql("delete from hauswart.account"));
    expect(await who(token)).toBeUndefined();
  });
});

describe("wrong passwords", () => {
  test("and unknown accounts get the same answer, and the same is written", async () => {
    expect([await wrong(), await wrong("192.0.2.1", "nobody@hauswart.test")]).toEqual(["WRONG_CREDENTIALS", "WRONG_CREDENTIALS"]);
    const counts = await database.unwalled("look of a test", (tx) =>
      tx.sql<{ kind: string; key: string; failures: number }>(
        "select kind, key, failures from hauswart.sign_in_failure order by kind, failures",
      ),
    );
    expect(counts.map(({ kind, failures }) => [kind, failures])).toEqual([
      ["account", 1],
      ["account", 1],
      ["address", 2],
    ]);
    expect(JSON.stringify(counts)).not.toContain("hauswart.test");
  });

  test("from one address lock that address, for the right password too, and for other accounts", async () => {
    for (let attempt = 0; attempt < freeFailures.address; attempt++)
      expect(await wrong("192.0.2.9", `account-${attempt}@hauswart.test`)).toBe("WRONG_CREDENTIALS");
    expect(await codeOf(signIn({}, caller("192.0.2.9")))).toBe("TOO_MANY_ATTEMPTS");
    expect(await codeOf(signIn({}, caller("192.0.2.10")))).toBe("done");
    services.clock.advance(minute);
    expect(await codeOf(signIn({}, caller("192.0.2.9")))).toBe("done");
  });

  test("from many addresses lock the account for all but the addresses that it is known to come from", async () => {
    await signIn({}, caller("192.0.2.1"));
    for (let attempt = 0; attempt < freeFailures.account; attempt++) expect(await wrong(`198.51.100.${attempt}`)).toBe("WRONG_CREDENTIALS");
    expect(await wrong("198.51.100.200")).toBe("TOO_MANY_ATTEMPTS");
    expect(await codeOf(signIn({}, caller("203.0.113.1")))).toBe("TOO_MANY_ATTEMPTS");
    expect(await codeOf(signIn({}, caller("192.0.2.1")))).toBe("done");
  });

  test("lock longer with each further one, at most an hour, and not for ever", async () => {
    for (let attempt = 0; attempt < freeFailures.account; attempt++) await wrong(`198.51.100.${attempt}`);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      const error = await signIn({ password: "wrong" }, caller(`203.0.113.${attempt}`)).catch(
        (reason: { extra: { retryAfterSeconds: number } }) => reason,
      );
      waits.push((error as { extra: { retryAfterSeconds: number } }).extra.retryAfterSeconds);
      services.clock.advance(waits.at(-1)! * 1_000);
      expect(await wrong(`203.0.113.${attempt}`)).toBe("WRONG_CREDENTIALS");
    }
    expect(waits).toEqual([60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
    services.clock.advance(day);
    expect(await codeOf(signIn({}, caller("203.0.113.99")))).toBe("done");
  });

  test("cannot slip through by coming all at once", async () => {
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, attempt) => wrong(`198.51.100.${attempt}`)));
    expect(outcomes.filter((code) => code === "WRONG_CREDENTIALS")).toHaveLength(freeFailures.account);
  });

  test("before the right one are forgiven the account, not the address", async () => {
    for (let attempt = 0; attempt < 5; attempt++) await wrong();
    await signIn();
    const counts = await database.unwalled("look of a test", (tx) =>
      tx.sql("select kind, failures from hauswart.sign_in_failure order by kind"),
    );
    expect(counts).toEqual([
      { kind: "account", failures: 0 },
      { kind: "address", failures: 5 },
    ]);
  });

  test("are forgotten in time; the session that vouches for an address stays", async () => {
    await wrong();
    const { token } = await signIn();
    await endSession({ ctx: (await who(token))!, input: {} });
    services.clock.advance(2 * day);
    await forgetEndedAccess(services);
    const left = await database.unwalled("look of a test", (tx) =>
      tx.sql(
        "select (select count(*)::int from hauswart.sign_in_failure) as failures, (select count(*)::int from hauswart.session) as sessions",
      ),
    );
    expect(left).toEqual([{ failures: 0, sessions: 1 }]);
  });
});

describe("an API key", () => {
  let ctx: Context;
  beforeEach(async () => void (ctx = (await who((await signIn()).token))!));
  const create = (input: Partial<Parameters<typeof createApiKey>[0]["input"]>, as = ctx) =>
    createApiKey({ ctx: as, input: { name: "key", scopes: ["devices:read"], customerIds: null, expiresAt: null, ...input } });

  test("does what it was given, for whom it was given, and is shown once", async () => {
    const tenant = await seedTenant(database);
    await database.unwalled("a customer of a test", (tx) =>
      tx.sql("insert into hauswart.customer (provider_id, customer_id, name) values ($1, $2, 'Own')", [
        providerId,
        tenant.first.customerId,
      ]),
    );
    const made = await create({ scopes: ["devices:read", "devices:read"], customerIds: [tenant.first.customerId] });
    const found = (await who(made.key))!;
    expect([found.providerId, found.customers, [...(found.scopes as Set<string>)], found.actor]).toEqual([
      providerId,
      [tenant.first.customerId],
      ["devices:read"],
      { kind: "api-key", id: made.apiKeyId, name: "key" },
    ]);
    expect(await getSession({ ctx: found, input: {} })).toMatchObject({
      account: null,
      apiKey: { apiKeyId: made.apiKeyId, customerIds: [tenant.first.customerId] },
    });
    const { items } = await listApiKeys({ ctx, input: { limit: 10 } });
    expect(items).toMatchObject([{ apiKeyId: made.apiKeyId, lastUsedAt: new Date(services.clock.now()).toISOString(), revokedAt: null }]);
    expect(JSON.stringify(items)).not.toContain(made.key);
    expect(await codeOf(endSession({ ctx: found, input: {} }))).toBe("FORBIDDEN");
    expect(await codeOf(create({ customerIds: [tenant.second.customerId] }))).toBe("NOT_FOUND");
  });

  test("ends when its time is over, and cannot be made for the past", async () => {
    const { key } = await create({ expiresAt: new Date(services.clock.now() + minute).toISOString() });
    expect(await who(key)).toBeDefined();
    services.clock.advance(minute);
    expect(await who(key)).toBeUndefined();
    expect(await codeOf(create({ expiresAt: new Date(services.clock.now()).toISOString() }))).toBe("INVALID_REQUEST");
  });

  test("never gives more than it has: neither rights, nor customers, nor time", async () => {
    const end = new Date(services.clock.now() + day).toISOString();
    const parent = (await who((await create({ scopes: ["access:write", "devices:read"], expiresAt: end })).key))!;
    expect(await codeOf(create({ scopes: ["devices:write"] }, parent))).toBe("FORBIDDEN");
    const child = await create({ scopes: ["devices:read"] }, parent);
    expect(child.expiresAt).toBe(end);
    expect(await codeOf(create({}, { ...parent, customers: [] }))).toBe("FORBIDDEN");
    expect(await codeOf(create({}, { ...parent, scopes: new Set(["devices:read"] as const) }))).toBe("FORBIDDEN");
  });

  test("makes nothing any more once it is revoked, or its account has less, also for a request that was let in before", async () => {
    const parent = await create({ scopes: ["access:write", "devices:read"] });
    const parentCtx = (await who(parent.key))!;
    await revokeApiKey({ ctx, input: { apiKeyId: parent.apiKeyId } });
    expect(await codeOf(create({}, parentCtx))).toBe("UNAUTHENTICATED");
    await database.unwalled("less rights in a test", (tx) => tx.sql("update hauswart.account set role = 'technician'"));
    expect(await codeOf(create({}))).toBe("FORBIDDEN");
    await database.unwalled("no account in a test", (tx) => tx.sql("update hauswart.account set disabled_at = now()"));
    expect(await codeOf(create({}))).toBe("UNAUTHENTICATED");
  });

  test("does not outlive the one that it is made with, when that one is being revoked", async () => {
    const parent = await create({ scopes: ["access:write", "devices:read"] });
    const parentCtx = (await who(parent.key))!;
    const child = await create({ scopes: ["access:write", "devices:read"] }, parentCtx);
    const childCtx = (await who(child.key))!;
    const made = await Promise.allSettled([
      ...Array.from({ length: 8 }, () => create({}, childCtx)),
      revokeApiKey({ ctx, input: { apiKeyId: parent.apiKeyId } }),
      ...Array.from({ length: 8 }, () => create({}, childCtx)),
    ]);
    const keys = made.flatMap((one) => (one.status === "fulfilled" && one.value ? [one.value.key] : []));
    expect((await Promise.all(keys.map((key) => who(key)))).filter(Boolean)).toEqual([]);
  });

  test("falls at once when it is revoked, with all keys that were made with it", async () => {
    const parent = await create({ scopes: ["access:write", "devices:read"] });
    const parentCtx = (await who(parent.key))!;
    const child = await create({ scopes: ["access:write", "devices:read"] }, parentCtx);
    const grandchild = await create({}, await who(child.key));
    const stranger = await create({});
    await revokeApiKey({ ctx, input: { apiKeyId: parent.apiKeyId } });
    expect(await Promise.all([parent, child, grandchild].map(({ key }) => who(key)))).toEqual([undefined, undefined, undefined]);
    expect([await isStillSignedIn(parentCtx), (await who(stranger.key)) !== undefined]).toEqual([false, true]);
    await revokeApiKey({ ctx, input: { apiKeyId: parent.apiKeyId } });
    expect((await auditedActions(database)).filter((action) => action === "api-key.revoke")).toHaveLength(3);
  });
});
