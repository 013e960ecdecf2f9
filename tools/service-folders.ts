/** Folders and files of the server as its own user meets them. What is asked is asked of the system, with all groups of that user. */
import { spawnSync } from "node:child_process";
import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Account } from "@hauswart/server/database/embedded/account.ts";
import { clusterHome } from "@hauswart/server/database/embedded/find-running.ts";
import { type Settings, SettingsError } from "@hauswart/server/settings.ts";

/** Runs a system's program as root. @throws with the program's own words */
export function runSystem(...[file, ...words]: [string, ...string[]]): string {
  const { status, stdout, stderr, error } = spawnSync(file, words, { encoding: "utf8", timeout: 600_000 });
  if (status !== 0) throw new Error(`${file} ${words.join(" ")} failed: ${error?.message ?? stderr.trim()}`);
  return stdout.trim();
}

/** Whether an account may read (`-r`) or write (`-w`) something. */
export function isAllowed({ uid, gid }: Account, test: "-r" | "-w", path: string): boolean {
  const words = ["--reuid", String(uid), "--regid", String(gid), "--init-groups", "--", "test", test, path];
  const { status, error } = spawnSync("setpriv", words, { cwd: "/", timeout: 10_000 });
  if (error !== undefined) throw error;
  return status === 0;
}

/** Makes a folder for the account; one that is there already is left as it is. @throws SettingsError when the account cannot write to it */
export function provideFolder(folder: string, account: Account): void {
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    chownSync(folder, account.uid, account.gid);
  }
  if (!isAllowed(account, "-w", folder))
    throw new SettingsError([
      `The user ${account.name}, as whom the server runs, cannot write to ${folder}. Name a folder of its own, and run: sudo chown ${account.name} ${folder}`,
    ]);
}

/**
 * Whether something in a folder of the server belongs to somebody else: it was restored or copied by root, or the server ran as another
 * user. A look at its first level is enough, because whoever made a folder made what is in it.
 */
export function hasForeignOwner(folder: string, { uid }: Account): boolean {
  return [folder, ...readdirSync(folder).map((name) => join(folder, name))].some((path) => lstatSync(path).uid !== uid);
}

/** One of these is in every folder of a server that has run, and in that of its database. */
const serverMarks = ["postgresql", "postgresql-is-in", "secrets"];

/**
 * That a folder may be given to the server with all that is in it: a slip of the keyboard would make /srv or somebody's home its own.
 * @throws SettingsError for one that holds something, and no data of a server
 */
export function requireServerFolder(folder: string): void {
  const names = readdirSync(folder);
  const isOurs = names.some((name) => serverMarks.includes(name));
  // A file system begins with a folder of its own, and a trial in /root keeps its database under /var/lib/hauswart.
  const foreign = names.filter((name) => name !== "lost+found" && !existsSync(join(folder, name, "postgresql")));
  if (!isOurs && foreign.length > 0)
    throw new SettingsError([
      `The folder ${folder} holds files that belong to somebody else, and no data of a Hauswart server. Name an empty folder, or one that is not there yet.`,
    ]);
}

/** Gives a folder with all that is in it to the account. No link is followed. */
export function handOver(folder: string, { uid, gid }: Account): void {
  runSystem("chown", "-R", "-h", "-P", `${uid}:${gid}`, "--", folder);
}

export interface WrittenFolders {
  /** The server's alone: the data folder, and that of the database where it lies elsewhere. */
  readonly data: readonly string[];
  /** For backups and releases. */
  readonly filled: readonly string[];
  /** That of the master key, where it lies elsewhere: a rotation that was interrupted is finished by the next start. */
  readonly key: readonly string[];
}

/** Folders that the server writes to, none of them within that of the data. */
export function writtenFolders({ dataDirectory, masterKeyFile, backup, releases }: Settings): WrittenFolders {
  const home = clusterHome(dataDirectory);
  const data = [dataDirectory, ...(isWithin(home, dataDirectory) ? [] : [home])];
  const outside = (...paths: (string | undefined)[]): string[] =>
    paths.filter((path) => path !== undefined).filter((path) => !data.some((folder) => isWithin(path, folder)));
  return { data, filled: outside(backup?.directory, releases.directory), key: outside(masterKeyFile && dirname(masterKeyFile)) };
}

const isWithin = (path: string, folder: string): boolean => !relative(folder, path).startsWith("..");

/** Files that the server reads, each by its setting. */
export const readFiles = ({ tls, masterKeyFile, backup }: Settings): Record<string, string | undefined> => ({
  // What the server makes itself lies in its own folder.
  ...(tls.kind === "certificate" && !tls.isOwn ? { HAUSWART_TLS_CERT: tls.certificatePath, HAUSWART_TLS_KEY: tls.keyPath } : {}),
  HAUSWART_MASTER_KEY_FILE: masterKeyFile !== undefined && existsSync(masterKeyFile) ? masterKeyFile : undefined,
  HAUSWART_BACKUP_PASSPHRASE_FILE: backup?.passphraseFile,
});

/** @param files by the setting or option that names each. @throws SettingsError with what to run for each that the account cannot read */
export function requireReadable(files: Readonly<Record<string, string | undefined>>, account: Account): void {
  const problems = Object.entries(files).flatMap(([name, path]) =>
    path === undefined || isAllowed(account, "-r", path)
      ? []
      : [
          `${name}: the user ${account.name}, as whom the server runs, cannot read ${path}. Run: sudo chgrp ${account.name} ${path} && sudo chmod 640 ${path}`,
        ],
  );
  if (problems.length > 0) throw new SettingsError(problems);
}
