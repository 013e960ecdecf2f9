import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Computer } from "@hauswart/protocol/wire/messages.ts";
import { OsError } from "../os.ts";
import { asleepMs, bootTime, linuxSystem, parseEndReason, parseOsRelease } from "./system.linux.ts";

const { os, describe: describeComputer } = linuxSystem();
const onLinux = process.platform === "linux";

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error instanceof OsError ? error.code : String(error)),
  );
}

describe("reading", () => {
  test("text, also of /proc files that say they are empty", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hauswart-os-"));
    try {
      const file = join(folder, "file");
      writeFileSync(file, "ä".repeat(50_000));
      expect((await os.readFile(file)).length).toBe(50_000);
      expect(await codeOf(os.readFile(file, 99_999))).toBe("COLLECT_OUTPUT_TOO_LARGE");
      expect((await os.readFile(file, 100_000)).length).toBe(50_000);
      expect(await codeOf(os.readFile(join(folder, "none")))).toBe("COLLECT_UNREADABLE");
      expect(await codeOf(os.readFile(folder))).toBe("COLLECT_UNREADABLE");
      symlinkSync("target", join(folder, "link"));
      expect(await os.readLink(join(folder, "link"))).toBe("target");
      expect(await os.readLink(file)).toBeUndefined();
      expect((await os.listDirectory(folder)).sort()).toEqual(["file", "link"]);
      if (onLinux) expect(await os.readFile("/proc/self/stat")).toContain(String(process.pid));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("what the file system knows of a file, and that there is none", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hauswart-os-"));
    try {
      const file = join(folder, "file");
      writeFileSync(file, "12345");
      symlinkSync(file, join(folder, "link"));
      for (const path of [file, join(folder, "link")]) expect(await os.fileInfo(path)).toMatchObject({ kind: "file", sizeBytes: 5 });
      expect((await os.fileInfo(folder))?.kind).toBe("folder");
      expect(Number.isInteger((await os.fileInfo(file))?.modifiedAtMs)).toBe(true);
      expect(await os.fileInfo(join(folder, "none"))).toBeUndefined();
      expect(await os.fileInfo(join(file, "below"))).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("sizes of a file system are consistent", async () => {
    const size = await os.fileSystemSize("/");
    expect(size.totalBytes).toBeGreaterThan(0);
    expect(size.availableBytes).toBeLessThanOrEqual(size.freeBytes);
    expect(size.freeBytes).toBeLessThanOrEqual(size.totalBytes);
    expect(await codeOf(os.fileSystemSize("/nowhere"))).toBe("COLLECT_UNREADABLE");
  });
});

describe("programs", () => {
  test("get their arguments as they are, the C locale and none of our environment", async () => {
    process.env["HAUSWART_TEST_SECRET"] = "secret";
    const result = await os.run("sh", ["-c", 'echo "$1|$LC_ALL|$HAUSWART_TEST_SECRET"; echo oops >&2; exit 3', "sh", "a b; $HOME"]);
    delete process.env["HAUSWART_TEST_SECRET"];
    expect(result).toEqual({ exitCode: 3, stdout: "a b; $HOME|C|\n", stderr: "oops\n" });
  });
  test("that take too long end the measurement, also when a child of theirs holds on", async () => {
    expect(await codeOf(os.run("sleep", ["30"], { timeoutMs: 100 }))).toBe("COLLECT_TIMED_OUT");
    expect(await codeOf(os.run("sh", ["-c", "sleep 3 & exit 0"], { timeoutMs: 100 }))).toBe("COLLECT_TIMED_OUT");
  });
  test("that write too much are ended", async () => {
    expect(await codeOf(os.run("yes", [], { limitBytes: 10_000 }))).toBe("COLLECT_OUTPUT_TOO_LARGE");
  });
  test("that do not exist", async () => {
    expect(await codeOf(os.run("no-such-program", []))).toBe("COLLECT_UNSUPPORTED");
    expect(await codeOf(os.run("/etc/passwd", []))).toBe("COLLECT_PERMISSION_DENIED");
  });
});

describe("what the computer says of itself", () => {
  test.skipIf(!onLinux)("fits the protocol, and the fingerprint stays", async () => {
    const first = await describeComputer();
    expect(Computer.safeParse({ ...first, agentVersion: "1" }).success).toBe(true);
    expect((await describeComputer()).fingerprint).toBe(first.fingerprint);
    expect(first.bootedAt).toBeLessThan(Date.now());
  });
  test("os-release is understood, quotes and all", () => {
    expect(
      parseOsRelease('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID=\'12\'\nID=debian\n# comment\nNAME="a \\"b\\""'),
    ).toEqual({
      PRETTY_NAME: "Debian GNU/Linux 12 (bookworm)",
      VERSION_ID: "12",
      ID: "debian",
      NAME: 'a "b"',
    });
  });
  test("the boot time comes from /proc/stat", () => {
    expect(bootTime("cpu 1 2\nbtime 1700000000\nprocesses 3\n", 5)).toBe(1_700_000_000_000);
    expect(bootTime("", 5)).toBe(5);
  });

  test("knows how long the computer has slept, by two clocks of the kernel", async () => {
    const timers = "Timer List Version: v0.10\nHRTIMER_MAX_CLOCK_BASES: 8\nnow at 49624542631541 nsecs\n\ncpu: 0\n";
    expect(asleepMs("53224.54 35323.11\n", timers)).toBeCloseTo(3_599_997.4, 1);
    expect(asleepMs("53224.54 35323.11\n", "")).toBeUndefined();
    expect(asleepMs("", timers)).toBeUndefined();
    if (process.platform !== "linux" || process.getuid?.() !== 0) return;
    const { asleepMs: now } = linuxSystem();
    const [first, second] = [await now!(), await now!()];
    // Nothing sleeps between two questions; both clocks are read one after the other.
    expect(Math.abs(second! - first!)).toBeLessThan(5_000);
  });
  test("systemd's jobs tell a shutdown and a restart from a stop of the agent alone", () => {
    expect(parseEndReason("  99 hauswart-agent.service stop  running\n 101 reboot.target start waiting\n")).toBe("restart");
    expect(parseEndReason("101 poweroff.target start waiting")).toBe("shutdown");
    expect(parseEndReason("99 hauswart-agent.service restart running\n")).toBe("agent-stop");
    expect(parseEndReason("")).toBe("agent-stop");
  });
});
