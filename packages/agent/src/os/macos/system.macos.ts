/** macOS: files and programs; what the computer says of itself comes from its own tools. */
import { hostname, uptime } from "node:os";
import { fingerprintOf } from "../fingerprint.ts";
import { fileInfo, fileSystemSize, listDirectory, readLink, readStart, readTextFile } from "../read-files.ts";
import { processExists } from "../process-exists.ts";
import { runProgram } from "../run-program.ts";
import type { System } from "../system.ts";
import { macosProxy, noSystemProxy } from "../system-proxy.ts";
import { withoutDiskPages, withoutSystemBus, withoutWindows } from "../unsupported.ts";

const environment = { LC_ALL: "C", PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/var/root" };

export function macosSystem(): System {
  const run: System["os"]["run"] = (program, argumentList, options) => runProgram(program, argumentList, environment, options);
  return {
    name: "darwin",
    os: {
      readFile: readTextFile,
      readStart,
      listDirectory,
      readLink,
      fileSystemSize,
      fileInfo,
      run,
      ...withoutSystemBus("macOS"),
      ...withoutDiskPages("macOS"),
      ...withoutWindows("macOS"),
    },
    defaultDataFolder: "/Library/Application Support/Hauswart Agent",
    describe: async () => {
      const { stdout: version } = await run("sw_vers", ["-productVersion"]);
      const { stdout: platform } = await run("ioreg", ["-rd1", "-c", "IOPlatformExpertDevice"]);
      return {
        hostname: hostname().slice(0, 253) || "localhost",
        system: "darwin",
        systemName: `macOS ${version.trim()}`.slice(0, 200),
        systemVersion: version.trim().slice(0, 100),
        architecture: process.arch,
        fingerprint: await fingerprintOf(["IOPlatformUUID", "IOPlatformSerialNumber"].map((name) => property(platform, name))),
        bootedAt: Math.round(Date.now() - uptime() * 1_000),
      };
    },
    identifyProcess: processExists,
    endReason: async () => "agent-stop",
    proxy: () =>
      run("scutil", ["--proxy"]).then(
        ({ stdout }) => macosProxy(stdout),
        () => noSystemProxy,
      ),
  };
}

/** A property in the output of ioreg: `"Name" = "value"`. */
export function property(ioreg: string, name: string): string {
  return new RegExp(`"${name}" = "([^"]*)"`).exec(ioreg)?.[1] ?? "";
}
