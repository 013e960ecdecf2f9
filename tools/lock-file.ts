/**
 * `bun tools/lock-file.ts` completes package-lock.json: a part for another system that the registry did not offer when the lock
 * file was written is missing from it, and `npm ci` then refuses the whole file on every system. The entry made here has its
 * version and its system, but no checksum; it is installed nowhere but there.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = fileURLToPath(new URL("../package-lock.json", import.meta.url));

/** What this reads of npm's own format; the rest is kept as it is. */
interface LockFile {
  packages: Record<string, { version?: string; dev?: boolean; optionalDependencies?: Record<string, string> }>;
}

/** Words in the names of platform packages, and what npm calls them. */
const systems: Record<string, string> = {
  darwin: "darwin",
  linux: "linux",
  win32: "win32",
  windows: "win32",
  freebsd: "freebsd",
  android: "android",
  openharmony: "openharmony",
};
const processors: Record<string, string> = {
  x64: "x64",
  arm64: "arm64",
  aarch64: "arm64",
  arm: "arm",
  ia32: "ia32",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
};
const libraries: Record<string, string> = { gnu: "glibc", musl: "musl", gnueabihf: "glibc", musleabihf: "musl" };

/** Optional parts that some package asks for in one exact version and that have no entry: name, version, and whether only development needs them. */
export function missingParts({ packages }: LockFile): { name: string; version: string; dev: boolean }[] {
  const missing = Object.entries(packages).flatMap(([owner, { optionalDependencies = {}, dev = false }]) =>
    Object.entries(optionalDependencies)
      .filter(
        ([name, version]) =>
          /^\d/.test(version) && packages[`node_modules/${name}`] === undefined && packages[`${owner}/node_modules/${name}`] === undefined,
      )
      .map(([name, version]) => ({ name, version, dev })),
  );
  return missing.sort((one, other) => (one.name < other.name ? -1 : 1));
}

export function readLockFile(): LockFile {
  return JSON.parse(readFileSync(path, "utf8")) as LockFile;
}

function entryFor({ name, version, dev }: { name: string; version: string; dev: boolean }) {
  const words = name.split(/[/-]/);
  const pick = (table: Record<string, string>) => words.map((word) => table[word]).filter((found) => found !== undefined);
  const [os, cpu, libc] = [pick(systems), pick(processors), pick(libraries)];
  if (os.length !== 1 || cpu.length !== 1)
    throw new Error(`The name ${name} does not tell its system; add its words to tools/lock-file.ts`);
  return { version, cpu, ...(dev ? { dev } : {}), ...(os[0] === "linux" && libc.length > 0 ? { libc } : {}), optional: true, os };
}

if (import.meta.main) {
  const lock = readLockFile();
  const missing = missingParts(lock);
  for (const found of missing) lock.packages[`node_modules/${found.name}`] = entryFor(found);
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([one], [other]) => one.localeCompare(other, "en")));
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(missing.length === 0 ? "Nothing is missing." : missing.map(({ name, version }) => `added ${name} ${version}`).join("\n"));
}
