/** The cluster: made once, configured at each start. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync, chownSync, chmodSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { ownAccount } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";
import { makePrivate } from "./places.ts";
import type { Program } from "./program.ts";

/** The cluster's superuser. */
export const superuser = "postgres";

/**
 * Makes the cluster if there is none. Made beside its place and moved there when it is complete, so that an
 * interrupted first start leaves nothing half made.
 * @returns whether it was made now
 */
export function ensureCluster(clusterDirectory: string, program: Program, account: Account): boolean {
  if (existsSync(join(clusterDirectory, "PG_VERSION"))) {
    const found = Number(readFileSync(join(clusterDirectory, "PG_VERSION"), "utf8").trim());
    if (found === program.majorVersion) return false;
    throw new EmbeddedPostgresError(
      `The database in ${clusterDirectory} was made by PostgreSQL ${found}; this version of Hauswart brings ${program.majorVersion}. With the version of Hauswart that made it, make a backup: npm run backup -- --to FOLDER. Then restore it with this version: npm run restore -- --from FOLDER/FILE --data NEW-FOLDER, and start on NEW-FOLDER (HAUSWART_DATA). See docs/upgrade.md.`,
    );
  }
  const unfinished = `${clusterDirectory}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  if (!makePrivate(unfinished, account)) {
    throw new EmbeddedPostgresError(`The folder ${unfinished} for the database cannot be made for the system user ${account.name}.`);
  }
  initialise(unfinished, program, account);
  renameSync(unfinished, clusterDirectory);
  return true;
}

/**
 * initdb with the built-in C.UTF-8 locale, which sorts and folds the same on every system and in every version, and with
 * checksums on all pages.
 */
function initialise(directory: string, program: Program, account: Account): void {
  const options = [
    "--username",
    superuser,
    "--auth",
    "peer",
    "--encoding",
    "UTF8",
    "--locale",
    "C",
    "--locale-provider",
    "builtin",
    "--builtin-locale",
    "C.UTF-8",
  ];
  const { status, stdout, stderr, error } = spawnSync(
    join(program.directory, "bin", "initdb"),
    ["-D", directory, ...options, "--data-checksums", "--no-instructions"],
    { ...account.spawnOptions, cwd: "/", encoding: "utf8", timeout: 300_000, env: { LC_ALL: "C" } },
  );
  if (status !== 0)
    throw new EmbeddedPostgresError(`The database could not be made: ${error?.message ?? (stderr.trim() || stdout.trim())}`);
}

/**
 * Writes the three configuration files. Who may connect: processes of the user that runs this server, recognised by the
 * kernel (peer), through a socket in a folder that only that user (or root) and PostgreSQL's own account can enter. So there
 * is no password to steal and no port to reach.
 * @returns whether anything differs from what was there
 */
export function configureCluster(clusterDirectory: string, account: Account, settings: Readonly<Record<string, string | number>>): boolean {
  const files = {
    "postgresql.conf": [
      "# Written by Hauswart at each start. Own settings belong into local.conf beside this file.",
      ...Object.entries(settings).map(
        ([name, value]) => `${name} = ${typeof value === "number" ? value : `'${value.replaceAll("'", "''")}'`}`,
      ),
      ...(existsSync(join(clusterDirectory, "local.conf")) ? ["include = 'local.conf'"] : []),
    ],
    "pg_hba.conf": ["# Written by Hauswart at each start.", "local all all peer map=hauswart"],
    "pg_ident.conf": ["# Written by Hauswart at each start.", `hauswart "${ownAccount().name}" all`],
  };
  let hasChanged = false;
  for (const [name, lines] of Object.entries(files)) {
    const path = join(clusterDirectory, name);
    const text = `${lines.join("\n")}\n`;
    if (existsSync(path) && readFileSync(path, "utf8") === text) continue;
    hasChanged = true;
    writeFileSync(`${path}.new`, text);
    chmodSync(`${path}.new`, 0o600);
    if (account.spawnOptions.uid !== undefined) chownSync(`${path}.new`, account.uid, account.gid);
    renameSync(`${path}.new`, path);
  }
  return hasChanged;
}
