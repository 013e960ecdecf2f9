/** Takes the agent off its computer: files, key, service and program. */
import { existsSync, readdirSync, rmdirSync } from "node:fs";
import type { Log } from "../log.ts";
import type { System } from "../os/system.ts";
import type { DataDirectory } from "../state/data-directory.ts";

export interface Removal {
  readonly data: DataDirectory;
  readonly system: System;
  /** This process is the service that is removed: it must not be ended before the rest is done. */
  readonly isOwnService: boolean;
  readonly log?: Log;
  /** Service and program are somebody else's to remove. */
  readonly filesOnly?: boolean;
}

/**
 * Removes the agent that keeps its files in this folder. The service is the one whose files lie in the usual place; an agent that
 * was started by hand in a folder of its own leaves the service alone.
 * @returns sentences that say what was done
 */
export async function removeAgent({ data, system, isOwnService, log, filesOnly = false }: Removal): Promise<string[]> {
  const done: string[] = [];
  const removeService = async () => {
    if (filesOnly || data.path !== system.defaultDataFolder) return;
    const service = await system.loadService?.();
    if (service) done.push(await service.uninstall(isOwnService));
  };
  // The key goes last when somebody ends the service, which still wants to say goodbye, and first when the service ends itself:
  // whatever fails afterwards, the agent does not come back.
  if (isOwnService) {
    removeFiles(data);
    await removeService().catch((error: unknown) => log?.error("the service could not be removed", { error: String(error) }));
  } else {
    await removeService();
    removeFiles(data);
  }
  return [...done, `The agent's files in ${data.path} are gone, its key with them.`];
}

/** What the agent makes in its folder. Whatever else lies there is somebody else's. */
const ownFiles =
  /^(agent\.json|agent\.sock|configuration\.json|kept\.json|running\.lock|identity-[0-9a-f]{16}\.key|buffer-[0-9a-f-]{36}|enrolment-order\.json|agent\.log|update)(\.\w+)?$/;

function removeFiles(data: DataDirectory): void {
  if (!existsSync(data.path)) return;
  for (const name of readdirSync(data.path)) if (ownFiles.test(name)) data.remove(name);
  if (readdirSync(data.path).length === 0) rmdirSync(data.path);
}
