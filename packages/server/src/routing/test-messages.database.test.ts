import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createECDH, randomBytes } from "node:crypto";
import { newId, type Id } from "@hauswart/protocol/ids.ts";
import { startDeliveries } from "../channels/outbox/start-deliveries.ts";
import { startSender } from "../mail/outbox/sender.ts";
import { smtpTransport } from "../mail/outbox/smtp.ts";
import { getPushKey } from "./push/get-push-key.ts";
import { createPushSubscription, listPushSubscriptions } from "./push/push-subscriptions.ts";
import { listRecipients } from "./recipients/list-recipients.ts";
import { testRecipient } from "./recipients/test-recipient.ts";
import { RoutingStage } from "@hauswart/testkit/routing-stage.ts";

// A round of all workers takes a second on a busy computer, and some tests do a day of them.
setDefaultTimeout(60_000);
let stage: RoutingStage;
beforeAll(async () => void (stage = await RoutingStage.open()), 60_000);
afterAll(() => stage.close());
beforeEach(() => stage.begin());
afterEach(() => stage.clean());

describe("a test message", () => {
  /** With the workers running, as on a real server. */
  async function tried(recipientId: Id) {
    const workers = [startSender(stage.services, smtpTransport(stage.mailServer.url)), startDeliveries(stage.services)];
    try {
      return await testRecipient({ ctx: stage.ctx(), input: { recipientId } });
    } finally {
      for (const worker of workers) await worker.stop();
    }
  }
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
});
