import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Topics } from "../bus/bus.ts";
import { authenticate } from "../access/authenticate.ts";
import { seedPerson } from "@hauswart/testkit/people.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { until } from "@hauswart/testkit/until.ts";
import { inProcessBus } from "../bus/in-process.ts";
import type { Context } from "../context.ts";
import { silentLogger } from "../operation/log.ts";
import { liveStream, mayHear } from "./stream-events.ts";

let server: TestServer;
let listeners = 0;

beforeAll(async () => {
  const bus = inProcessBus(silentLogger);
  const counted: typeof bus = {
    publish: (topic, message) => bus.publish(topic, message),
    subscribe: (topic, handler) => {
      const end = bus.subscribe(topic, handler);
      if (topic === "live") listeners++;
      return () => {
        if (topic === "live") listeners--;
        end();
      };
    },
  };
  server = await testServer({ services: { bus: counted } });
}, 60_000);
afterAll(() => server.close());

const event = (id: string, change: "created" | "changed" = "changed"): Topics["live"] => ({
  providerId: server.providerId,
  kind: "device",
  id,
  customerId: null,
  change,
});
const contextOf = async (token: string): Promise<Context> => (await authenticate(server.services, token, "", ""))!;
test("tells what changed, bursts once, and leaves nothing behind when the reader goes", async () => {
  const leave = new AbortController();
  const answer = await fetch(`${server.url}/api/v1/events`, { headers: { authorization: `Bearer ${server.token}` }, signal: leave.signal });
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  await until("a listener", () => listeners === 1);
  for (let index = 0; index < 50; index++) server.services.bus.publish("live", event("one"));
  server.services.bus.publish("live", event("one", "created"));
  server.services.bus.publish("live", event("two"));
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("two")) text += (await reader.read()).value ?? "";
  expect(text).toBe(
    [
      "retry: 3000\n\n",
      ...[
        ["one", "changed"],
        ["one", "created"],
        ["two", "changed"],
      ].map(([id, change]) => `event: live\ndata: {"kind":"device","id":"${id}","customerId":null,"change":"${change}"}\n\n`),
    ].join(""),
  );
  leave.abort();
  await until("no listener", () => listeners === 0);
});

test("is not left open by a request that asks for its head only", async () => {
  const answer = await fetch(`${server.url}/api/v1/events`, { method: "HEAD", headers: { authorization: `Bearer ${server.token}` } });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  await until("no listener", () => listeners === 0);
});

test("ends when the session does, and shows life until then", async () => {
  const { token } = await server.apiWith(undefined)("createSession", { body: server.owner });
  const { body } = new Response(liveStream(await contextOf(token), { heartbeatMs: 5, gatherMs: 1, mostWaiting: 100 }));
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes(": alive\n\n: alive\n\n")) text += (await reader.read()).value ?? "";
  await server.apiWith(token)("endSession");
  while (!(await reader.read()).done);
  expect(listeners).toBe(0);
});

test("lets go of a reader that falls behind", async () => {
  const stream = liveStream(await contextOf(server.token), { heartbeatMs: 60_000, gatherMs: 1, mostWaiting: 3 });
  for (let index = 0; listeners > 0; index++) {
    server.services.bus.publish("live", event(`device-${index}`));
    await Bun.sleep(3);
    expect(index).toBeLessThan(1_000);
  }
  // A message holds several events where this computer is slow.
  const messages = await Array.fromAsync(stream, (bytes) => new TextDecoder().decode(bytes));
  expect(messages).toEqual(["retry: 3000\n\n", expect.stringContaining("event: live"), expect.stringContaining("event: live")]);
});

test("ends at once for whoever's rights change, and says nothing on the way", async () => {
  const { services, providerId } = server;
  const { customerId } = await server.api("createCustomer", { body: { name: "Once within reach" } });
  const person = await seedPerson(services, { providerId }, { reach: { mode: "include", customerIds: [customerId] } });
  const ctx = await contextOf(person.token);
  const read = async (work: () => Promise<unknown>) => {
    const stream = liveStream(ctx, { heartbeatMs: 3_600_000, gatherMs: 1, mostWaiting: 10 });
    await work();
    services.bus.publish("live", { ...event("secret"), customerId });
    return new Response(stream).text();
  };
  const text = await read(() =>
    server.api("changeAccount", {
      params: { accountId: person.accountId },
      body: { reach: { mode: "exclude", customerIds: [customerId] } },
    }),
  );
  expect(text).toBe("retry: 3000\n\n");
});

test("ends for whoever reaches all but some when there is a new customer, so that it is heard of", async () => {
  const { services, providerId } = server;
  const { customerId } = await server.api("createCustomer", { body: { name: "Out of reach" } });
  const person = await seedPerson(services, { providerId }, { reach: { mode: "exclude", customerIds: [customerId] } });
  const stream = liveStream(await contextOf(person.token), { heartbeatMs: 3_600_000, gatherMs: 1, mostWaiting: 10 });
  const added = await server.api("createCustomer", { body: { name: "New" } });
  await new Response(stream).text();
  expect((await contextOf(person.token)).customers).toContain(added.customerId);
});

test("goes on for others when somebody's rights change", async () => {
  const { services, providerId } = server;
  const [one, other] = [await seedPerson(services, { providerId }), await seedPerson(services, { providerId })];
  const stream = liveStream(await contextOf(other.token), { heartbeatMs: 3_600_000, gatherMs: 1, mostWaiting: 10 });
  await server.api("changeAccount", { params: { accountId: one.accountId }, body: { role: "read-only" } });
  await server.api("changeAccount", { params: { accountId: other.accountId }, body: { name: "Other name" } });
  services.bus.publish("live", event("still heard"));
  const reader = new Response(stream).body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("still heard")) text += (await reader.read()).value ?? "";
  await reader.cancel();
});

test("what somebody does is told by the kind of thing; whoever is restricted hears of the house only what may be read", async () => {
  const { services, providerId } = server;
  const { customerId } = await server.api("createCustomer", { body: { name: "Reached" } });
  const person = await seedPerson(services, { providerId }, { reach: { mode: "include", customerIds: [customerId] } });
  const [whole, restricted] = [await contextOf(server.token), await contextOf(person.token)];
  const heard: Topics["live"][] = [];
  const leave = services.bus.subscribe("live", (one) => void heard.push(one));
  await server.api("changeSettings", { body: { name: "Another name" } });
  await server.api("createApiKey", { body: { name: "Key", scopes: ["devices:read"] } });
  await server.api("createSite", { body: { customerId, name: "Site" } });
  leave();
  const topics = (ctx: Context) => heard.filter((one) => one.kind === "audit" && mayHear(ctx, one)).map(({ id }) => id);
  expect(topics(whole)).toEqual(["provider", "api-key", "site"]);
  expect(topics(restricted)).toEqual(["provider", "site"]);
});
