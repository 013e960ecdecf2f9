/**
 * Builds the agent's executables into dist/agent: loader, runtime and application. Skipped when nothing that goes into them has changed.
 * A release carries the application once more, as a bundle of one file (tools/build-release.ts).
 *
 * `npm run build:agent` builds for this computer; `-- --target all`, or names separated by commas, for others.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pack } from "@hauswart/agent/update/pack.ts";
import { bunRuntime } from "./bun-runtimes.ts";
import { buildRegistries } from "./registry.mjs";
import { releaseKeysOfProject } from "./release-keys.ts";
import { sourceHash } from "./source-hash.ts";
import { projectRoot } from "./sources.ts";

/** A system that the agent is built for. */
interface Target {
  /** The npm package with Bun's runtime for it. */
  readonly runtime: string;
  readonly file: string;
}

const targets: Readonly<Record<string, Target>> = {
  "linux-x64": { runtime: "@oven/bun-linux-x64", file: "hauswart-agent-linux-x64" },
  "linux-x64-baseline": { runtime: "@oven/bun-linux-x64-baseline", file: "hauswart-agent-linux-x64-baseline" },
  "linux-arm64": { runtime: "@oven/bun-linux-aarch64", file: "hauswart-agent-linux-arm64" },
  "linux-x64-musl": { runtime: "@oven/bun-linux-x64-musl", file: "hauswart-agent-linux-x64-musl" },
  "windows-x64": { runtime: "@oven/bun-windows-x64", file: "hauswart-agent-windows-x64.exe" },
  "windows-x64-baseline": { runtime: "@oven/bun-windows-x64-baseline", file: "hauswart-agent-windows-x64-baseline.exe" },
  "darwin-arm64": { runtime: "@oven/bun-darwin-aarch64", file: "hauswart-agent-darwin-arm64" },
  "darwin-x64": { runtime: "@oven/bun-darwin-x64", file: "hauswart-agent-darwin-x64" },
};

/** Names of everything that the agent is built for. */
export const agentTargets: readonly string[] = Object.keys(targets);

/** The loader, with the application behind it. */
const executableEntry = join(projectRoot, "packages/agent/src/update/start.ts");
const applicationEntry = join(projectRoot, "packages/agent/src/main.ts");
const dist = join(projectRoot, "dist/agent");
const sources = [
  "packages/agent/src",
  "packages/agent/packaging",
  "packages/agent/package.json",
  "packages/protocol/src",
  "features",
  "package-lock.json",
  "packaging/release-keys.json",
  "tools/build-agent.ts",
  "tools/macos-signature.ts",
  "tools/windows-resources.ts",
  "tools/installers/icon.ts",
  "packages/console/public/favicon.svg",
];
/** Below those: what never goes into the agent. */
const besides = /(^|\/)node_modules\/|^features\/[^/]+\/(server|console|simulator|testdata)\/|\.test\.tsx?$|\/testing\//;

export interface BuiltAgent {
  readonly target: string;
  readonly path: string;
  readonly version: string;
  /** False when it was up to date. */
  readonly built: boolean;
}

/** Name of the target that this computer is. */
export function ownTarget(): string {
  const system = { linux: "linux", darwin: "darwin", win32: "windows" }[process.platform as string];
  const isMusl = process.platform === "linux" && existsSync(`/lib/ld-musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`);
  return `${system}-${process.arch}${isMusl ? "-musl" : ""}`;
}

/** What is built otherwise than from the sources as they are; for tests and releases. */
export interface BuildOptions {
  /** Instead of the one in packages/agent/package.json. */
  readonly version?: string;
  /** Release keys that are believed, instead of those in packaging/release-keys.json. */
  readonly keys?: readonly string[];
  /** Where the file is put, instead of dist/agent. It is built in any case then. */
  readonly folder?: string;
}

/** The agent's version, and a hash that tells builds of it apart (Semantic Versioning 2.0.0, section 10). */
export function versionOf(hash: string, release?: string): string {
  const own = JSON.parse(readFileSync(join(projectRoot, "packages/agent/package.json"), "utf8")) as { version: string };
  return `${release ?? own.version}+${hash.slice(0, 8)}`;
}

export const agentSourceHash = (): string => sourceHash(sources, besides);

/**
 * Builds the agent for one target unless it is up to date.
 * @throws when there is no such target, its runtime cannot be had, or the sources do not bundle.
 */
