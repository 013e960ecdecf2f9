/** Windows: files and programs; what the computer says of itself comes from its registry. */
import { hostname } from "node:os";
import { fingerprintOf } from "../fingerprint.ts";
import { runtimeOffset } from "../local-offset.ts";
import { plainOs } from "../read-files.ts";
import { runProgram } from "../run-program.ts";
import type { System } from "../system.ts";
import { computerName } from "./computer-name.ts";
import { asleepMs, processTimes } from "./computer.windows.ts";
import { windowsCalls } from "./native-calls.windows.ts";
import { slowly } from "./slow-calls.ts";
import { serviceName } from "./service-structures.ts";
import { noSystemProxy, windowsProxy } from "../system-proxy.ts";
import { withoutDiskPages, withoutSystemBus } from "../unsupported.ts";

const systemRoot = process.env["SystemRoot"] ?? "C:\\Windows";
/** The machine's, not a user's: the agent runs as a service. */
const internetSettings = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";
const currentVersion = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
const environment = { SystemRoot: systemRoot, PATH: `${systemRoot}\\System32`, TEMP: `${systemRoot}\\Temp` };

export function windowsSystem(): System {
  const run: System["os"]["run"] = (program, argumentList, options) => runProgram(program, argumentList, environment, options);
  return {
    name: "win32",
    os: {
      ...plainOs,
      run,
      ...withoutSystemBus("Windows"),
      network: async () => (await import("../network/network.ts")).openNetwork(() => import("./echo.windows.ts")),
      ...withoutDiskPages("Windows"),
      windows: async () => windowsCalls,
    },
    defaultDataFolder: `${process.env["ProgramData"] ?? "C:\\ProgramData"}\\Hauswart Agent`,
    describe: async () => ({
      hostname: hostname().slice(0, 253) || "localhost",
      system: "win32",
      ...computerName((await windowsCalls.registry.values(currentVersion)) ?? new Map()),
      architecture: process.arch,
      fingerprint: await fingerprintOf([
        await registryText("HKLM\\SOFTWARE\\Microsoft\\Cryptography", "MachineGuid"),
        await registryText("HKLM\\SYSTEM\\CurrentControlSet\\Control\\SystemInformation", "ComputerHardwareId"),
      ]),
      bootedAt: await windowsCalls.bootedAtMs(),
    }),
    identifyProcess: (processId) => processTimes(processId)?.startedAtMs.toString(),
    localOffset: runtimeOffset,
    endReason: async () => "agent-stop",
    asleepMs: async () => asleepMs(),
    loadSignedIn: async () => (await import("./signed-in.windows.ts")).windowsSignedIn(windowsCalls),
    gateways: async () => (await import("./neighbours.windows.ts")).gateways(),
    lookFor: async (address) => {
      const [{ lookByEcho }, { echo }] = await Promise.all([import("../network/look-by-echo.ts"), import("./echo.windows.ts")]);
      return lookByEcho(address, { echo, resolves: (one) => slowly("resolves", one) });
    },
    computerEnd: async () => (await import("./computer-end.ts")).computerEnd(windowsCalls.events),
    loadService: async () => (await import("./service.windows.ts")).windowsService(),
    joinServiceManager: async () => (await import("./service-session.windows.ts")).joinServiceManager(serviceName),
    protectFolder: async (path) => (await import("./protect-folder.windows.ts")).protectFolder(path),
    proxy: async () => {
      const values = await windowsCalls.registry.values(internetSettings).catch(() => undefined);
      return values ? windowsProxy((name) => String(values.get(name) ?? "")) : noSystemProxy;
    },
  };
}

/** A text of the registry; empty where there is none. */
async function registryText(key: string, name: string): Promise<string> {
  const value = await windowsCalls.registry.value(key, name);
  return typeof value === "string" ? value : "";
}
