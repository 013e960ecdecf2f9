import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { whyNoMachine, testNeeding } from "@hauswart/testkit/needs.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import collectors from "./index.ts";

const testOnMachine = testNeeding(whyNoMachine());

/** The machine as an agent in it would see it. */
function osOf(machine: Machine): Os {
  const cat = async (path: string) => {
    const { exitCode, stdout, stderr } = await machine.run(["cat", path]);
    if (exitCode !== 0) throw new OsError("COLLECT_UNREADABLE", stderr);
    return stdout;
  };
  return {
    readFile: cat,
    readLink: async (path: string) => (await machine.run(["readlink", path])).stdout.trim() || undefined,
    listDirectory: async (path: string) => (await machine.mustRun(["ls", "-A", path])).split("\n").filter(Boolean),
    run: async (program: string, argumentList: readonly string[]) => {
      const { exitCode, stdout, stderr } = await machine.run([program, ...argumentList]);
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
  } as unknown as Os;
}

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
    expect(first).toMatchObject({ lastRestart: "none-seen", restartPending: false });
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

    await machine.writeFile("/run/reboot-required", "*** System restart required ***\n");
    await machine.writeFile("/run/reboot-required.pkgs", "libc6\n");
    expect(await measure()).toMatchObject({ restartPending: true, restartReasons: "libc6", lastRestart: "orderly" });
  },
  180_000,
);
