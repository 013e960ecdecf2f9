import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import type { RegistryValue, WindowsCalls, WindowsService, WmiValue } from "@hauswart/agent/os/windows/calls.ts";
import type { Memory } from "@hauswart/agent/collector.ts";
import { antivirusStatus } from "../protocol.ts";
import { fromStatus } from "./defender.ts";
import collectors from "./index.ts";
import { readProducts } from "./read-products.windows.ts";
import { fromCimTime, fromDay, fromUnixSeconds } from "./windows-times.ts";

type WmiRow = Readonly<Record<string, WmiValue>>;

interface Computer {
  /** Rows of AntiVirusProduct; undefined: a server. */
  readonly center?: readonly WmiRow[];
  readonly defender?: WmiRow;
  readonly services?: Readonly<Record<string, WindowsService["state"]>>;
  readonly registry?: Readonly<Record<string, Readonly<Record<string, RegistryValue>>>>;
  /** Programs that are there; those of `row` are, unless told otherwise. */
  readonly files?: readonly string[];
  /** Of WMI where it does not answer; there is no such namespace unless told otherwise. */
  readonly error?: OsError["code"];
}

const defenderGuid = "{D68DDC3A-831F-4fae-9E44-DA132C1ACF46}";
const program = "C:\\Program Files\\Guard\\guard.exe";
const row = (
  displayName: string,
  productState: number,
  instanceGuid = "{11111111-2222-3333-4444-555555555555}",
  changes: WmiRow = {},
): WmiRow => ({ displayName, instanceGuid, productState, pathToSignedProductExe: program, pathToSignedReportingExe: program, ...changes });

function osOf({ center, defender, services = {}, registry = {}, files = [program], error = "COLLECT_UNSUPPORTED" }: Computer): Os {
  const values = async (key: string) => (registry[key] ? new Map(Object.entries(registry[key])) : undefined);
  const windows = {
    services: { list: async () => Object.entries(services).map(([name, state]) => ({ name, state })) },
    registry: {
      values,
      value: async (key: string, name: string) => registry[key]?.[name],
      keys: async (key: string) => {
        const below = Object.keys(registry).filter((path) => path.startsWith(`${key}\\`));
        return below.length > 0 ? below.map((path) => path.slice(key.length + 1)) : undefined;
      },
    },
    wmi: async (namespace: string, query: string) => {
      // WQL that names its properties: a class that lacks one refuses the whole question.
      expect(query).not.toContain("*");
      const rows = namespace === "ROOT\\SecurityCenter2" ? center : defender && [defender];
      if (!rows) throw new OsError(error, `${namespace}: 0x8004100E`);
      return rows;
    },
  } as unknown as WindowsCalls;
  const fileInfo = async (path: string) => (files.includes(path) ? { kind: "file", sizeBytes: 1, modifiedAtMs: 0 } : undefined);
  return { windows: async () => windows, fileInfo } as unknown as Os;
}

async function productsOf(computer: Computer) {
  const read = await readProducts(osOf(computer));
  if (!("ok" in read)) throw new Error(JSON.stringify(read));
  return read.ok;
}

const status: WmiRow = {
  AMRunningMode: "Normal",
  AMServiceEnabled: true,
  AntivirusEnabled: true,
  RealTimeProtectionEnabled: true,
  AMProductVersion: "4.18.26100.9",
  AMEngineVersion: "1.1.26100.5",
  AntivirusSignatureVersion: "1.445.120.0",
  AntivirusSignatureLastUpdated: "20261122051230.000000+000",
  DefenderSignaturesOutOfDate: false,
  IsTamperProtected: true,
  QuickScanEndTime: "20261121121500.000000+060",
  FullScanEndTime: null,
};

describe("productState", () => {
  test.each<[string, number, string, string]>([
    ["397568: on, current", 397_568, "active", "current"],
    ["397584: on, out of date", 397_584, "active", "outdated"],
    ["393472: off", 393_472, "off", "current"],
    ["266240: on, of another maker", 266_240, "active", "current"],
    ["262144: off, of another maker", 262_144, "off", "current"],
    ["snoozed", 0x062000, "snoozed", "current"],
    ["licence has run out, out of date", 0x063010, "expired", "outdated"],
    ["nothing that is known", 0x067000, "unknown", "current"],
  ])("%s", async (_, bits, state, signatures) => {
    expect(await productsOf({ center: [row("Guard", bits)] })).toMatchObject([{ product: "Guard", state, signatures, isBuiltIn: false }]);
  });

  test.each<[string, WmiRow]>([
    ["without a name", { displayName: null, instanceGuid: "x", productState: 397_568 }],
    ["without a state", { displayName: "Guard", instanceGuid: "x", productState: null }],
    ["with a state that is none", { displayName: "Guard", instanceGuid: "x", productState: "on" }],
    ["empty", {}],
  ])("a row %s is left out", async (_, broken) => {
    expect(await productsOf({ center: [broken] })).toEqual([]);
  });
});

