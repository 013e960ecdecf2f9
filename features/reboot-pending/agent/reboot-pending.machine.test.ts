import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { testNeeding, whyNoMachine } from "@hauswart/testkit/needs.ts";
import { bootMachine } from "@hauswart/testkit/nspawn.ts";
import collectors from "./index.ts";

testNeeding(whyNoMachine())(
  "a Debian computer needs a restart from the moment a package asks for it until it was restarted",
  async () => {
    await using machine = await bootMachine();
    using os = osOf(machine);
    const memory: Memory = { values: new Map(), kept: {} };
    const measure = async () => {
      const answer = await collectors[0]!.collect(
        { system: "linux", selection: {}, instance: "", os, signal: AbortSignal.timeout(30_000), now: () => Date.now() },
        memory,
      );
      if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
      return answer.ok;
    };
    expect(await measure()).toEqual({ pendingSince: null, causes: "", details: "" });
    await machine.writeFile("/run/reboot-required", "*** System restart required ***\n");
    await machine.writeFile("/run/reboot-required.pkgs", "libc6\nlibc6\n");
    expect(await measure()).toEqual({ pendingSince: expect.any(Number), causes: "packages", details: "libc6" });
    await machine.reboot();
    expect(await measure()).toEqual({ pendingSince: null, causes: "", details: "" });
  },
  120_000,
);
