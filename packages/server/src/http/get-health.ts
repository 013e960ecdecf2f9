import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../context.ts";
import { scarcestVolume } from "../operation/free-space.ts";
import type { Services } from "../services.ts";
import { version } from "../version.ts";

/** Whether the server lives and can reach its database. Answers also when it cannot: the body says so. */
export async function getHealth({ caller }: PublicVerb<Input<"getHealth">>): Promise<Result<"getHealth">> {
  return healthOf(caller.services);
}

/** Below this the database may soon take no more: PostgreSQL's log alone grows by that much. */
const scarceBytes = 500_000_000;

/** With less than this it takes no more, and cannot start again. */
const noRoomBytes = 16 * 1024 * 1024;

/** The server's state as anybody may know it: no names, no figures. */
export async function healthOf({ database, settings }: Pick<Services, "database" | "settings">): Promise<Result<"getHealth">> {
  const reachable = await database.ping();
  const roomBytes = await roomIn(settings.dataDirectory);
  const isFull = database.isFull() || (!reachable && settings.databaseUrl === undefined && roomBytes < noRoomBytes);
  const problems = reachable ? [] : ["The database cannot be reached."];
  if (isFull) problems.push("The disk under the database is full. Agents keep what they measure until there is room.");
  else if (roomBytes < scarceBytes) problems.push("The volume of the data folder is almost full.");
  return { status: reachable && !isFull ? "ok" : "failing", version, problems };
}

/** A folder that is not there holds nothing that could fill it: with a database of its own the server needs none. */
function roomIn(folder: string): Promise<number> {
  return scarcestVolume(folder).then(
    ({ freeBytes }) => freeBytes,
    () => Number.POSITIVE_INFINITY,
  );
}
