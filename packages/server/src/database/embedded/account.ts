/**
 * Who runs PostgreSQL. It refuses to run as root; so a server that was started as root hands it to another system user,
 * and everybody else runs it as themselves.
 */
import { spawnSync } from "node:child_process";
import { EmbeddedPostgresError } from "./error.ts";

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** What `spawn` needs to run as this account; empty when it is our own. */
  readonly spawnOptions: { readonly uid?: number; readonly gid?: number };
}

/**
 * @param wanted Name of the system user; only looked at when running as root. Default: `hauswart` if it exists, else `nobody`.
 * @throws EmbeddedPostgresError when there is no such user
 */
export function chooseAccount(wanted?: string): Account {
  const own = ownAccount();
  if (own.uid !== 0) return own;
  const names = wanted === undefined ? ["hauswart", "nobody"] : [wanted];
  for (const name of names) {
    const account = findAccount(name);
    if (account !== undefined && account.uid !== 0) return account;
  }
  throw new EmbeddedPostgresError(
    `PostgreSQL refuses to run as root, and there is no system user ${names.join(" or ")} to run it as. Create one, name another in HAUSWART_POSTGRES_USER, or start the server as an ordinary user.`,
  );
}

/**
 * The user that this process runs as; PostgreSQL recognises it on its socket by this name. Asked of `id`, because the
 * runtime's userInfo() believes the environment.
 * @throws EmbeddedPostgresError when the user id has no name
 */
export function ownAccount(): Account {
  const name = id("-un");
  const [uid, gid] = [Number(id("-u")), Number(id("-g"))];
  if (name !== undefined && Number.isInteger(uid) && Number.isInteger(gid)) return { name, uid, gid, spawnOptions: {} };
  throw new EmbeddedPostgresError(
    "This process runs under a user id that has no name on this system; PostgreSQL needs one. Add the user to /etc/passwd, or use your own PostgreSQL with DATABASE_URL.",
  );
}

/** A system user by name; undefined when there is none. */
export function findAccount(name: string): Account | undefined {
  const [uid, gid] = [id("-u", name), id("-g", name)];
  if (uid === undefined || gid === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), spawnOptions: { uid: Number(uid), gid: Number(gid) } };
}

function id(option: string, ...names: string[]): string | undefined {
  const { status, stdout } = spawnSync("id", [option, "--", ...names], { encoding: "utf8", timeout: 10_000 });
  return status === 0 ? stdout.trim() : undefined;
}
