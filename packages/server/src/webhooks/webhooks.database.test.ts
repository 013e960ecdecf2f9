import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { auditEntries } from "@hauswart/testkit/audit-log.ts";
import { testDatabase, type TestDatabase } from "@hauswart/testkit/database.ts";
import { contextFor, seedDevice, seedTenant, testServices, type SeededTenant, type TestServices } from "@hauswart/testkit/seed.ts";
import { until } from "@hauswart/testkit/until.ts";
import { Webhook } from "standardwebhooks";
import { applyFindingChanges } from "../findings/apply.ts";
import type { FindingChange } from "../findings/finding-change.ts";
import { createWebhook } from "./create-webhook.ts";
import { claimDeliveries, claimMs, deliver, giveUpAfterMs } from "../channels/outbox/deliver.ts";
import { startDeliveries } from "../channels/outbox/start-deliveries.ts";
import { post } from "../channels/post.ts";
import type { Context } from "../context.ts";
import { reachOf } from "../channels/reach.ts";
import { deleteWebhook } from "./delete-webhook.ts";
import { listWebhookDeliveries } from "./list-webhook-deliveries.ts";
import { listWebhooks } from "./list-webhooks.ts";
import { queueDeliveries } from "./queue-deliveries.ts";
import { openSecret, sealStoredSecrets } from "./stored-secret.ts";

interface Received {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

let database: TestDatabase;
let tenant: SeededTenant;
let deviceId: Id;
let services: TestServices;
let received: Received[] = [];
let answer: (request: Request) => Response | Promise<Response>;
const receiver = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    received.push({ path: new URL(request.url).pathname, headers: Object.fromEntries(request.headers), body: await request.text() });
    return answer(request);
  },
});

beforeAll(async () => void (database = await testDatabase()), 60_000);
afterAll(async () => {
  await receiver.stop(true);
  await database.close();
});
beforeEach(async () => {
  tenant = await seedTenant(database);
  deviceId = await seedDevice(database, tenant, tenant.first, "server-1");
  services = testServices(database);
  // The signature's time is compared with the receiver's clock.
  services.clock.set(Date.now());
  received = [];
  answer = () => new Response(null, { status: 204 });
});
afterEach(() => database.unwalled("clean", (tx) => tx.sql("delete from hauswart.webhook")));

const ctx = () => contextFor(services, tenant);
const hook = (customerId: Id | null = null, path = "/hook") =>
  createWebhook({ ctx: ctx(), input: { customerId, url: `http://127.0.0.1:${receiver.port}${path}` } });
const find = async (...kinds: ("open" | "close")[]) => {
  const scope = {
    customerId: tenant.first.customerId,
    siteId: tenant.first.siteId,
    deviceId,
    check: "device",
    checkNumber: null,
    instance: "",
  };
  const about = { scope, code: "silent", subject: "", atMs: services.clock.now(), evidence: { lastSeenAtMs: 1 } };
  const changes = kinds.map((kind): FindingChange =>
    kind === "open" ? { ...about, kind, severity: "failure", noticeDueAtMs: null } : { ...about, kind, reason: "recovered" },
  );
  await database.transaction(ctx(), (tx) =>
    applyFindingChanges(tx, services, { providerId: tenant.providerId, actor: { kind: "system", id: "test", name: "test" } }, changes),
  );
  await queueDeliveries(services, tenant.providerId);
};
const deliverDue = async () => Promise.all((await claimDeliveries(services, 10)).map((delivery) => deliver(services, delivery)));
const deliveries = async (webhookId: Id) => (await listWebhookDeliveries({ ctx: ctx(), input: { webhookId, limit: 10 } })).items;

