/**
 * Builds the console into packages/console/dist. Skipped when nothing that goes into it has changed: the hash of the
 * sources lies in packages/console/build.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { buildRegistries } from "./registry.mjs";
import { sourceHash } from "./source-hash.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const consoleFolder = join(root, "packages/console");
const dist = join(consoleFolder, "dist");
const workshops = join(consoleFolder, "build");
/** Hash of the sources that dist was built from. Beside dist and not in it, because what lies there is served. */
const stamp = join(workshops, "sources");

/** Folders and files whose change makes the console stale. */
const sources = [
  "packages/console/src",
  "packages/console/public",
  "packages/console/vite",
  "packages/console/index.html",
  "packages/console/vite.config.ts",
  "tools/build-console.ts",
  "packages/protocol/src",
  "features",
  "package-lock.json",
];

/** Below those: what never goes into the console. */
const besides = /(^|\/)node_modules\/|^features\/[^/]+\/(agent|server|testdata)\/|\.test\.tsx?$/;

/**
 * Builds the console unless it is up to date.
 * @returns the folder to serve, and whether it was built anew.
 */
export async function buildConsole(): Promise<{ dist: string; built: boolean }> {
  buildRegistries();
  const hash = sourceHash(sources, besides);
  if (isBuiltFrom(hash)) return { dist, built: false };
  // A test runner says that this is a test; without this word React would be built for development, at twice the size.
  const workshop = join(workshops, String(process.pid));
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = "production";
  try {
    await build({
      configFile: join(consoleFolder, "vite.config.ts"),
      configLoader: "native",
      logLevel: "warn",
      mode: "production",
      build: { outDir: workshop },
    });
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
  // Built apart and moved in one go: another process may be serving or building at the same time.
  // Who comes second finds the other's result, made of the same sources, and leaves it: it may be served already.
  if (isBuiltFrom(hash)) {
    rmSync(workshop, { recursive: true, force: true });
    return { dist, built: false };
  }
  rmSync(dist, { recursive: true, force: true });
  try {
    renameSync(workshop, dist);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY") throw error;
    rmSync(workshop, { recursive: true, force: true });
  }
  writeFileSync(stamp, hash);
  return { dist, built: true };
}

function isBuiltFrom(hash: string): boolean {
  return existsSync(join(dist, "index.html")) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

if (import.meta.main) {
  const { built } = await buildConsole();
  console.log(built ? "console: built" : "console: up to date");
}
