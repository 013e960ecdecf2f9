/** Releases of one file, signed as those of the project are. */
import { createHash, type KeyObject } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyStatement } from "@hauswart/protocol/release/key-chain.ts";
import type { ReleaseFile, ReleaseManifest } from "@hauswart/protocol/release/manifest.ts";
import { signManifest } from "../../../tools/sign-release.ts";

export interface TestRelease {
  readonly version: string;
  readonly content: Uint8Array;
  readonly key: KeyObject;
  /** What its file is, where it is no application for Linux. */
  readonly file?: Partial<ReleaseFile>;
  /** What else the manifest says otherwise: another age, another runtime. */
  readonly change?: Partial<ReleaseManifest>;
  readonly statements?: readonly KeyStatement[];
}

const fileName = "agent.pack";

export const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Its manifest, signed. */
export function envelopeOf({ version, content, key, file, change, statements = [] }: TestRelease): string {
  const usual = { kind: "application", target: "linux", name: fileName } as const;
  const manifest = {
    version,
    channel: "stable",
    createdAtMs: Date.now(),
    expiresAtMs: Date.now() + 86_400_000,
    minimalLoader: 1,
    minimalRuntime: "1.0.0",
    confirmSeconds: 300,
    files: [{ ...usual, sizeBytes: content.length, sha256: hashOf(content), ...file }],
    ...change,
  };
  return signManifest(manifest, [key], { statements });
}

/** Puts it where the server looks for releases. */
export function layRelease(releases: string, release: TestRelease): void {
  const folder = join(releases, release.version);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, fileName), release.content);
  writeFileSync(join(folder, "release.json"), envelopeOf(release));
}
