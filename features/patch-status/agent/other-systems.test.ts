/** Package managers other than apt, Windows and macOS, on hand-made answers of the documented form. */
import { describe, expect, test } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { parsePlist } from "@hauswart/agent/os/macos/plist.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import type { WindowsCalls, WindowsUpdate } from "@hauswart/agent/os/windows/calls.ts";
import type { SystemName } from "@hauswart/protocol/check.ts";
import { patchStatus } from "../protocol.ts";
import { parseVersions } from "./apk.linux.ts";
import { parseAdvisories, parseInstalled, parseUpgrades, toUpdates } from "./dnf.ts";
import collectors from "./index.ts";
import { understand } from "./read-updates.macos.ts";
import { editionOf } from "./read-updates.windows.ts";
import { parsePackages, parsePatches } from "./zypper.ts";

const now = Date.UTC(2026, 10, 22, 10, 30);
const hour = 3_600_000;

const collectAt = async (system: SystemName, os: Partial<Os>, memory: Memory = { values: new Map(), kept: {} }) =>
  collectors[0]!.collect(
    {
      system,
      selection: patchStatus.selection.parse({}),
      instance: "",
      os: os as Os,
      signal: new AbortController().signal,
      now: () => now,
    },
    memory,
  );

describe("dnf", () => {
  const installed = parseInstalled(
    "openssl\tx86_64\t1:3.0.7-1.el9\nkernel\tx86_64\t0:5.14.0-1.el9\nkernel\tx86_64\t0:5.14.0-2.el9\nbash\tx86_64\t0:5.1.8-6.el9\n",
  );
  const upgrades = parseUpgrades(
    "\nopenssl\tx86_64\t1:3.0.7-3.el9\tbaseos\n\nkernel\tx86_64\t0:5.14.0-9.el9\tbaseos\nbash\tx86_64\t0:5.1.8-9.el9\tbaseos\nnew\tnoarch\t0:1-1\tappstream\n",
  );

  test.each([
    [
      "4",
      "RHSA-2026:100 Important/Sec. openssl-3.0.7-2.el9.x86_64\nRHSA-2026:101 Critical/Sec. kernel-5.14.0-9.el9.x86_64\nRHBA-2026:1 bugfix bash-5.1.8-9.el9.x86_64\n",
    ],
    [
      "5",
      "Name Type Severity Package Issued\nFEDORA-2026-1 security Important openssl-3.0.7-2.el9.x86_64 2026-11-01 02:03:04\nFEDORA-2026-2 security Critical kernel-5.14.0-9.el9.x86_64 2026-11-01 02:03:04\nFEDORA-2026-3 bugfix None bash-5.1.8-9.el9.x86_64 2026-11-01 02:03:04\n",
    ],
  ])("%s: advisories say what closes holes, also when a newer version came since", (_, advisories) => {
    const rows = toUpdates(upgrades, installed, parseAdvisories(advisories));
    expect(
      rows.map(({ name, installedVersion, availableVersion, isSecurity, severity, needsRestart }) => [
        name,
        installedVersion,
        availableVersion,
        isSecurity,
        severity,
        needsRestart,
      ]),
    ).toEqual([
      ["openssl.x86_64", "1:3.0.7-1.el9", "1:3.0.7-3.el9", true, "important", null],
      ["kernel.x86_64", "5.14.0-2.el9", "5.14.0-9.el9", true, "critical", true],
      ["bash.x86_64", "5.1.8-6.el9", "5.1.8-9.el9", false, "unknown", null],
    ]);
  });

  test("without lists nothing is said to be well", async () => {
    const os: Partial<Os> = {
      readFile: async (path) => {
        if (path === "/etc/os-release") return 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.6"\n';
        throw new Error(path);
      },
      listDirectory: async () => [],
      fileInfo: async () => undefined,
    };
    expect(await collectAt("linux", os)).toMatchObject({
      ok: { method: "dnf", listsState: "never-fetched", listsAgeSeconds: null, missingCount: 0, systemId: "rocky", systemVersion: "9.6" },
    });
  });
});

