/** Where the folder of updates lies: in the agent's data directory, which the loader has to find before it knows the application. */
import { resolve, join } from "node:path";

const defaults: Readonly<Record<string, string>> = {
  linux: "/var/lib/hauswart-agent",
  darwin: "/Library/Application Support/Hauswart Agent",
  win32: `${process.env["ProgramData"] ?? "C:\\ProgramData"}\\Hauswart Agent`,
};

/** By `--data DIRECTORY`, HAUSWART_AGENT_DATA, or the usual place: as the application does it. */
export function folderOfUpdates(argumentList: readonly string[], environment: Readonly<Record<string, string | undefined>>): string {
  const at = argumentList.indexOf("--data");
  const given = at < 0 ? argumentList.find((each) => each.startsWith("--data="))?.slice("--data=".length) : argumentList[at + 1];
  return join(resolve(given ?? environment["HAUSWART_AGENT_DATA"] ?? defaults[process.platform] ?? "."), "update");
}
