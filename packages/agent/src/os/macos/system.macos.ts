/** macOS: files, programs and native calls; what the computer says of itself comes from its own tools. */
import { hostname, uptime } from "node:os";
import { fingerprintOf } from "../fingerprint.ts";
import { runtimeOffset } from "../local-offset.ts";
import { plainOs, readTextFile } from "../read-files.ts";
import { macosCard, macosGateways } from "../network/gateways.ts";
import { processExists } from "../process-exists.ts";
import { runProgram } from "../run-program.ts";
import type { Os } from "../os.ts";
import type { System } from "../system.ts";
import type { MacosCalls } from "./calls.ts";
import { macosProxy, noSystemProxy } from "../system-proxy.ts";
import { withoutDiskPages, withoutSystemBus, withoutWindows } from "../unsupported.ts";

const environment = { LC_ALL: "C", PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/var/root" };

/** What people call the versions; one that is newer than this list goes by its number. */
const marketingNames: Readonly<Record<string, string>> = {
  "11": "Big Sur",
  "12": "Monterey",
  "13": "Ventura",
  "14": "Sonoma",
  "15": "Sequoia",
  "26": "Tahoe",
};

export function macosSystem(): System {
  let calls: Promise<MacosCalls> | undefined;
  const macos = () => (calls ??= import("./native-calls.macos.ts").then(({ loadMacosCalls }) => loadMacosCalls()));
  const run: System["os"]["run"] = (program, argumentList, options) => runProgram(program, argumentList, environment, options);
  return {
    name: "darwin",
    os: {
      ...plainOs,
      run,
      macos,
      ...withoutSystemBus("macOS"),
      ...withoutDiskPages("macOS"),
      ...withoutWindows("macOS"),
      network: async () => (await import("../network/network.ts")).openNetwork(() => import("./echo.macos.ts")),
    },
    defaultDataFolder: "/Library/Application Support/Hauswart Agent",
    describe: async () => {
      const { stdout: version } = await run("sw_vers", ["-productVersion"]);
      const { stdout: platform } = await run("ioreg", ["-rd1", "-c", "IOPlatformExpertDevice"]);
      return {
        hostname: (await localName()) || hostname().slice(0, 253) || "localhost",
        system: "darwin",
        systemName: systemName(version.trim()).slice(0, 200),
        systemVersion: version.trim().slice(0, 100),
        architecture: process.arch,
        fingerprint: await fingerprintOf(["IOPlatformUUID", "IOPlatformSerialNumber"].map((name) => property(platform, name))),
        bootedAt: Math.round(Date.now() - uptime() * 1_000),
      };
    },
    identifyProcess: processExists,
    localOffset: runtimeOffset,
    loadSignedIn: async () => (await import("./signed-in.macos.ts")).macosSignedIn(run),
    gateways: async () => {
      const route = await answerOf(run, "route", ["-n", "get", "default"]);
      const [first] = macosGateways(route, "");
      return first ? macosGateways(route, await answerOf(run, "arp", ["-n", first.address])) : [];
    },
    lookFor: async (address) => {
      const [{ lookByEcho }, { echo }] = await Promise.all([import("../network/look-by-echo.ts"), import("./echo.macos.ts")]);
      const resolves = async (one: string) => macosCard(await answerOf(run, "arp", ["-n", one]), one) !== undefined;
      return lookByEcho(address, { echo, resolves });
    },
    asleepMs: () =>
      macos().then(
        (native) => native.asleepMs(),
        () => undefined,
      ),
    endReason: async () => endReason(run, await macos().catch(() => undefined)),
    loadService: async () => (await import("./service.macos.ts")).launchdService({ run } as Os),
    proxy: () =>
      run("scutil", ["--proxy"]).then(
        ({ stdout }) => macosProxy(stdout),
        () => noSystemProxy,
      ),
  };
}

/** What a program prints; empty when it cannot be run. */
const answerOf = (run: Os["run"], program: string, argumentList: readonly string[]): Promise<string> =>
  run(program, argumentList, { timeoutMs: 5_000 }).then(
    ({ stdout }) => stdout,
    () => "",
  );

/** macOS Sonoma 14.5 */
export function systemName(version: string): string {
  const name = marketingNames[version.split(".")[0]!];
  return `macOS ${name ? `${name} ` : ""}${version}`;
}

/** The name that the computer has in its network; what the resolver says (`hostname`) changes with the network that it is in. */
async function localName(): Promise<string> {
  const { plistText, readPropertyList } = await import("./plist.ts");
  try {
    const preferences = await readPropertyList(
      { readFile: readTextFile } as Os,
      "/Library/Preferences/SystemConfiguration/preferences.plist",
    );
    return plistText(preferences, "System", "Network", "HostNames", "LocalHostName")?.slice(0, 253) ?? "";
  } catch {
    return ""; // the other name is good enough
  }
}

/** The kernel says that the system is about to end; the programs that end it say whether it comes back. */
export async function endReason(
  run: Os["run"],
  calls: Pick<MacosCalls, "sysctlNumber"> | undefined,
): Promise<"shutdown" | "restart" | "agent-stop"> {
  try {
    const { stdout } = await run("ps", ["-axo", "args="], { timeoutMs: 2_000 });
    const lines = stdout.split("\n").map((line) => line.trim());
    if (lines.some((line) => /^(\/sbin\/)?(reboot|shutdown\s+(-\S+\s+)*-r)\b/.test(line))) return "restart";
    if (lines.some((line) => /^(\/sbin\/)?(halt|shutdown\s+(-\S+\s+)*-h)\b/.test(line))) return "shutdown";
  } catch {
    // the kernel may still know
  }
  return calls?.sysctlNumber("kern.willshutdown") === 1 ? "shutdown" : "agent-stop";
}

/** A property in the output of ioreg: `"Name" = "value"`. */
export function property(ioreg: string, name: string): string {
  return new RegExp(`"${name}" = "([^"]*)"`).exec(ioreg)?.[1] ?? "";
}
