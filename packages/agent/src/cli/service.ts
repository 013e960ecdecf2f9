/** `hauswart-agent install` and `hauswart-agent uninstall`. */
import { readOrder } from "../identity/enrolment-order.ts";
import { readEnrolment } from "../state/enrolment.ts";
import type { CommandContext } from "./cli.ts";
import { UsageError } from "./options.ts";
import { removeAgent } from "./remove-agent.ts";

export async function serviceCommand(context: CommandContext): Promise<number> {
  const { line, system, data, print } = context;
  if (line.command === "uninstall") return uninstall(context);
  const service = await system.loadService?.();
  if (line.command === "stop") {
    if (!service?.stop) throw new UsageError("Here the service manager ends the service.");
    await service.stop();
    return 0;
  }
  if (!service) throw new UsageError(`The agent cannot install itself as a service on ${system.name} yet.`);
  if (!readEnrolment(data) && !readOrder(data))
    throw new UsageError("This computer is not enrolled yet: hauswart-agent enrol --server URL --token TOKEN");
  if (data.path !== system.defaultDataFolder)
    throw new UsageError(`The service keeps its files in ${system.defaultDataFolder}; enrol without --data.`);
  print(await service.install());
  return 0;
}

async function uninstall({ line, system, data, print, ask }: CommandContext): Promise<number> {
  if (data.path !== system.defaultDataFolder && !readEnrolment(data))
    throw new UsageError(`This computer is not enrolled in ${data.path}; there is nothing to remove.`);
  if (!line.flags["yes"]) {
    const answer = await ask?.(`Remove the service, the program, the agent's key and all its files in ${data.path}? [y/N] `);
    if (answer === undefined) throw new UsageError("Nobody can be asked here; say --yes.");
    if (!/^(y|yes|j|ja)$/i.test(answer.trim())) {
      print("Nothing was removed.");
      return 1;
    }
  }
  for (const sentence of await removeAgent({ data, system, isOwnService: false, filesOnly: line.flags["files"] })) print(sentence);
  if (!line.flags["files"]) print("The device stays in the console with its history until it is removed there.");
  return 0;
}
