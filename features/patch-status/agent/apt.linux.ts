/**
 * Missing updates of Debian and Ubuntu. Nothing is locked, fetched or written: apt is only asked what it would do, with the lists
 * that are there. Its own cache is used when it is valid and left alone otherwise.
 */
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { SystemIdentity } from "./os-release.ts";
import {
  automaticUpdates,
  heldPackages,
  isSecurityRelease,
  isSecuritySource,
  leavesNothing,
  parseRelease,
  parseSimulation,
  parseTargets,
  parseUpgradable,
  targetFormat,
  toUpdates,
  wishFormat,
  type Release,
  type Upgrade,
} from "./apt.ts";
import type { FoundUpdate, Reading, Sample } from "./updates.ts";

const statusPath = "/var/lib/dpkg/status";
const listsPath = "/var/lib/apt/lists";
/** The head of an archive: with its signature inside, or beside it or nowhere. */
const releaseNames = ["InRelease", "Release"];
/** Ubuntu Pro adds two archives to the one of security updates. */
const securitySuiteLimit = 3;
const runLimits = { timeoutMs: 120_000, limitBytes: 4 * 1024 * 1024 };
const releaseLimitBytes = 4 * 1024 * 1024;
/** The schedule's stamp and the folder's own time differ by what fetching takes. */
const sameRefreshMs = 15 * 60_000;

export async function readApt(os: Os, identity: SystemIdentity, nowMs: number): Promise<Reading> {
  const cache = await cacheOptions(os);
  const sources = await readSources(os, cache, nowMs);
  const securitySuites = new Set(
    sources.flatMap(({ release }) => (release && isSecurityRelease(release) ? [release.suite || release.codename] : [])),
  );
  const [updates, traces, periodic, unattended] = await Promise.all([
    readUpdates(os, cache, [...securitySuites].filter(Boolean)),
    readRefreshTraces(os),
    os.run("apt-config", ["dump", "APT::Periodic"], runLimits),
    os.fileInfo("/usr/bin/unattended-upgrade"),
  ]);
  const fetched = sources.flatMap(({ release }) => release ?? []);
  return {
    method: "apt",
    listsState: fetched.length === 0 ? "never-fetched" : fetched.length < sources.length ? "incomplete" : "usable",
    ...(fetched.length === 0 ? { listsRefreshedAt: null, listsRefreshedBy: "unknown" } : refreshOf(fetched, traces)),
    securitySource: securitySuites.size > 0 ? "present" : "missing",
    automaticUpdates: automaticUpdates(periodic.stdout, unattended !== undefined),
    ...identity,
    updates,
    sources: sources.map(({ name, state, problem }) => ({ name, state, problem })),
  };
}

/** What `apt-get` and `apt-get update` change. */
export async function aptTraces(os: Os): Promise<string> {
  const releases = (await os.listDirectory(listsPath)).filter((name) => releaseNames.some((end) => name.endsWith(`_${end}`)));
  const [status, lists, ...heads] = await Promise.all(
    [statusPath, listsPath, ...releases.map((name) => `${listsPath}/${name}`)].map((path) => os.fileInfo(path)),
  );
  return [status?.modifiedAtMs, lists?.modifiedAtMs, ...heads.map((head) => head?.changedAtMs)].map((atMs) => atMs ?? 0).join(" ");
}

async function readUpdates(os: Os, cache: readonly string[], securitySuites: readonly string[]): Promise<FoundUpdate[]> {
  const now = await simulate(os, cache);
  const upgrades = parseSimulation(now);
  const unheld = ["--ignore-hold", "-o", "APT::Get::Always-Include-Phased-Updates=true"];
  const everything = leavesNothing(now) ? upgrades : parseSimulation(await simulate(os, [...cache, ...unheld]));
  if (everything.length === 0) return toUpdates(upgrades, [], new Set(), new Set());
  const fixed = await readFixed(os, cache, everything, securitySuites);
  if (leavesNothing(now)) return toUpdates(upgrades, everything, new Set(), fixed);
  // Its file of states has megabytes, of which the agent would have to hold every one.
  const { stdout: wishes } = await os.run("dpkg-query", ["--show", "--showformat", wishFormat], runLimits);
  return toUpdates(upgrades, everything, heldPackages(wishes), fixed);
}

/**
 * The newest version of a package may stand in the main archive since a point release, and hide that a security update came before it.
 * So apt is asked once more for each archive of security updates, with that one preferred. A list answers that for a tenth of what a
 * simulation costs.
 */
async function readFixed(os: Os, cache: readonly string[], upgrades: readonly Upgrade[], suites: readonly string[]): Promise<Set<string>> {
  const fixed = new Set<string>();
  if (upgrades.every(({ source }) => isSecuritySource(source))) return fixed;
  for (const suite of suites.slice(0, securitySuiteLimit)) {
    const preferred = ["-o", `APT::Default-Release=${suite}`];
    const { exitCode, stdout } = await os.run("apt", ["list", "--upgradable", ...cache, ...preferred], runLimits);
    // What apt does not take for a release tells nothing more than what is known already.
    if (exitCode === 0) for (const name of parseUpgradable(stdout, suite)) fixed.add(name);
  }
  return fixed;
}

