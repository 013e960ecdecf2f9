import { describe, expect, test } from "bun:test";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { parseExtensions, parseJobs, readProducts } from "./read-products.macos.ts";

const plist = (entries: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>${entries}</dict></plist>`;
const bundle = (version: string) =>
  plist(`<key>CFBundleIdentifier</key><string>com.apple.XProtect</string><key>CFBundleShortVersionString</key><string>${version}</string>`);

const oldRules = "/Library/Apple/System/Library/CoreServices/XProtect.bundle/Contents/Info.plist";
const newRules = "/private/var/protected/xprotect/XProtect.bundle/Contents/Info.plist";
const remover = "/Library/Apple/System/Library/CoreServices/XProtect.app/Contents/Info.plist";
const removerBefore = "/Library/Apple/System/Library/CoreServices/MRT.app/Contents/Info.plist";
const updates = "/Library/Preferences/com.apple.SoftwareUpdate.plist";

const history = JSON.stringify({
  SPInstallHistoryDataType: [
    {
      _name: "XProtectPlistConfigData",
      install_date: "2026-11-18T19:06:12Z",
      install_version: "5323",
      package_source: "package_source_apple",
    },
    { _name: "XProtectPlistConfigData", install_date: "2026-09-01T10:00:00Z" },
    { _name: "XProtectPayloads", install_date: "2026-10-02T08:00:00Z", install_version: "156" },
    { _name: "macOS 26.1", install_date: "2026-11-20T08:00:00Z" },
  ],
});
const jobs = "PID\tStatus\tLabel\n-\t0\tcom.apple.xprotect\n412\t0\tcom.sentinelone.sentineld\n-\t78\tcom.eset.devmgd\n";
const extensions = [
  "2 extension(s)",
  "--- com.apple.system_extension.endpoint_security",
  "enabled\tactive\tteamID\tbundleID (version)\tname\t[state]",
  "*\t*\t4AYE5J54KN\tcom.sentinelone.sentineld.agent (25.1/1)\tSentinel\t[activated enabled]",
  "\t\tX9E956P446\tcom.crowdstrike.falcon.Agent (7.2/1)\tFalcon\t[terminated waiting to uninstall on reboot]",
].join("\n");

function osOf(files: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>> = {}): Os {
  return {
    readFile: async (path: string) => files[path] ?? Promise.reject(new OsError("COLLECT_UNREADABLE", path)),
    run: async (program: string) =>
      programs[program] === undefined
        ? Promise.reject(new OsError("COLLECT_UNSUPPORTED", `there is no program ${program}`))
        : { exitCode: 0, stdout: programs[program], stderr: "" },
  } as unknown as Os;
}

describe("XProtect", () => {
  test("with its remover, and the day its rules came", async () => {
    const os = osOf(
      {
        [oldRules]: bundle("5320"),
        [newRules]: bundle("5323"),
        [remover]: bundle("156"),
        [updates]: plist("<key>ConfigDataInstall</key><true/>"),
      },
      { system_profiler: history, launchctl: "PID\tStatus\tLabel\n", systemextensionsctl: "0 extension(s)\n" },
    );
    expect(await readProducts(os)).toMatchObject({
      ok: [
        {
          product: "XProtect",
          state: "active",
          signatures: "irregular",
          signatureVersion: "5323",
          signatureAt: Date.UTC(2026, 10, 18, 19, 6, 12),
          productVersion: "156",
          updates: "running",
          isBuiltIn: true,
          realTime: "on",
          problem: "",
        },
      ],
    });
  });

  test.each<[string, Readonly<Record<string, string>>, object]>([
    [
      "before macOS 12",
      { [oldRules]: bundle("2150"), [removerBefore]: bundle("1.84") },
      { signatureVersion: "2150", productVersion: "1.84" },
    ],
    [
      "that may not fetch new rules",
      { [oldRules]: bundle("1"), [updates]: plist("<key>ConfigDataInstall</key><false/>") },
      { updates: "not-running" },
    ],
    ["where nothing is set", { [oldRules]: bundle("1"), [updates]: plist("") }, { updates: "running" }],
    ["whose settings cannot be read", { [oldRules]: bundle("1") }, { updates: "unknown", signatureAt: null }],
  ])("%s", async (_, files, expected) => {
    expect(await readProducts(osOf(files))).toMatchObject({ ok: [expected] });
  });

  test("that cannot be read is no green", async () => {
    expect(await readProducts(osOf({}))).toMatchObject({ failed: "COLLECT_UNREADABLE" });
    expect(await readProducts(osOf({}, { launchctl: jobs }))).toMatchObject({ ok: [{ product: "XProtect", state: "unknown" }, {}, {}] });
  });
});

test("others by extension and job", async () => {
  const read = await readProducts(osOf({ [oldRules]: bundle("1") }, { launchctl: jobs, systemextensionsctl: extensions }));
  expect("ok" in read && read.ok.slice(1)).toMatchObject([
    { product: "ESET", state: "off", engine: "not-running" },
    { product: "SentinelOne", state: "active", engine: "running", signatures: "not-used" },
  ]);
});

test("lists that are none hold nothing", () => {
  expect([parseJobs(""), parseJobs("no tabs here\n"), parseExtensions(""), parseExtensions("*\t*\tx")]).toEqual([[], [], [], []]);
});
