/** The agent's entry point. The only file of the host that reaches into the features, through their registries. */
import collectors from "../../../features/registry/agent.ts";
import { runCli } from "./cli/cli.ts";
import { thisSystem } from "./os/system.ts";
import type { Collector } from "./collector.ts";

process.exitCode = await runCli(process.argv.slice(2), {
  collectors: collectors as readonly Collector[],
  loadChecks: async () => (await import("../../../features/registry/protocol.ts")).default,
  loadSystem: thisSystem,
  environment: process.env,
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
  ask: async (question) => (process.stdin.isTTY ? (prompt(question) ?? "") : undefined),
});
