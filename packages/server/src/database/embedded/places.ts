/** Where things lie: a home that PostgreSQL's account can reach, and a folder for the socket with a name short enough. */
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "./account.ts";
import { EmbeddedPostgresError } from "./error.ts";

/** Longest path of a Unix socket that all systems take: 103 bytes on macOS, 107 on Linux. */
const longestSocketPath = 103;

/** Holds what cannot lie in the data folder, because PostgreSQL's account may not enter it. */
const systemHome = "/var/lib/hauswart";

/** File in the data folder that names the folder of the cluster, where that is another one. */
export const homePointer = (dataDirectory: string): string => join(dataDirectory, "postgresql-is-in");

/**
 * The folder for the cluster and, where needed, a copy of the programs: the data folder itself, or one under
 * /var/lib/hauswart when the account cannot enter the data folder (a checkout under /root). The second is remembered in
 * the data folder, so that each start finds it again.
 */
export function chooseHome(dataDirectory: string, account: Account): { home: string; isElsewhere: boolean } {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o755 });
  const pointer = homePointer(dataDirectory);
  if (existsSync(pointer)) return { home: preparedHome(readFileSync(pointer, "utf8").trim()), isElsewhere: true };
  if (canReach(account, dataDirectory)) return { home: dataDirectory, isElsewhere: false };
  if (existsSync(join(dataDirectory, "postgresql"))) {
    throw new EmbeddedPostgresError(
      `The database lies in ${dataDirectory}, but the system user ${account.name}, who runs PostgreSQL, cannot enter that folder. Let it pass (chmod o+x on each folder of the path), or name another user in HAUSWART_POSTGRES_USER.`,
    );
  }
  const home = preparedHome(join(systemHome, randomBytes(6).toString("hex")));
  if (!canReach(account, home)) {
    throw new EmbeddedPostgresError(
      `The system user ${account.name}, who runs PostgreSQL, can enter neither ${dataDirectory} nor ${home}. Set HAUSWART_DATA to a folder that it can enter.`,
    );
  }
  writeFileSync(pointer, `${home}\n`);
  return { home, isElsewhere: true };
}

/**
 * A folder that belongs to the account and that nobody else can enter, with a path short enough for a socket.
 * Preferred inside `home`; a long path makes it fall back to the system's places for such files.
 */
export function chooseSocketDirectory(home: string, account: Account): string {
  const short = createHash("sha256").update(home).digest("hex").slice(0, 12);
  const fallbacks = [...(process.getuid?.() === 0 ? ["/run"] : [process.env["XDG_RUNTIME_DIR"]]), tmpdir(), "/tmp"];
  const candidates = [
    join(home, "socket"),
    ...fallbacks.filter((base) => base !== undefined).map((base) => join(base, `hauswart-${short}`)),
  ];
  for (const candidate of candidates) {
    if (Buffer.byteLength(join(candidate, ".s.PGSQL.5432.lock")) > longestSocketPath) continue;
    if (makePrivate(candidate, account) && canReach(account, candidate)) return candidate;
  }
  throw new EmbeddedPostgresError(
    `There is no place for PostgreSQL's socket: tried ${candidates.join(", ")}. Set HAUSWART_DATA to a shorter path.`,
  );
}

/** Whether the account can pass into the folder, asked of the system itself. */
export function canReach(account: Account, directory: string): boolean {
  return (
    spawnSync("/bin/sh", ["-c", 'test -x "$0" && test -r "$0"', directory], { ...account.spawnOptions, cwd: "/", timeout: 10_000 })
      .status === 0
  );
}

/**
 * Makes the folder, mode 0700, owned by the account. @returns false when it exists and is not safe: a link, or somebody
 * else's, which could lead to a foreign server.
 */
export function makePrivate(directory: string, account: Account): boolean {
  try {
    mkdirSync(directory, { mode: 0o700 });
    if (account.spawnOptions.uid !== undefined) chownSync(directory, account.uid, account.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
  }
  const found = lstatSync(directory);
  if (!found.isDirectory() || found.uid !== account.uid) return false;
  if ((found.mode & 0o077) !== 0) chmodSync(directory, 0o700);
  return true;
}

function preparedHome(home: string): string {
  try {
    mkdirSync(home, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The folder ${home} for the database cannot be made. Set HAUSWART_DATA to a folder outside of private home folders.`,
      { cause },
    );
  }
  return home;
}