test("zypper: patches and packages", () => {
  const patches = `<?xml version='1.0'?><stream><update-status version="0.6"><update-list>
<update kind="patch" name="SUSE-SLE-2026-1" edition="1" arch="noarch" status="needed" category="security" severity="critical" interactive="reboot"><summary>a &lt;b></summary></update>
<update kind="patch" name="SUSE-SLE-2026-2" edition="1" status="needed" category="recommended" severity="moderate" interactive="false"/>
</update-list></update-status></stream>`;
  expect(parsePatches(patches).map(({ name, isSecurity, severity, needsRestart }) => [name, isSecurity, severity, needsRestart])).toEqual([
    ["SUSE-SLE-2026-1", true, "critical", true],
    ["SUSE-SLE-2026-2", false, "moderate", false],
  ]);
  const packages = `<update kind="package" name="a&amp;b" edition="2-1" edition-old="1-1" arch="x86_64"><source url="https://x"/></update>`;
  expect(parsePackages(packages)).toMatchObject([
    { name: "a&b.x86_64", installedVersion: "1-1", availableVersion: "2-1", isSecurity: false },
  ]);
  expect(parsePackages(patches)).toEqual([]);
});

test("apk: names with digits, and no word about security", () => {
  const output =
    "Installed:                                Available:\nbusybox-1.36.1-r5                       < 1.36.1-r15 \ngtk+2.0-2.24.33-r7 < 2.24.33-r8\nlinux-lts-6.6.1-r0 < 6.6.9-r0\n";
  expect(
    parseVersions(output).map(({ name, installedVersion, availableVersion, isSecurity, needsRestart }) => [
      name,
      installedVersion,
      availableVersion,
      isSecurity,
      needsRestart,
    ]),
  ).toEqual([
    ["busybox", "1.36.1-r5", "1.36.1-r15", null, null],
    ["gtk+2.0", "2.24.33-r7", "2.24.33-r8", null, null],
    ["linux-lts", "6.6.1-r0", "6.6.9-r0", null, true],
  ]);
});

describe("Windows", () => {
  const update = (changes: Partial<WindowsUpdate>): WindowsUpdate => ({
    updateId: "x",
    revision: 1,
    title: "2026-11 Kumulatives Update für Windows 11 (KB5099999)",
    articleIds: ["5099999"],
    severity: "",
    categories: ["0FA1201D-4330-4FA8-8AE9-B877473B6441"],
    isDownloaded: true,
    isMandatory: false,
    cveIds: [],
    ...changes,
  });
  const windowsOf = (searchUpdates: WindowsCalls["searchUpdates"], policy: Record<string, number> = {}, revision = 6584) =>
    ({
      windows: async () =>
        ({
          searchUpdates,
          registry: {
            value: async (_: string, name: string) => (name === "UBR" ? revision : "26200"),
            values: async (key: string) =>
              new Map<string, string | number>(
                key.endsWith("AU")
                  ? Object.entries(policy)
                  : Object.entries({
                      CurrentMajorVersionNumber: 10,
                      CurrentMinorVersionNumber: 0,
                      CurrentBuildNumber: "26200",
                      EditionID: "Professional",
                      InstallationType: "Client",
                    }),
              ),
          },
        }) as unknown as WindowsCalls,
    }) satisfies Partial<Os>;

  const searched =
    (updates: readonly WindowsUpdate[], resultCode = 2, warnings: readonly string[] = []) =>
    async () => ({ updates, resultCode, warnings });

  test("updates by category and severity, without Defender's signatures", async () => {
    const answer = await collectAt(
      "win32",
      windowsOf(
        searched([
          update({}),
          update({ title: "Treiber-Firmware", categories: [], articleIds: [] }),
          update({ title: "Office", categories: [], severity: "Critical" }),
          update({ title: "Signaturen", articleIds: ["2267602"] }),
          update({ title: "Signaturen 2", articleIds: [], categories: ["E0789628-CE08-4437-BE74-2495B842F43B"] }),
        ]),
        { AUOptions: 3 },
      ),
    );
    expect(answer).toMatchObject({
      ok: {
        missingCount: 3,
        securityCount: 2,
        listsAgeSeconds: 0,
        automaticUpdates: "download-only",
        systemId: "windows",
        systemVersion: "10.0.26200",
        systemEdition: "home-pro",
        updates: [
          { isSecurity: true, availableVersion: "KB5099999", missingSince: Math.floor(now / hour) * hour },
          { name: "Office", severity: "critical", isSecurity: true },
          { name: "Treiber-Firmware", isSecurity: false, missingSince: Math.floor(now / hour) * hour },
        ],
      },
    });
  });

  test.each<[string, number, string[]]>([
    ["that succeeded with errors", 3, []],
    ["that succeeded with a warning", 2, ["0x80240437"]],
  ])("MON-7 a search %s tells what it found, and not that this is all", async (_, resultCode, warnings) => {
    expect(await collectAt("win32", windowsOf(searched([update({})], resultCode, warnings)))).toMatchObject({
      ok: { listsState: "incomplete", listsAgeSeconds: null, missingCount: 1 },
    });
  });

  test.each([0, 1, 4, 5])("MON-7 a search that came to the result %d is none", async (resultCode) => {
    const answer = collectAt("win32", windowsOf(searched([], resultCode, ["0x8024402c no name server"])));
    await expect(answer).rejects.toThrow("The search for updates failed. 0x8024402c no name server");
  });

  test.each([
    ["was never installed", 6584, 27],
    ["was installed meanwhile", 6899, 0],
  ])("what replaces an update that %s", async (_, revision, days) => {
    const memory: Memory = { values: new Map(), kept: {} };
    await collectAt("win32", windowsOf(searched([update({ title: "2026-10 Security Update (KB5066835) (26200.6899)" })])), memory);
    memory.kept["missingSince"] = { [Object.keys(memory.kept["missingSince"] as object)[0]!]: now - 27 * 24 * hour };
    const offered = searched([update({ title: "2026-11 Security Update (KB5068861) (26200.7171)" })]);
    expect(await collectAt("win32", windowsOf(offered, {}, revision), memory)).toMatchObject({
      ok: { updates: [{ missingSince: Math.floor((now - days * 24 * hour) / hour) * hour }] },
    });
  });

  test("a search that fails is told, and the next one begins anew", async () => {
    const memory: Memory = { values: new Map(), kept: {} };
    let searches = 0;
    const os = windowsOf(async () => {
      searches++;
      if (searches === 1) throw new Error("0x8024402c");
      return searched([])();
    });
    await expect(collectAt("win32", os, memory)).rejects.toThrow("0x8024402c");
    expect(await collectAt("win32", os, memory)).toMatchObject({ ok: { missingCount: 0, listsState: "usable" } });
    expect(searches).toBe(2);
  });

  test.each([
    ["Professional", "home-pro"],
    ["Core", "home-pro"],
    ["Enterprise", "enterprise"],
    ["EnterpriseS", "long-term"],
    ["IoTEnterpriseS", "long-term"],
    ["IoTEnterprise", "enterprise"],
    ["Education", "enterprise"],
    ["", ""],
  ])("edition %s is %s", (editionId, expected) => {
    expect(editionOf(editionId)).toBe(expected);
  });
});

