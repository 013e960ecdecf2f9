/**
 * Stores a small house as this version makes it, for the upgrade tests of all later versions: `bun tests/upgrade/store-release.ts`. Run it
 * once when a version is released, and commit the file.
 */
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readMigrations } from "@hauswart/server/database/migration-files.ts";
import { version } from "@hauswart/server/version.ts";
import { runBackupCommand } from "../survival/support/backup-commands.ts";
import { openHouse } from "../survival/support/house.ts";
import { fillHouse } from "./fill-house.ts";

const newest = readMigrations().at(-1)!.name.split("_")[0];
const target = join(import.meta.dir, "stored", `${version}-${newest}.backup`);
const folder = mkdtempSync(join(tmpdir(), "hauswart-release-"));
const house = await openHouse();
try {
  await fillHouse(house);
  const { code, output, result } = await runBackupCommand(house.server.dataDirectory, ["--to", folder]).ended;
  if (code !== 0) throw new Error(output);
  renameSync(result, target);
  console.log(target);
} finally {
  await house.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
