/** For tests: an agent as its users run it, with collectors that are made up. */
import { z } from "zod";
import { runCli } from "@hauswart/agent/cli/cli.ts";
import type { Collector } from "@hauswart/agent/collector.ts";
import { thisSystem } from "@hauswart/agent/os/system.ts";

let count = 0;
const run = `${process.pid}`;

const collectors: Collector[] = [
  { check: "counting", version: 1, collect: async () => ({ ok: { run, count: ++count } }) },
  { check: "failing", version: 3, collect: async () => ({ failed: "COLLECT_UNREADABLE", detail: { system: "made up" } }) },
  {
    check: "acting",
    version: 1,
    collect: async ({ onlyLook, selection }: { onlyLook?: boolean; selection: unknown }, memory) => {
      memory.kept["runs"] = Number(memory.kept["runs"] ?? 0) + 1;
      return { ok: { acted: !onlyLook, selection, runs: memory.kept["runs"] } };
    },
  },
];

const declared = (id: string, onByDefault: boolean) => ({ id, onByDefault, selection: z.object({ depth: z.number().default(3) }) });

process.exitCode = await runCli(process.argv.slice(2), {
  collectors,
  loadChecks: async () => [declared("counting", true), declared("failing", true), declared("acting", false)] as never,
  loadSystem: thisSystem,
  environment: process.env,
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
});
