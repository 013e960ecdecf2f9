import { expect } from "bun:test";
import { measuring, osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine } from "@hauswart/testkit/nspawn.ts";
import collectors from "./index.ts";

const testOnMachine = machineTest(["chrony", "nftables"]);

testOnMachine(
  "a container leaves its clock to its host; a computer asks systemd, and finds what timesyncd left",
  async () => {
    await using machine = await bootMachine();
    using os = osOf(machine);
    const measure = measuring(os, collectors[0], {});
    expect(await measure()).toMatchObject({ method: "host", synchronised: "not-needed" });
    await machine.mustRun(["rm", "/run/systemd/container"]);
    // Whether the kernel's clock is in step is the host's affair; systemd-timedated tells either way.
    expect(["none", "other"]).toContain((await measure()).method);
    await machine.mustRun(["sh", "-c", "mkdir /run/systemd/timesync && touch -d '10 minutes ago' /run/systemd/timesync/synchronized"]);
    const { sinceSyncSeconds, ...rest } = await measure();
    expect(rest).toEqual({ method: "timesyncd", synchronised: "yes", source: "" });
    expect(Math.abs(sinceSyncSeconds! - 600)).toBeLessThan(60);
  },
  120_000,
);

testOnMachine(
  "chrony is asked by its own program: without a source it says so, with one since when",
  async () => {
    // Both packages, as in the test of firewall: one image serves both.
    await using machine = await bootMachine({ packages: ["chrony", "nftables"] });
    using os = osOf(machine);
    const measure = measuring(os, collectors[0], {});
    await machine.mustRun(["rm", "/run/systemd/container"]);
    const configuration = "server 192.0.2.1\\nport 0\\npidfile /run/chrony/chronyd.pid\\nbindcmdaddress /run/chrony/chronyd.sock\\n";
    // -x: it leaves the clock alone, which is the host's.
    await machine.mustRun(["sh", "-c", `printf '${configuration}' > /tmp/chrony.conf; chronyd -x -f /tmp/chrony.conf`]);
    expect((await machine.mustRun(["chronyc", "-n", "-c", "tracking"])).trim()).toEndWith(",Not synchronised");
    expect(await measure()).toMatchObject({ method: "chrony", synchronised: "no", sinceSyncSeconds: null });
    await machine.mustRun(["chronyc", "local", "stratum", "5"]);
    const { sinceSyncSeconds, ...rest } = await measure();
    expect(rest).toMatchObject({ method: "chrony", synchronised: "yes" });
    expect(sinceSyncSeconds!).toBeLessThan(600);
  },
  300_000,
);
