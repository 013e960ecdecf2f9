/** Missing updates of Red Hat's family: dnf 4 and 5, from the lists that are there. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { installedFormat, parseAdvisories, parseInstalled, parseUpgrades, toUpdates, upgradeFormat } from "./dnf.ts";
import type { SystemIdentity } from "./os-release.ts";
import type { Reading, Sample } from "./updates.ts";

const limits = { timeoutMs: 120_000, limitBytes: 8 * 1024 * 1024 };

export async function readDnf(os: Os, identity: SystemIdentity): Promise<Reading> {
  const lists = await newestLists(os);
  const base = {
    method: "dnf" as const,
    securitySource: "not-separate" as const,
    automaticUpdates: await readAutomatic(os),
    ...identity,
    sources: [],
  };
  if (lists === null) return { ...base, listsState: "never-fetched", listsRefreshedAt: null, listsRefreshedBy: "unknown", updates: [] };
  const must = async (program: string, words: readonly string[]) => {
    const { exitCode, stdout, stderr } = await os.run(program, words, limits);
    if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", stderr.trim().split("\n").at(-1) || `${program} ended with ${exitCode}`);
    return stdout;
  };
  // One after another: dnf locks its cache against itself.
  const installed = parseInstalled(await must("rpm", ["-qa", "--qf", installedFormat]));
  const upgrades = parseUpgrades(await must("dnf", ["-q", "-C", "repoquery", "--upgrades", "--qf", upgradeFormat]));
  const advisories = parseAdvisories(await must("dnf", ["-q", "-C", "updateinfo", "list", "--updates", "--security"]));
  return {
    ...base,
    listsState: "usable",
    listsRefreshedAt: lists,
    listsRefreshedBy: "unknown",
    updates: toUpdates(upgrades, installed, advisories),
  };
}

/** dnf 4 writes down when it looked; of dnf 5 the newest folder of a source tells. Unix time in milliseconds. */
async function newestLists(os: Os): Promise<number | null> {
  const paths = ["/var/cache/dnf/last_makecache"];
  for (const folder of ["/var/cache/libdnf5", "/var/cache/dnf"]) {
    const names = await os.listDirectory(folder).catch(() => []);
    paths.push(...names.map((name) => `${folder}/${name}/repodata/repomd.xml`));
  }
  const times = (await Promise.all(paths.map((path) => os.fileInfo(path)))).map((file) => file?.modifiedAtMs ?? 0);
  const newest = Math.max(...times);
  return newest === 0 ? null : newest;
}

async function readAutomatic(os: Os): Promise<Sample["automaticUpdates"]> {
  for (const path of ["/etc/dnf/dnf5-plugins/automatic.conf", "/etc/dnf/automatic.conf"]) {
    const text = await os.readFile(path).catch(() => "");
    if (text === "") continue;
    const isOn = (name: string) => new RegExp(`^\\s*${name}\\s*=\\s*(?:yes|true|1|on)\\s*$`, "im").test(text);
    return isOn("apply_updates") ? "on" : isOn("download_updates") ? "download-only" : "off";
  }
  return "unknown";
}
