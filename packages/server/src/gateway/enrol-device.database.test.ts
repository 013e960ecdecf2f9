import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createPublicKey, sign, verify } from "node:crypto";
import { enrolmentProof, enrolmentReceipt } from "@hauswart/protocol/wire/proofs.ts";
import { seedPerson } from "@hauswart/testkit/people.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { tankRegistry } from "@hauswart/testkit/tank-check.ts";
import { enrolOverHttp, makeAgentKey, testComputer, WireAgent } from "@hauswart/testkit/wire-agent.ts";
import { enrolDevice } from "./enrol-device.ts";

setDefaultTimeout(120_000);

let server: TestServer;
let siteId: string;

beforeAll(async () => {
  server = await testServer({ services: { checks: tankRegistry } });
  const { customerId } = await server.api("createCustomer", { body: { name: "Mill" } });
  siteId = (await server.api("createSite", { body: { customerId, name: "Main" } })).siteId;
});
afterAll(() => server.close());

const newToken = async (uses = 1) => (await server.api("createEnrolmentToken", { body: { siteId, uses, role: "server" } })).token;
const usesLeft = async () => (await server.api("listEnrolmentTokens", { query: {} })).items.reduce((sum, token) => sum + token.usesLeft, 0);

describe("enrolment", () => {
  test("makes a device with its checks, signed by the server, and an entry in the audit log", async () => {
    const computer = testComputer();
    const { status, body, key } = await enrolOverHttp(server.url, await newToken(), computer);
    expect([200, 201]).toContain(status);
    expect(body.serverPublicKey).toBe(server.services.identity.publicKey);
    const serverKey = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(body.serverPublicKey, "base64").toString("base64url") },
      format: "jwk",
    });
    expect(verify(null, enrolmentReceipt(body.deviceId, key.publicKey), serverKey, Buffer.from(body.signature, "base64"))).toBe(true);
    const device = await server.api("getDevice", { params: { deviceId: body.deviceId } });
    expect(device).toMatchObject({ name: computer.hostname, role: "server", lifecycle: "active", presence: { state: "never-connected" } });
    const { items } = await server.api("listDeviceChecks", { params: { deviceId: body.deviceId } });
    expect(items).toMatchObject([{ check: "tank", state: "unknown", unknownReason: "never-measured" }]);
    const { items: entries } = await server.api("listAudit", { query: { action: "device.enrol" } });
    expect(entries[0]).toMatchObject({ subjectId: body.deviceId, actor: { kind: "agent", name: computer.hostname } });
    expect(JSON.stringify(entries)).not.toContain(key.publicKey);
  });

  test("a token is good for as many computers as it says, also when they come at once", async () => {
    const token = await newToken(3);
    const answers = await Promise.all(Array.from({ length: 6 }, () => enrolOverHttp(server.url, token, testComputer())));
    const codes = answers.map(({ status, body }) => (status < 300 ? "enrolled" : String(body.code))).toSorted();
    expect(codes).toEqual([
      "ENROLMENT_TOKEN_INVALID",
      "ENROLMENT_TOKEN_INVALID",
      "ENROLMENT_TOKEN_INVALID",
      "enrolled",
      "enrolled",
      "enrolled",
    ]);
  });

  test("asking again because the answer was lost gives the same device and uses the token once", async () => {
    const token = await newToken();
    const [computer, key] = [testComputer(), makeAgentKey()];
    const first = await enrolOverHttp(server.url, token, computer, key);
    const before = await usesLeft();
    const second = await enrolOverHttp(server.url, token, computer, key);
    expect([second.body.deviceId, await usesLeft()]).toEqual([first.body.deviceId, before]);
  });

  test.each([
    ["a token that nobody made", async () => `hwe_${"x".repeat(43)}`],
    [
      "a token that was revoked",
      async () => {
        const { token, enrolmentTokenId } = await server.api("createEnrolmentToken", { body: { siteId } });
        await server.api("revokeEnrolmentToken", { params: { enrolmentTokenId } });
        return token;
      },
    ],
  ])("%s is refused", async (_name, make) => {
    const { status, body } = await enrolOverHttp(server.url, await make(), testComputer());
    expect([status, body.code]).toEqual([401, "ENROLMENT_TOKEN_INVALID"]);
  });

  test("a token that has expired is refused", async () => {
    const token = await newToken();
    const late = { ...server.services, clock: { now: () => Date.now() + 25 * 3_600_000 } };
    const key = makeAgentKey();
    const signature = sign(null, enrolmentProof(token, key.publicKey), key.privateKey).toString("base64");
    const input = { token, publicKey: key.publicKey, signature, computer: testComputer() };
    await expect(
      enrolDevice({ caller: { services: late, address: "127.0.0.1", userAgent: "test", token: undefined }, input }),
    ).rejects.toMatchObject({ code: "ENROLMENT_TOKEN_INVALID" });
  });

  test("whoever does not hold the key is refused, and the token is not used", async () => {
    const token = await newToken();
    const before = await usesLeft();
    const { status, body } = await enrolOverHttp(server.url, token, testComputer(), {
      ...makeAgentKey(),
      publicKey: makeAgentKey().publicKey,
    });
    expect([status, body.code, await usesLeft()]).toEqual([401, "SIGNATURE_INVALID", before]);
  });
});

