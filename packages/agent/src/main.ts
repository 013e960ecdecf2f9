/**
 * The application: everything but the loader (update/start.ts). Built into the executable, and as the bundle that a release carries. The
 * only file of the host that reaches into the features, through their registries.
 */
import collectors from "../../../features/registry/agent.ts";
import { runCli } from "./cli/cli.ts";
import { thisSystem } from "./os/system.ts";
import { carrySandbox } from "./proxy/sandbox-file.ts";
import type { Collector } from "./collector.ts";
import type { LoaderHost } from "./update/loader-host.ts";

/** @param loader what loaded this; undefined when it runs from its sources. @returns the exit code */
export function runApplication(argumentList: readonly string[], loader?: LoaderHost): Promise<number> {
  carrySandbox(loader?.assets["quickjs.wasm"]);
  return runCli(argumentList, {
    collectors: collectors as readonly Collector[],
    loadChecks: async () => (await import("../../../features/registry/protocol.ts")).default,
    loadSystem: thisSystem,
    environment: process.env,
    print: (text) => console.log(text),
    complain: (text) => console.error(text),
    ask: async (question) => (process.stdin.isTTY ? (prompt(question) ?? "") : undefined),
    ...(loader ? { loader } : {}),
  });
}

if (import.meta.main && Bun.isMainThread) void runApplication(process.argv.slice(2)).then((exitCode) => (process.exitCode = exitCode));
