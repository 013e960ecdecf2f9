/** A test machine as an agent in it would see it: collectors run in the test's own process, and read and act in the machine. */
import { openBus, type BusConnection } from "@hauswart/agent/os/linux/dbus/connection.linux.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { withoutWindows } from "@hauswart/agent/os/unsupported.ts";
import type { Machine } from "./nspawn.ts";

/** `using` closes the connection to the machine's D-Bus, if one was opened. */
export function osOf(machine: Machine): Os & Disposable {
  let bus: Promise<BusConnection> | undefined;
  const say = async (command: readonly string[], code: OsError["code"] = "COLLECT_UNREADABLE") => {
    const { exitCode, stdout, stderr } = await machine.run(command);
    if (exitCode !== 0) throw new OsError(code, stderr.trim() || `${command.join(" ")} ended with ${exitCode ?? "a signal"}`);
    return stdout;
  };
  return {
    readFile: (path) => say(["cat", path]),
    listDirectory: async (path) => (await say(["ls", "-A", path])).split("\n").filter(Boolean),
    readLink: async (path) => (await machine.run(["readlink", path])).stdout.trim() || undefined,
    fileSystemSize: async (path) => {
      const text = await say(["stat", "--file-system", "--format", "%S %b %a %f %c %d", path]);
      const [unit = 0, blocks = 0, available = 0, free = 0, totalInodes = 0, freeInodes = 0] = text.trim().split(" ").map(Number);
      return { totalBytes: blocks * unit, availableBytes: available * unit, freeBytes: free * unit, totalInodes, freeInodes };
    },
    run: async (program, argumentList) => {
      const { exitCode, stdout, stderr } = await machine.run([program, ...argumentList]);
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
    ...withoutWindows("Linux"),
    systemBus: () => (bus ??= openBus(`unix:path=${machine.root}/run/dbus/system_bus_socket`)),
    [Symbol.dispose]: () => void bus?.then((connection) => connection.close()),
  };
}
