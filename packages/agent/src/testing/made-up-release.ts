/** For tests: releases signed with a key of their own. */
import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { keyStatementProof, keyStatementText, type KeyStatement } from "@hauswart/protocol/release/key-chain.ts";
import { releaseProof, type ReleaseManifest } from "@hauswart/protocol/release/manifest.ts";

export interface ReleaseKey {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function makeReleaseKey(): ReleaseKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKey: Buffer.from(createPublicKey(privateKey).export({ format: "jwk" }).x!, "base64url").toString("base64") };
}

/** A manifest for an application, with what is to be otherwise. */
export function manifestOf(application: Uint8Array, change: Partial<ReleaseManifest> = {}): ReleaseManifest {
  const sha256 = new Bun.CryptoHasher("sha256").update(application).digest("hex");
  return {
    version: "2.0.0",
    channel: "stable",
    createdAtMs: Date.UTC(2026, 0, 1),
    expiresAtMs: Date.UTC(2036, 0, 1),
    minimalLoader: 1,
    minimalRuntime: "1.0.0",
    confirmSeconds: 300,
    files: ["linux", "darwin", "win32"].map((target) => ({
      kind: "application",
      target,
      name: "agent.js",
      sizeBytes: application.length,
      sha256,
    })),
    ...change,
  };
}

/** @param product other than the agent's, to see it refused */
export function envelopeOf(
  manifest: ReleaseManifest,
  key: ReleaseKey,
  { format = 1, product = "hauswart-agent", keys = [] as readonly KeyStatement[] } = {},
): string {
  const text = JSON.stringify({ product, ...manifest });
  const signature = sign(null, releaseProof(text), key.privateKey).toString("base64");
  return JSON.stringify({ format, manifest: text, signatures: [{ key: key.publicKey, signature }], keys });
}

/** The statement that a set of keys follows the one that the signing key belongs to. */
export function statementOf(number: number, keys: readonly ReleaseKey[], signing: ReleaseKey): KeyStatement {
  const statement = keyStatementText({ number, keys: keys.map(({ publicKey }) => publicKey) });
  const signature = sign(null, keyStatementProof(statement), signing.privateKey).toString("base64");
  return { statement, signatures: [{ key: signing.publicKey, signature }] };
}
