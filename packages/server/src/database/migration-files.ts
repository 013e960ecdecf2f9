/** Migrations as files: plain SQL of the platform and of the features, in one order by the time in their names. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Migration {
  /** File name without `.sql`, for example 20261121T0900_foundation; the order is that of the names. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex. */
  readonly hash: string;
}

/** What the database remembers of a migration. */
export interface AppliedMigration {
  readonly name: string;
  readonly hash: string;
}

/** Why the migrations do not fit the database. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MigrationError";
  }
}

const namePattern = /^\d{8}T\d{4}_[a-z0-9][a-z0-9_-]*$/;

/** packages/server/migrations and every features/NAME/server/migrations of this checkout. */
export function migrationDirectories(): string[] {
  const root = fileURLToPath(new URL("../../../..", import.meta.url));
  const features = join(root, "features");
  const ofFeatures = existsSync(features) ? readdirSync(features, { withFileTypes: true }).filter((entry) => entry.isDirectory()) : [];
  return [
    join(root, "packages/server/migrations"),
    ...ofFeatures.map(({ name }) => join(features, name, "server/migrations")).filter(existsSync),
  ];
}

/** @throws MigrationError for a file name that does not fit the pattern, or two of the same name */
export function readMigrations(directories: readonly string[] = migrationDirectories()): Migration[] {
  const migrations = directories.flatMap((directory) =>
    readdirSync(directory)
      .filter((file) => file.endsWith(".sql"))
      .map((file) => readMigration(directory, file)),
  );
  migrations.sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const [index, { name }] of migrations.entries()) {
    if (migrations[index + 1]?.name === name) throw new MigrationError(`There are two migrations named ${name}.`);
  }
  return migrations;
}

/**
 * What is still to be done.
 * @throws MigrationError when an applied file was changed or is gone, or a new one is older than the last that was applied
 */
export function pendingMigrations(files: readonly Migration[], applied: readonly AppliedMigration[]): Migration[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const { name, hash } of applied) {
    const file = byName.get(name);
    if (file === undefined) {
      throw new MigrationError(
        `The database was migrated by a newer or different version of Hauswart: it knows the migration ${name}, this version does not. Start the version that made it.`,
      );
    }
    if (file.hash !== hash)
      throw new MigrationError(`The migration ${name} was changed after it had been applied. Undo the change and write a new migration.`);
  }
  const isApplied = new Set(applied.map(({ name }) => name));
  const last =
    applied
      .map(({ name }) => name)
      .sort()
      .at(-1) ?? "";
  const pending = files.filter(({ name }) => !isApplied.has(name));
  const late = pending.find(({ name }) => name < last);
  if (late)
    throw new MigrationError(`The migration ${late.name} is older than ${last}, which has been applied. Give it a newer time in its name.`);
  return pending;
}

function readMigration(directory: string, file: string): Migration {
  const name = file.slice(0, -".sql".length);
  if (!namePattern.test(name)) throw new MigrationError(`${join(directory, file)}: the name must look like 20261231T0900_what_it_does.sql`);
  const sql = readFileSync(join(directory, file), "utf8");
  return { name, sql, hash: createHash("sha256").update(sql).digest("hex") };
}