test("at a customer that is being erased nothing is enrolled any more, not even again, and nothing is added", async () => {
  const { customerId } = await server.api("createCustomer", { body: { name: "Leaving" } });
  const { siteId: site } = await server.api("createSite", { body: { customerId, name: "Main" } });
  const make = () => server.api("createEnrolmentToken", { body: { siteId: site, uses: 5 } });
  const { token, enrolmentTokenId } = await make();
  const computer = testComputer();
  const { deviceId } = (await enrolOverHttp(server.url, token, computer)).body;
  const look = <Row extends object>(sql: string, values: unknown[]) =>
    server.database.unwalled("look of a test", (tx) => tx.sql<Row>(sql, values));
  const [kept] = await look<{ row: object }>("select to_jsonb(t) as row from hauswart.enrolment_token t where enrolment_token_id = $1", [
    enrolmentTokenId,
  ]);
  await server.api("eraseCustomer", { params: { customerId }, body: { name: "Leaving" } });
  await expect(make()).rejects.toMatchObject({ code: "CONFLICT" });
  const { token: restricted } = await seedPerson(server.services, server, { reach: { mode: "include", customerIds: [customerId] } });
  await expect(server.apiWith(restricted)("createEnrolmentToken", { body: { siteId: site } })).rejects.toMatchObject({ code: "CONFLICT" });
  const device = { siteId: site, name: "Website", check: "website", target: "https://example.test" };
  await expect(server.api("createDevice", { body: device })).rejects.toMatchObject({ code: "CONFLICT" });
  // As if it had been made in the very moment.
  await look("insert into hauswart.enrolment_token select (jsonb_populate_record(null::hauswart.enrolment_token, $1::jsonb)).*", [
    JSON.stringify(kept!.row),
  ]);
  const again = await enrolOverHttp(server.url, token, computer);
  expect([again.status, again.body.code]).toEqual([401, "ENROLMENT_TOKEN_INVALID"]);
  expect(await look("select lifecycle, remove_agent from hauswart.device where device_id = $1", [deviceId])).toEqual([
    { lifecycle: "revoked", remove_agent: true },
  ]);
});

describe("enrolling anew", () => {
  test("a computer of the same site gets its device back, with the new key", async () => {
    const computer = testComputer();
    const first = await enrolOverHttp(server.url, await newToken(), computer);
    const old = new WireAgent({ url: server.url, deviceId: first.body.deviceId, privateKey: first.key.privateKey, computer });
    await old.connect();
    const second = await enrolOverHttp(server.url, await newToken(), computer);
    expect(second.body.deviceId).toBe(first.body.deviceId);
    expect((await old.next("refused")).code).toBe("SIGNATURE_INVALID");
    old.privateKey = second.key.privateKey;
    expect((await old.connect()).type).toBe("welcome");
    old.drop();
  });

  test("a revoked computer comes back that way", async () => {
    const computer = testComputer();
    const first = await enrolOverHttp(server.url, await newToken(), computer);
    await server.api("revokeDevice", { params: { deviceId: first.body.deviceId }, body: { removeAgent: true } });
    const second = await enrolOverHttp(server.url, await newToken(), computer);
    expect(second.body.deviceId).toBe(first.body.deviceId);
    // The order to remove itself was for the agent before.
    const { deviceId } = second.body;
    const agent = new WireAgent({ url: server.url, deviceId, privateKey: second.key.privateKey, computer });
    expect(await agent.connect()).toMatchObject({ type: "welcome" });
    agent.drop();
    await server.api("revokeDevice", { params: { deviceId } });
    expect(await agent.connect()).not.toHaveProperty("removal");
    const third = await enrolOverHttp(server.url, await newToken(), computer);
    expect(third.body.deviceId).toBe(deviceId);
    expect(await server.api("getDevice", { params: { deviceId: first.body.deviceId } })).toMatchObject({ lifecycle: "active" });
  });

  test("another computer with the same image, while the first one is connected, becomes a device of its own", async () => {
    const computer = testComputer();
    const first = await enrolOverHttp(server.url, await newToken(), computer);
    const agent = new WireAgent({ url: server.url, deviceId: first.body.deviceId, privateKey: first.key.privateKey, computer });
    await agent.connect();
    const second = await enrolOverHttp(server.url, await newToken(), { ...computer, bootedAt: computer.bootedAt + 600_000 });
    expect(second.body.deviceId).not.toBe(first.body.deviceId);
    agent.batch([{ noData: "still here" }]);
    await agent.stored();
    agent.drop();
  });

  test("at another site it is another device", async () => {
    const computer = testComputer();
    const first = await enrolOverHttp(server.url, await newToken(), computer);
    const { customerId } = await server.api("createCustomer", { body: { name: "Farm" } });
    const { siteId: other } = await server.api("createSite", { body: { customerId, name: "Barn" } });
    const { token } = await server.api("createEnrolmentToken", { body: { siteId: other } });
    expect((await enrolOverHttp(server.url, token, computer)).body.deviceId).not.toBe(first.body.deviceId);
  });
});
