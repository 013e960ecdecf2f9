/**
 * restic and borg without their passwords. Repositories that the settings name are looked into; what the programs of this computer wrote
 * down about others is read from their caches. The same on every system.
 */
import type { Os } from "@hauswart/agent/os/os.ts";
import type { Adapter, AdapterContext, Findings, FoundJob, FoundProgram } from "./jobs.ts";

/** restic takes a lock that was not renewed for this long for one that was left behind (its own rule). */
const staleLockMs = 30 * 60_000;
const fileLimit = 5_000;

/** Modification times of the files in a folder; files never change once they are there, so each is asked for once. */
async function timesIn(os: Os, folder: string, known: Map<string, number>): Promise<Map<string, number>> {
  const names = (await os.listDirectory(folder)).slice(-fileLimit);
  const times = new Map<string, number>();
  for (const name of names) {
    const time = known.get(name) ?? (await os.fileInfo(`${folder}/${name}`))?.modifiedAtMs;
    if (time !== undefined) times.set(name, time);
  }
  return times;
}

function rememberedTimes(values: Map<string, unknown>, key: string): Map<string, number> {
  return (values.get(key) as Map<string, number> | undefined) ?? new Map<string, number>();
}

/** A repository holds config, keys, snapshots, locks, data and index (restic's design document). */
async function isResticRepository(os: Os, folder: string): Promise<boolean> {
  const parts = await Promise.all(["config", "keys", "snapshots", "data"].map((name) => os.fileInfo(`${folder}/${name}`)));
  return parts[0]?.kind === "file" && parts.slice(1).every((part) => part?.kind === "folder");
}

/** Each finished backup leaves a file in snapshots; one that saved only a part does so too, and cannot be told apart. */
async function resticJob({ os, values, nowMs }: AdapterContext, folder: string): Promise<FoundJob> {
  const key = `restic ${folder}`;
  const snapshots = await timesIn(os, `${folder}/snapshots`, rememberedTimes(values, key));
  values.set(key, snapshots);
  const locks = [...(await timesIn(os, `${folder}/locks`, new Map())).values()];
  const newest = snapshots.size === 0 ? null : Math.max(...snapshots.values());
  const lastLock = locks.length === 0 ? null : Math.max(...locks);
  const isStale = lastLock !== null && nowMs - lastLock > staleLockMs;
  return {
    name: `restic ${folder}`,
    program: "restic",
    evidence: "repository",
    result: newest === null ? "unknown" : "success",
    lastRunAt: newest,
    lastSuccessAt: newest,
    runningSince: locks.length === 0 ? null : Math.min(...locks),
    problem: isStale ? "A lock was left behind: a run was broken off." : "",
  };
}

export const restic: Adapter = {
  program: "restic",
  async read(context) {
    const { os, selection } = context;
    const jobs: FoundJob[] = [];
    const problems: FoundProgram[] = [];
    for (const folder of selection.repositories.map(withoutSlash)) {
      if (await isResticRepository(os, folder)) jobs.push(await resticJob(context, folder));
      else if (!(await os.fileInfo(folder)))
        problems.push({ name: folder, evidence: "Settings.", problem: `There is no folder ${folder}.` });
    }
    const caches = await foldersOfUsers(os, [".cache/restic", "Library/Caches/restic", "AppData/Local/restic"]);
    if (jobs.length > 0) problems.push({ name: "restic", evidence: "Repository in the settings.", problem: "" });
    else if (caches.length > 0)
      problems.push({
        name: "restic",
        evidence: caches[0]!,
        problem:
          "restic was used here, but its cache does not say whether a backup succeeded: name the repository, or the service that runs it.",
      });
    return { jobs, programs: problems };
  },
};

