import { expect } from "bun:test";
import { measuring, osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine } from "@hauswart/testkit/nspawn.ts";
import collectors from "./index.ts";

const testOnMachine = machineTest();

testOnMachine(
  "a computer tells an orderly restart from a power cut, by its journal and by its record of log-ins",
  async () => {
    await using machine = await bootMachine();
    using os = osOf(machine);
    const measure = measuring(os, collectors[0], {});
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