/** apt writes its cache anew when that is out of date; told that there is none, it builds it in memory and writes nothing. */
async function cacheOptions(os: Os): Promise<string[]> {
  const [cache, status, lists] = await Promise.all(["/var/cache/apt/pkgcache.bin", statusPath, listsPath].map((path) => os.fileInfo(path)));
  const isValid = cache && cache.modifiedAtMs >= Math.max(status?.modifiedAtMs ?? 0, lists?.modifiedAtMs ?? 0);
  return isValid ? [] : ["-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache="];
}

async function simulate(os: Os, options: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await os.run("apt-get", ["-s", "-q", ...options, "dist-upgrade"], runLimits);
  if (exitCode === 0) return stdout;
  const complaint = stderr.split("\n").find((line) => line.startsWith("E:")) ?? `apt-get ended with ${exitCode}`;
  throw new OsError("COLLECT_UNREADABLE", complaint);
}

interface Source {
  readonly name: string;
  readonly state: Sample["sources"][number]["state"];
  readonly problem: string;
  readonly release: FetchedRelease | undefined;
}

interface FetchedRelease extends Release {
  /** Whether the source signs in the file itself. */
  readonly isSignedInside: boolean;
  /** Unix time in milliseconds. */
  readonly changedAtMs: number;
}

async function readSources(os: Os, cache: readonly string[], nowMs: number): Promise<Source[]> {
  const { exitCode, stdout, stderr } = await os.run(
    "apt-get",
    ["indextargets", ...cache, "--no-release-info", "--format", targetFormat],
    runLimits,
  );
  if (exitCode !== 0)
    throw new OsError("COLLECT_UNREADABLE", stderr.trim().split("\n")[0] || `apt-get indextargets ended with ${exitCode}`);
  return Promise.all(
    parseTargets(stdout).map(async ({ source, prefix }): Promise<Source> => {
      const release = await readRelease(os, prefix);
      if (!release) return { name: source, state: "never-fetched", problem: "There is no list of this source.", release };
      const { validUntilMs } = release;
      if (validUntilMs === undefined || validUntilMs > nowMs) return { name: source, state: "usable", problem: "", release };
      return { name: source, state: "expired", problem: `Its list was valid until ${new Date(validUntilMs).toISOString()}.`, release };
    }),
  );
}

async function readRelease(os: Os, prefix: string): Promise<FetchedRelease | undefined> {
  for (const name of releaseNames) {
    const file = await os.fileInfo(`${prefix}${name}`);
    if (!file) continue;
    const release = parseRelease(await os.readFile(`${prefix}${name}`, releaseLimitBytes));
    return { ...release, isSignedInside: name === "InRelease", changedAtMs: file.changedAtMs };
  }
  return undefined;
}

interface RefreshTraces {
  /** When anything of the sources changed or, where the system keeps a stamp of it, one of them answered. Unix time in milliseconds. */
  readonly newsAtMs: number;
  /** When the system's schedule last tried, whether a source answered or not. */
  readonly triedAtMs: number;
}

async function readRefreshTraces(os: Os): Promise<RefreshTraces> {
  const paths = [listsPath, "/var/lib/apt/periodic/update-success-stamp", "/var/lib/apt/periodic/update-stamp"];
  const [lists, success, tried] = await Promise.all(paths.map(async (path) => (await os.fileInfo(path))?.modifiedAtMs ?? 0));
  return { newsAtMs: Math.max(lists!, success!), triedAtMs: tried! };
}

/**
 * apt leaves no record of its last success, and `apt-get update` ends with 0 also when no source could be reached: the stamp of the
 * schedule says that it tried and no more. But apt takes a signed release file anew in hand whenever its source answered, also
 * when there was nothing new, and that changes the file's owner; a source that did not answer leaves the file alone (apt 2.6, by trial).
 * Without a signature inside an answer without news leaves no trace but a stamp.
 * "Nothing is missing" rests on the sources of security updates: of several, the one that has been silent longest counts.
 */
function refreshOf(
  fetched: readonly FetchedRelease[],
  { newsAtMs, triedAtMs }: RefreshTraces,
): Pick<Reading, "listsRefreshedAt" | "listsRefreshedBy"> {
  const answeredAtMs = ({ isSignedInside, changedAtMs }: FetchedRelease) => (isSignedInside ? changedAtMs : newsAtMs);
  const ofSecurity = fetched.filter(isSecurityRelease);
  const answeredAt = ofSecurity.length > 0 ? Math.min(...ofSecurity.map(answeredAtMs)) : Math.max(...fetched.map(answeredAtMs));
  if (answeredAt === 0) return { listsRefreshedAt: null, listsRefreshedBy: "unknown" };
  const triedLaterMs = triedAtMs - answeredAt;
  // One that tried later and met nobody has taken the trace of who came before.
  const listsRefreshedBy = triedLaterMs > sameRefreshMs ? "unknown" : triedLaterMs < -sameRefreshMs ? "other" : "schedule";
  return { listsRefreshedAt: answeredAt, listsRefreshedBy };
}
