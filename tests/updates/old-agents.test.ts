/**
 * Agents of up to 24 months ago update directly. What they understand is stored here as it was released: the reader of manifests that
 * is built into their loader. Each month's reader stays until it is two years old.
 */
import { generateKeyPairSync, verify } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "bun:test";
import { parseState } from "@hauswart/agent/update/state.ts";
import type { VerifySignature } from "@hauswart/protocol/release/key-chain.ts";
import type * as manifests from "@hauswart/protocol/release/manifest.ts";
import { AgentMessage } from "@hauswart/protocol/wire/messages.ts";
import { publicKeyOf, signKeyStatement, signManifest } from "../../tools/sign-release.ts";

const folder = join(import.meta.dir, "testdata/old-agents");
const ages = readdirSync(folder);
const first = generateKeyPairSync("ed25519");
const second = generateKeyPairSync("ed25519");
const keyOf = new Map([first, second].map(({ privateKey, publicKey }) => [publicKeyOf(privateKey), publicKey]));
/** What those of 2026-11 take: keys alone. Later ones take a set of keys with its number. */
interface Reader {
  readManifest(envelope: string, trustedKeys: readonly string[], verify: VerifySignature): Promise<manifests.ReleaseManifest>;
}
const check: VerifySignature = (key, message, signature) => verify(null, message, keyOf.get(key)!, Buffer.from(signature, "base64"));
const manifest: manifests.ReleaseManifest = {
  version: "9.9.9+0123abcd",
  channel: "stable",
  createdAtMs: 1,
  expiresAtMs: 2,
  minimalLoader: 1,
  minimalRuntime: "1.4.5",
  confirmSeconds: 300,
  files: [
    { kind: "application", target: "linux", name: "agent.js", sizeBytes: 1_000_000, sha256: "0".repeat(64) },
    { kind: "executable", target: "windows-x64", name: "agent-windows-x64", sizeBytes: 110_000_000, sha256: "1".repeat(64) },
  ],
};

test("there are stored readers to try", () => {
  expect(ages.length).toBeGreaterThan(0);
});

describe.each(ages)("an agent of %s", (age) => {
  const reader = import(join(folder, age, "read-manifest.js")) as Promise<Reader>;

  test("reads the manifest that is written today", async () => {
    const { readManifest } = await reader;
    expect(await readManifest(signManifest(manifest, [first.privateKey]), [publicKeyOf(first.privateKey)], check)).toEqual(manifest);
  });

  test("reads one with fields and kinds of files that came after it", async () => {
    const { readManifest } = await reader;
    const later = { ...manifest, notes: { de: "Neu" }, files: [...manifest.files, { kind: "something-else", of: [1] }] };
    const read = await readManifest(signManifest(later as never, [first.privateKey]), [publicKeyOf(first.privateKey)], check);
    expect(read).toEqual(manifest);
  });

  test("believes the key that followed the one of its time, because both stood in it", async () => {
    const { readManifest } = await reader;
    const trusted = [publicKeyOf(first.privateKey), publicKeyOf(second.privateKey)];
    expect((await readManifest(signManifest(manifest, [second.privateKey]), trusted, check)).version).toBe(manifest.version);
    const both = signManifest(manifest, [first.privateKey, second.privateKey]);
    expect((await readManifest(both, [publicKeyOf(first.privateKey)], check)).version).toBe(manifest.version);
  });

  test("reads one that carries statements of keys, and follows none of them", async () => {
    const { readManifest } = await reader;
    const statements = [signKeyStatement({ number: 2, keys: [publicKeyOf(second.privateKey)] }, first.privateKey)];
    const trusted = [publicKeyOf(first.privateKey)];
    expect(await readManifest(signManifest(manifest, [first.privateKey], { statements }), trusted, check)).toEqual(manifest);
    await expect(readManifest(signManifest(manifest, [second.privateKey], { statements }), trusted, check)).rejects.toMatchObject({
      code: "MANIFEST_NOT_SIGNED",
    });
  });

  test("refuses what another has signed, and a format that it does not know", async () => {
    const { readManifest } = await reader;
    const trusted = [publicKeyOf(first.privateKey)];
    await expect(readManifest(signManifest(manifest, [second.privateKey]), trusted, check)).rejects.toMatchObject({
      code: "MANIFEST_NOT_SIGNED",
    });
    await expect(readManifest(signManifest(manifest, [first.privateKey], { format: 2 }), trusted, check)).rejects.toMatchObject({
      code: "MANIFEST_FORMAT_UNKNOWN",
    });
  });
});

test("what a loader of 2026-11 wrote on its disk is understood, and what it does not know is left as it is", () => {
  const stored = '{"current":"a","newest":"1.0.0","trial":{"slot":"b","version":"1.1.0","starts":1,"confirmSeconds":300},"later":7}';
  expect(parseState(stored)).toEqual({
    current: "a",
    newest: "1.0.0",
    trial: { slot: "b", version: "1.1.0", starts: 1, confirmSeconds: 300 },
    later: 7,
  } as never);
});

test("hellos without and with a word of updates are understood", () => {
  const hello = {
    type: "hello",
    version: 1,
    deviceId: "0193a0e4-0000-7000-8000-000000000000",
    nonce: "A".repeat(44),
    signature: "A".repeat(88),
    runId: "0193a0e4-0000-7000-8000-000000000001",
    stream: "0193a0e4-0000-7000-8000-000000000002",
    highestSequence: 0,
    acknowledgedSequence: 0,
    agentTime: 1,
    computer: {
      hostname: "pc",
      system: "linux",
      systemName: "",
      systemVersion: "",
      architecture: "x64",
      fingerprint: "0123456789abcdef",
      bootedAt: 1,
      agentVersion: "0",
    },
    checks: {},
    configurationRevision: "",
    droppedSamples: 0,
  };
  const update = { format: 1, loader: 1, runtime: "1.4.5", target: "linux-x64", running: "a", isTrial: false };
  expect(AgentMessage.safeParse(hello).success).toBe(true);
  expect(AgentMessage.parse({ ...hello, update })).toMatchObject({ update });
});
