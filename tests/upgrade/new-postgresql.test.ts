/** A data folder of another major version of PostgreSQL: refused with the commands to run, and those lead to a server with the same data. */
import { expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeServerData, ServerProcess } from "@hauswart/testkit/server-process.ts";
import { patienceMs } from "@hauswart/testkit/until.ts";
import { runBackupCommand, runRestoreCommand } from "../survival/support/backup-commands.ts";
import { openHouse } from "../survival/support/house.ts";

test(
  "an older data folder is refused with the two commands, and the two commands work",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "hauswart-export-"));
    const parent = makeServerData();
    const house = await openHouse();
    try {
      const { dataDirectory } = house.server;
      const pointer = join(dataDirectory, "postgresql-is-in");
      const home = existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : dataDirectory;
      const stamp = join(home, "postgresql", "PG_VERSION");
      await house.server.end();
      const made = readFileSync(stamp, "utf8");
      writeFileSync(stamp, "17\n");
      const refusal = await house.server.restart().catch(String);
      expect(refusal).toMatch(
        /made by PostgreSQL 17.*npm run backup -- --to FOLDER.*npm run restore -- --from FOLDER\/FILE --data NEW-FOLDER/,
      );
      // The version that made it is this one.
      writeFileSync(stamp, made);
      const { code, result } = await runBackupCommand(dataDirectory, ["--to", folder]).ended;
      expect(code).toBe(0);
      const restored = await runRestoreCommand(["--from", result, "--data", join(parent, "data")]).ended;
      expect([restored.code, restored.output]).toEqual([0, expect.stringContaining("Restored")]);
      const server = new ServerProcess({ dataDirectory: join(parent, "data") });
      await server.restart();
      await server.stop();
    } finally {
      await house.stop();
      rmSync(folder, { recursive: true, force: true });
      rmSync(parent, { recursive: true, force: true });
    }
  },
  4 * patienceMs,
);
