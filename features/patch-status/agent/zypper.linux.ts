/** Missing updates of SUSE: patches, and newer packages that no patch tells of. */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { SystemIdentity } from "./os-release.ts";
import type { Reading } from "./updates.ts";
import { parsePackages, parsePatches } from "./zypper.ts";

const limits = { timeoutMs: 120_000, limitBytes: 8 * 1024 * 1024 };
const listsPath = "/var/cache/zypp/raw";

export async function readZypper(os: Os, identity: SystemIdentity): Promise<Reading> {
  const names = await os.listDirectory(listsPath).catch(() => []);
  const times = (await Promise.all(names.map((name) => os.fileInfo(`${listsPath}/${name}/cookie`)))).map((file) => file?.modifiedAtMs ?? 0);
  const newest = Math.max(0, ...times);
  const ask = async (what: string) => {
    const { exitCode, stdout, stderr } = await os.run("zypper", ["--non-interactive", "--no-refresh", "--xmlout", what], limits);
    // 100 and 101 say that there are patches, security patches among them; 102 and 103 ask for a restart.
    if (exitCode !== 0 && (exitCode < 100 || exitCode > 103))
      throw new OsError("COLLECT_UNREADABLE", stderr.trim().split("\n").at(-1) || `zypper ended with ${exitCode}`);
    return stdout;
  };
  // One after another: zypper locks itself.
  const updates = newest === 0 ? [] : [...parsePatches(await ask("list-patches")), ...parsePackages(await ask("list-updates"))];
  return {
    method: "zypper",
    listsState: newest === 0 ? "never-fetched" : "usable",
    listsRefreshedAt: newest === 0 ? null : newest,
    listsRefreshedBy: "unknown",
    securitySource: "not-separate",
    automaticUpdates: "unknown",
    ...identity,
    updates,
    sources: [],
  };
}
