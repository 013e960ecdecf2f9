/** Windows: files and programs; what the computer says of itself comes from its registry. */
import { hostname, release, uptime, version } from "node:os";
import { fingerprintOf } from "../fingerprint.ts";
import { fileInfo, fileSystemSize, listDirectory, readLink, readStart, readTextFile } from "../read-files.ts";
import { processExists } from "../process-exists.ts";
import { runProgram } from "../run-program.ts";
import type { System } from "../system.ts";
import { serviceName } from "./service-structures.ts";
import { noSystemProxy, windowsProxy } from "../system-proxy.ts";
import { withoutDiskPages, withoutSystemBus, withoutWindows } from "../unsupported.ts";

const systemRoot = process.env["SystemRoot"] ?? "C:\\Windows";
/** The machine's, not a user's: the agent runs as a service. */
const internetSettings = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";
const environment = { SystemRoot: systemRoot, PATH: `${systemRoot}\\System32`, TEMP: `${systemRoot}\\Temp` };

export function windowsSystem(): System {
  const run: System["os"]["run"] = (program, argumentList, options) => runProgram(program, argumentList, environment, options);
  const registry = async (key: string, name: string) => registryValue((await run("reg.exe", ["query", key, "/v", name])).stdout, name);
  return {
    name: "win32",
    os: {
      readFile: readTextFile,
      readStart,
      listDirectory,
      readLink,
      fileSystemSize,
      fileInfo,
      run,
      ...withoutSystemBus("Windows"),
      network: async () => (await import("../network/network.ts")).openNetwork(() => import("./echo.windows.ts")),
      ...withoutDiskPages("Windows"),
      ...withoutWindows("this agent"),
    },
    defaultDataFolder: `${process.env["ProgramData"] ?? "C:\\ProgramData"}\\Hauswart Agent`,
    describe: async () => ({
      hostname: hostname().slice(0, 253) || "localhost",
      system: "win32",
      systemName: version().slice(0, 200),
      systemVersion: release().slice(0, 100),
      architecture: process.arch,
      fingerprint: await fingerprintOf([
        await registry("HKLM\\SOFTWARE\\Microsoft\\Cryptography", "MachineGuid"),
        await registry("HKLM\\SYSTEM\\CurrentControlSet\\Control\\SystemInformation", "ComputerHardwareId"),
      ]),
      bootedAt: Math.round(Date.now() - uptime() * 1_000),
    }),
    identifyProcess: processExists,
    endReason: async () => "agent-stop",
    loadService: async () => (await import("./service.windows.ts")).windowsService(),
    joinServiceManager: async () => (await import("./service-session.windows.ts")).joinServiceManager(serviceName),
    protectFolder: async (path) => (await import("./protect-folder.windows.ts")).protectFolder(path),
    proxy: () =>
      run("reg.exe", ["query", internetSettings]).then(
        ({ stdout }) => windowsProxy((name) => registryValue(stdout, name)),
        () => noSystemProxy,
      ),
  };
}

/** A value in the output of `reg query`: lines of name, type and value. */
export function registryValue(output: string, name: string): string {
  return new RegExp(`^\\s*${name}\\s+REG_\\w+\\s+(.*?)\\s*$`, "m").exec(output)?.[1] ?? "";
}
