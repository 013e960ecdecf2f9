/** Every route, as the contract lists them: a key of one customer reaches nothing of another, whatever it tries. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import judgedChecks from "@hauswart/features/registry/server.ts";
import { GrantableScope, type AnyRoute } from "@hauswart/protocol/api/route.ts";
import { routes, type RouteName } from "@hauswart/protocol/api/routes.ts";
import { newId } from "@hauswart/protocol/ids.ts";
import { hashOfToken, newToken } from "@hauswart/server/access/tokens.ts";
import { calendarsOf } from "@hauswart/server/calendars/calendars-of.ts";
import type { CheckRegistry } from "@hauswart/server/services.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import type { z } from "zod";
import { askServer } from "./ask.ts";
import { attemptsOf, nobody, type Attempt, type Targets } from "./attempts.ts";
import { everythingBut, makeCustomer, makeProviderBelongings } from "./fleet.ts";

const checks: CheckRegistry = new Map(judgedChecks.map((check) => [check.definition.id, check]));
const scopes = GrantableScope.options;
const names = Object.keys(routes) as RouteName[];
const secretMark = "foreign-secret";
const providerMark = "provider-secret";

let server: TestServer;
let targets: Targets;
let restricted: string;
let stranger: string;

beforeAll(async () => {
  server = await testServer({ services: { checks }, settings: { smtpUrl: "smtp://127.0.0.1:9" } });
  targets = {
    own: await makeCustomer(server, "own"),
    foreign: await makeCustomer(server, secretMark),
    provider: await makeProviderBelongings(server, providerMark),
  };
  restricted = (await server.api("createApiKey", { body: { name: "restricted", scopes, customerIds: [targets.own.customerId] } })).key;
  stranger = await keyOfAnotherProvider();
}, 60_000);
afterAll(() => server.close());

/** A key that may do everything, of a provider who shares nothing but the database. */
async function keyOfAnotherProvider(): Promise<string> {
  const [providerId, key] = [newId(), newToken("api-key")];
  await server.database.unwalled("seed of a test", async (tx) => {
    await tx.sql("insert into hauswart.provider (provider_id, name) values ($1, 'Other house')", [providerId]);
    await tx.sql(
      "insert into hauswart.api_key (provider_id, api_key_id, name, key_hash, scopes, created_by) values ($1, $2, 'stranger', $3, $4, 'test')",
      [providerId, newId(), hashOfToken(key), scopes],
    );
  });
  await calendarsOf(server.services, providerId);
  return key;
}

const ask = (name: RouteName, request: Omit<Attempt, "expect">, token?: string) => askServer(server, name, request, token);

const keyWith = async (given: readonly GrantableScope[]) =>
  (await server.api("createApiKey", { body: { name: "narrow", scopes: [...given] } })).key;

test("every route is thought of", () => {
  const thought = Object.entries(attemptsOf(targets));
  expect(thought.map(([name]) => name).sort()).toEqual([...names].sort());
  expect(
    thought
      .filter(([, attempts]) => attempts.length === 0)
      .map(([name]) => name)
      .sort(),
  ).toEqual(["createSession", "streamEvents"]);
});

