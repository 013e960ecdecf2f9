import { expect } from "bun:test";
import { measuring, osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine } from "@hauswart/testkit/nspawn.ts";
import collectors from "./index.ts";

machineTest()(
  "a Debian computer needs a restart from the moment a package asks for it until it was restarted",
  async () => {
    await using machine = await bootMachine();
    using os = osOf(machine);
    const measure = measuring(os, collectors[0], {});
    expect(await measure()).toEqual({ pendingSince: null, causes: "", details: "" });
    await machine.writeFile("/run/reboot-required", "*** System restart required ***\n");
    await machine.writeFile("/run/reboot-required.pkgs", "libc6\nlibc6\n");
    expect(await measure()).toEqual({ pendingSince: expect.any(Number), causes: "packages", details: "libc6" });
    await machine.reboot();
    expect(await measure()).toEqual({ pendingSince: null, causes: "", details: "" });
  },
  120_000,
);
