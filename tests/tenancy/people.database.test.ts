/** Every route, as people meet it: who is restricted to some customers reaches nothing of others, and no role does more than it may. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import judgedChecks from "@hauswart/features/registry/server.ts";
import type { GrantableScope } from "@hauswart/protocol/api/route.ts";
import { routes, type RouteName } from "@hauswart/protocol/api/routes.ts";
import { roles, scopesOfRole, type Role } from "@hauswart/protocol/roles.ts";
import type { CheckRegistry } from "@hauswart/server/services.ts";
import { seedPerson, type PersonOptions, type SeededPerson } from "@hauswart/testkit/people.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { askServer } from "./ask.ts";
import { attemptsOf, nobody, type Attempt, type Targets } from "./attempts.ts";
import { everythingBut, makeCustomer, makeProviderBelongings } from "./fleet.ts";

const checks: CheckRegistry = new Map(judgedChecks.map((check) => [check.definition.id, check]));
const names = Object.keys(routes) as RouteName[];
const secretMark = "foreign-secret";
const providerMark = "provider-secret";

let server: TestServer;
let targets: Targets;

beforeAll(async () => {
  server = await testServer({ services: { checks }, settings: { smtpUrl: "smtp://127.0.0.1:9" } });
  targets = {
    own: await makeCustomer(server, "own"),
    foreign: await makeCustomer(server, secretMark),
    provider: await makeProviderBelongings(server, providerMark),
  };
}, 60_000);
afterAll(() => server.close());

const person = (options: PersonOptions) => seedPerson(server.services, server, options);
const ask = (name: RouteName, request: Pick<Attempt, "params" | "query" | "body">, { token }: SeededPerson) =>
  askServer(server, name, request, token);

/** A technician's rights, over one customer: because it alone is included, or because all others are excluded. */
const restrictions: [string, () => PersonOptions][] = [
  ["included", () => ({ reach: { mode: "include", customerIds: [targets.own.customerId] } })],
  ["all but excluded", () => ({ reach: { mode: "exclude", customerIds: [targets.foreign.customerId] } })],
];

const ownMatter = "anything but FORBIDDEN";

/** What must come of an attempt. What is one's own a key is refused, and a person is not, whatever else comes of it. */
function outcomeFor(role: Role, name: RouteName, { expect: usual, byPerson }: Attempt): string {
  const { scope } = routes[name];
  if (scope !== "none" && scope !== "session" && !scopesOfRole[role].includes(scope)) return "FORBIDDEN";
  return byPerson ?? (scope === "session" && usual === "FORBIDDEN" ? ownMatter : usual);
}

describe.each(restrictions)("a technician whose customers are %s", (_, options) => {
  let latest: Record<string, string> | undefined;
  let actor: SeededPerson;
  beforeAll(async () => void (actor = await person(options())));

  test.each(names.filter((name) => name !== "endSession"))("reaches nothing of others through %s", async (name) => {
    const look = () => everythingBut(server, targets.own.customerId, actor.accountId);
    const before = latest ?? (await look());
    for (const attempt of attemptsOf(targets)[name]) {
      const { status, text, code } = await ask(name, attempt, actor);
      const outcome = outcomeFor("technician", name, attempt);
      const actual = outcome === ownMatter && code !== "FORBIDDEN" ? ownMatter : (code ?? "harmless");
      expect([attempt, actual, status < 500]).toEqual([attempt, outcome, true]);
      for (const mark of [secretMark, providerMark, targets.foreign.deviceId, targets.foreign.findingId])
        expect([attempt, text.includes(mark) && !JSON.stringify(attempt).includes(mark)]).toEqual([attempt, false]);
    }
    latest = await look();
    for (const [table, rows] of Object.entries(before)) expect([table, latest[table]]).toEqual([table, rows]);
  });

  test("does reach the own customer, so the tests above would see something", async () => {
    const { own } = targets;
    const api = server.apiWith(actor.token);
    expect((await api("listCustomers")).items.map(({ customerId }) => customerId)).toEqual([own.customerId]);
    expect((await api("getDevice", { params: { deviceId: own.deviceId } })).customerId).toBe(own.customerId);
    expect((await api("listFindings")).items.map(({ findingId }) => findingId)).toEqual([own.findingId]);
    expect((await api("listOutbox")).items.map(({ mailId }) => mailId)).toEqual([own.mailId]);
    expect((await api("changeDevice", { params: { deviceId: own.deviceId }, body: { name: "own device" } })).name).toBe("own device");
  });

  test("ends the own session and no other", async () => {
    const before = await everythingBut(server, targets.own.customerId, actor.accountId);
    expect(await ask("endSession", {}, actor)).toMatchObject({ status: 204 });
    expect((await ask("getSession", {}, actor)).code).toBe("UNAUTHENTICATED");
    expect(await everythingBut(server, targets.own.customerId, actor.accountId)).toEqual(before);
    expect((await server.api("listSessions", { query: { accountId: targets.provider.accountId } })).items).toHaveLength(1);
  });
});

describe("roles", () => {
  const guarded = names.filter((name) => !["none", "session"].includes(routes[name].scope));
  /** A second right that a route asks for, where a request without a body gets that far. */
  const alsoNeeded: Partial<Record<RouteName, GrantableScope>> = { exportCustomer: "settings:write" };
  const may = (role: Role, name: RouteName) =>
    [routes[name].scope as GrantableScope, alsoNeeded[name] ?? []].flat().every((scope) => scopesOfRole[role].includes(scope));
  const knock = async (name: RouteName, actor: SeededPerson) =>
    (await ask(name, { params: nobody, body: routes[name].method === "GET" ? undefined : {} }, actor)).code;

  test.each(roles)("%s is refused on every route whose right it does not have, and on no other for want of it", async (role) => {
    const actor = await person({ role });
    for (const name of guarded.filter((route) => route !== "streamEvents"))
      expect([name, (await knock(name, actor)) === "FORBIDDEN"]).toEqual([name, !may(role, name)]);
  });

  test("are told apart by that: owner and administrator may all, a reader changes nothing", () => {
    const refused = (role: Role) => guarded.filter((name) => !may(role, name));
    expect([refused("owner"), refused("administrator")]).toEqual([[], []]);
    const changing = guarded.filter((name) => routes[name].scope.endsWith(":write"));
    expect(refused("read-only")).toEqual(expect.arrayContaining(changing));
    expect(refused("technician")).toEqual(
      expect.arrayContaining(["changeSettings", "createApiKey", "createWebhook", "inviteAccount", "listAccounts", "changeAccount"]),
    );
    expect(guarded.filter((name) => !refused("technician").includes(name))).toEqual(
      expect.arrayContaining(["changeDevice", "acknowledgeFinding", "changePolicy", "createRecipient", "createCustomer"]),
    );
  });

  test("hold for what an account is refused from the moment it is changed", async () => {
    const actor = await person({ role: "administrator" });
    expect((await ask("listAccounts", {}, actor)).status).toBe(200);
    await server.api("changeAccount", { params: { accountId: actor.accountId }, body: { role: "read-only" } });
    expect((await ask("listAccounts", {}, actor)).code).toBe("FORBIDDEN");
    await server.api("changeAccount", { params: { accountId: actor.accountId }, body: { isDisabled: true } });
    expect((await ask("listDevices", {}, actor)).code).toBe("UNAUTHENTICATED");
  });
});