test("AV-4 what a product called outdated before a pause is remembered over it", async () => {
  const hour = 3_600_000;
  let memory: Memory = { values: new Map(), kept: {} };
  const [current, outdated] = [397_568, 397_584];
  const measure = async (bits: number, nowMs: number) => {
    memory = { values: new Map(), kept: JSON.parse(JSON.stringify(memory.kept)) as Record<string, unknown> };
    const os = osOf({ center: [row("Guard", bits)] });
    const context = { system: "win32" as const, instance: "", os, signal: new AbortController().signal, now: () => nowMs };
    const answer = await collectors[0]!.collect({ ...context, selection: antivirusStatus.selection.parse({}) }, memory);
    if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
    return answer.ok.products.map(({ wasOutdated }) => wasOutdated);
  };
  expect(await measure(current, hour)).toEqual([false]);
  expect(await measure(outdated, 20 * hour)).toEqual([false]);
  expect(await measure(outdated, 21 * hour)).toEqual([false]);
  expect(await measure(outdated, 40 * hour)).toEqual([true]);
  expect(await measure(current, 41 * hour)).toEqual([true]);
  expect(await measure(outdated, 60 * hour)).toEqual([false]);
});

describe("a registration in Security Center", () => {
  const on = 266_240;
  const off = 262_144;
  const named = (pathToSignedProductExe: string | null, pathToSignedReportingExe: string | null = null): WmiRow => ({
    pathToSignedProductExe,
    pathToSignedReportingExe,
  });
  const left = named("C:\\Program Files\\ESET\\gone.exe");
  const said = (timestamp: string): WmiRow => ({ timestamp });

  test.each<[string, WmiRow[], object]>([
    ["of a product that was uninstalled", [row("ESET Security", on, "", left)], { state: "off", engine: "not-running", realTime: "off" }],
    ["that names no program", [row("ESET Security", on, "", named(null))], { state: "unknown", engine: "unknown", realTime: "unknown" }],
    ["that names an address", [row("ESET Security", on, "", named("webroot://"))], { state: "unknown" }],
    ["that names a share", [row("ESET Security", on, "", named("\\\\server\\x.exe"))], { state: "unknown" }],
    ["of which one program is there", [row("ESET Security", on, "", { ...left, pathToSignedReportingExe: program })], { state: "active" }],
    ["by a variable", [row("ESET Security", on, "", named("%ProgramFiles%\\Guard\\guard.exe"))], { state: "active" }],
    [
      "by a variable of the system's",
      [row("ESET Security", on, "", named("%SystemDrive%\\Program Files\\Guard\\guard.exe"))],
      { state: "active" },
    ],
    ["by a variable that is not known", [row("ESET Security", on, "", named("%ESET%\\guard.exe"))], { state: "unknown" }],
    ["beside that of the version before, which is gone", [row("ESET Security", on, "", left), row("ESET Security", off)], { state: "off" }],
    [
      "after that of the version before, which is gone",
      [row("ESET Security", on), row("ESET Security", off, "", left)],
      { state: "active" },
    ],
    [
      "that is the newer one of two",
      [
        row("ESET Security", on, "", said("Sat, 21 Nov 2026 08:00:00 GMT")),
        row("ESET Security", off, "", said("Sun, 22 Nov 2026 08:00:00 GMT")),
      ],
      { state: "off" },
    ],
    [
      "that is the older one of two",
      [
        row("ESET Security", off, "", said("Sat, 21 Nov 2026 08:00:00 GMT")),
        row("ESET Security", on, "", said("Sun, 22 Nov 2026 08:00:00 GMT")),
      ],
      { state: "active" },
    ],
    ["that another one contradicts", [row("ESET Security", on), row("ESET Security", off)], { state: "unknown", signatures: "not-told" }],
    ["that another one bears out", [row("ESET Security", on), row("ESET Security", on)], { state: "active" }],
  ])("%s", async (_, center, expected) => {
    const registry = {
      "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion": { ProgramFilesDir: "C:\\Program Files" },
      "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion": { SystemRoot: "C:\\Windows" },
    };
    expect(await productsOf({ center, registry })).toMatchObject([{ product: "ESET Security", ...expected }]);
  });

  test("is believed where a service of the product runs", async () => {
    expect(await productsOf({ center: [row("ESET Security", on, "", left)], services: { ekrn: "running" } })).toMatchObject([
      { state: "active", engine: "running", problem: "" },
    ]);
  });

  test("is believed where the product keeps its folder closed", async () => {
    const os = {
      ...osOf({ center: [row("ESET Security", on)] }),
      fileInfo: () => Promise.reject(new OsError("COLLECT_PERMISSION_DENIED", "")),
    };
    expect(await readProducts(os)).toMatchObject({ ok: [{ state: "active" }] });
  });
});

