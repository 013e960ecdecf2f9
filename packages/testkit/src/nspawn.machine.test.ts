import { afterAll, beforeAll, describe, expect } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { makeLoopVolume } from "./loop-volume.ts";
import { testNeeding, whyNoMachine } from "./needs.ts";
import { bootMachine, makeSiteNetwork, makeSitePlace, type Machine } from "./nspawn.ts";
import { testCacheFolder } from "./image-cache.ts";
import { baseImage } from "./nspawn-image.ts";
import { until } from "./until.ts";

const missing = whyNoMachine();
const machineTest = testNeeding(missing);
const bootIdFile = "/proc/sys/kernel/random/boot_id";
const service = "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n";

describe("one machine", () => {
  let machine: Machine;
  beforeAll(async () => {
    if (missing === undefined) machine = await bootMachine({ hostName: "pc-empfang" });
  }, 660_000);
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]();
  });

  machineTest("runs systemd and knows its name", async () => {
    expect((await machine.mustRun(["systemctl", "is-system-running"])).trim()).toBe("running");
    expect((await machine.mustRun(["hostname"])).trim()).toBe("pc-empfang");
  });

  machineTest("answers with exit code, output and errors", async () => {
    expect(await machine.run(["sh", "-c", "pwd; echo $COLOUR; echo broken >&2; exit 3"], { environment: { COLOUR: "blue" } })).toEqual({
      exitCode: 3,
      stdout: "/\nblue\n",
      stderr: "broken\n",
    });
    await expect(machine.mustRun(["cat", "/nothing/here"])).rejects.toThrow("No such file");
  });

  machineTest("takes files and runs them as services", async () => {
    await machine.writeFile("/opt/some where/hello", "#!/bin/sh\necho hello", "0750");
    expect(await machine.mustRun(["/opt/some where/hello"])).toBe("hello\n");
    await machine.startService("waiting", service);
    expect(await machine.mustRun(["systemctl", "is-active", "waiting"])).toBe("active\n");
    // The journal is written by another process, which the start does not wait for.
    const told = () => machine.mustRun(["journalctl", "--unit=waiting", "--no-pager"]);
    await until(
      async () => `the journal to tell of the start; it says ${await told()}`,
      async () => (await told()).includes("Started waiting.service"),
    );
  });

  machineTest(
    "restarts, keeps its disk and starts its services anew",
    async () => {
      const before = await machine.readFile(bootIdFile);
      await machine.reboot();
      expect(await machine.readFile(bootIdFile)).not.toBe(before);
      expect(await machine.mustRun(["systemctl", "is-active", "waiting"])).toBe("active\n");
    },
    120_000,
  );

  machineTest(
    "shuts down in an orderly way, loses its power, and comes up again each time",
    async () => {
      await machine.powerOff();
      await expect(machine.run(["true"])).rejects.toThrow("is off");
      await machine.powerOn();
      const leader = await machine.mustRun(["systemctl", "show", "--property=MainPID", "waiting"]);
      await machine.cutPower();
      await machine.powerOn();
      expect(await machine.mustRun(["systemctl", "show", "--property=MainPID", "waiting"])).not.toBe("MainPID=0\n");
      expect(leader).not.toBe("MainPID=0\n");
      expect(await machine.readFile("/opt/some where/hello")).toContain("echo hello");
    },
    240_000,
  );
});

