import { expect } from "bun:test";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeLoopVolume } from "./loop-volume.ts";
import { testNeeding, whyNoLoopVolume } from "./needs.ts";
import { until } from "./until.ts";

const volumeTest = testNeeding(whyNoLoopVolume());
const mebibyte = 1024 * 1024;

volumeTest(
  "a loop volume can be filled in part, filled up and freed",
  async () => {
    await using volume = await makeLoopVolume();
    const empty = await volume.size();
    expect(empty.totalBytes).toBeGreaterThan(48 * mebibyte);
    await volume.fill(10 * mebibyte);
    expect(Math.abs((await volume.size()).availableBytes - 10 * mebibyte)).toBeLessThan(mebibyte);
    await volume.fill();
    expect((await volume.size()).availableBytes).toBeLessThan(64 * 1024);
    await expect(writeFile(join(volume.mountPoint, "more"), Buffer.alloc(mebibyte))).rejects.toThrow("ENOSPC");
    await volume.free();
    expect((await volume.size()).availableBytes).toBeGreaterThan(empty.availableBytes - 2 * mebibyte);
  },
  60_000,
);

volumeTest(
  "a loop volume leaves no mount and no file, also when the test fails",
  async () => {
    let mountPoint = "";
    const failing = async (): Promise<void> => {
      await using volume = await makeLoopVolume({ sizeBytes: 8 * mebibyte });
      ({ mountPoint } = volume);
      throw new Error("the test failed");
    };
    await expect(failing()).rejects.toThrow("the test failed");
    expect(existsSync(mountPoint)).toBe(false);
    expect(await readFile("/proc/self/mounts", "utf8")).not.toContain(mountPoint);
  },
  60_000,
);

volumeTest(
  "a volume of a test process that was killed is swept by the next",
  async () => {
    const script = `import { makeLoopVolume } from ${JSON.stringify(join(import.meta.dir, "loop-volume.ts"))};
    console.log((await makeLoopVolume({ sizeBytes: ${8 * mebibyte} })).mountPoint);
    await Bun.sleep(600_000);`;
    const victim = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", stderr: "inherit" });
    const { value } = await victim.stdout.getReader().read();
    const mountPoint = new TextDecoder().decode(value).trim();
    expect(await readFile("/proc/self/mounts", "utf8")).toContain(mountPoint);
    victim.kill("SIGKILL");
    await victim.exited;
    await using _next = await makeLoopVolume({ sizeBytes: 8 * mebibyte });
    // Another test process may make one just now, and then it is that one which sweeps.
    await until("the sweeping", () => !existsSync(mountPoint));
    expect(await readFile("/proc/self/mounts", "utf8")).not.toContain(mountPoint);
  },
  60_000,
);
