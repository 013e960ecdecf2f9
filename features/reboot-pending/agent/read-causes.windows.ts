import type { WindowsRegistry } from "@hauswart/agent/os/windows/calls.ts";
import type { Cause, ReadCauses } from "./causes.ts";

const currentVersion = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion";
const control = "HKLM\\SYSTEM\\CurrentControlSet\\Control";
const netlogon = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\Netlogon";
const namedFiles = 5;

/** The places where Windows itself, its updates and its servicing note that they wait for a restart. */
export const readCauses: ReadCauses = async (os) => {
  const { registry } = await os.windows();
  const [servicing, update, files, name, domain] = await Promise.all([
    registry.keys(`${currentVersion}\\Component Based Servicing\\RebootPending`),
    registry.keys(`${currentVersion}\\WindowsUpdate\\Auto Update\\RebootRequired`),
    registry.value(`${control}\\Session Manager`, "PendingFileRenameOperations"),
    newName(registry),
    registry.values(netlogon),
  ]);
  const causes: Cause[] = [];
  if (name !== undefined) causes.push({ cause: "computer-name", detail: name });
  if (domain?.has("JoinDomain") || domain?.has("AvoidSpnSet")) causes.push({ cause: "domain", detail: "" });
  const replaced = replacedFiles(Array.isArray(files) ? (files as readonly string[]) : []);
  if (replaced.length > 0) causes.push({ cause: "file-replacement", detail: fileNames(replaced) });
  if (servicing) causes.push({ cause: "servicing", detail: "" });
  if (update) causes.push({ cause: "windows-update", detail: "" });
  return causes;
};

/** A name that was given and does not hold before the next start. */
async function newName(registry: WindowsRegistry): Promise<string | undefined> {
  const [active, next] = await Promise.all([
    registry.value(`${control}\\ComputerName\\ActiveComputerName`, "ComputerName"),
    registry.value(`${control}\\ComputerName\\ComputerName`, "ComputerName"),
  ]);
  if (typeof active !== "string" || typeof next !== "string") return undefined;
  return active.toLowerCase() === next.toLowerCase() ? undefined : next;
}

/**
 * Files of Windows that are replaced at the next start. The value lists pairs: what is moved (\??\C:\…), and where to (!\??\C:\… when it
 * replaces what is there; empty when it is deleted). Programs use it all the time to be rid of their own leftovers, so only what
 * replaces a file of Windows counts.
 */
export function replacedFiles(operations: readonly string[]): string[] {
  const targets = operations.filter((operation) => operation.startsWith("!\\??\\") && isOfWindows(operation));
  return [...new Set(targets.map((target) => target.slice("!\\??\\".length)))].sort();
}

const isOfWindows = (path: string) =>
  /^!\\\?\?\\[a-z]:\\windows\\(system32|syswow64|winsxs|systemapps)\\/i.test(path) && !/\\(temp|spool\\drivers)\\/i.test(path);

function fileNames(paths: readonly string[]): string {
  const names = paths.slice(0, namedFiles).map((path) => path.slice(path.lastIndexOf("\\") + 1));
  return `${names.join(", ")}${paths.length > namedFiles ? " …" : ""}`;
}
