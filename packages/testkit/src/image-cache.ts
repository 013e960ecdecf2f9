/**
 * Disk images that test machines start from: made once of the archive that this computer's apt already uses, and kept in a cache
 * folder. Needs root.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { lastLines, mustRun, runCommand } from "./command.ts";

export interface ImageRecipe {
  /** Begins the image's name. */
  readonly name: string;
  /** Debian's release, such as trixie; undefined for the one that this computer runs. */
  readonly suite?: string;
  readonly packages: readonly string[];
  /** Folder of another image, to begin with. */
  readonly base?: string;
  /**
   * A script of sh: $1 finished image, $2 folder to build in, $3 suite, $4 archive, $5 packages with commas between, $6 base. Moves $2
   * to $1 at its end, and does nothing when $1 is there. Runs under a lock, so a second test process waits for the first one's image, and
   * in a mount namespace of its own, so that nothing stays mounted, whatever its end.
   */
  readonly script: string;
  readonly timeoutMs: number;
}

/** Folder for images and running machines: HAUSWART_TEST_CACHE, or /var/cache/hauswart-test. */
export function testCacheFolder(): string {
  return process.env["HAUSWART_TEST_CACHE"] ?? "/var/cache/hauswart-test";
}

/** The image's folder; made when it is not there yet. Throws with the script's last words. */
export async function cachedImage({ name, packages, base = "", script, timeoutMs, ...recipe }: ImageRecipe): Promise<string> {
  const cache = testCacheFolder();
  const own = await aptArchive();
  const suite = recipe.suite ?? own.suite;
  const hash = createHash("sha256")
    .update([script, suite, base, ...packages].join("\n"))
    .digest("hex")
    .slice(0, 12);
  const image = join(cache, `${name}-${suite}-${hash}`);
  if (existsSync(image)) return image;
  await mkdir(cache, { recursive: true });
  const within = ["unshare", "--mount", "--propagation", "private", "sh", "-u", "-c", script, "sh"];
  const build = [...within, image, join(cache, `building-${name}`), suite, own.archive, packages.join(","), base];
  const { exitCode, stdout, stderr } = await runCommand("flock", [join(cache, `lock-${name}`), ...build], {
    timeoutMs,
    environment: { ...definedEnvironment(), ...(await aptProxy()) },
  });
  if (exitCode !== 0)
    throw new Error(`The test image ${name} could not be made from ${own.archive}: ${lastLines(`${stdout}\n${stderr}`, 8)}`);
  return image;
}

/** A text as one word of sh. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Debian's main archive among apt's sources, and the release it is used for. */
async function aptArchive(): Promise<{ suite: string; archive: string }> {
  const format = "$(CREATED_BY)|$(LABEL)|$(COMPONENT)|$(CODENAME)|$(REPO_URI)";
  const targets = await mustRun("apt-get", ["indextargets", "--format", format]);
  for (const line of targets.split("\n")) {
    const [createdBy, label, component, suite, archive] = line.split("|");
    if (createdBy === "Packages" && label === "Debian" && component === "main" && suite && archive && !suite.includes("-"))
      return { suite, archive };
  }
  throw new Error("No Debian archive among apt's sources; run apt-get update first.");
}

/** The proxy that apt is told to use, for downloads. */
async function aptProxy(): Promise<Record<string, string>> {
  const output = await mustRun("apt-config", ["shell", "http_proxy", "Acquire::http::Proxy", "https_proxy", "Acquire::https::Proxy"]);
  return Object.fromEntries([...output.matchAll(/^(https?_proxy)='(.+)'$/gm)].map((match) => [String(match[1]), String(match[2])]));
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
