import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createECDH, randomBytes } from "node:crypto";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { NewRecipient } from "@hauswart/protocol/api/routing.ts";
import { codeOf } from "@hauswart/testkit/code-of.ts";
import { listAudit } from "../audit/list-audit.ts";
import type { Context } from "../context.ts";
import { startDeliveries } from "../channels/outbox/start-deliveries.ts";
import { startSender } from "../mail/outbox/sender.ts";
import { smtpTransport } from "../mail/outbox/smtp.ts";
import { getPushKey } from "./push/get-push-key.ts";
import { createPushSubscription } from "./push/create-push-subscription.ts";
import { deletePushSubscription } from "./push/delete-push-subscription.ts";
import { listPushSubscriptions } from "./push/list-push-subscriptions.ts";
import { changeRecipient } from "./recipients/change-recipient.ts";
import { createRecipient } from "./recipients/create-recipient.ts";
import { listRecipients } from "./recipients/list-recipients.ts";
import { testRecipient } from "./recipients/test-recipient.ts";
import { routingStage } from "@hauswart/testkit/routing-stage.ts";

// A round of all workers takes a second on a busy computer, and some tests do a day of them.
setDefaultTimeout(60_000);
const stage = routingStage();

/** With the workers running, as on a real server. */
async function tried(recipientId: Id) {
  const workers = [startSender(stage.services, smtpTransport(stage.mailServer.url)), startDeliveries(stage.services)];
  try {
    return await testRecipient({ ctx: stage.ctx(), input: { recipientId } });
  } finally {
    for (const worker of workers) await worker.stop();
  }
}

describe("a test message", () => {
  test("by mail: what the mail server said; an address that it refuses is marked", async () => {
    const { recipientId } = await stage.recipient({ address: "there@example.org" });
    expect(await tried(recipientId)).toMatchObject({ state: "accepted", status: 250, answer: expect.stringContaining("250") });
    stage.mailServer.behaviour.refusedRecipients.add("gone@example.org");
    const { recipientId: gone } = await stage.recipient({ address: "gone@example.org" });
    expect(await tried(gone)).toMatchObject({
      state: "refused",
      status: 550,
      answer: expect.stringContaining("No such mailbox"),
      problem: "answer",
    });
    const { items } = await listRecipients({ ctx: stage.ctx(), input: { limit: 5 } });
    expect(Object.fromEntries(items.map(({ address, unreachable }) => [address, unreachable?.via ?? "fine"]))).toEqual({
      "there@example.org": "fine",
      "gone@example.org": "refused",
    });
  });
  test("by HTTP: status and how the answer began, or why there was none", async () => {
    const { recipientId } = await stage.recipient({ channel: "ntfy", address: stage.at("/topic") });
    expect(await tried(recipientId)).toEqual({ state: "accepted", status: 202, answer: "1", problem: null });
    stage.answer = () => new Response('{"error":"forbidden"}', { status: 403 });
    expect(await tried(recipientId)).toEqual({ state: "refused", status: 403, answer: '{"error":"forbidden"}', problem: "answer" });
    const closed = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
    const { port } = closed;
    await closed.stop(true);
    const nobody = await stage.recipient({ channel: "ntfy", address: `http://127.0.0.1:${port}/topic` });
    expect(await tried(nobody.recipientId)).toMatchObject({ state: "refused", status: null, problem: "refused-connection" });
    const unknown = await stage.recipient({ channel: "ntfy", address: "http://no-such-name.invalid/topic" });
    expect(await tried(unknown.recipientId)).toMatchObject({ state: "refused", status: null, problem: "name-unknown" });
  });
});

