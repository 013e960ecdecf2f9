/** `npm run rotate-key` gives this installation a new master key. The server must be stopped. */
import { requireServerHere } from "@hauswart/server/backup/backup-here.ts";
import { connectDatabase } from "@hauswart/server/database/connect.ts";
import { makeLogger } from "@hauswart/server/operation/log.ts";
import { rotateMasterKey } from "@hauswart/server/secrets/rotate-master-key.ts";
import { loadSettings } from "@hauswart/server/settings.ts";
import { becomeServer, findServerHere } from "./installed-service.ts";

const say = (text: string) => process.stderr.write(`${text}\n`);

try {
  const server = findServerHere("rotate-key");
  const settings = loadSettings(server.environment);
  becomeServer(server);
  requireServerHere(settings);
  const connected = await connectDatabase({ settings, log: makeLogger({ level: "warn", format: "lines" }), progress: say });
  try {
    const count = await rotateMasterKey(settings, connected.database);
    say(`${count} secrets are sealed with a new master key. The old key opens older backups alone; they hold it themselves.`);
  } finally {
    await connected.close();
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
process.exit(0);