describe("a key restricted to one customer", () => {
  let latest: Record<string, string> | undefined;

  test.each(names)("reaches nothing of others through %s", async (name) => {
    const before = latest ?? (await everythingBut(server, targets.own.customerId));
    for (const attempt of attemptsOf(targets)[name]) {
      const { status, text, code } = await ask(name, attempt, restricted);
      expect([attempt, code ?? "harmless", status < 500]).toEqual([attempt, attempt.expect, true]);
      for (const mark of [secretMark, providerMark, targets.foreign.deviceId, targets.foreign.findingId])
        expect([attempt, text.includes(mark) && !JSON.stringify(attempt).includes(mark)]).toEqual([attempt, false]);
    }
    const after = await everythingBut(server, targets.own.customerId);
    latest = after;
    for (const [table, rows] of Object.entries(before)) expect([table, after[table]]).toEqual([table, rows]);
  });

  test("does reach its own, so the tests above would see something", async () => {
    const { own } = targets;
    const api = server.apiWith(restricted);
    expect((await api("getDevice", { params: { deviceId: own.deviceId } })).name).toBe("own device");
    expect((await api("listFindings")).items.map(({ findingId }) => findingId)).toEqual([own.findingId]);
    expect((await api("listOutbox")).items.map(({ mailId }) => mailId)).toEqual([own.mailId]);
    expect((await api("listRecipients")).items.map(({ recipientId }) => recipientId)).toEqual([own.recipientId]);
    expect((await api("listWebhooks")).items.map(({ webhookId }) => webhookId)).toEqual([own.webhookId]);
    expect((await api("listEnrolmentTokens")).items.map(({ enrolmentTokenId }) => enrolmentTokenId)).toEqual([own.enrolmentTokenId]);
    expect((await api("getOverview")).devices.total).toBe(1);
    expect((await api("listAudit")).items.every(({ customerId }) => customerId === own.customerId)).toBe(true);
    expect((await api("changeDevice", { params: { deviceId: own.deviceId }, body: { name: "own device", siteId: own.siteId } })).name).toBe(
      "own device",
    );
  });

  test("does not get further with a cursor that somebody else was given", async () => {
    const lists = names.filter((name) => "cursor" in (routes[name].query as z.ZodObject).shape && !routes[name].path.includes("{"));
    expect(lists.length).toBeGreaterThan(8);
    for (const name of lists) {
      const first = JSON.parse((await ask(name, { query: { limit: 1 } }, server.token)).text) as { next: string | null };
      for (const sort of name === "listDevices" ? ["name", "-name"] : [undefined]) {
        const { text, status } = await ask(name, { query: { cursor: first.next, sort } }, restricted);
        expect([name, text.includes(secretMark) || text.includes(providerMark), status < 500]).toEqual([name, false, true]);
      }
    }
  });

  test("gets nothing of others as CSV", async () => {
    const tables = names.filter((name) => routes[name].csv === true);
    expect(tables.length).toBeGreaterThan(4);
    for (const name of tables) {
      const { text, code } = await ask(name, { query: { format: "csv" } }, restricted);
      expect([name, text.includes(secretMark) || text.includes(providerMark)]).toEqual([name, false]);
      expect([name, ["FORBIDDEN", undefined].includes(code)]).toEqual([name, true]);
    }
    expect((await ask("listDevices", { query: { format: "csv" } }, restricted)).text).toContain("own device");
    expect((await ask("listDevices", { query: { format: "csv" } }, server.token)).text).toContain(secretMark);
  });

  test("hears nothing of others on the live stream", async () => {
    const answer = await fetch(`${server.url}/api/v1/events`, { headers: { authorization: `Bearer ${restricted}` } });
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    const { bus } = server.services;
    const { providerId } = server;
    const { own, foreign } = targets;
    for (const kind of ["device", "finding", "outbox", "customer", "maintenance", "policy"] as const) {
      for (const customerId of [foreign.customerId, null, own.customerId])
        bus.publish("live", {
          providerId,
          kind,
          id: `${kind} of ${customerId === own.customerId ? "own" : customerId === null ? "provider" : secretMark}`,
          customerId,
          change: "changed",
        });
      bus.publish("live", { providerId: newId(), kind, id: secretMark, customerId: own.customerId, change: "changed" });
    }
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes('"policy of own"')) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`The stream ended; it said ${text}`);
      text += value;
    }
    await reader.cancel();
    const heard = [...text.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id);
    expect(heard).toEqual([
      "device of own",
      "finding of own",
      "outbox of own",
      "customer of own",
      "maintenance of provider",
      "maintenance of own",
      "policy of provider",
      "policy of own",
    ]);
  });
});

describe("a key of another provider, for all customers and with all rights", () => {
  test.each(names)("reaches nothing of this one through %s", async (name) => {
    const before = await server.database.unwalled("look of a test", (tx) => snapshotOf(tx));
    for (const attempt of attemptsOf(targets)[name]) {
      const { status, text } = await ask(name, attempt, stranger);
      expect([attempt, status < 500]).toEqual([attempt, true]);
      for (const mark of [secretMark, providerMark, "own device", "own customer"])
        expect([attempt, text.includes(mark) && !JSON.stringify(attempt).includes(mark)]).toEqual([attempt, false]);
      if (attempt.expect === "NOT_FOUND") expect([attempt, status]).toEqual([attempt, 404]);
    }
    expect(await server.database.unwalled("look of a test", (tx) => snapshotOf(tx))).toEqual(before);
  });

  const snapshotOf = async (tx: { sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]> }) => {
    const found: unknown[] = [];
    for (const table of [
      "customer",
      "site",
      "device",
      "policy",
      "policy_assignment",
      "check_instance",
      "finding",
      "mail",
      "maintenance_window",
      "recipient",
      "webhook",
      "enrolment_token",
      "provider",
      "account",
      "invitation",
    ]) {
      found.push(await tx.sql(`select * from hauswart.${table} where provider_id = $1 order by 1, 2, 3`, [server.providerId]));
    }
    return found;
  };
});