describe("a recipient in the server's own network", () => {
  const inTheHouse = () => {
    stage.services = { ...stage.services, settings: { ...stage.services.settings, outsideNetworks: [] } };
  };
  /** What a technician may, who is restricted to one customer. */
  const technician = () =>
    stage.ctx({ scopes: new Set(["mail:read", "mail:write", "settings:read"] as const), customers: [stage.tenant.first.customerId] });
  const wanted = (address: string, channel: "ntfy" | "teams" = "ntfy") =>
    NewRecipient.parse({ language: "en", channel, address, customerId: stage.tenant.first.customerId });

  test("is named by whoever may change settings: messages arrive, and what answers there is not shown", async () => {
    inTheHouse();
    stage.answer = () => new Response("root:x:0:0", { status: 403 });
    const { recipientId } = await stage.recipient({ channel: "ntfy", address: stage.at("/topic") });
    expect(await tried(recipientId)).toEqual({ state: "refused", status: 403, answer: "answered with 403", problem: "answer" });
    expect(stage.received.map(({ path }) => path)).toEqual(["/"]);
    const { items } = await listRecipients({ ctx: stage.ctx(), input: { limit: 5 } });
    expect(items[0]!.unreachable?.reason).toBe("answered with 403");
  });

  test("is refused to a technician, as an address at once and as a name when the message goes", async () => {
    inTheHouse();
    const ctx = technician();
    for (const address of [stage.at("/topic"), "http://10.1.2.3/topic", "http://[::1]:8080/topic", "http://192.168.0.1/admin"])
      expect([address, await codeOf(createRecipient({ ctx, input: wanted(address) }))]).toEqual([address, "INVALID_REQUEST"]);
    expect(await codeOf(createRecipient({ ctx, input: wanted("https://10.1.2.3/workflow", "teams") }))).toBe("INVALID_REQUEST");
    const named = await createRecipient({ ctx, input: wanted(stage.at("/topic").replace("127.0.0.1", "localhost")) });
    expect(await tried(named.recipientId)).toMatchObject({ state: "refused", status: null, problem: "forbidden-address" });
    expect(stage.received).toEqual([]);
  });

  test("stays when a technician changes something else, and goes nowhere else by them", async () => {
    inTheHouse();
    const { recipientId, address } = await stage.recipient({
      channel: "ntfy",
      address: stage.at("/topic"),
      customerId: stage.tenant.first.customerId,
    });
    let revision = 1;
    const edit = async (input: object) => {
      ({ revision } = await changeRecipient({ ctx: technician(), input: { recipientId, revision, ...input } }));
    };
    await edit({ language: "de" });
    await edit({ address });
    expect(await codeOf(edit({ address: stage.at("/other") }))).toBe("INVALID_REQUEST");
    expect(await tried(recipientId)).toMatchObject({ state: "accepted", status: 202, answer: "" });
    await edit({ address: "http://localhost:1/topic" });
    expect(await tried(recipientId)).toMatchObject({ state: "refused", problem: "forbidden-address" });
  });

  test("is out of reach for what a browser, or somebody who plays one, calls its push service", async () => {
    inTheHouse();
    const anna = await stage.person("Anna");
    const own = stage.ctx({ actor: { kind: "technician", id: anna, name: "Anna", sessionId: newId() } });
    const keys = { p256dh: createECDH("prime256v1").generateKeys("base64url"), auth: randomBytes(16).toString("base64url") };
    await getPushKey({ ctx: own, input: {} });
    await createPushSubscription({ ctx: own, input: { endpoint: stage.at("/push/inside"), deviceName: "inside", ...keys } });
    const { recipientId } = await stage.recipient({ channel: "push", accountId: anna });
    expect(await tried(recipientId)).toMatchObject({ state: "refused", status: null, problem: "forbidden-address" });
    expect(stage.received).toEqual([]);
  });
});

describe("messages in the browser", () => {
  const keys = () => {
    const ecdh = createECDH("prime256v1");
    return { p256dh: ecdh.generateKeys("base64url"), auth: randomBytes(16).toString("base64url") };
  };
  test("go encrypted and signed to each of a person's browsers; one that is gone is taken off the list", async () => {
    const anna = await stage.person("Anna");
    const own = stage.ctx({ actor: { kind: "technician", id: anna, name: "Anna", sessionId: newId() } });
    expect((await getPushKey({ ctx: own, input: {} })).publicKey).toMatch(/^[\w-]{87}$/);
    for (const name of ["phone", "desk"])
      await createPushSubscription({ ctx: own, input: { endpoint: stage.at(`/push/${name}`), deviceName: name, ...keys() } });
    const { recipientId } = await stage.recipient({ channel: "push", accountId: anna });
    stage.answer = (request) => new Response(null, { status: request.url.endsWith("phone") ? 201 : 410 });
    await stage.apply(stage.change("open"));
    await stage.due();
    const sent = stage.received.filter(({ path }) => path.startsWith("/push/"));
    expect(sent.map(({ path }) => path).sort()).toEqual(["/push/desk", "/push/phone"]);
    expect(sent[0]!.headers).toMatchObject({
      "content-encoding": "aes128gcm",
      urgency: "high",
      authorization: expect.stringMatching(/^vapid t=/),
    });
    expect(sent[0]!.body.toString()).not.toContain("PC-EMPFANG");
    expect((await listPushSubscriptions({ ctx: own, input: {} })).items.map(({ deviceName }) => deviceName)).toEqual(["phone"]);
    expect(recipientId).toBeDefined();
  });

  test("end for a browser that its owner takes off the list, and for no other; somebody else's is not there", async () => {
    const anna = await stage.person("Anna");
    const ben = await stage.person("Ben");
    const as = (id: Id, name: string) => stage.ctx({ actor: { kind: "technician", id, name, sessionId: newId() } });
    await getPushKey({ ctx: as(anna, "Anna"), input: {} });
    const add = (deviceName: string) =>
      createPushSubscription({ ctx: as(anna, "Anna"), input: { endpoint: stage.at(`/push/of-${deviceName}`), deviceName, ...keys() } });
    const [phone, desk] = [await add("phone"), await add("desk")];
    await stage.recipient({ channel: "push", accountId: anna });
    const remove = (ctx: Context) => deletePushSubscription({ ctx, input: { pushSubscriptionId: phone.pushSubscriptionId } });
    expect([await codeOf(remove(as(ben, "Ben"))), await codeOf(remove(stage.ctx()))]).toEqual(["NOT_FOUND", "FORBIDDEN"]);
    await remove(as(anna, "Anna"));
    expect(await codeOf(remove(as(anna, "Anna")))).toBe("NOT_FOUND");
    expect((await listPushSubscriptions({ ctx: as(anna, "Anna"), input: {} })).items).toEqual([desk]);
    const { items } = await listAudit({ ctx: stage.ctx(), input: { limit: 5, action: "push-subscription.delete" } });
    expect(items).toMatchObject([{ subjectId: anna, detail: { deviceName: "phone" } }]);
    stage.answer = () => new Response(null, { status: 201 });
    await stage.apply(stage.change("open"));
    await stage.due();
    expect(stage.received.map(({ path }) => path)).toEqual(["/push/of-desk"]);
  });
});
