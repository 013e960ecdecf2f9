import { describe, expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { antivirusStatus } from "../protocol.ts";
import collectors from "./index.ts";
import { readProducts } from "./read-products.linux.ts";

interface Computer {
  /** Unit file's state by unit. */
  readonly files?: Readonly<Record<string, string>>;
  /** Active state by loaded unit. */
  readonly loaded?: Readonly<Record<string, string>>;
  /** Content by path. */
  readonly content?: Readonly<Record<string, string>>;
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  readonly modifiedAtMs?: Readonly<Record<string, number>>;
}

const missing = (path: string) => new OsError("COLLECT_UNREADABLE", `${path}: ENOENT`);
const rejected = (error: Error): never => {
  throw error;
};
const glob = (pattern: string) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);

function osOf({ files = {}, loaded = {}, content = {}, folders = {}, modifiedAtMs = {} }: Computer): Os {
  const fits = (patterns: readonly string[], name: string) => patterns.some((pattern) => glob(pattern).test(name));
  const all: Readonly<Record<string, readonly string[]>> = { "/run/systemd/system": [], ...folders };
  return {
    readFile: async (path: string) => content[path] ?? Promise.reject(missing(path)),
    readStart: async (path: string, bytes: number) =>
      content[path] === undefined ? Promise.reject(missing(path)) : new TextEncoder().encode(content[path]).subarray(0, bytes),
    fileInfo: async (path: string) => ({ kind: "file", sizeBytes: 1, modifiedAtMs: modifiedAtMs[path] ?? 0 }),
    listDirectory: async (path: string) => [...(all[path] ?? rejected(missing(path)))],
    run: async () => ({ exitCode: 0, stdout: "ClamAV 1.4.3/27821/x\n", stderr: "" }),
    systemBus: async () => ({
      call: async (_: string, __: string, ___: string, member: string, ____: string, [, patterns]: [unknown, string[]]) =>
        member === "ListUnitFilesByPatterns"
          ? [Object.entries(files).flatMap(([name, state]) => (fits(patterns, name) ? [[`/lib/systemd/system/${name}`, state]] : []))]
          : [Object.entries(loaded).flatMap(([name, active]) => (fits(patterns, name) ? [[name, "", "loaded", active, ""]] : []))],
    }),
  } as unknown as Os;
}

const header = (version: number, seconds: number) =>
  `ClamAV-VDB:22 Nov 2026 04-12 -0500:${version}:20:90:${"a".repeat(32)}:X:builder:${seconds}`.padEnd(512);
const installed = { "clamav-daemon.service": "enabled", "clamav-daemon.socket": "enabled", "clamav-freshclam.service": "enabled" };
const running = { "clamav-daemon.service": "active", "clamav-freshclam.service": "active" };
const database: Computer = {
  folders: { "/var/lib/clamav": ["daily.cld", "main.cvd", "freshclam.dat", "broken.cvd"] },
  content: {
    "/var/lib/clamav/daily.cld": header(27_821, 1_795_338_744),
    "/var/lib/clamav/main.cvd": header(62, 1_631_795_562),
    "/var/lib/clamav/broken.cvd": "nothing",
  },
};

async function productsOf(computer: Computer) {
  const read = await readProducts(osOf(computer));
  if (!("ok" in read)) throw new Error(JSON.stringify(read));
  return read.ok;
}