describe("rights", () => {
  const guarded = names.filter((name) => !["none", "session"].includes(routes[name].scope));

  test("nobody gets in without signing in, but where that is meant", async () => {
    const open: string[] = [];
    for (const name of names) if ((await ask(name, { params: nobody })).code !== "UNAUTHENTICATED") open.push(name);
    expect(open.sort()).toEqual([
      "acceptInvitation",
      "acknowledgeByLink",
      "beginOidcSignIn",
      "beginPasskeySignIn",
      "confirmAlarmDrill",
      "confirmEmailChange",
      "createSession",
      "createSessionWithBreakGlass",
      "createSessionWithFactor",
      "createSessionWithOidc",
      "createSessionWithPasskey",
      "endDigest",
      "getAcknowledgement",
      "getAlarmDrill",
      "getDigest",
      "getHealth",
      "getInvitation",
      "getOpenApi",
      "getReadiness",
      "getRepairOffer",
      "getVerdictOffer",
      "judgeByLink",
      "listSignInWays",
      "objectToEmailChange",
      "placeRepairOrder",
      "requestPasswordReset",
      "resetPassword",
    ]);
  });

  test("a key with all rights but the one that a route needs is refused, on every route", async () => {
    const narrow = new Map(
      await Promise.all(scopes.map(async (scope) => [scope, await keyWith(scopes.filter((other) => other !== scope))] as const)),
    );
    for (const name of guarded) {
      const { code } = await ask(
        name,
        { params: nobody, body: routes[name].method === "GET" ? undefined : {} },
        narrow.get(routes[name].scope as GrantableScope),
      );
      expect([name, code]).toEqual([name, "FORBIDDEN"]);
    }
    expect(guarded.length).toBeGreaterThan(35);
  });

  test("a key that has ended opens nothing", async () => {
    const { key, apiKeyId } = await server.api("createApiKey", { body: { name: "short", scopes: ["devices:read"] } });
    expect((await ask("listDevices", {}, key)).status).toBe(200);
    await server.database.unwalled("time passes in a test", (tx) =>
      tx.sql("update hauswart.api_key set expires_at = now() - interval '1 second' where api_key_id = $1", [apiKeyId]),
    );
    expect((await ask("listDevices", {}, key)).code).toBe("UNAUTHENTICATED");
  });

  test("a session that has ended opens nothing", async () => {
    const { token } = await server.apiWith(undefined)("createSession", { body: server.owner });
    await server.apiWith(token)("endSession");
    expect((await ask("listDevices", {}, token)).code).toBe("UNAUTHENTICATED");
  });
});

describe("texts in filters are only texts", () => {
  const tricks = [
    "' or '1'='1",
    "'; drop table hauswart.device; --",
    "%",
    "_",
    "\\",
    "$1",
    "device' union select password_hash from hauswart.account --",
    "*/ or true /*",
    "{}",
    "null",
    "x\u2028x",
  ];
  const free = (schema: z.ZodType) => schema.safeParse("'").success;

  test("in every query of every route: nothing breaks, nothing more is found, nothing is lost", async () => {
    const tried: string[] = [];
    for (const name of names) {
      const route: AnyRoute = routes[name];
      const fields = Object.entries((route.query as z.ZodObject).shape).filter(([, schema]) => free(schema as z.ZodType));
      for (const [field] of fields) {
        for (const trick of tricks) {
          const params = { ...nobody, deviceId: targets.foreign.deviceId };
          const { status, text } = await ask(
            name,
            {
              params,
              query: { ...(name === "getSeries" ? { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" } : {}), [field]: trick },
            },
            server.token,
          );
          expect([name, field, trick, status < 500, text.includes("argon2")]).toEqual([name, field, trick, true, false]);
          const { items } = JSON.parse(text) as { items?: unknown[] };
          if (status === 200 && items) expect([name, field, trick, items]).toEqual([name, field, trick, []]);
        }
        tried.push(`${name} ${field}`);
      }
    }
    expect(tried).toEqual(
      expect.arrayContaining([
        "listDevices search",
        "listDevices tag",
        "listDevices cursor",
        "listFindings check",
        "listAudit action",
        "getSeries field",
        "getSeries subject",
      ]),
    );
    expect((await server.api("listDevices")).total).toBe(2);
  });

  test("in bodies they come back as they are", async () => {
    const { api } = server;
    for (const [index, trick] of tricks.entries()) {
      const { customerId } = await api("createCustomer", { body: { name: `${trick} ${index}` } });
      expect((await api("getCustomer", { params: { customerId } })).name).toBe(`${trick} ${index}`);
    }
  });
});
