import { expect } from "bun:test";
import type { Collector, Memory } from "@hauswart/agent/collector.ts";
import type { AnyCheck } from "@hauswart/protocol/check.ts";
import { workingWeek } from "@hauswart/testkit/working-week.ts";
import type { JudgedCheck } from "@hauswart/server/services.ts";
import { collectorProblems } from "@hauswart/testkit/check-conformance.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine } from "@hauswart/testkit/nspawn.ts";
import collectors from "./registry/agent.ts";
import judgedChecks from "./registry/server.ts";

/** What depends on how busy and how full the computer is that carries the machine, and not on the machine. */
const ofTheHost = ["cpu-load", "memory", "disk-space"];

machineTest()(
  "a healthy fresh Debian is measured by every check without a click, and raises nothing",
  async () => {
    await using machine = await bootMachine();
    // Its image may be weeks old; a healthy computer has looked for updates since.
    await machine.mustRun(["touch", "/var/lib/apt/lists"]);
    using os = osOf(machine);
    for (const { definition, judge } of (judgedChecks as readonly JudgedCheck[]).filter((judged) => judged.definition.onByDefault)) {
      const check: AnyCheck = definition;
      const collector = (collectors as unknown as Collector[]).find((one) => one.check === check.id)!;
      const memory: Memory = { values: new Map(), kept: {} };
      const { collected, problems } = await collectorProblems(check, collector, "linux", os, memory);
      expect({ check: check.id, problems, answer: Object.keys(collected) }).toEqual({ check: check.id, problems: [], answer: ["ok"] });
      if (!("ok" in collected) || ofTheHost.includes(check.id)) continue;
      const verdicts = judge({
        sample: collected.ok,
        settings: check.judgement.parse({}),
        past: { points: () => [] },
        at: Date.now(),
        calendar: workingWeek,
      });
      expect(verdicts.filter(({ state }) => state === "warning" || state === "failure")).toEqual([]);
    }
  },
  120_000,
);
