/** A release comes onto the shelf by the API: signed, whole, and nowhere else. */
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { ApiError } from "@hauswart/protocol/api/client.ts";
import { testServer, type TestServer } from "@hauswart/testkit/server.ts";
import { publicKeyOf } from "../../tools/sign-release.ts";
import { envelopeOf, hashOf, type TestRelease } from "./support/lay-release.ts";

const folder = mkdtempSync(join(tmpdir(), "hauswart-upload-"));
const releases = join(folder, "releases");
const { privateKey } = generateKeyPairSync("ed25519");
let server: TestServer;

const signed = (version: string, content: Uint8Array, more: Partial<TestRelease> = {}) =>
  envelopeOf({ version, content, key: privateKey, ...more });
const begin = (envelope: string) => server.api("createAgentRelease", { body: { envelope } });
const part = (version: string, content: Uint8Array, offset: number, bytes: Uint8Array) =>
  server.api("addAgentReleasePart", {
    params: { version, sha256: hashOf(content) },
    body: { offset, data: Buffer.from(bytes).toString("base64") },
  });
/** Code and first issue of the refusal. */
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "taken",
    (error: unknown) => (error instanceof ApiError ? `${error.code} ${error.problem?.issues?.[0]?.message ?? ""}` : String(error)),
  );
const offered = async () => (await server.api("listAgentReleases")).releases.map(({ version }) => version);

beforeAll(async () => {
  mkdirSync(releases);
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ keys: [publicKeyOf(privateKey)] }));
  server = await testServer({ settings: { releases: { directory: releases, keysFile: join(folder, "keys.json") } } });
}, 60_000);

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a release is uploaded in parts, goes on where it stopped, and is offered when it is whole", async () => {
  const content = Buffer.from("// an application\n".repeat(1_000));
  const envelope = signed("5.1.0", content);
  expect((await begin(envelope)).files).toMatchObject([{ name: "agent.pack", sizeBytes: content.length, receivedBytes: 0 }]);
  expect((await part("5.1.0", content, 0, content.subarray(0, 8_000))).isOffered).toBe(false);
  expect(await offered()).toEqual([]);
  expect((await begin(envelope)).files).toMatchObject([{ receivedBytes: 8_000 }]);
  // The answer to a part was lost: it is sent again.
  await part("5.1.0", content, 0, content.subarray(0, 8_000));
  expect((await part("5.1.0", content, 8_000, content.subarray(8_000))).isOffered).toBe(true);
  expect(await offered()).toEqual(["5.1.0"]);
  expect(readdirSync(join(releases, "5.1.0")).sort()).toEqual(["agent.pack", "release.json"]);
  expect(await refusal(begin(envelope))).toStartWith("CONFLICT");
  const { items } = await server.api("listAudit", { query: { search: "5.1.0" } });
  expect(items.map(({ action }) => action).sort()).toEqual(["agent-release.offer", "agent-release.upload", "agent-release.upload"]);
});

test("what no release key has signed, is malformed or over is not begun", async () => {
  const content = Buffer.from("x");
  const stranger = generateKeyPairSync("ed25519").privateKey;
  expect(await refusal(begin(signed("6.0.0", content, { key: stranger })))).toStartWith("INVALID_REQUEST MANIFEST_NOT_SIGNED");
  expect(await refusal(begin(signed("6.0.0", content, { change: { expiresAtMs: 1 } })))).toStartWith("INVALID_REQUEST MANIFEST_EXPIRED");
  expect(await refusal(begin('{"format":1}'))).toStartWith("INVALID_REQUEST MANIFEST_MALFORMED");
  for (const version of ["../6.0.0", "6.0.0/../../x", ".", ""])
    expect([version, await refusal(begin(signed(version, content)))]).toEqual([version, expect.stringContaining("MANIFEST_MALFORMED")]);
  for (const name of ["../agent.pack", "a/b", ".hidden", "..", "release.json"])
    expect([name, await refusal(begin(signed("6.0.0", content, { file: { name } })))]).toEqual([
      name,
      expect.stringContaining("MANIFEST_MALFORMED"),
    ]);
  expect(existsSync(join(releases, ".incoming", "6.0.0"))).toBe(false);
});

test("a file that is another, larger or in another place than was signed is not taken", async () => {
  const content = Buffer.from("// the signed one");
  await begin(signed("7.0.0", content));
  expect(await refusal(part("7.0.0", content, 5, content.subarray(5)))).toContain("the next part begins there");
  expect(await refusal(part("7.0.0", content, 0, Buffer.concat([content, content])))).toContain("reaches beyond");
  expect(await refusal(part("7.0.0", content, 0, Buffer.from("// the forged one")))).toContain("not the file that was released");
  expect(await refusal(part("7.0.0", Buffer.from("unknown"), 0, content))).toStartWith("NOT_FOUND");
  expect(await refusal(part("8.0.0", content, 0, content))).toStartWith("NOT_FOUND");
  expect(await refusal(part("../../x", content, 0, content))).not.toBe("taken");
  expect(await offered()).not.toContain("7.0.0");
  expect((await part("7.0.0", content, 0, content)).isOffered).toBe(true);
  expect(await offered()).toContain("7.0.0");
});