describe("several machines", () => {
  beforeAll(async () => {
    if (missing === undefined) await baseImage();
  }, 660_000);

  machineTest(
    "do not touch each other",
    async () => {
      const [one, two] = await Promise.all([bootMachine(), bootMachine()]);
      await using _one = one;
      await using _two = two;
      await one.mustRun(["systemctl", "stop", "cron"]);
      expect(await two.mustRun(["systemctl", "is-active", "cron"])).toBe("active\n");
      const identities = await Promise.all([one, two].map((machine) => machine.readFile("/etc/machine-id")));
      expect(new Set(identities).size).toBe(2);
      await one.powerOff();
      expect(await two.mustRun(["systemctl", "is-active", "cron"])).toBe("active\n");
    },
    240_000,
  );

  machineTest(
    "reach servers on loopback, or have a cable of their own that can be pulled",
    async () => {
      using loopback = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("here") });
      await using shared = await bootMachine();
      expect(await fetchInside(shared, "127.0.0.1", loopback.port)).toContain("here");

      await using wired = await bootMachine({ network: "own" });
      expect(await fetchInside(wired, "127.0.0.1", loopback.port)).toBe("");
      const { network } = wired;
      const { hostAddress = "", machineAddress = "" } = network ?? {};
      using cable = Bun.serve({
        hostname: hostAddress,
        port: 0,
        fetch: (request, server) => new Response(server.requestIP(request)?.address),
      });
      expect(await fetchInside(wired, hostAddress, cable.port)).toContain(machineAddress);
      await network?.setLink("down");
      expect(await fetchInside(wired, hostAddress, cable.port)).toBe("");
      await network?.setLink("up");
      // The kernel takes up to a second to notice the carrier, and TCP backs off meanwhile.
      const answer = await until(
        "an answer through the cable",
        async () => (await fetchInside(wired, hostAddress, cable.port)) || undefined,
      );
      expect(answer).toContain(machineAddress);
    },
    240_000,
  );

  machineTest(
    "see a volume that is bound into them",
    async () => {
      await using volume = await makeLoopVolume();
      await using machine = await bootMachine({ binds: [{ source: volume.mountPoint, target: "/srv/data" }] });
      await volume.fill();
      expect(await machine.mustRun(["stat", "--file-system", "--format=%a", "/srv/data"])).toBe("0\n");
    },
    240_000,
  );

  machineTest(
    "leave nothing when the test fails",
    async () => {
      let id = "";
      const failing = async (): Promise<void> => {
        await using machine = await bootMachine({ network: "own" });
        id = machine.network?.name ?? "";
        throw new Error("the test failed");
      };
      await expect(failing()).rejects.toThrow("the test failed");
      expect(id).not.toBe("");
      expect(await traces(id)).toEqual([]);
    },
    240_000,
  );

  machineTest(
    "end with a test process that is killed, and the next boot sweeps its rests",
    async () => {
      const script = `import { bootMachine } from ${JSON.stringify(join(import.meta.dir, "nspawn.ts"))};
      const machine = await bootMachine({ network: "own" });
      console.log(machine.network.name);
      await Bun.sleep(600_000);`;
      const victim = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
      const { value } = await victim.stdout.getReader().read();
      const id = new TextDecoder().decode(value).trim();
      expect(await traces(id)).not.toEqual([]);
      victim.kill("SIGKILL");
      await victim.exited;
      await using _next = await bootMachine();
      // Another test process may boot one just now, and then it is that one which sweeps.
      await until(
        async () => `the sweeping; there is still ${(await traces(id)).join(", ")}`,
        async () => (await traces(id)).length === 0,
      );
    },
    240_000,
  );
});

machineTest("in a place in a site's network nothing comes or goes, whatever happens beside it", async () => {
  await using site = await makeSiteNetwork();
  await using place = await makeSitePlace(site);
  const seen = runCommand("ip", ["netns", "exec", place.name, "timeout", "3", "ip", "monitor", "link", "address"]);
  await using _other = await makeSitePlace(site);
  expect((await seen).stdout).toBe("");
});

/** An HTTP request with what the minimal image has: bash. Empty when there is no connection. */
async function fetchInside(machine: Machine, address: string, port: number | undefined): Promise<string> {
  const script = `exec 3<>/dev/tcp/${address}/${port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3`;
  return (await machine.run(["timeout", "3", "bash", "-c", script])).stdout;
}

/** What this computer still has of a machine: processes, network, folder, control groups. */
async function traces(network: string): Promise<string[]> {
  const id = network.replace("hauswart-test-", "");
  const processes = (await runCommand("ps", ["-eo", "pid,args"])).stdout
    .split("\n")
    .filter((line) => line.includes(id) && !line.includes("ps -eo"));
  const groups = (await runCommand("find", ["/sys/fs/cgroup", "-maxdepth", "4", "-name", network])).stdout.split("\n").filter(Boolean);
  const folders = existsSync(join(testCacheFolder(), "machines"))
    ? readdirSync(join(testCacheFolder(), "machines")).filter((name) => name === id)
    : [];
  const networks = existsSync(`/run/netns/${network}`) ? [network] : [];
  return [...processes, ...groups, ...folders, ...networks];
}