describe("a PC", () => {
  test("with Defender alone", async () => {
    const products = await productsOf({
      center: [row("Windows Defender", 397_568, defenderGuid)],
      defender: status,
      services: { WinDefend: "running" },
    });
    expect(products).toMatchObject([
      {
        product: "Microsoft Defender",
        source: "defender",
        state: "active",
        engine: "running",
        realTime: "on",
        signatures: "current",
        signatureVersion: "1.445.120.0",
        signatureAt: Date.UTC(2026, 10, 22, 5, 12, 30),
        lastScanAt: Date.UTC(2026, 10, 21, 11, 15),
        tamperProtection: "on",
        isBuiltIn: true,
      },
    ]);
    expect(products).toHaveLength(1);
  });

  test("whose Defender stands aside for another product, with that one's date", async () => {
    const products = await productsOf({
      center: [row("Windows Defender", 393_472, defenderGuid), row("ESET Security", 266_240)],
      defender: { ...status, AMRunningMode: "Passive Mode", RealTimeProtectionEnabled: false },
      services: { WinDefend: "stopped", ekrn: "running" },
      registry: {
        "HKLM\\SOFTWARE\\ESET\\ESET Security\\CurrentVersion\\Info": { ScannerVersion: "31234 (20261121)", ProductVersion: "12.0.2045.0" },
      },
    });
    expect(products).toMatchObject([
      {
        product: "ESET Security",
        state: "active",
        engine: "running",
        signatures: "current",
        signatureVersion: "31234 (20261121)",
        signatureAt: Date.UTC(2026, 10, 21, 12),
        productVersion: "12.0.2045.0",
      },
      { product: "Microsoft Defender", state: "off", isBuiltIn: true },
    ]);
  });

  test("whose product claims to protect while its service does not run", async () => {
    expect(await productsOf({ center: [row("Trend Micro Apex One", 266_240)], services: { ntrtscan: "stopped" } })).toMatchObject([
      { product: "Trend Micro Apex One", state: "active", engine: "not-running" },
    ]);
  });

  test("with a product that nobody knows", async () => {
    expect(await productsOf({ center: [row("Hausgemacht AV", 397_584)] })).toMatchObject([
      { product: "Hausgemacht AV", state: "active", engine: "unknown", realTime: "on", signatures: "outdated", signatureAt: null },
    ]);
    expect(await productsOf({ center: [row("Hausgemacht AV", 262_144)] })).toMatchObject([
      { state: "off", realTime: "off", isBuiltIn: false },
    ]);
  });
});

test("a PC whose Defender is known to Security Center alone", async () => {
  expect(await productsOf({ center: [row("Windows Defender", 397_584, defenderGuid)] })).toMatchObject([
    { product: "Microsoft Defender", source: "security-center", state: "active", signatures: "outdated", isBuiltIn: true },
  ]);
});

