import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Reach } from "@hauswart/protocol/api/models.ts";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { roles, scopesOfRole, type Role } from "@hauswart/protocol/roles.ts";
import { auditEntries } from "@hauswart/testkit/audit-log.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { seedPerson, type PersonOptions, type SeededPerson } from "@hauswart/testkit/people.ts";
import { contextFor, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import type { Context } from "../../context.ts";
import { createPushSubscription } from "../../routing/push/create-push-subscription.ts";
import { listPushSubscriptions } from "../../routing/push/list-push-subscriptions.ts";
import { readMigrations } from "../../database/migration-files.ts";
import { createCustomer } from "../../tenancy/create-customer.ts";
import { listCustomers } from "../../tenancy/list-customers.ts";
import { authenticate } from "../authenticate.ts";
import { createApiKey } from "../create-api-key.ts";
import { getSession } from "../get-session.ts";
import { inviteAccount } from "../invitations/invite-account.ts";
import { listInvitations } from "../invitations/list-invitations.ts";
import { isStillSignedIn } from "../still-signed-in.ts";
import { changeAccount } from "./change-account.ts";
import { changeProfile } from "./change-profile.ts";
import { deleteAccount } from "./delete-account.ts";
import { getAccount } from "./get-account.ts";
import { listAccounts } from "./list-accounts.ts";

let database: TestDatabase;
let services: TestServices;
let tenant: SeededTenant;
let owner: SeededPerson;
beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(() => database.close());
beforeEach(async () => {
  await database.unwalled("clean slate of a test", (tx) => tx.sql("truncate hauswart.provider cascade"));
  services = testServices(database);
  tenant = await seedTenant(database);
  owner = await person({ role: "owner" });
});

const person = (options: PersonOptions) => seedPerson(services, tenant, options);
const who = (token: string) => authenticate(services, token, "192.0.2.7", "");
const as = async ({ token }: SeededPerson): Promise<Context> => (await who(token))!;
type Change = Omit<Parameters<typeof changeAccount>[0]["input"], "accountId">;
const change = async (actor: SeededPerson, subject: SeededPerson, input: Change) =>
  changeAccount({ ctx: await as(actor), input: { accountId: subject.accountId, ...input } });
const remove = async (actor: SeededPerson, subject: SeededPerson) =>
  deleteAccount({ ctx: await as(actor), input: { accountId: subject.accountId } });
const only = (mode: "include" | "exclude", ...customerIds: Id[]): Reach => ({ mode, customerIds });
const auditOf = (action: string) => auditEntries(database, { action });

describe("the rights of a session", () => {
  test.each(roles)("of %s come from the role", async (role) => {
    const ctx = await as(await person({ role }));
    expect([...(ctx.scopes as Set<string>)].sort()).toEqual([...scopesOfRole[role]].sort());
    expect((await getSession({ ctx, input: {} })).account).toMatchObject({ role, reach: { mode: "all", customerIds: [] } });
  });

  test("reach the customers that are included", async () => {
    const { first } = tenant;
    const ctx = await as(await person({ reach: only("include", first.customerId) }));
    expect(ctx.customers).toEqual([first.customerId]);
    expect((await listCustomers({ ctx, input: { limit: 10 } })).items.map(({ customerId }) => customerId)).toEqual([first.customerId]);
  });

  test("reach all customers but the excluded ones, new ones too, from the next request on", async () => {
    const { first, second } = tenant;
    const restricted = await person({ reach: only("exclude", first.customerId) });
    const before = await as(restricted);
    expect(before.customers).toEqual([second.customerId]);
    const added = await createCustomer({ ctx: await as(owner), input: { name: "Third", language: "de", timeZone: "Europe/Berlin" } });
    expect([...((await as(restricted)).customers as Id[])].sort()).toEqual([second.customerId, added.customerId].sort());
    expect(await isStillSignedIn(before)).toBe(false);
  });

  test("reach nobody when every included customer is gone, and everybody when every excluded one is", async () => {
    const { first } = tenant;
    const [included, excluded] = [
      await person({ reach: only("include", first.customerId) }),
      await person({ reach: only("exclude", first.customerId) }),
    ];
    await database.unwalled("a customer is erased in a test", (tx) =>
      tx.sql("delete from hauswart.customer where customer_id = $1", [first.customerId]),
    );
    expect((await listCustomers({ ctx: await as(included), input: { limit: 10 } })).items).toEqual([]);
    expect((await as(excluded)).customers).toEqual([tenant.second.customerId]);
    const ctx = await as(owner);
    expect((await getAccount({ ctx, input: { accountId: included.accountId } })).reach).toEqual(only("include"));
    expect((await change(owner, included, { name: "Still restricted" })).reach.mode).toBe("include");
  });

  test("change at once when the role or the customers change", async () => {
    const technician = await person({});
    const ctx = await as(technician);
    await change(owner, technician, { role: "read-only" });
    expect([(await as(technician)).scopes, await isStillSignedIn(ctx)]).toEqual([new Set(scopesOfRole["read-only"]), false]);
    const narrowed = await as(technician);
    await change(owner, technician, { reach: only("include", tenant.first.customerId) });
    expect([(await as(technician)).customers, await isStillSignedIn(narrowed)]).toEqual([[tenant.first.customerId], false]);
  });

  test("are told to whoever holds a stream open", async () => {
    const told: unknown[] = [];
    services.bus.subscribe("access-changed", (message) => void told.push(message));
    const technician = await person({});
    await change(owner, technician, { role: "read-only" });
    await remove(owner, technician);
    const message = { providerId: tenant.providerId, actorIds: [technician.accountId] };
    expect(told).toEqual([message, message]);
  });
});

describe("a disabled account", () => {
  test("is out at once, with keys and invitations that it made, and back when it is enabled, without them", async () => {
    const administrator = await person({ role: "administrator" });
    const ctx = await as(administrator);
    const key = await createApiKey({
      ctx,
      input: { name: "its key", scopes: ["access:write", "devices:read"], customerIds: null, expiresAt: null },
    });
    const keyOfKey = await createApiKey({
      ctx: (await who(key.key))!,
      input: { name: "its key's key", scopes: ["devices:read"], customerIds: null, expiresAt: null },
    });
    const other = await createApiKey({
      ctx: await as(owner),
      input: { name: "another's", scopes: ["devices:read"], customerIds: null, expiresAt: null },
    });
    await inviteAccount({
      ctx,
      input: { email: "new@hauswart.test", name: "New", role: "technician", reach: { mode: "all", customerIds: [] }, language: "de" },
    });
    const browser = { endpoint: "https://push.example/1", deviceName: "desk", p256dh: "p".repeat(87), auth: "a".repeat(22) };
    await createPushSubscription({ ctx, input: browser });
    const disabled = await change(owner, administrator, { isDisabled: true });
    expect(disabled).toMatchObject({ disabledAt: new Date(services.clock.now()).toISOString(), openSessions: 0 });
    expect(await Promise.all([administrator.token, key.key, keyOfKey.key].map((token) => who(token)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([await isStillSignedIn(ctx), (await who(other.key)) !== undefined]).toEqual([false, true]);
    expect((await listInvitations({ ctx: await as(owner), input: { limit: 10 } })).items).toEqual([]);
    expect(await auditOf("api-key.revoke")).toHaveLength(2);
    expect(await auditOf("invitation.revoke")).toMatchObject([{ detail: { email: "new@hauswart.test", because: "account.disable" } }]);
    expect((await change(owner, administrator, { isDisabled: false })).disabledAt).toBeNull();
    expect(await Promise.all([administrator.token, key.key].map((token) => who(token)))).toEqual([undefined, undefined]);
    expect((await listPushSubscriptions({ ctx, input: {} })).items).toEqual([]);
  });

  test("keeps the moment when it was disabled, whatever else is changed", async () => {
    const technician = await person({});
    const { disabledAt } = await change(owner, technician, { isDisabled: true });
    services.clock.advance(60_000);
    expect((await change(owner, technician, { isDisabled: true, name: "Gone" })).disabledAt).toBe(disabledAt);
  });
});

describe("a removed account", () => {
  test("is gone with its sessions; what it did stays on record", async () => {
    const technician = await person({});
    const ctx = await as(technician);
    await changeProfile({ ctx, input: { name: "Before" } });
    await remove(owner, technician);
    expect([await who(technician.token), await isStillSignedIn(ctx)]).toEqual([undefined, false]);
    expect(await codeOf(remove(owner, technician))).toBe("NOT_FOUND");
    expect(await auditOf("account.change")).toMatchObject([{ actor: { name: technician.name } }]);
    expect(await auditOf("account.delete")).toMatchObject([{ detail: { email: technician.email, role: "technician" } }]);
  });
});

describe("owners", () => {
  test("the last one can be neither disabled, demoted nor removed; a disabled one does not count", async () => {
    const second = await person({ role: "owner" });
    await change(owner, second, { isDisabled: true });
    expect(await codeOf(change(owner, owner, { isDisabled: true }))).toBe("LAST_OWNER");
    expect(await codeOf(change(owner, owner, { role: "administrator" }))).toBe("LAST_OWNER");
    expect(await codeOf(remove(owner, owner))).toBe("LAST_OWNER");
    await change(owner, second, { isDisabled: false });
    await change(owner, owner, { role: "administrator" });
    expect((await as(owner)).actor.id).toBe(owner.accountId);
  });

  test("who remove each other at the same moment leave one", async () => {
    const second = await person({ role: "owner" });
    const [mine, theirs] = [await as(owner), await as(second)];
    const outcomes = await Promise.all([
      codeOf(deleteAccount({ ctx: mine, input: { accountId: second.accountId } })),
      codeOf(deleteAccount({ ctx: theirs, input: { accountId: owner.accountId } })),
    ]);
    expect(outcomes.sort()).toEqual(["FORBIDDEN", "done"]);
    const left = await database.unwalled("look of a test", (tx) => tx.sql("select 1 from hauswart.account where role = 'owner'"));
    expect(left).toHaveLength(1);
  });

  test("are made, changed and removed by owners only", async () => {
    const administrator = await person({ role: "administrator" });
    const technician = await person({});
    const attempts: [SeededPerson, Change][] = [
      [technician, { role: "owner" }],
      [administrator, { role: "owner" }],
      [owner, { role: "technician" }],
      [owner, { name: "Other" }],
      [owner, { isDisabled: true }],
    ];
    for (const [subject, input] of attempts)
      expect([input, await codeOf(change(administrator, subject, input))]).toEqual([input, "FORBIDDEN"]);
    expect(await codeOf(remove(administrator, owner))).toBe("FORBIDDEN");
    expect((await change(owner, technician, { role: "owner" })).role).toBe("owner");
  });

  test("are out of reach for an API key, whoever made it", async () => {
    const { key } = await createApiKey({
      ctx: await as(owner),
      input: { name: "mighty", scopes: [...scopesOfRole.owner], customerIds: null, expiresAt: null },
    });
    const ctx = (await who(key))!;
    const technician = await person({});
    expect(await codeOf(changeAccount({ ctx, input: { accountId: technician.accountId, role: "owner" } }))).toBe("FORBIDDEN");
    expect(await codeOf(deleteAccount({ ctx, input: { accountId: owner.accountId } }))).toBe("FORBIDDEN");
    expect((await changeAccount({ ctx, input: { accountId: technician.accountId, role: "administrator" } })).role).toBe("administrator");
  });
});

describe("nobody gives what they do not have", () => {
  test("a key without some right neither makes nor touches an account that has it", async () => {
    const ctx = contextFor(services, tenant, { scopes: new Set(["access:write", "devices:read"] as const) });
    const [technician, reader] = [await person({}), await person({ role: "read-only" })];
    for (const { accountId } of [technician, reader])
      expect(await codeOf(changeAccount({ ctx, input: { accountId, role: "administrator" } }))).toBe("FORBIDDEN");
    expect(await codeOf(deleteAccount({ ctx, input: { accountId: technician.accountId } }))).toBe("FORBIDDEN");
  });

  test.each(["technician", "read-only"] satisfies Role[])("%s changes no account, the own one included", async (role) => {
    const actor = await person({ role });
    expect(await codeOf(change(actor, actor, { role: "owner" }))).toBe("FORBIDDEN");
    expect(await codeOf(change(actor, owner, { isDisabled: true }))).toBe("FORBIDDEN");
    expect(await codeOf(remove(actor, owner))).toBe("FORBIDDEN");
    expect(await codeOf(listAccounts({ ctx: await as(actor), input: { limit: 10 } }))).toBe("FORBIDDEN");
    const { role: still } = await changeProfile({
      ctx: await as(actor),
      input: { name: "Mightier", role: "owner", reach: { mode: "all", customerIds: [] } } as { name: string },
    });
    expect(still).toBe(role);
  });

  test("who loses rights loses the keys that have them, and the invitations to them", async () => {
    const second = await person({ role: "owner" });
    const ctx = await as(second);
    const key = await createApiKey({ ctx, input: { name: "wide", scopes: ["settings:write"], customerIds: null, expiresAt: null } });
    const narrow = await createApiKey({ ctx, input: { name: "narrow", scopes: ["devices:read"], customerIds: null, expiresAt: null } });
    const invite = (email: string, role: Role) =>
      inviteAccount({ ctx, input: { email, name: "New", role, reach: { mode: "all", customerIds: [] }, language: "de" } });
    await invite("owner@new.test", "owner");
    await invite("reader@new.test", "read-only");
    const open = async () => (await listInvitations({ ctx: await as(owner), input: { limit: 10 } })).items.map(({ email }) => email);
    await change(owner, second, { role: "administrator" });
    expect([await open(), (await who(key.key)) !== undefined]).toEqual([["reader@new.test"], true]);
    await change(owner, second, { role: "technician" });
    expect([await open(), await who(key.key), (await who(narrow.key)) !== undefined]).toEqual([[], undefined, true]);
  });

  test("who gets restricted loses the keys that reach other customers, with the new role and at any later change of reach", async () => {
    const { first, second } = tenant;
    const administrator = await person({ role: "administrator" });
    const ctx = await as(administrator);
    const key = (name: string, customerIds: Id[] | null) =>
      createApiKey({ ctx, input: { name, scopes: ["devices:read"], customerIds, expiresAt: null } });
    const made = [
      await key("all", null),
      await key("both", [first.customerId, second.customerId]),
      await key("first", [first.customerId]),
      await key("second", [second.customerId]),
    ];
    const alive = async () => {
      const known = await Promise.all(made.map(({ key: token }) => who(token)));
      return made.filter((_, index) => known[index] !== undefined).map(({ name }) => name);
    };
    await change(owner, administrator, { role: "technician" });
    expect(await alive()).toEqual(["all", "both", "first", "second"]);
    await change(owner, administrator, { reach: only("include", first.customerId, second.customerId) });
    expect(await alive()).toEqual(["both", "first", "second"]);
    await change(owner, administrator, { reach: only("exclude", second.customerId) });
    expect(await alive()).toEqual(["first"]);
    await change(owner, administrator, { reach: only("include", second.customerId) });
    expect(await alive()).toEqual([]);
    expect((await auditOf("api-key.revoke")).map(({ detail }) => detail["because"])).toEqual(Array(4).fill("account.change"));
  });

  test("who becomes a technician for one customer leaves no key behind that reads all of them", async () => {
    const administrator = await person({ role: "administrator" });
    const { key } = await createApiKey({
      ctx: await as(administrator),
      input: { name: "all", scopes: ["devices:read"], customerIds: null, expiresAt: null },
    });
    await change(owner, administrator, { role: "technician", reach: only("include", tenant.first.customerId) });
    expect(await who(key)).toBeUndefined();
  });

  test("who may give rights is restricted to no customers", async () => {
    const technician = await person({ reach: only("include", tenant.first.customerId) });
    expect(await codeOf(change(owner, technician, { role: "administrator" }))).toBe("INVALID_REQUEST");
    expect(await codeOf(change(owner, owner, { reach: only("exclude", tenant.first.customerId) }))).toBe("INVALID_REQUEST");
    expect((await change(owner, technician, { role: "administrator", reach: { mode: "all", customerIds: [] } })).reach.mode).toBe("all");
  });
});

describe("another provider's", () => {
  test("accounts and customers are not there", async () => {
    const other = await seedTenant(database);
    const stranger = await seedPerson(services, other, { role: "technician" });
    expect(await codeOf(change(owner, stranger, { name: "Mine" }))).toBe("NOT_FOUND");
    expect(await codeOf(remove(owner, stranger))).toBe("NOT_FOUND");
    expect(await codeOf(getAccount({ ctx: await as(owner), input: { accountId: stranger.accountId } }))).toBe("NOT_FOUND");
    const technician = await person({});
    for (const customerId of [other.first.customerId, newId()])
      expect(await codeOf(change(owner, technician, { reach: only("include", customerId) }))).toBe("NOT_FOUND");
    expect((await listAccounts({ ctx: await as(owner), input: { limit: 10 } })).items.map(({ accountId }) => accountId)).not.toContain(
      stranger.accountId,
    );
  });

  test("customers that an exclusion leaves are not reached", async () => {
    const other = await seedTenant(database);
    const ctx = await as(await person({ reach: only("exclude", tenant.first.customerId) }));
    expect(ctx.customers).not.toContain(other.first.customerId);
  });
});

test("accounts are listed by name, page by page, with what is known of their use", async () => {
  for (const name of ["zoe", "Anna", "bert"]) {
    const { accountId } = await person({});
    await database.unwalled("a name in a test", (tx) =>
      tx.sql("update hauswart.account set name = $2 where account_id = $1", [accountId, name]),
    );
  }
  const ctx = await as(owner);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAccounts({ ctx, input: { limit: 1, cursor } });
    seen.push(...page.items.map(({ name }) => name));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(["Anna", "bert", owner.name, "zoe"]);
  const [item] = (await listAccounts({ ctx, input: { limit: 1 } })).items;
  expect(item).toMatchObject({ openSessions: 1, disabledAt: null, lastUsedAt: new Date(services.clock.now()).toISOString() });
});

test("who is restricted may still change name and language", async () => {
  const restricted = await person({ reach: only("include", tenant.first.customerId) });
  expect(await changeProfile({ ctx: await as(restricted), input: { name: "New name", language: "de" } })).toMatchObject({
    name: "New name",
    language: "de",
  });
  expect((await as(restricted)).actor.name).toBe("New name");
  expect(await codeOf(changeProfile({ ctx: contextFor(services, tenant), input: { name: "Key" } }))).toBe("FORBIDDEN");
});

describe("an account that an identity provider made when such accounts reached all customers", () => {
  /** As it was linked in the transaction that made it, or a day later by its e-mail address. */
  async function link(subject: SeededPerson, after: "1 second" | "1 day") {
    await database.unwalled("seed of a test", async (tx) => {
      await tx.sql(
        `insert into hauswart.oidc_issuer (provider_id, oidc_issuer_id, name, issuer, client_id, client_secret, active, creates_accounts, counts_as_second_factor, created_at)
         values ($1, $2, 'Entra ID', 'https://login.example', $3, '', true, true, true, now())`,
        [tenant.providerId, subject.accountId, newId()],
      );
      await tx.sql(
        `insert into hauswart.oidc_identity (provider_id, oidc_issuer_id, subject, account_id, created_at, last_used_at)
         select provider_id, account_id, 'subject', account_id, created_at + $3::interval, now() from hauswart.account where provider_id = $1 and account_id = $2`,
        [tenant.providerId, subject.accountId, after],
      );
    });
  }
  /** What the migration does for a house that has had such accounts. */
  async function migrate() {
    const migration = readMigrations().find(({ name }) => name.endsWith("reach_from_issuer"))!;
    const statement = migration.sql.slice(migration.sql.indexOf("update account"));
    await database.unwalled("a migration", (tx) => tx.sql("set local search_path = hauswart").then(() => tx.sql(statement)));
  }
  const issuers = async () =>
    Object.fromEntries(
      (await listAccounts({ ctx: await as(owner), input: { limit: 50 } })).items.map(({ accountId, reachFromIssuer }) => [
        accountId,
        reachFromIssuer,
      ]),
    );

  test("is named as such until somebody says what it reaches; those who were invited, restricted or linked later are not", async () => {
    const [made, restricted, linked, administrator] = [
      await person({ role: "read-only" }),
      await person({ role: "read-only", reach: only("include", tenant.first.customerId) }),
      await person({ role: "technician" }),
      await person({ role: "administrator" }),
    ];
    await link(made, "1 second");
    await link(restricted, "1 second");
    await link(linked, "1 day");
    await link(administrator, "1 second");
    await migrate();
    const none = { [owner.accountId]: null, [restricted.accountId]: null, [linked.accountId]: null, [administrator.accountId]: null };
    expect(await issuers()).toEqual({ ...none, [made.accountId]: "Entra ID" });
    await change(owner, made, { name: "Renamed" });
    expect(await issuers()).toEqual({ ...none, [made.accountId]: "Entra ID" });
    await change(owner, made, { reach: { mode: "all", customerIds: [] } });
    expect(await issuers()).toEqual({ ...none, [made.accountId]: null });
    expect((await getAccount({ ctx: await as(owner), input: { accountId: made.accountId } })).reach.mode).toBe("all");
  });
});