describe("macOS", () => {
  const list = (content: string) => parsePlist(`<?xml version="1.0"?><plist version="1.0"><dict>${content}</dict></plist>`);
  test("what the system's own search found", () => {
    const reading = understand(
      list(`<key>AutomaticCheckEnabled</key><true/><key>AutomaticDownload</key><true/>
<key>LastSuccessfulDate</key><date>2026-11-22T06:10:00Z</date>
<key>RecommendedUpdates</key><array>
<dict><key>Display Name</key><string>macOS Tahoe 26.6.3</string><key>Display Version</key><string>26.6.3</string><key>Identifier</key><string>MSU_UPDATE_25G90_patch_26.6.3_minor</string></dict>
<dict><key>Display Name</key><string>Command Line Tools for Xcode</string><key>Display Version</key><string>26.6</string></dict></array>`),
      "26.6.2",
    );
    expect(reading).toMatchObject({
      listsState: "usable",
      listsRefreshedAt: Date.UTC(2026, 10, 22, 6, 10),
      automaticUpdates: "download-only",
      updates: [
        { name: "macOS Tahoe 26.6.3", availableVersion: "26.6.3", isSecurity: true, needsRestart: true },
        { name: "Command Line Tools for Xcode", isSecurity: null },
      ],
    });
  });
  test("one that never searched knows nothing", () => {
    expect(understand(list(""), "26.1")).toMatchObject({ listsState: "never-fetched", listsRefreshedAt: null, updates: [] });
    expect(understand(list("<key>AutomaticCheckEnabled</key><false/>"), "26.1").automaticUpdates).toBe("off");
  });
});

test("a Linux that nobody knows is said to be unsupported", async () => {
  const os: Partial<Os> = { readFile: async () => "ID=plan9\n", fileInfo: async () => undefined };
  expect(await collectAt("linux", os)).toMatchObject({ failed: "COLLECT_UNSUPPORTED" });
});