export async function buildAgent(name = ownTarget(), options: BuildOptions = {}): Promise<BuiltAgent> {
  const target = targets[name];
  if (!target) throw new Error(`There is no target "${name}". There are: ${Object.keys(targets).join(", ")}.`);
  buildRegistries();
  const folder = options.folder ?? dist;
  const path = join(folder, target.file);
  const stamp = join(folder, `.sources-${name}`);
  const hash = agentSourceHash();
  const version = versionOf(hash, options.version);
  if (existsSync(path) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return { target: name, path, version, built: false };
  // Built aside and moved, so that a running agent's file is replaced and not written to, and two builds do not meet.
  const workshop = join(folder, `.build-${process.pid}-${name}`);
  mkdirSync(workshop, { recursive: true });
  try {
    const runtime = await runtimeFor(name, target.runtime, version, workshop);
    await compile(join(workshop, target.file), name, runtime, definitions(version, options.keys, name));
    if (name.startsWith("darwin-")) await signWhereNeeded(join(workshop, target.file));
    renameSync(join(workshop, target.file), path);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  writeFileSync(stamp, hash);
  return { target: name, path, version, built: true };
}

/** The runtime that the agent is put behind; for Windows with our name, version and icon. */
async function runtimeFor(name: string, packageName: string, version: string, workshop: string): Promise<string> {
  const runtime = await bunRuntime(packageName);
  if (!name.startsWith("windows-")) return runtime;
  const { brandProgram } = await import("./windows-resources.ts"); // other systems need no library for it
  const branded = join(workshop, "runtime.exe");
  await brandProgram(runtime, branded, version);
  return branded;
}

/** Bun signs its programs for Apple silicon alone; one with a signature that does not fit is refused by macOS. */
async function signWhereNeeded(path: string): Promise<void> {
  const { isSignatureFitting, signAdHoc } = await import("./macos-signature.ts");
  const program = readFileSync(path);
  if (!isSignatureFitting(program)) writeFileSync(path, signAdHoc(program, "hauswart-agent"), { mode: 0o755 });
}

/** What the sources take from the build. */
function definitions(version: string, keys?: readonly string[], target?: string): string[] {
  const { number, keys: believed } = keys ? { number: 1, keys } : releaseKeysOfProject();
  return [
    ["HAUSWART_AGENT_VERSION", version] as const,
    ["HAUSWART_RELEASE_KEYS", { number, keys: believed }] as const,
    // Libraries that ask for their own folder would be told the one of the computer that builds.
    ["__dirname", "/"] as const,
    ["__filename", "/"] as const,
    ...(target === undefined ? [] : [["HAUSWART_AGENT_TARGET", target] as const]),
  ].flatMap(([name, value]) => ["--define", `${name}=${JSON.stringify(value)}`]);
}

/**
 * Builds the application as one file, the same for all systems, which the loader of an executable takes from the disk.
 * @param path where to
 * @throws when the sources do not bundle
 */
export async function buildApplication(path: string, version: string, keys?: readonly string[]): Promise<void> {
  buildRegistries();
  const workshop = `${path}.modules-${process.pid}`;
  try {
    const words = ["--target=bun", "--minify", "--format=esm", "--splitting", ...definitions(version, keys), `--outdir=${workshop}`];
    await bundle("The application", [...words, applicationEntry]);
    const names = readdirSync(workshop).sort();
    writeFileSync(path, pack(names.map((name) => ({ name, bytes: readFileSync(join(workshop, name)) }))));
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

function compile(path: string, name: string, runtime: string, defines: readonly string[]): Promise<void> {
  return bundle(`The agent for ${name}`, [
    "--compile",
    "--minify",
    "--bytecode",
    "--format=esm",
    // What is rarely used stays out of memory until it is.
    "--splitting",
    `--target=bun-${name}`,
    `--compile-executable-path=${runtime}`,
    // The heap is kept small; see docs/decisions/0011-agent-memory.md.
    "--compile-exec-argv=--smol",
    ...defines,
    `--outfile=${path}`,
    executableEntry,
  ]);
}

async function bundle(what: string, words: readonly string[]): Promise<void> {
  const child = Bun.spawn([process.execPath, "build", ...words], { cwd: projectRoot, stdout: "ignore", stderr: "pipe" });
  const [stderr, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (exitCode !== 0) throw new Error(`${what} does not build:\n${stderr.trim()}`);
}

if (import.meta.main) {
  const at = process.argv.indexOf("--target");
  const wanted =
    at < 0 ? [ownTarget()] : (process.argv[at + 1] ?? "").split(",").flatMap((name) => (name === "all" ? Object.keys(targets) : name));
  let failed = 0;
  for (const name of wanted) {
    try {
      const { built, path, version } = await buildAgent(name);
      console.log(`agent ${name}: ${built ? "built" : "up to date"}, ${version}, ${path}`);
    } catch (error) {
      failed++;
      console.error(`agent ${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  process.exit(failed === 0 ? 0 : 1);
}
