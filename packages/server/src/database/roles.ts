/**
 * The three roles. hauswart_owner owns all tables and cannot log in: migrations and housekeeping put it on (set role).
 * hauswart_app and hauswart_ingest log in and stand behind the wall of row-level security.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client, ClientConfig } from "pg";
import { Client as PgClient } from "pg";
import { isWrongPassword } from "./errors.ts";
import { MigrationError } from "./migration-files.ts";

export const ownerRole = "hauswart_owner";
export const loginRoles = ["hauswart_app", "hauswart_ingest"] as const;
/** Schema of the job queue (pg-boss), which keeps its own tables there. Only the owner reaches it. */
export const jobSchema = "hauswart_jobs";
export type LoginRole = (typeof loginRoles)[number];

/**
 * Makes the roles that are missing and looks that none can step over the wall. The caller holds the migration lock.
 * @throws MigrationError when the connected user may not do that
 */
export async function ensureRoles(client: Client): Promise<void> {
  const { rows } = await client.query<{ rolname: string; mighty: boolean }>(
    "select rolname, rolsuper or rolbypassrls as mighty from pg_roles where rolname = any ($1)",
    [[ownerRole, ...loginRoles]],
  );
  const mighty = rows.find((role) => role.mighty);
  if (mighty) throw new MigrationError(`The role ${mighty.rolname} is a superuser or bypasses row-level security; it must not.`);
  const existing = new Set(rows.map(({ rolname }) => rolname));
  try {
    if (!existing.has(ownerRole)) await client.query(`create role ${ownerRole} nologin`);
    for (const role of loginRoles) {
      if (!existing.has(role)) await client.query(`create role ${role} login`);
    }
    await client.query(`grant ${ownerRole} to current_user with set true, inherit true`);
    for (const schema of ["hauswart", jobSchema]) await client.query(`create schema if not exists ${schema} authorization ${ownerRole}`);
  } catch (cause) {
    throw new MigrationError(
      `The user in DATABASE_URL may not prepare the database (${(cause as Error).message}). It needs the right to create roles (alter role NAME createrole) and schemas in this database (grant create on database NAME), or be the user that made the roles ${ownerRole}, ${loginRoles.join(" and ")}.`,
      { cause },
    );
  }
}

/**
 * Passwords of the login roles. Random, kept in the folder as files that only this user can read. A role whose password is
 * not ours (the first start, a restored database) is given ours.
 */
export async function ensurePasswords(client: Client, base: ClientConfig, folder: string): Promise<Record<LoginRole, string>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const passwords = Object.fromEntries(loginRoles.map((role) => [role, keptPassword(join(folder, `${role}.password`))])) as Record<
    LoginRole,
    string
  >;
  for (const role of loginRoles) {
    const login = { ...base, user: role, password: passwords[role] };
    if (await canLogIn(login)) continue;
    await client.query(`alter role ${role} password '${scramVerifier(passwords[role])}'`);
    if (!(await canLogIn(login)))
      throw new MigrationError(
        `The role ${role} cannot log in to the database although its password was just set. Look at pg_hba.conf of your PostgreSQL.`,
      );
  }
  return passwords;
}

function keptPassword(path: string): string {
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(24).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  return readFileSync(path, "utf8").trim();
}

async function canLogIn(login: ClientConfig): Promise<boolean> {
  const client = new PgClient(login);
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (isWrongPassword(error)) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What PostgreSQL stores in place of a password (RFC 5803), made here so that the password itself is in no statement and no log. */
function scramVerifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const keyed = (label: string) => createHmac("sha256", salted).update(label).digest();
  const storedKey = createHash("sha256").update(keyed("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${keyed("Server Key").toString("base64")}`;
}
