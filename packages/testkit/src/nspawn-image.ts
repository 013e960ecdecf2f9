/**
 * The disk image that test machines start from: a minimal Debian with systemd, made once by debootstrap from the archive that
 * this computer's apt already uses, and kept in a cache folder. Needs root.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { lastLines, mustRun, runCommand } from "./command.ts";

const packages = ["systemd", "systemd-sysv", "dbus", "cron"];

/**
 * $1 finished image, $2 folder to build in, $3 suite, $4 archive, $5 packages. Runs under a lock, so a second test process
 * waits for the first one's image. The machine's identity is left out, so that each copy makes its own at its first boot.
 */
const buildScript = `
[ -d "$1" ] && exit 0
rm -rf --one-file-system "$2"
debootstrap --variant=minbase --include="$5" "$3" "$2" "$4" || { tail -n 5 "$2/debootstrap/debootstrap.log" >&2; exit 1; }
rm -f "$2/etc/hostname" "$2/var/lib/dbus/machine-id" "$2"/var/cache/apt/archives/*.deb
: > "$2/etc/machine-id"
printf '127.0.0.1 localhost\\n::1 localhost ip6-localhost ip6-loopback\\n' > "$2/etc/hosts"
mv "$2" "$1"
`;

/** Folder for the image and the running machines: HAUSWART_TEST_CACHE, or /var/cache/hauswart-test. */
export function testCacheFolder(): string {
  return process.env["HAUSWART_TEST_CACHE"] ?? "/var/cache/hauswart-test";
}

/** The image's folder; made when it is not there yet (half a minute and some 240 MB). Throws with debootstrap's last words. */
export async function baseImage(): Promise<string> {
  const cache = testCacheFolder();
  const { suite, archive } = await aptArchive();
  const recipe = createHash("sha256")
    .update([buildScript, suite, ...packages].join("\n"))
    .digest("hex")
    .slice(0, 12);
  const image = join(cache, `image-${suite}-${recipe}`);
  if (existsSync(image)) return image;
  await mkdir(cache, { recursive: true });
  const build = ["sh", "-u", "-c", buildScript, "sh", image, join(cache, "building"), suite, archive, packages.join(",")];
  const { exitCode, stdout, stderr } = await runCommand("flock", [join(cache, "lock"), ...build], {
    timeoutMs: 600_000,
    environment: { ...definedEnvironment(), ...(await aptProxy()) },
  });
  if (exitCode !== 0)
    throw new Error(`The test machine's image could not be made from ${archive}: ${lastLines(`${stdout}\n${stderr}`, 8)}`);
  return image;
}

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

/** The proxy that apt is told to use, for debootstrap's downloads. */
async function aptProxy(): Promise<Record<string, string>> {
  const output = await mustRun("apt-config", ["shell", "http_proxy", "Acquire::http::Proxy", "https_proxy", "Acquire::https::Proxy"]);
  return Object.fromEntries([...output.matchAll(/^(https?_proxy)='(.+)'$/gm)].map((match) => [String(match[1]), String(match[2])]));
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
