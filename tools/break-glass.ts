/**
 * `npm run break-glass [-- --owner ADDRESS]` on the server's own computer: prints a code with which an owner signs in once within 15
 * minutes, without password, second factor or identity provider. All owners are told by mail, and the audit log has it.
 */
import { parseArgs } from "node:util";
import { BackupError } from "@hauswart/server/backup/backup-error.ts";
import { breakGlassHere } from "@hauswart/server/access/factors/break-glass-here.ts";
import { makeLogger } from "@hauswart/server/operation/log.ts";
import { loadSettings, SettingsError } from "@hauswart/server/settings.ts";
import { becomeServer, findServerHere } from "./installed-service.ts";

const say = (text: string) => process.stderr.write(`${text}\n`);
const usage = "npm run break-glass -- --owner ADDRESS";

class Refusal extends Error {}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { owner: { type: "string" } } });
  const server = findServerHere("break-glass");
  const settings = loadSettings(server.environment);
  becomeServer(server);
  const log = makeLogger({ level: "warn", format: "lines" });
  const made = await breakGlassHere({ settings, email: values.owner, log, progress: say });
  if (made.kind === "no-such-owner")
    throw new Refusal(`${made.owners.length === 0 ? "There is no owner who can sign in." : `Owners: ${made.owners.join(", ")}`}\n${usage}`);
  say(`Code for ${made.email}, good once until ${made.expiresAt}. Type it at ${settings.url}/sign-in/break-glass`);
  say("All owners are told of it by mail.");
  process.stdout.write(`${made.code}\n`);
}

try {
  await main();
} catch (error) {
  const isMistake = error instanceof Error && ((error as { code?: string }).code ?? "").startsWith("ERR_PARSE_ARGS");
  if (isMistake) say(`${error.message}\n${usage}`);
  else if (error instanceof SettingsError) say(error.problems.join("\n"));
  else if (error instanceof Refusal || error instanceof BackupError) say(error.message);
  else throw error;
  process.exit(1);
}
process.exit(0);
