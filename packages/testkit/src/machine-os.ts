/** A test machine as an agent in it would see it: collectors run in the test's own process, and read and act in the machine. */
import type { Collector, Memory } from "@hauswart/agent/collector.ts";
import { openBus, type BusConnection } from "@hauswart/agent/os/linux/dbus/connection.linux.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { listFolder, openFile, queryDatabase } from "@hauswart/agent/os/read-files.ts";
import { withoutDiskPages, withoutWindows } from "@hauswart/agent/os/unsupported.ts";
import type { AnyCheck, SampleOf, SelectionOf } from "@hauswart/protocol/check.ts";
import type { Machine } from "./nspawn.ts";

/** Measures in a machine, one time after the other as the agent would. What is no sample is thrown. */
export function measuring<Check extends AnyCheck>(
  os: Os,
  collector: Collector<Check> | undefined,
  selection: SelectionOf<Check>,
): () => Promise<SampleOf<Check>> {
  const memory: Memory = { values: new Map(), kept: {} };
  return async () => {
    const signal = AbortSignal.timeout(30_000);
    const answer = await collector!.collect({ system: "linux", selection, instance: "", os, signal, now: () => Date.now() }, memory);
    if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
    return answer.ok;
  };
}

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
    readStart: async (path, bytes) => {
      const base64 = await say(["sh", "-euc", 'test -r "$1"; head -c "$2" "$1" | base64 -w0', "sh", path, String(bytes)]);
      return new Uint8Array(Buffer.from(base64, "base64"));
    },
    openFile: (path) => openFile(`${machine.root}${path}`),
    listDirectory: async (path) => (await say(["ls", "-A", path])).split("\n").filter(Boolean),
    listFolder: (path, most) => listFolder(`${machine.root}${path}`, most),
    readLink: async (path) => (await machine.run(["readlink", path])).stdout.trim() || undefined,
    fileSystemSize: async (path) => {
      const text = await say(["stat", "--file-system", "--format", "%S %b %a %f %c %d", path]);
      const [unit = 0, blocks = 0, available = 0, free = 0, totalInodes = 0, freeInodes = 0] = text.trim().split(" ").map(Number);
      return { totalBytes: blocks * unit, availableBytes: available * unit, freeBytes: free * unit, totalInodes, freeInodes };
    },
    queryDatabase: (path, query) => queryDatabase(`${machine.root}${path}`, query),
    fileInfo: async (path) => {
      const { exitCode, stdout } = await machine.run(["stat", "--dereference", "--format", "%F|%s|%.3Y|%.3Z", path]);
      if (exitCode !== 0) return undefined;
      const [kind = "", size, modified, changed] = stdout.trim().split("|");
      return {
        kind: kind.startsWith("regular") ? "file" : kind === "directory" ? "folder" : "other",
        sizeBytes: Number(size),
        modifiedAtMs: Math.round(Number(modified) * 1_000),
        changedAtMs: Math.round(Number(changed) * 1_000),
      };
    },
    run: async (program, argumentList) => {
      const { exitCode, stdout, stderr } = await machine.run([program, ...argumentList]);
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
    ...withoutWindows("Linux"),
    // A container has no disks of its own.
    ...withoutDiskPages("a test machine"),
    systemBus: () => (bus ??= openBus(`unix:path=${machine.root}/run/dbus/system_bus_socket`)),
    [Symbol.dispose]: () => void bus?.then((connection) => connection.close()),
  };
}
