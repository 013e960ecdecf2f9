import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { whyNoMachine, testNeeding } from "@hauswart/testkit/needs.ts";
import { bootMachine } from "@hauswart/testkit/nspawn.ts";
import collectors from "./index.ts";

const testOnMachine = testNeeding(whyNoMachine());

testOnMachine(
  "a computer tells an orderly restart from a power cut, by its journal and by its record of log-ins",
  async () => {
    await using machine = await bootMachine();
    const memory: Memory = { values: new Map(), kept: {} };
    const measure = async () => {
      const answer = await collectors[0]!.collect(
        { system: "linux", selection: {}, instance: "", os: osOf(machine), signal: AbortSignal.timeout(30_000), now: () => Date.now() },
        memory,
      );
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      return answer.ok;
    };
    const first = await measure();
    expect(first).toMatchObject({ lastRestart: "none-seen" });
    expect(first.uptimeSeconds).toBeLessThan(300);

    await machine.reboot();
    expect((await measure()).lastRestart).toBe("orderly");

    await machine.cutPower();
    await machine.powerOn();
    expect((await measure()).lastRestart).toBe("unexpected");

    await machine.powerOff();
    await machine.powerOn();
    expect((await measure()).lastRestart).toBe("orderly");

    // The same without a journal that lasts.
    await machine.mustRun(["rm", "-rf", "/var/log/journal"]);
    await machine.cutPower();
    await machine.powerOn();
    expect((await measure()).lastRestart).toBe("unexpected");
    await machine.reboot();
    expect((await measure()).lastRestart).toBe("orderly");
  },
  180_000,
);