describe("a server without Security Center", () => {
  test("with Defender by its registry, where WMI does not answer", async () => {
    const ticks = new Uint8Array(8);
    new DataView(ticks.buffer).setBigUint64(0, BigInt(Date.UTC(2026, 10, 22, 5) + 11_644_473_600_000) * 10_000n, true);
    const key = "HKLM\\SOFTWARE\\Microsoft\\Windows Defender";
    const registry = {
      [key]: { DisableAntiSpyware: 0 },
      [`${key}\\Signature Updates`]: { AVSignatureApplied: ticks, AVSignatureVersion: "1.445.120.0", EngineVersion: "1.1.26100.5" },
      [`${key}\\Features`]: { TamperProtection: 4 },
    };
    expect(await productsOf({ services: { WinDefend: "running" }, registry })).toMatchObject([
      {
        state: "active",
        realTime: "on",
        signatureAt: Date.UTC(2026, 10, 22, 5),
        signatureVersion: "1.445.120.0",
        tamperProtection: "off",
        signatures: "not-told",
      },
    ]);
    const off = { ...registry, [`${key}\\Real-Time Protection`]: { DisableRealtimeMonitoring: 1 } };
    expect(await productsOf({ services: { WinDefend: "running" }, registry: off })).toMatchObject([{ state: "off", realTime: "off" }]);
  });

  test.each<[string, Readonly<Record<string, RegistryValue>>, object]>([
    ["by a policy", { DisableAntiSpyware: 1 }, { state: "off" }],
    ["by a newer policy", { DisableAntiVirus: 1 }, { state: "off" }],
    ["because it stands aside", { PassiveMode: 1 }, { state: "off" }],
    ["not at all", { DisableAntiSpyware: 0, PassiveMode: 0 }, { state: "active" }],
  ])("whose Defender is switched off %s", async (_, values, expected) => {
    const key = "HKLM\\SOFTWARE\\Microsoft\\Windows Defender";
    const registry = { [key]: values, [`${key}\\Features`]: { TamperProtection: 5 } };
    const found = await productsOf({ services: { WinDefend: "running" }, registry });
    expect(found).toMatchObject([{ ...expected, isBuiltIn: true, tamperProtection: "on", signatureAt: null }]);
  });

  test.each<[string, Computer, object]>([
    [
      "Sophos",
      {
        services: { "Sophos Endpoint Defense Service": "running" },
        registry: { "HKLM\\SOFTWARE\\WOW6432Node\\Sophos\\AutoUpdate\\UpdateStatus": { LastUpdateTime: 1_795_300_000 } },
      },
      { product: "Sophos", state: "active", signatureAt: 1_795_300_000_000 },
    ],
    [
      "Symantec",
      {
        services: { SepMasterService: "stopped" },
        registry: {
          "HKLM\\SOFTWARE\\Symantec\\Symantec Endpoint Protection\\CurrentVersion\\public-opstate": {
            LatestVirusDefsDate: "2026-11-20",
            LatestVirusDefsRevision: 21,
          },
        },
      },
      {
        product: "Symantec",
        state: "off",
        engine: "not-running",
        signatureAt: Date.UTC(2026, 10, 20, 12),
        signatureVersion: "2026-11-20 r21",
      },
    ],
    [
      "Trellix",
      {
        services: { mfemms: "running" },
        registry: { "HKLM\\SOFTWARE\\McAfee\\AVSolution\\DS\\DS": { dwContentMajorVersion: 5_800, szContentCreationDate: "2026-11-19" } },
      },
      { product: "Trellix", signatureVersion: "5800", signatureAt: Date.UTC(2026, 10, 19, 12) },
    ],
    ["CrowdStrike", { services: { CSFalconService: "running" } }, { product: "CrowdStrike Falcon", signatures: "not-used" }],
  ])("with %s", async (_, computer, expected) => {
    expect(await productsOf(computer)).toMatchObject([expected]);
  });

  test("with nothing", async () => {
    expect(await productsOf({ services: { Spooler: "running" } })).toEqual([]);
  });
});

test("the version of a product is that of its entry among the installed programs, and not of its helpers", async () => {
  const root = "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Uninstall";
  const registry = {
    [`${root}\\{1}`]: { DisplayName: "Kaspersky Plug-in", DisplayVersion: "1.0" },
    [`${root}\\{2}`]: { DisplayName: "Kaspersky Endpoint Security for Windows", DisplayVersion: "12.8.0.505" },
    [`${root}\\{3}`]: { DisplayName: "Other Security", DisplayVersion: "9" },
    [`${root}\\{4}`]: { DisplayVersion: "8" },
  };
  const running = { "AVP21.19": "running" } as const;
  expect(await productsOf({ services: running, registry })).toMatchObject([
    { product: "Kaspersky", state: "active", productVersion: "12.8.0.505" },
  ]);
  const { [`${root}\\{2}`]: _, ...helpers } = registry;
  expect(await productsOf({ services: running, registry: helpers })).toMatchObject([{ productVersion: "1.0" }]);
  expect(await productsOf({ services: running })).toMatchObject([{ productVersion: "" }]);
});

