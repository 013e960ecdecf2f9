/** Real entries in the journal of a real Debian computer. */
import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { eventLog } from "../protocol.ts";
import judged from "../server/index.ts";
import { judge } from "../server/judge.ts";
import collectors from "./index.ts";

const testOnMachine = machineTest();

/** An agent on the machine, as far as this check goes: what it kept goes through a file, as in a restart. */
function agentOn(machine: Machine, changes: Parameters<typeof eventLog.selection.parse>[0] = {}) {
  const os = osOf(machine);
  const selection = eventLog.selection.parse(changes);
  let memory: Memory = { values: new Map(), kept: {} };
  const measure = async () => {
    const answer = await collectors[0]!.collect(
      { system: "linux", selection, instance: "", os, signal: AbortSignal.timeout(30_000), now: () => Date.now() },
      memory,
    );
    if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
    const sample = eventLog.sample.parse(answer.ok);
    const verdicts = judge({ sample, settings: eventLog.judgement.parse({}), past: { points: () => [] }, at: Date.now() });
    return {
      ...sample,
      rule: (name: string) => sample.rules.find(({ rule }) => rule === name),
      state: (name: string) => verdicts.find(({ subject }) => subject === name)?.state,
    };
  };
  return {
    measure,
    /** The agent is killed and started again; what was not saved is gone. */
    restart: (kept: string) => (memory = { values: new Map(), kept: JSON.parse(kept) as Record<string, unknown> }),
    saved: () => JSON.stringify(memory.kept),
    [Symbol.dispose]: () => os[Symbol.dispose](),
  };
}

/** Writes lines in one go, each with its priority, and waits until the journal has them. */
const write = (machine: Machine, program: string, lines: readonly string[]) =>
  machine.mustRun(["sh", "-euc", 'systemd-cat -t "$1"; journalctl --sync', "sh", program], { input: `${lines.join("\n")}\n` });

testOnMachine(
  "MON-4: what the journal says of trouble raises a finding, by curated rules and by one's own",
  async () => {
    await using machine = await bootMachine();
    using agent = agentOn(machine, { ownRules: ["Tank empty: source=tank*; text=*empty*; count=3; minutes=10; severity=failure"] });
    const before = await agent.measure();
    expect(before).toMatchObject({ problem: "", unreadCount: 0, rules: [] });
    expect(before.state("")).toBe("ok");

    await write(machine, "power", ["<1>the battery of the UPS is empty"]);
    await write(machine, "tank-7", ["<6>tank is empty", "<6>tank is full", "<6>still empty"]);
    for (let run = 0; run < 3; run++) await machine.run(["systemd-run", "--wait", "--unit", `broken-${run}`, "/bin/sh", "-c", "exit 3"]);
    await machine.mustRun(["journalctl", "--sync"]);
    const after = await agent.measure();
    expect(after.rule("critical-entry")).toMatchObject({ windowCount: 1, source: "power", texts: "the battery of the UPS is empty" });
    expect(after.state("critical-entry")).toBe("warning");
    expect(after.rule("service-failed")).toMatchObject({ windowCount: 3, source: "systemd" });
    expect(after.rule("service-failed")!.texts).toContain("broken-2.service");
    expect(after.state("service-failed")).toBe("warning");
    expect(after.rule("Tank empty")).toMatchObject({ isOwn: true, windowCount: 2, raisedAt: null });
    expect(after.state("Tank empty")).toBe("ok");
    expect(after.matches.map(({ rule }) => rule).sort()).toEqual([
      "Tank empty",
      "Tank empty",
      "critical-entry",
      ...Array.from({ length: 3 }, () => "service-failed"),
    ]);

    await write(machine, "tank-8", ["<6>empty again"]);
    expect((await agent.measure()).state("Tank empty")).toBe("failure");
  },
  120_000,
);

testOnMachine(
  "MON-4: nothing is lost or counted twice when the agent is killed, the journal is rotated and the computer restarts",
  async () => {
    await using machine = await bootMachine();
    using agent = agentOn(machine, { ownRules: ["Line: source=liner; count=1000"] });
    await agent.measure();
    let saved = agent.saved();
    const lines = (from: number, count: number) => Array.from({ length: count }, (_, index) => `<6>line ${from + index}`);

    await write(machine, "liner", lines(0, 20));
    await agent.measure(); // killed before it could save: this measurement never was
    agent.restart(saved);
    await write(machine, "liner", lines(20, 5));
    expect((await agent.measure()).rule("Line")).toMatchObject({ windowCount: 25 });
    saved = agent.saved();

    await write(machine, "liner", lines(25, 5));
    await machine.mustRun(["journalctl", "--rotate"]);
    await write(machine, "liner", lines(30, 5));
    agent.restart(saved);
    const rotated = await agent.measure();
    expect(rotated).toMatchObject({ matchedCount: 10 });
    expect(rotated.rule("Line")).toMatchObject({ windowCount: 35, texts: "line 34\nline 33\nline 32" });

    await machine.reboot();
    await write(machine, "liner", lines(35, 1));
    expect((await agent.measure()).rule("Line")).toMatchObject({ windowCount: 36 });
    expect(await agent.measure()).toMatchObject({ matchedCount: 0, matches: [] });
  },
  120_000,
);

testOnMachine(
  "MON-4: a storm of 100,000 lines is counted, costs one bounded sample, and hides nothing of the kernel's or of another source",
  async () => {
    await using machine = await bootMachine();
    await machine.writeFile("/etc/systemd/journald.conf.d/no-limit.conf", "[Journal]\nRateLimitIntervalSec=0\n");
    await machine.mustRun(["systemctl", "restart", "systemd-journald"]);
    using agent = agentOn(machine, { ownRules: ["Storm: source=stormy", "Quiet: source=quiet"] });
    await agent.measure();
    await write(machine, "quiet", ["<3>here I am"]);
    await machine.mustRun(["sh", "-euc", "seq 1 100000 | sed 's/^/<3>line /' | systemd-cat -t stormy; journalctl --sync"], {
      timeoutMs: 120_000,
    });
    const storm = await agent.measure();
    expect(storm.rule("Storm")!.windowCount + storm.unreadCount).toBe(100_000);
    expect(storm.rule("Storm")!.texts).toStartWith("line 100000\n");
    expect(storm.matches).toHaveLength(50);
    expect(JSON.stringify(storm).length).toBeLessThan(30_000);
    expect(storm.rule("Quiet")).toMatchObject({ windowCount: 1 });
    expect(storm.state("")).toBe("warning");
    expect((await agent.measure()).unreadCount).toBe(0);
  },
  240_000,
);

testOnMachine(
  "MON-4: a critical entry in the journal raises an alarm by mail, with what it says",
  async () => {
    await using machine = await bootMachine();
    using os = osOf(machine);
    await using house = await checkHouse({ collectors, judged, os });
    await house.setPolicy([{ check: "event-log", settings: {} }]);
    await house.waitForCheck("event-log", "", ({ state }) => state === "ok");
    await write(machine, "power", ["<1>the battery of the UPS is empty"]);
    await house.measureNow();
    const mail = await house.mails.waitForMail(({ message }) => (message.subject ?? "").includes("Kritischer Eintrag"));
    expect(mail.message.text).toContain("the battery of the UPS is empty");
    await house.waitForCheck("event-log", "", ({ state }) => state === "warning");
  },
  120_000,
);