describe("a delivery", () => {
  test("is signed so that the Standard Webhooks library accepts it, and says what happened", async () => {
    const { secret } = await hook();
    await find("open");
    expect(await deliverDue()).toEqual(["delivered"]);
    const [{ headers, body }] = received as [Received];
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({
      type: "finding.opened",
      data: { deviceName: "server-1", customerName: "First Customer", code: "silent", state: "open" },
    });
    expect(() => new Webhook(secret).verify(body.replace("silent", "cloned"), headers)).toThrow();
    expect(headers["content-type"]).toBe("application/json");
  });

  test("that fails is tried again later, under the same id", async () => {
    const { webhookId, secret } = await hook();
    answer = () => new Response(null, { status: 503 });
    await find("open");
    expect(await deliverDue()).toEqual(["queued"]);
    expect(await deliverDue()).toEqual([]);
    expect(await deliveries(webhookId)).toMatchObject([{ state: "queued", attempts: 1, lastStatus: 503, lastError: "answered with 503" }]);
    answer = () => new Response("ok");
    services.clock.advance(10_000);
    expect(await deliverDue()).toEqual(["delivered"]);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(received.map(({ headers }) => headers["webhook-signature"])).size).toBe(2);
    expect(() => new Webhook(secret).verify(received[1]!.body, received[1]!.headers)).not.toThrow();
    expect(await deliveries(webhookId)).toMatchObject([{ state: "delivered", attempts: 2, lastStatus: 200, lastError: null }]);
  });

  test("does not follow redirects", async () => {
    const { webhookId } = await hook(null, "/moved");
    answer = (request) =>
      request.url.endsWith("/moved") ? new Response(null, { status: 302, headers: { location: "/elsewhere" } }) : new Response("ok");
    await find("open");
    await deliverDue();
    expect(received.map(({ path }) => path)).toEqual(["/moved"]);
    expect(await deliveries(webhookId)).toMatchObject([
      { state: "queued", lastError: "answered with a redirect (302), which is not followed" },
    ]);
  });

  test("is given up after three days", async () => {
    const { webhookId } = await hook();
    answer = () => new Response(null, { status: 500 });
    await find("open");
    services.clock.advance(giveUpAfterMs);
    expect(await deliverDue()).toEqual(["failed"]);
    expect(await deliveries(webhookId)).toMatchObject([{ state: "failed" }]);
  });

  test("that is answered with 410 switches the webhook off", async () => {
    const { webhookId } = await hook();
    answer = () => new Response(null, { status: 410 });
    await find("open");
    await find("close");
    const [first] = await claimDeliveries(services, 1);
    expect(await deliver(services, first!)).toBe("failed");
    expect(await deliverDue()).toEqual([]);
    expect((await deliveries(webhookId)).map(({ state, lastError }) => `${state}: ${lastError}`).sort()).toEqual([
      "failed: answered with 410",
      "failed: the webhook was switched off",
    ]);
    expect((await listWebhooks({ ctx: ctx(), input: { limit: 10 } })).items).toMatchObject([{ webhookId, active: false }]);
    await find("open");
    expect((await deliveries(webhookId)).length).toBe(2);
  });

  test("whose worker died is taken by another", async () => {
    await hook();
    await find("open");
    expect((await claimDeliveries(services, 10)).length).toBe(1);
    expect(await deliverDue()).toEqual([]);
    services.clock.advance(claimMs + 1);
    expect(await deliverDue()).toEqual(["delivered"]);
  });

  test("goes to the webhooks of its customer and of all, once per notice", async () => {
    await hook(tenant.first.customerId, "/first");
    await hook(tenant.second.customerId, "/second");
    await hook(null, "/all");
    await Promise.all([find("open"), queueDeliveries(services, tenant.providerId)]);
    await find("close");
    await deliverDue();
    expect(received.map(({ path, body }) => `${path} ${(JSON.parse(body) as { type: string }).type}`).sort()).toEqual([
      "/all finding.closed",
      "/all finding.opened",
      "/first finding.closed",
      "/first finding.opened",
    ]);
  });

  test("to a receiver that is slow or not there fails in time", async () => {
    answer = () => new Promise(() => undefined);
    const reach = reachOf(services.settings, true);
    expect(await post({ url: `http://127.0.0.1:${receiver.port}/slow`, headers: {}, body: "{}" }, reach, 100)).toEqual({
      isDelivered: false,
      status: null,
      answer: "",
      error: "no answer within 0.1 seconds",
      problem: "timeout",
    });
    const closed = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
    const { port } = closed;
    await closed.stop(true);
    expect(await post({ url: `http://127.0.0.1:${port}/`, headers: {}, body: "{}" }, reach)).toMatchObject({
      isDelivered: false,
      status: null,
      problem: "refused-connection",
    });
  });

  test("leaves at once when the server runs", async () => {
    await hook();
    const running = startDeliveries(services);
    await find("open");
    await until("the delivery", () => received.length > 0);
    await running.stop();
    expect(received.length).toBe(1);
  });
});

