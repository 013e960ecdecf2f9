import { createHash, generateKeyPairSync, createPublicKey, sign } from "node:crypto";
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releaseProof } from "@hauswart/protocol/release/manifest.ts";
import { until } from "@hauswart/testkit/until.ts";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openShelf } from "./release-shelf.ts";

let folder: string;
const { privateKey } = generateKeyPairSync("ed25519");
const publicKey = Buffer.from(createPublicKey(privateKey).export({ format: "jwk" }).x!, "base64url").toString("base64");
const bundle = Buffer.from("// an application");
const sha256 = createHash("sha256").update(bundle).digest("hex");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hauswart-shelf-"));
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ keys: [publicKey] }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function publish(version: string, content = bundle, name = "agent.js"): void {
  const release = join(folder, "releases", version);
  mkdirSync(release, { recursive: true });
  writeFileSync(join(release, "agent.js"), content);
  const manifest = JSON.stringify({
    product: "hauswart-agent",
    version,
    channel: "stable",
    createdAtMs: 1,
    expiresAtMs: 4e12,
    minimalLoader: 1,
    minimalRuntime: "1.0.0",
    files: [{ kind: "application", target: "linux", name, sizeBytes: bundle.length, sha256 }],
  });
  const signature = sign(null, releaseProof(manifest), privateKey).toString("base64");
  writeFileSync(join(release, "release.json"), JSON.stringify({ format: 1, manifest, signatures: [{ key: publicKey, signature }] }));
}

/** The writing end of a pipe; undefined while nobody reads it. */
function openIfRead(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENXIO") return undefined;
    throw error;
  }
}

const shelf = () => openShelf(join(folder, "releases"), join(folder, "keys.json"));

describe("the shelf of releases", () => {
  test("is empty where there is no folder", async () => {
    const opened = shelf();
    await opened.refresh();
    expect([opened.releases, opened.problems]).toEqual([[], []]);
  });
  test("has the newest first, and finds files by their hash", async () => {
    for (const version of ["1.2.0", "1.10.0", "1.9.0"]) publish(version);
    const opened = shelf();
    await opened.refresh();
    expect(opened.releases.map(({ manifest }) => manifest.version)).toEqual(["1.10.0", "1.9.0", "1.2.0"]);
    expect(opened.pathOf(sha256)).toEndWith("agent.js");
    expect(opened.pathOf("0".repeat(64))).toBeUndefined();
  });
  test("leaves out what is not the file that was signed, and says so", async () => {
    publish("1.0.0", Buffer.from("// another application"));
    const opened = shelf();
    await opened.refresh();
    expect(opened.releases).toEqual([]);
    expect(opened.problems).toMatchObject([{ folder: "1.0.0", problem: expect.stringContaining("not the file") }]);
  });
  test("keeps the others when a file of one is just being taken away", async () => {
    for (const version of ["1.0.0", "2.0.0"]) publish(version);
    const file = join(folder, "releases/2.0.0/agent.js");
    rmSync(file);
    symlinkSync("gone", file);
    const opened = shelf();
    await opened.refresh();
    expect(opened.releases.map(({ manifest }) => manifest.version)).toEqual(["1.0.0"]);
    expect(opened.problems).toMatchObject([{ folder: "2.0.0", problem: expect.stringContaining("ENOENT") }]);
  });
  test("has what was looked at last, however long an earlier look takes", async () => {
    publish("1.0.0");
    const [path, pipe] = [join(folder, "releases/1.0.0/release.json"), join(folder, "pipe")];
    const envelope = readFileSync(path);
    Bun.spawnSync(["mkfifo", pipe]);
    rmSync(path);
    renameSync(pipe, path);
    const opened = shelf();
    const first = opened.refresh();
    const end = await until("the first look to read", () => openIfRead(path));
    renameSync(path, pipe);
    writeFileSync(path, envelope);
    publish("2.0.0");
    const second = opened.refresh();
    // Where they look side by side, the second one is done by then.
    await Promise.race([second, Bun.sleep(200)]);
    closeSync(end);
    await Promise.all([first, second]);
    expect(opened.releases.map(({ manifest }) => manifest.version)).toEqual(["2.0.0", "1.0.0"]);
  });
  test("leaves out a name that leads out of its folder", async () => {
    publish("1.0.0", bundle, "../keys.json");
    const opened = shelf();
    await opened.refresh();
    expect(opened.problems).toMatchObject([{ problem: expect.stringContaining("MANIFEST_MALFORMED") }]);
  });
  test("leaves out what is signed by a key that is no longer believed", async () => {
    publish("1.0.0");
    const opened = shelf();
    await opened.refresh();
    expect(opened.releases.length).toBe(1);
    writeFileSync(join(folder, "keys.json"), JSON.stringify({ keys: [] }));
    await opened.refresh();
    expect(opened.releases).toEqual([]);
  });
  test("notices a release that was taken away", async () => {
    publish("1.0.0");
    const opened = shelf();
    await opened.refresh();
    rmSync(join(folder, "releases", "1.0.0"), { recursive: true });
    await opened.refresh();
    expect([opened.releases, opened.pathOf(sha256)]).toEqual([[], undefined]);
  });
});
