import { expect } from "bun:test";
import { measuring, osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine } from "@hauswart/testkit/nspawn.ts";
import collectors from "./index.ts";

machineTest(["chrony", "nftables"])(
  "rules of a Debian computer: none, one that keeps something out, one that lets everything in",
  async () => {
    // A network of its own: the rules are the machine's, not this computer's.
    // Both packages, as in the test of time-skew: one image serves both.
    await using machine = await bootMachine({ network: "own", packages: ["chrony", "nftables"] });
    using os = osOf(machine);
    const sample = measuring(os, collectors[0], {});
    const measure = async () => (await sample()).profiles;
    const system = { name: "system", onByItself: false, byPolicy: false };
    const { exitCode } = await machine.run(["nft", "list", "ruleset"]);
    if (exitCode !== 0) {
      // This kernel was built without nf_tables: then nothing is claimed.
      expect(await measure()).toMatchObject([{ ...system, state: "not-told" }]);
      return;
    }
    expect(await measure()).toMatchObject([{ ...system, state: "off" }]);
    await machine.mustRun(["nft", "add table inet filter"]);
    await machine.mustRun(["nft", "add chain inet filter input { type filter hook input priority 0; policy accept; }"]);
    await machine.mustRun(["nft", "add rule inet filter input tcp dport 22 accept"]);
    expect(await measure()).toMatchObject([{ ...system, state: "open", program: "nftables" }]);
    await machine.mustRun(["nft", "add rule inet filter input tcp dport 23 drop"]);
    expect(await measure()).toMatchObject([{ ...system, state: "on", program: "nftables" }]);
  },
  300_000,
);
