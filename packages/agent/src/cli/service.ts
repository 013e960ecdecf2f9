/** `hauswart-agent install` and `hauswart-agent uninstall`. */
import { readEnrolment } from "../state/enrolment.ts";
import type { CommandContext } from "./cli.ts";
import { UsageError } from "./options.ts";

export async function serviceCommand({ line, system, data, print }: CommandContext): Promise<number> {
  const service = await system.loadService?.();
  if (!service) throw new UsageError(`The agent cannot install itself as a service on ${system.name} yet.`);
  if (line.command === "install") {
    if (!readEnrolment(data)) throw new UsageError("This computer is not enrolled yet: hauswart-agent enrol --server URL --token TOKEN");
    if (data.path !== system.defaultDataFolder)
      throw new UsageError(`The service keeps its files in ${system.defaultDataFolder}; enrol without --data.`);
    print(await service.install());
  } else print(await service.uninstall());
  return 0;
}
