/** The native calls on a Windows computer, from a program that is built as the agent is. */
import { afterAll, beforeAll, describe, expect } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testNeeding, whyNoWindows } from "@hauswart/testkit/needs.ts";
import { startWindows, type WindowsComputer } from "@hauswart/testkit/wine.ts";
import { linuxGateways } from "../network/gateways.ts";
import { bunRuntime } from "../../../../../tools/bun-runtimes.ts";

const missing = whyNoWindows();
const windowsTest = testNeeding(missing);
const key = "HKLM\\SOFTWARE\\Hauswart Test";

/** Compiles the program that makes the calls. */
async function buildProbe(folder: string): Promise<string> {
  const path = join(folder, "probe.exe");
  const options = ["--compile", "--minify", "--bytecode", "--format=esm", "--splitting", "--target=bun-windows-x64", `--outfile=${path}`];
  const runtime = await bunRuntime("@oven/bun-windows-x64");
  const entry = join(import.meta.dir, "../../testing/windows-probe.ts");
  const built = Bun.spawnSync([process.execPath, "build", ...options, `--compile-executable-path=${runtime}`, entry]);
  if (built.exitCode !== 0) throw new Error(built.stderr.toString());
  return path;
}

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
  readonly detail?: string;
}

describe("native calls", () => {
  let computer: WindowsComputer;
  let answers: ReadonlyMap<string, Answer>;
  const folder = mkdtempSync(join(tmpdir(), "hauswart-probe-"));
  const value = (name: string) => {
    const answer = answers.get(name);
    if (!answer || answer.error !== undefined) throw new Error(`${name}: ${JSON.stringify(answer)}`);
    return answer.value;
  };

  beforeAll(async () => {
    if (missing !== undefined) return;
    computer = await startWindows({ hostName: "PC-EMPFANG", drives: [{ letter: "D", mebibytes: 64 }] });
    await computer.installFile(await buildProbe(folder), "C:\\probe.exe");
    const add = (name: string, type: string, data: string) =>
      computer.mustRun(["reg", "add", key, "/v", name, "/t", type, "/d", data, "/f"]);
    await add("text", "REG_SZ", "Täglich 10 €");
    await add("number", "REG_DWORD", "4294967295");
    await add("list", "REG_MULTI_SZ", "a\\0b");
    await add("long", "REG_SZ", "x".repeat(2_000));
    await computer.mustRun(["reg", "add", `${key}\\Below`, "/f"]);
    const settings = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Internet Settings";
    await computer.mustRun(["reg", "add", settings, "/v", "ProxyEnable", "/t", "REG_DWORD", "/d", "1", "/f"]);
    await computer.mustRun(["reg", "add", settings, "/v", "ProxyServer", "/d", "proxy.example:3128", "/f"]);
    const lines = (await computer.mustRun(["C:\\probe.exe", "all"], { timeoutMs: 120_000 })).trim().split("\n");
    answers = new Map(lines.map((line) => JSON.parse(line) as Answer & { name: string }).map((answer) => [answer.name, answer]));
  }, 960_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await computer?.[Symbol.asyncDispose]();
  });

  windowsTest("say which computer it is, and which proxy it has", () => {
    expect(value("describe")).toMatchObject({
      hostname: "PC-EMPFANG",
      system: "win32",
      systemName: expect.stringMatching(/^Windows 10 /),
      systemVersion: expect.stringMatching(/^10\.0\.\d+/),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(value("proxy")).toEqual({ https_proxy: "http://proxy.example:3128", no_proxy: "" });
  });

  windowsTest("tell how long the computer has slept: not at all", () => {
    expect(Math.abs(value("asleep") as number)).toBeLessThan(1_000);
  });

  windowsTest("know the gateway, as the computer below does", async () => {
    const below = linuxGateways(readFileSync("/proc/net/route", "utf8"), "", "");
    const told = (value("gateways") as { address: string }[]).map(({ address }) => address);
    expect(told).toEqual(below.map(({ address }) => address));
  });

  windowsTest("look for a neighbour: one that answers", () => {
    expect(value("lookFor")).toEqual({ answers: true, resolves: true });
  });

  windowsTest("read the registry", () => {
    expect(new Map(value("values") as [string, unknown][])).toEqual(
      new Map<string, unknown>([
        ["text", "Täglich 10 €"],
        ["number", 4_294_967_295],
        ["list", ["a", "b"]],
        ["long", "x".repeat(2_000)],
      ]),
    );
    expect(value("keys")).toEqual(["Below"]);
    expect(value("noKey")).toEqual([null, null]);
  });

  windowsTest("list services, start and stop them", () => {
    expect(value("services")).toContainEqual(
      expect.objectContaining({ name: "Spooler", state: "stopped", start: "manual", hasTrigger: false, processId: 0 }),
    );
    expect(value("services")).toContainEqual(
      expect.objectContaining({
        name: "Eventlog",
        displayName: "Event Log",
        state: "running",
        start: "automatic",
        processId: expect.any(Number),
      }),
    );
    expect(value("restart")).toEqual({ running: "running", stopped: "stopped" });
    expect(answers.get("noService")).toMatchObject({ error: "COLLECT_UNREADABLE", detail: expect.stringContaining("1060") });
  });

  windowsTest("measure volumes, processors, memory and processes", () => {
    const volumes = value("volumes") as { paths: string[]; fileSystem: string; kind: string; totalBytes: number; freeBytes: number }[];
    expect(volumes.find(({ paths }) => paths.includes("D:\\"))).toMatchObject({ totalBytes: 64 * 2 ** 20, freeBytes: 64 * 2 ** 20 });
    expect(volumes.find(({ paths }) => paths.includes("C:\\"))).toMatchObject({ kind: "fixed", fileSystem: "NTFS" });
    const times = value("processorTimes") as Record<string, number>;
    expect(times["processorCount"]).toBe(navigator.hardwareConcurrency);
    expect(times["userSeconds"]! + times["kernelSeconds"]! + times["idleSeconds"]!).toBeGreaterThan(1);
    const memory = value("memory") as Record<string, number>;
    expect(memory["availableBytes"]!).toBeLessThan(memory["totalBytes"]!);
    expect(memory["committedBytes"]!).toBeLessThan(memory["commitLimitBytes"]!);
    const processes = value("processes") as { name: string; workingSetBytes: number; startedAtMs: number }[];
    expect(processes.find(({ name }) => name === "probe.exe")!.workingSetBytes).toBeGreaterThan(1_000_000);
    expect(Math.abs(Date.now() - processes.find(({ name }) => name === "probe.exe")!.startedAtMs)).toBeLessThan(600_000);
    expect(processes.map(({ name }) => name)).toContain("services.exe");
  });

  windowsTest("know who is signed in, what powers it, and since when it runs", () => {
    // Wine says nothing of when, nor of a lock.
    const notTold = { signedInAtMs: null, isLocked: null, idleMs: null };
    expect(value("sessions")).toEqual([
      { sessionId: 1, user: "PC-EMPFANG\\root", state: "active", isConsole: true, isRemote: false, ...notTold },
    ]);
    expect(value("power")).toEqual({ isOnline: expect.anything(), battery: "none", chargePercent: null });
    expect(value("booted") as number).toBeLessThan(Date.now());
  });

  windowsTest("know accounts by name in any case, and which there are not", () => {
    expect(value("accounts")).toEqual(["S-1-5-18", "S-1-5-18", null]);
  });

  windowsTest("ask WMI: texts, numbers without sign, lists, nothing, what there is not", () => {
    const [system] = value("wmi") as Record<string, unknown>[];
    expect(system).toMatchObject({ Caption: expect.stringContaining("Windows"), TotalVisibleMemorySize: expect.any(Number) });
    expect(system!["LastBootUpTime"]).toMatch(/^\d{14}\.\d{6}/);
    const adapters = value("wmiLists") as { IPAddress: string[] | null }[];
    expect(adapters.some(({ IPAddress }) => Array.isArray(IPAddress) && IPAddress.every((address) => typeof address === "string"))).toBe(
      true,
    );
    expect(value("noWmi")).toEqual([]);
    expect(answers.get("noNamespace")).toMatchObject({ error: "COLLECT_UNSUPPORTED" });
  });

  windowsTest("ask objects of COM by name", () => {
    expect(value("byName")).toEqual([true, "txt", "C:\\a\\b"]);
  });

  windowsTest("give orders to devices, and say which there are not", () => {
    // DISK_GEOMETRY: cylinders, medium, tracks, sectors, and how many bytes a sector has.
    expect((value("device") as number[]).slice(20)).toEqual([0, 2, 0, 0]);
    expect(answers.get("noDevice")).toMatchObject({ error: "COLLECT_UNREADABLE", detail: expect.stringContaining("Windows error 2") });
  });

  windowsTest("say with a code what Wine only pretends to have: the event log, Windows Update", () => {
    for (const name of ["events", "newest", "channels"])
      expect(answers.get(name)).toMatchObject({ error: expect.stringMatching(/^COLLECT_/) });
    expect(answers.get("updates")).toMatchObject({ error: "COLLECT_UNSUPPORTED" });
  });
});