export const borg: Adapter = {
  program: "borg",
  async read({ os, selection }): Promise<Findings> {
    const jobs: FoundJob[] = [];
    for (const cache of await foldersOfUsers(os, [".cache/borg"])) {
      const names = (await os.listDirectory(cache)).filter((name) => /^[0-9a-f]{64}$/.test(name));
      for (const name of names) {
        const job = await borgCacheJob(os, `${cache}/${name}`);
        if (job) jobs.push(job);
      }
    }
    for (const folder of selection.repositories.map(withoutSlash)) {
      if (jobs.some(({ name }) => name === `borg ${folder}`)) continue;
      const job = await borgRepositoryJob(os, folder);
      if (job) jobs.push(job);
    }
    const isSilent = jobs.length > 0 && jobs.every(({ result }) => result === "unknown");
    const problem = isSilent ? "No backup of this computer's borg is known yet." : "";
    return { jobs, programs: jobs.length === 0 ? [] : [{ name: "borg", evidence: "Cache or repository.", problem }] };
  },
};

/**
 * borg's own cache of a repository: its config names the place, and has a line about "files" as soon as this computer has saved something
 * to it; only saving writes that file anew. Looking at archives and thinning them out does not.
 */
async function borgCacheJob(os: Os, folder: string): Promise<FoundJob | undefined> {
  const config = await os.readFile(`${folder}/config`).catch(() => "");
  const location = /^previous_location = (.+)$/m.exec(config)?.[1]?.trim();
  if (!location) return undefined;
  const integrity = config.split("[integrity]")[1] ?? "";
  const names = (await os.listDirectory(folder)).filter((name) => name === "files" || name.startsWith("files."));
  const times = (await Promise.all(names.map((name) => os.fileInfo(`${folder}/${name}`)))).map((file) => file?.modifiedAtMs ?? 0);
  const savedAt = /^files(\.\S+)? = /m.test(integrity) && times.length > 0 ? Math.max(...times) : null;
  return {
    name: `borg ${location.replace(/^([a-z]+:\/\/[^:/@]*):[^@/]*@/, "$1@")}`,
    program: "borg",
    evidence: "cache",
    result: savedAt === null ? "unknown" : "success",
    lastRunAt: savedAt,
    lastSuccessAt: savedAt,
    runningSince: await borgLock(os, location),
    problem: "",
  };
}

/** A repository on this computer's disk to which others save: its last commit is the last time that anything was written. */
async function borgRepositoryJob(os: Os, folder: string): Promise<FoundJob | undefined> {
  const config = await os.readFile(`${folder}/config`).catch(() => "");
  if (!config.startsWith("[repository]")) return undefined;
  const names = (await os.listDirectory(folder)).filter((name) => /^integrity\.\d+$/.test(name));
  const times = (await Promise.all(names.map((name) => os.fileInfo(`${folder}/${name}`)))).map((file) => file?.modifiedAtMs ?? 0);
  const writtenAt = times.length === 0 ? null : Math.max(...times);
  return {
    name: `borg ${folder}`,
    program: "borg",
    evidence: "repository",
    result: writtenAt === null ? "unknown" : "success",
    lastRunAt: writtenAt,
    lastSuccessAt: writtenAt,
    runningSince: await borgLock(os, folder),
    problem: "",
  };
}

async function borgLock(os: Os, location: string): Promise<number | null> {
  if (!location.startsWith("/")) return null;
  return (await os.fileInfo(`${location}/lock.exclusive`).catch(() => undefined))?.modifiedAtMs ?? null;
}

const withoutSlash = (path: string) => (path.length > 1 ? path.replace(/[/\\]+$/, "") : path);

/** Folders below the homes of root and of people. Homes that may not be read are left out. */
async function foldersOfUsers(os: Os, names: readonly string[]): Promise<string[]> {
  const homes = ["/root", "/var/root"];
  for (const parent of ["/home", "/Users"]) {
    const users = await os.listDirectory(parent).catch(() => []);
    homes.push(...users.map((user) => `${parent}/${user}`));
  }
  const found: string[] = [];
  for (const home of homes) {
    for (const name of names) {
      const folder = await os.fileInfo(`${home}/${name}`).catch(() => undefined);
      if (folder?.kind === "folder") found.push(`${home}/${name}`);
    }
  }
  return found;
}
