import type { Input, Result } from "@hauswart/protocol/api/routes.ts";
import type { PublicVerb } from "../context.ts";
import type { Services } from "../services.ts";
import { version } from "../version.ts";

/** Whether the server lives and can reach its database. Answers also when it cannot: the body says so. */
export async function getHealth({ caller }: PublicVerb<Input<"getHealth">>): Promise<Result<"getHealth">> {
  return healthOf(caller.services);
}

/** The server's state as anybody may know it: no names, no figures. */
export async function healthOf({ database }: Pick<Services, "database">): Promise<Result<"getHealth">> {
  const reachable = await database.ping();
  return { status: reachable ? "ok" : "failing", version, problems: reachable ? [] : ["The database cannot be reached."] };
}
