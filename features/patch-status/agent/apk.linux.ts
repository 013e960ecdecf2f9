/** Missing updates of Alpine. apk does not say which of them close security holes. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { SystemIdentity } from "./os-release.ts";
import type { FoundUpdate, Reading } from "./updates.ts";

const listsPath = "/var/cache/apk";

/** `apk version -v -l <`: lines such as `busybox-1.36.1-r5 < 1.36.1-r15`. Pure. */
export function parseVersions(output: string): FoundUpdate[] {
  return output.split("\n").flatMap((line) => {
    const [, name, installedVersion, availableVersion] = /^(\S+?)-(\d[^\s-]*(?:-r\d+)?)\s+<\s+(\S+)/.exec(line) ?? [];
    if (!name || !installedVersion || !availableVersion) return [];
    return [
      {
        name,
        installedVersion,
        availableVersion,
        isSecurity: null,
        severity: "unknown",
        state: "available",
        needsRestart: name.startsWith("linux-") ? true : null,
        source: "",
      } satisfies FoundUpdate,
    ];
  });
}

export async function readApk(os: Os, identity: SystemIdentity): Promise<Reading> {
  const folders = [listsPath, "/etc/apk/cache"];
  const paths = (
    await Promise.all(folders.map(async (folder) => (await os.listDirectory(folder).catch(() => [])).map((name) => `${folder}/${name}`)))
  ).flat();
  const lists = paths.filter((path) => /\/APKINDEX\.[^/]*\.tar\.gz$/.test(path));
  const times = (await Promise.all(lists.map((path) => os.fileInfo(path)))).map((file) => file?.modifiedAtMs ?? 0);
  const newest = Math.max(0, ...times);
  const { exitCode, stdout, stderr } = await os.run("apk", ["--no-network", "version", "-v", "-l", "<"]);
  if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", stderr.trim().split("\n")[0] || `apk ended with ${exitCode}`);
  return {
    method: "apk",
    listsState: newest === 0 ? "never-fetched" : "usable",
    listsRefreshedAt: newest === 0 ? null : newest,
    listsRefreshedBy: "unknown",
    securitySource: "not-separate",
    automaticUpdates: "off",
    ...identity,
    updates: parseVersions(stdout),
    sources: [],
  };
}
