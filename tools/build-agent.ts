/**
 * Builds the agent's executables into dist/agent. Skipped when nothing that goes into them has changed.
 *
 * `npm run build:agent` builds for this computer; `-- --target all`, or names separated by commas, for others.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bunRuntime } from "./bun-runtimes.ts";
import { buildRegistries } from "./registry.mjs";
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

const entry = join(projectRoot, "packages/agent/src/main.ts");
const dist = join(projectRoot, "dist/agent");
const sources = [
  "packages/agent/src",
  "packages/agent/package.json",
  "packages/protocol/src",
  "features",
  "package-lock.json",
  "tools/build-agent.ts",
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

/**
 * Builds the agent for one target unless it is up to date.
 * @throws when there is no such target, its runtime cannot be had, or the sources do not bundle.
 */
export async function buildAgent(name = ownTarget()): Promise<BuiltAgent> {
  const target = targets[name];
  if (!target) throw new Error(`There is no target "${name}". There are: ${Object.keys(targets).join(", ")}.`);
  buildRegistries();
  const path = join(dist, target.file);
  const stamp = join(dist, `.sources-${name}`);
  const hash = sourceHash(sources, besides);
  const { version: release } = JSON.parse(readFileSync(join(projectRoot, "packages/agent/package.json"), "utf8")) as { version: string };
  // Tells builds of one release apart (Semantic Versioning 2.0.0, section 10).
  const version = `${release}+${hash.slice(0, 8)}`;
  if (existsSync(path) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return { target: name, path, version, built: false };
  // Built aside and moved, so that a running agent's file is replaced and not written to, and two builds do not meet.
  const workshop = join(dist, `.build-${process.pid}-${name}`);
  mkdirSync(workshop, { recursive: true });
  try {
    await compile(join(workshop, target.file), name, await bunRuntime(target.runtime), version);
    renameSync(join(workshop, target.file), path);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  writeFileSync(stamp, hash);
  return { target: name, path, version, built: true };
}

async function compile(path: string, name: string, runtime: string, version: string): Promise<void> {
  const bunTarget = `bun-${name}`;
  const child = Bun.spawn(
    [
      process.execPath,
      "build",
      "--compile",
      "--minify",
      "--bytecode",
      "--format=esm",
      // What is rarely used stays out of memory until it is.
      "--splitting",
      `--target=${bunTarget}`,
      `--compile-executable-path=${runtime}`,
      // The heap is kept small; see docs/decisions/0011-agent-memory.md.
      "--compile-exec-argv=--smol",
      "--define",
      `HAUSWART_AGENT_VERSION=${JSON.stringify(version)}`,
      `--outfile=${path}`,
      entry,
    ],
    { cwd: projectRoot, stdout: "ignore", stderr: "pipe" },
  );
  const [stderr, exitCode] = await Promise.all([new Response(child.stderr).text(), child.exited]);
  if (exitCode !== 0) throw new Error(`The agent for ${name} does not build:\n${stderr.trim()}`);
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