describe("a Security Center that does not answer", () => {
  test("is no proof that there is no product", async () => {
    await expect(readProducts(osOf({ error: "COLLECT_TIMED_OUT" }))).rejects.toMatchObject({ code: "COLLECT_TIMED_OUT" });
  });
  test("is no proof either when Defender has stepped back", async () => {
    const stopped = osOf({ defender: { ...status, AMRunningMode: "Passive Mode" }, services: { WinDefend: "running" } });
    const windows = await stopped.windows();
    const wmi: WindowsCalls["wmi"] = (namespace, query) =>
      namespace === "ROOT\\SecurityCenter2" ? Promise.reject(new OsError("COLLECT_TIMED_OUT", "")) : windows.wmi(namespace, query);
    await expect(readProducts({ windows: async () => ({ ...windows, wmi }) } as unknown as Os)).rejects.toMatchObject({
      code: "COLLECT_TIMED_OUT",
    });
  });
  test("does not hide what runs", async () => {
    expect(await productsOf({ error: "COLLECT_TIMED_OUT", services: { ekrn: "running" } })).toMatchObject([
      { product: "ESET", state: "active" },
    ]);
  });
});

test("a product whose registry is not for us is told of without a date, and with the reason", async () => {
  const os = osOf({ services: { ekrn: "running" } });
  const windows = await os.windows();
  const closed = { ...windows, registry: { values: () => Promise.reject(new OsError("COLLECT_PERMISSION_DENIED", "access")) } };
  const read = await readProducts({ windows: async () => closed } as unknown as Os);
  expect(read).toMatchObject({ ok: [{ product: "ESET", signatureAt: null, problem: "COLLECT_PERMISSION_DENIED: access" }] });
});

test.each<[string, WmiRow, object]>([
  ["in passive mode", { AMRunningMode: "SxS Passive Mode" }, { state: "off" }],
  ["only to answer EDR", { AMRunningMode: "EDR Block Mode" }, { state: "off" }],
  ["without real-time protection", { RealTimeProtectionEnabled: false }, { state: "off", realTime: "off" }],
  [
    "of an older version, which tells less",
    { AMRunningMode: null, IsTamperProtected: null, DefenderSignaturesOutOfDate: null },
    { state: "active", tamperProtection: "unknown", signatures: "not-told" },
  ],
  ["that is out of date by its own word", { DefenderSignaturesOutOfDate: true }, { signatures: "outdated" }],
  ["that never scanned", { QuickScanEndTime: null }, { lastScanAt: null }],
])("Defender %s", (_, changes, expected) => {
  expect(fromStatus({ ...status, ...changes }, undefined)).toMatchObject({ engine: "unknown", ...expected });
});

describe("moments", () => {
  test.each<[string, number | null]>([
    ["20261122071113.000000+000", Date.UTC(2026, 10, 22, 7, 11, 13)],
    ["20261122071113.123456+060", Date.UTC(2026, 10, 22, 6, 11, 13)],
    ["20261122071113.000000-300", Date.UTC(2026, 10, 22, 12, 11, 13)],
    ["16010101000000.000000+000", Date.UTC(1601, 0, 1)],
    ["2026-11-22", null],
    ["", null],
  ])("CIM %p", (text, expected) => {
    expect(fromCimTime(text)).toBe(expected);
  });
  test.each<[RegistryValue | undefined, number | null]>([
    ["2026-11-22", Date.UTC(2026, 10, 22, 12)],
    ["2026/11/22", Date.UTC(2026, 10, 22, 12)],
    ["31234 (20261122)", Date.UTC(2026, 10, 22, 12)],
    [20_261_122, Date.UTC(2026, 10, 22, 12)],
    ["31234", null],
    ["", null],
    [undefined, null],
  ])("a day %p", (value, expected) => {
    expect(fromDay(value)).toBe(expected);
  });
  test("seconds that are none", () => {
    expect([fromUnixSeconds(0), fromUnixSeconds("x")]).toEqual([null, null]);
  });
});
