/**
 * Bun's runtimes for other systems, to build the agent for them: the npm packages that Bun itself comes in, in the version and
 * with the checksum that our lock file names. Kept in node_modules/.cache.
 */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "./sources.ts";

const cache = join(projectRoot, "node_modules/.cache/hauswart-runtimes");

interface LockedPackage {
  readonly version: string;
  readonly integrity: string;
}

/**
 * The runtime's executable, fetched when it is not there yet.
 * @param packageName such as @oven/bun-windows-x64.
 * @throws when the lock file does not name it, npm cannot fetch it, or its checksum is another.
 */
export async function bunRuntime(packageName: string): Promise<string> {
  const installed = executableIn(join(projectRoot, "node_modules", packageName));
  if (installed) return installed;
  const locked = lockedPackage(packageName);
  const folder = join(cache, `${packageName.split("/").at(-1)}-${locked.version}`);
  return executableIn(folder) ?? (await fetchRuntime(packageName, locked, folder));
}

/**
 * For processors without AVX2. The package `bun` does not bring these, so the lock file cannot name them; checksums from the registry.
 */
const baseline: Readonly<Record<string, LockedPackage>> = {
  "@oven/bun-linux-x64-baseline": {
    version: "1.4.5",
    integrity: "sha512-s8yMwYcFnnrA178gji0gZbkE2WVDej/Ti1x770oPfihxyRxSMNhGhiAQNXV53aDeraZxksdvKV/RAdQBCd0qPA==",
  },
  "@oven/bun-windows-x64-baseline": {
    version: "1.4.5",
    integrity: "sha512-/U3Dc74uGqE6EUqef7mPtg9KwJs7iJH4JHRMfIZIn18MrJh6Xz4gVvWDXRvzCL2j8wPlTnJVyrO4n7Qq4uM7TQ==",
  },
};

function lockedPackage(packageName: string): LockedPackage {
  const known = baseline[packageName];
  if (known) {
    if (known.version !== Bun.version)
      throw new Error(`${packageName} is known in ${known.version}, and this is Bun ${Bun.version}: tools/bun-runtimes.ts has to follow.`);
    return known;
  }
  const { packages } = JSON.parse(readFileSync(join(projectRoot, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  const locked = packages[`node_modules/${packageName}`];
  if (!locked) throw new Error(`package-lock.json does not name ${packageName}.`);
  return locked;
}

async function fetchRuntime(packageName: string, { version, integrity }: LockedPackage, folder: string): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, "fetch-"));
  try {
    const [packed] = JSON.parse(
      await output(["npm", "pack", "--json", "--silent", "--pack-destination", work, `${packageName}@${version}`]),
    ) as { filename: string }[];
    const archive = join(work, packed!.filename.replace("@", "").replace("/", "-"));
    const sum = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
    if (sum !== integrity) throw new Error(`${packageName}@${version} has the checksum ${sum}; package-lock.json wants ${integrity}.`);
    await output(["tar", "-xzf", archive, "-C", work]);
    const executable = executableIn(join(work, "package"));
    if (!executable) throw new Error(`${packageName} holds no executable.`);
    chmodSync(executable, 0o755);
    place(join(work, "package"), folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return executableIn(folder)!;
}

/** Whole or not at all. Where another process was first, its runtime stays: it may be in use already. */
function place(fetched: string, folder: string): void {
  try {
    renameSync(fetched, folder);
  } catch (error) {
    if (!executableIn(folder)) throw error;
  }
}

function executableIn(folder: string): string | undefined {
  return ["bin/bun", "bin/bun.exe"].map((name) => join(folder, name)).find((path) => existsSync(path));
}

async function output(command: readonly string[]): Promise<string> {
  const child = Bun.spawn([...command], { stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (exitCode !== 0) throw new Error(`${command.slice(0, 2).join(" ")} failed: ${stderr.trim().slice(-500)}`);
  return stdout;
}
