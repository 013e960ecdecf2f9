/** Runs one command. Each is loaded when it is wanted, so that `run` carries none of the others in memory. */
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import type { Collector } from "../collector.ts";
import type { System } from "../os/system.ts";
import { DataDirectory } from "../state/data-directory.ts";
import { takeProxyEnvironment, type ProxyEnvironment } from "../proxy/proxy-choice.ts";
import type { LoaderHost } from "../update/loader-host.ts";
import { parseCommandLine, required, usage, UsageError, type CommandLine } from "./options.ts";

export interface Program {
  readonly collectors: readonly Collector[];
  /** Declarations of the checks, for their default settings; only `collect` needs them. */
  loadChecks(): Promise<readonly AnyCheck[]>;
  loadSystem(): Promise<System>;
  readonly environment: Record<string, string | undefined>;
  /** Writes to standard output and standard error. */
  print(text: string): void;
  complain(text: string): void;
  /** Asks the person at the terminal; undefined where there is none. */
  ask?(question: string): Promise<string | undefined>;
  /** What loaded this application; undefined when it runs from its sources, and does not update itself. */
  readonly loader?: LoaderHost;
}

export interface CommandContext extends Program {
  readonly line: CommandLine;
  readonly system: System;
  readonly data: DataDirectory;
  /** For commands that connect: asking the computer may take a program. */
  proxyEnvironment(): Promise<ProxyEnvironment>;
}

/** @returns the exit code: 0, 1 when it failed, 2 when the command line was not understood, 3 for what `status` finds not running. */
export async function runCli(argumentList: readonly string[], program: Program): Promise<number> {
  try {
    const line = parseCommandLine(argumentList);
    if (line.command === "help") {
      program.print(usage);
      return 0;
    }
    if (line.command === "version") {
      const { agentVersion } = await import("../version.ts");
      program.print(`hauswart-agent ${agentVersion}`);
      return 0;
    }
    if (line.command === "disk-pages") {
      const { readPages } = await import("../os/linux/disk-pages.linux.ts");
      program.print(JSON.stringify(readPages(required(line, "device"), line.text["protocol"] === "nvme" ? "nvme" : "ata")));
      return 0;
    }
    const system = await program.loadSystem();
    const data = new DataDirectory(line.text["data"] ?? program.environment["HAUSWART_AGENT_DATA"] ?? system.defaultDataFolder);
    const own = takeProxyEnvironment(program.environment);
    return await execute({ ...program, line, system, data, proxyEnvironment: () => withSystemProxy(own, system) });
  } catch (error) {
    program.complain(error instanceof Error ? error.message : String(error));
    if (!(error instanceof UsageError)) return 1;
    program.complain("Try: hauswart-agent --help");
    return 2;
  }
}

/** Where the environment wishes nothing, the computer's own setting counts. */
async function withSystemProxy(environment: ProxyEnvironment, system: Pick<System, "proxy">): Promise<ProxyEnvironment> {
  if (environment.https_proxy || environment.all_proxy) return environment;
  const { https_proxy, no_proxy } = await system.proxy();
  return { ...environment, https_proxy, no_proxy: environment.no_proxy || no_proxy };
}

async function execute(context: CommandContext): Promise<number> {
  switch (context.line.command) {
    case "enrol":
      return (await import("./enrol.ts")).enrolCommand(context);
    case "run":
      return (await import("./run.ts")).runCommand(context);
    case "status":
      return (await import("./status.ts")).statusCommand(context);
    case "install":
    case "uninstall":
    case "stop":
      return (await import("./service.ts")).serviceCommand(context);
    default:
      return (await import("./collect.ts")).collectCommand(context);
  }
}