describe("ClamAV", () => {
  test("that runs, with the date of its newest signatures", async () => {
    expect(await productsOf({ files: installed, loaded: running, ...database })).toMatchObject([
      {
        product: "ClamAV",
        state: "active",
        engine: "running",
        realTime: "off",
        updates: "running",
        signatureVersion: "daily 27821",
        signatureAt: 1_795_338_744_000,
        productVersion: "1.4.3",
        problem: "",
      },
    ]);
  });

  test.each<[string, Computer, object]>([
    [
      "stopped, although it starts with the system",
      { files: installed, loaded: {} },
      { state: "off", engine: "not-running", updates: "not-running" },
    ],
    ["failed", { files: installed, loaded: { "clamav-daemon.service": "failed" } }, { state: "off", engine: "not-running" }],
    [
      "starting",
      { files: installed, loaded: { "clamav-daemon.service": "activating" } },
      { state: "unknown", problem: "The service is starting." },
    ],
    ["waiting at its socket", { files: installed, loaded: { "clamav-daemon.socket": "active" } }, { state: "active" }],
    [
      "left off by an administrator",
      { files: { "clamav-daemon.service": "disabled", "clamav-freshclam.service": "enabled" }, loaded: {} },
      { state: "on-demand", engine: "not-running" },
    ],
    ["installed without its daemon", { files: { "clamav-freshclam.service": "enabled" } }, { state: "on-demand", engine: "unknown" }],
    ["of Red Hat's kind", { files: { "clamd@.service": "disabled" }, loaded: { "clamd@scan.service": "active" } }, { state: "active" }],
    [
      "updated by a timer",
      { files: { ...installed, "clamav-freshclam-once.timer": "enabled" }, loaded: { "clamav-freshclam-once.timer": "active" } },
      { updates: "running" },
    ],
    ["watching", { files: installed, loaded: { ...running, "clamav-clamonacc.service": "active" } }, { realTime: "on" }],
  ])("%s", async (_, computer, expected) => {
    expect(await productsOf({ ...database, ...computer })).toMatchObject([{ product: "ClamAV", ...expected }]);
  });

  test.each<[string, Computer, object]>([
    [
      "elsewhere",
      {
        content: { "/etc/clamav/freshclam.conf": "DatabaseDirectory /srv/clam\n", "/srv/clam/daily.cud": header(3, 1_795_000_000) },
        folders: { "/srv/clam": ["daily.cud"] },
      },
      { signatureVersion: "daily 3", signatureAt: 1_795_000_000_000 },
    ],
    [
      "in single files: their own time counts",
      {
        folders: { "/var/lib/clamav": ["house.ndb", "old.hdb", "readme.txt"] },
        modifiedAtMs: {
          "/var/lib/clamav/house.ndb": 1_795_000_000_000,
          "/var/lib/clamav/old.hdb": 5,
          "/var/lib/clamav/readme.txt": 1.9e12,
        },
      },
      { signatureVersion: "", signatureAt: 1_795_000_000_000, problem: "" },
    ],
    [
      "nowhere",
      { folders: { "/var/lib/clamav": [] } },
      { signatures: "outdated", signatureAt: null, problem: "There are no signatures in /var/lib/clamav." },
    ],
    ["out of reach", {}, { signatures: "not-told", signatureAt: null, problem: expect.stringContaining("COLLECT_UNREADABLE") }],
  ])("signatures %s", async (_, computer, expected) => {
    expect(await productsOf({ files: installed, loaded: running, ...computer })).toMatchObject([expected]);
  });
});

describe("others", () => {
  test.each<[string, Computer, object[]]>([
    ["none", {}, []],
    [
      "one that runs",
      { files: { "kesl.service": "enabled" }, loaded: { "kesl.service": "active" } },
      [{ product: "Kaspersky", state: "active", signatures: "not-told", isBuiltIn: false }],
    ],
    [
      "one that was stopped",
      { files: { "ds_agent.service": "enabled" } },
      [{ product: "Trend Micro", state: "off", engine: "not-running" }],
    ],
    [
      "one without signatures",
      { files: { "falcon-sensor.service": "enabled" }, loaded: { "falcon-sensor.service": "active" } },
      [{ product: "CrowdStrike Falcon", signatures: "not-used" }],
    ],
    ["one whose name only begins alike", { files: { "bdsecurity-report.service": "enabled" } }, []],
  ])("%s", async (_, computer, expected) => {
    expect(await productsOf(computer)).toMatchObject(expected);
    expect(await productsOf(computer)).toHaveLength(expected.length);
  });

  test("cannot be told without systemd", async () => {
    const os = { listDirectory: () => Promise.reject(missing("/run/systemd/system")) } as unknown as Os;
    expect(await readProducts(os)).toMatchObject({ noData: "no-systemd" });
  });

  test("a bus that does not answer is no proof of anything", async () => {
    const os = { listDirectory: async () => [], systemBus: () => Promise.reject(new OsError("COLLECT_TIMED_OUT", "bus")) } as unknown as Os;
    await expect(readProducts(os)).rejects.toThrow("bus");
  });
});

describe("the collector", () => {
  const hour = 3_600_000;
  const start = 1_795_338_744_000;
  const measureAt = async (memory: Memory, nowMs: number, exclude: string[] = []) => {
    const answer = await collectors[0]!.collect(
      {
        system: "linux",
        selection: antivirusStatus.selection.parse({ exclude }),
        instance: "",
        os: osOf({ files: installed, loaded: running, ...database }),
        signal: new AbortController().signal,
        now: () => nowMs,
      },
      memory,
    );
    if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
    return answer.ok;
  };

  test("tells the age, and counts what protects", async () => {
    const sample = await measureAt({ values: new Map(), kept: {} }, start + 5 * hour);
    expect(sample).toMatchObject({ system: "linux", activeCount: 1, resumedAt: null, products: [{ signatureAgeSeconds: 18_000 }] });
  });

  test("leaves out what it shall", async () => {
    expect(await measureAt({ values: new Map(), kept: {} }, start, ["Clam*"])).toMatchObject({ activeCount: 0, products: [] });
  });

  test("notices a pause, also over its own restart, and nothing shorter", async () => {
    const memory: Memory = { values: new Map(), kept: {} };
    expect((await measureAt(memory, start)).resumedAt).toBeNull();
    expect((await measureAt(memory, start + 2 * hour)).resumedAt).toBeNull();
    const restarted: Memory = { values: new Map(), kept: JSON.parse(JSON.stringify(memory.kept)) as Record<string, unknown> };
    expect((await measureAt(restarted, start + 60 * hour)).resumedAt).toBe(start + 60 * hour);
    expect(await measureAt(restarted, start + 61 * hour)).toMatchObject({ resumedAt: start + 60 * hour, pausedAt: start + 2 * hour });
  });
});