describe("webhooks", () => {
  test("keep their secret sealed, also one that was stored in the clear", async () => {
    const { webhookId, secret } = await hook();
    const stored = async () =>
      (
        await database.unwalled("a test", (tx) =>
          tx.sql<{ secret: string }>("select secret from hauswart.webhook where webhook_id = $1", [webhookId]),
        )
      )[0]!.secret;
    expect(await stored()).toMatch(/^sealed:[A-Za-z0-9+/=]+$/);
    await database.unwalled("a test", (tx) => tx.sql("update hauswart.webhook set secret = $2 where webhook_id = $1", [webhookId, secret]));
    await sealStoredSecrets(database, services.secrets);
    const sealed = await stored();
    expect(sealed.startsWith("sealed:")).toBe(true);
    expect(openSecret(services.secrets, tenant.providerId, webhookId, sealed)).toBe(secret);
    await sealStoredSecrets(database, services.secrets);
    expect(await stored()).toBe(sealed);
  });

  test("show their secret once", async () => {
    const { webhookId, secret } = await hook();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const [listed] = (await listWebhooks({ ctx: ctx(), input: { limit: 10 } })).items;
    expect(listed).toMatchObject({ webhookId });
    expect(JSON.stringify(listed)).not.toContain(secret);
  });
  test("show their whole address to those who may set one, and nobody's key to readers or to the log", async () => {
    const url = "https://hooks.slack.com/services/T0/B0/secret-of-slack?sig=secret-of-azure";
    const { webhookId, url: answered } = await createWebhook({ ctx: ctx(), input: { customerId: null, url } });
    const listed = async (scopes: Context["scopes"]) =>
      (await listWebhooks({ ctx: contextFor(services, tenant, { scopes }), input: { limit: 10 } })).items.map((item) => item.url);
    expect([answered, ...(await listed("*")), ...(await listed(new Set(["settings:read", "settings:write"] as const)))]).toEqual([
      url,
      url,
      url,
    ]);
    expect(await listed(new Set(["settings:read"] as const))).toEqual(["https://hooks.slack.com/services/…"]);
    await deleteWebhook({ ctx: ctx(), input: { webhookId } });
    expect(await auditEntries(database, { subjectId: webhookId })).toMatchObject([
      { action: "webhook.create", detail: { url: "https://hooks.slack.com/services/…" } },
      { action: "webhook.delete", detail: { url: "https://hooks.slack.com/services/…" } },
    ]);
  });
  test("do not go to metadata services", () => {
    expect(createWebhook({ ctx: ctx(), input: { customerId: null, url: "http://[::ffff:169.254.169.254]/" } })).rejects.toMatchObject({
      code: "INVALID_REQUEST",
    });
  });
  test("are removed with their deliveries", async () => {
    const { webhookId } = await hook();
    await find("open");
    await deleteWebhook({ ctx: ctx(), input: { webhookId } });
    expect(await deliverDue()).toEqual([]);
    expect(deliveries(webhookId)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
  test("of all customers are not for somebody restricted to one, nor are another customer's", async () => {
    const restricted = contextFor(services, tenant, { customers: [tenant.first.customerId] });
    const { webhookId } = await hook(tenant.second.customerId);
    expect(createWebhook({ ctx: restricted, input: { customerId: null, url: "https://example.org/" } })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    expect(deleteWebhook({ ctx: restricted, input: { webhookId } })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await listWebhooks({ ctx: restricted, input: { limit: 10 } })).items).toEqual([]);
    expect(
      listWebhookDeliveries({
        ctx: contextFor(services, tenant, { scopes: new Set(["devices:read"]) }),
        input: { webhookId: newId(), limit: 1 },
      }),
    ).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
