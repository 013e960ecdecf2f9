import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  automaticUpdates,
  heldPackages,
  isSecurityRelease,
  isSecuritySource,
  leavesNothing,
  parseRelease,
  parseSimulation,
  parseTargets,
  parseUpgradable,
  toUpdates,
} from "./apt.ts";

/** `apt-get -s -q dist-upgrade` of a Debian 12 that was not updated for months. */
const recorded = readFileSync(join(import.meta.dir, "../testdata/debian-12.simulate.txt"), "utf8");

test("apt list --upgradable: packages of which an archive of security updates has a newer version", () => {
  const printed = [
    "Listing...",
    "libc6/oldstable,oldstable-security 2.36-9+deb12u13 amd64 [upgradable from: 2.36-9]",
    "libc6/oldstable-security 2.36-9+deb12u13 i386 [upgradable from: 2.36-9]",
    "tzdata/oldstable-updates 2026f-0+deb12u1 all [upgradable from: 2025b-0+deb12u2]",
    "own/oldstable-security-of-ours 2 amd64 [upgradable from: 1]",
    "N: There is 1 additional version.",
    "",
  ].join("\n");
  expect(parseUpgradable(printed, "oldstable-security")).toEqual(["libc6", "libc6:amd64", "libc6", "libc6:i386"]);
  expect(parseUpgradable("", "oldstable-security")).toEqual([]);
});

describe("apt-get -s dist-upgrade", () => {
  test("recorded on Debian 12: every upgrade, with where it comes from", () => {
    const upgrades = parseSimulation(recorded);
    const announced = Number(/^(\d+) upgraded/m.exec(recorded)![1]);
    expect(upgrades.length).toBe(announced);
    expect(upgrades[0]).toEqual({
      name: "base-files",
      installedVersion: "12.4+deb12u11",
      availableVersion: "12.4+deb12u15",
      source: "Debian:12.15/oldstable",
    });
    expect(upgrades.find(({ name }) => name === "libgcrypt20")!.source).toBe(
      "Debian:12.15/oldstable, Debian-Security:12/oldstable-security",
    );
    expect(upgrades.every(({ source }) => /^[\w-]+:/.test(source))).toBe(true);
    expect(leavesNothing(recorded)).toBe(/ and 0 not upgraded/.test(recorded));
  });

  test.each<[string, string | undefined]>([
    ["Inst libc6:i386 [2.36-9] (2.36-10 Debian:12.12/oldstable [i386])", "libc6:i386 2.36-9 2.36-10 Debian:12.12/oldstable"],
    ["Inst docker-ce [5:1] (5:2 Docker CE:bookworm/bookworm [amd64]) []", "docker-ce 5:1 5:2 Docker CE:bookworm/bookworm"],
    ["Inst own [1] (2 localhost [all]) [libc6:amd64 ]", "own 1 2 localhost"],
    ["Inst linux-image-6.1.0-40-amd64 (6.1.153-1 Debian:12.12/oldstable [amd64])", undefined],
    ["Conf libc6 (2.36-10 Debian:12.12/oldstable [amd64])", undefined],
    ["Remv old [1]", undefined],
    ["Inst broken [1 (2", undefined],
    ["", undefined],
  ])("%s", (line, expected) => {
    const [found] = parseSimulation(line);
    expect(found && `${found.name} ${found.installedVersion} ${found.availableVersion} ${found.source}`).toBe(expected);
  });
});

test.each([
  ["Debian-Security:12/oldstable-security", true],
  ["Debian:12.15/oldstable, Debian-Security:12/oldstable-security", true],
  ["Ubuntu:24.04/noble-security", true],
  ["Ubuntu:24.04/noble-updates, Ubuntu:24.04/noble-security", true],
  ["UbuntuESMApps:24.04/noble-apps-security", true],
  ["Debian:12.15/oldstable", false],
  ["Ubuntu:24.04/noble-updates", false],
  ["", false],
])("%s is security: %p", (source, expected) => {
  expect(isSecuritySource(source)).toBe(expected);
});

test("what is not installed now is held when somebody holds it, and deferred otherwise", () => {
  const upgrade = (name: string) => ({ name, installedVersion: "1", availableVersion: "2", source: "Debian:12/x" });
  const states = toUpdates([upgrade("a")], [upgrade("a"), upgrade("b:i386"), upgrade("c")], new Set(["b"]), new Set()).map(
    ({ name, state }) => [name, state],
  );
  expect(states).toEqual([
    ["a", "available"],
    ["b:i386", "held"],
    ["c", "deferred"],
  ]);
});

test("held packages are those that somebody wishes to hold", () => {
  expect([...heldPackages("install a\nhold b\ndeinstall holder\n\n")]).toEqual(["b"]);
});

describe("sources", () => {
  test("each is named once, by site and release, without a password", () => {
    const lists = "/var/lib/apt/lists";
    const output = [
      `http://deb.debian.org/debian|bookworm|Packages|main/binary-amd64/Packages|${lists}/deb.debian.org_debian_dists_bookworm_main_binary-amd64_Packages.lz4`,
      `http://deb.debian.org/debian|bookworm|Packages|contrib/binary-amd64/Packages|${lists}/deb.debian.org_debian_dists_bookworm_contrib_binary-amd64_Packages`,
      `http://deb.debian.org/debian|bookworm|Translations|main/i18n/Translation-en|${lists}/x`,
      `https://user:geheim@packages.example/apt||Packages|Packages|${lists}/packages.example_apt_._Packages`,
      "nonsense",
    ].join("\n");
    expect(parseTargets(output)).toEqual([
      { source: "deb.debian.org/debian bookworm", prefix: `${lists}/deb.debian.org_debian_dists_bookworm_` },
      { source: "packages.example/apt", prefix: `${lists}/packages.example_apt_._` },
    ]);
  });

  test("the head of a release file", () => {
    const text = [
      "-----BEGIN PGP SIGNED MESSAGE-----",
      "Hash: SHA256",
      "",
      "Origin: Debian",
      "Label: Debian-Security",
      "Suite: oldstable-security",
      "Codename: bookworm-security",
      "Valid-Until: Fri, 27 Nov 2026 00:12:41 UTC",
      "SHA256:",
      " 0 0 Label: something else",
    ].join("\n");
    const release = parseRelease(text);
    expect(release).toEqual({
      label: "Debian-Security",
      suite: "oldstable-security",
      codename: "bookworm-security",
      validUntilMs: Date.UTC(2026, 10, 27, 0, 12, 41),
    });
    expect(isSecurityRelease(release)).toBe(true);
    expect(isSecurityRelease(parseRelease("Label: Debian\nSuite: oldstable\nCodename: bookworm\n"))).toBe(false);
    expect(isSecurityRelease(parseRelease("Label: Ubuntu\nSuite: noble-security\n"))).toBe(true);
    expect(parseRelease("Valid-Until: never\n").validUntilMs).toBeUndefined();
  });
});

test.each([
  ['APT::Periodic "";\nAPT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n', true, "on"],
  ['APT::Periodic::Unattended-Upgrade "1";\n', false, "off"],
  ['APT::Periodic::Unattended-Upgrade "0";\nAPT::Periodic::Download-Upgradeable-Packages "1";\n', true, "download-only"],
  ["", true, "off"],
])("automatic updates %#", (dump, isInstalled, expected) => {
  expect(automaticUpdates(dump, isInstalled)).toBe(expected as never);
});
