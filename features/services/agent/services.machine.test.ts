import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { services } from "../protocol.ts";
import collectors from "./index.ts";
import type { Selection } from "./service-manager.ts";

const testOnMachine = machineTest();
const [collector] = collectors;

/** The collector as it runs in the agent, on the machine's own bus. */
async function collectorAt(machine: Machine, changes: Partial<Selection>) {
  const os = osOf(machine);
  const memory: Memory = { values: new Map(), kept: {} };
  const context = { system: "linux" as const, selection: services.selection.parse(changes), instance: "", os, now: () => Date.now() };
  let tell: () => void = () => {};
  const watcher = await collector!.watch!(context, memory, () => tell());
  return {
    measure: async () => {
      const answer = await collector!.collect({ ...context, signal: AbortSignal.timeout(60_000) }, memory);
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      return { ...answer.ok, row: (name: string) => answer.ok.services.find((service) => service.name === name) };
    },
    /** Resolves with the next event. */
    nextChange: () => new Promise<void>((resolve) => (tell = resolve)),
    [Symbol.dispose]: () => {
      watcher.stop();
      os[Symbol.dispose]();
    },
  };
}

testOnMachine(
  "a stopped service is told of at once, and is well again when it was started",
  async () => {
    await using machine = await bootMachine();
    using agent = await collectorAt(machine, {});
    expect((await agent.measure()).services.every(({ state }) => state === "running")).toBe(true);

    const stopped = agent.nextChange();
    await machine.mustRun(["systemctl", "stop", "cron"]);
    await stopped;
    expect((await agent.measure()).row("cron.service")).toMatchObject({ state: "stopped", watchedAs: "automatic", restart: "off" });

    const started = agent.nextChange();
    await machine.mustRun(["systemctl", "start", "cron"]);
    await started;
    expect((await agent.measure()).row("cron.service")).toMatchObject({ state: "running" });

    await machine.mustRun(["systemctl", "disable", "--now", "cron"]);
    expect((await agent.measure()).row("cron.service")).toBeUndefined();
  },
  120_000,
);

testOnMachine(
  "the agent restarts what is down, and gives up when it must",
  async () => {
    await using machine = await bootMachine();
    await machine.startService("works", "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n");
    await machine.startService(
      "breaks",
      "[Service]\nExecStart=/bin/sh -c 'test -e /run/broken && exit 3; exec sleep infinity'\n[Install]\nWantedBy=multi-user.target\n",
    );
    using agent = await collectorAt(machine, { restart: true });
    await agent.measure();

    await machine.mustRun(["sh", "-c", "touch /run/broken; systemctl stop works breaks"]);
    const first = await agent.measure();
    expect(first.row("works.service")).toMatchObject({ state: "running", restart: "succeeded", restartsIn24HoursCount: 1 });
    expect(first.row("breaks.service")).toMatchObject({ state: "failed", restart: "failed", problem: "exit-code 3" });
    expect(first.restarts.map(({ service, succeeded, attemptCount, detail }) => [service, succeeded, attemptCount, detail])).toEqual([
      ["breaks.service", false, 1, "exit-code 3"],
      ["works.service", true, 1, ""],
    ]);
    expect((await machine.mustRun(["systemctl", "is-active", "works"])).trim()).toBe("active");

    expect((await agent.measure()).row("breaks.service")).toMatchObject({ restart: "failed", restartsIn24HoursCount: 2 });
    const third = await agent.measure();
    expect(third.row("breaks.service")).toMatchObject({ state: "failed", restart: "gave-up" });
    expect(third.restarts).toEqual([]);
  },
  120_000,
);
