import { expect } from "bun:test";
import type { Memory } from "@hauswart/agent/collector.ts";
import { checkHouse } from "@hauswart/testkit/check-house.ts";
import { osOf } from "@hauswart/testkit/machine-os.ts";
import { machineTest } from "@hauswart/testkit/machine-test.ts";
import { bootMachine, type Machine } from "@hauswart/testkit/nspawn.ts";
import { patchStatus } from "../protocol.ts";
import judged from "../server/index.ts";
import collectors from "./index.ts";

const testOnMachine = machineTest();

/**
 * $1 folder of the archive, $2 label and suite, the others packages as name=version. An archive as apt reads it, made of packages
 * that dpkg-deb builds.
 */
const makeArchive = `
archive="$1"; label="$2"; shift 2
rm -rf "$archive"; mkdir -p "$archive/pool" "$archive/dists/stable/main/binary-all"
for one in "$@"; do
  name="\${one%%=*}"; version="\${one#*=}"; build="$(mktemp -d)"; mkdir "$build/DEBIAN"
  printf 'Package: %s\\nVersion: %s\\nArchitecture: all\\nMaintainer: test <test@example.com>\\nDescription: test\\n' "$name" "$version" > "$build/DEBIAN/control"
  dpkg-deb --build --root-owner-group "$build" "$archive/pool/\${name}_\${version}.deb" > /dev/null
  { cat "$build/DEBIAN/control"; printf 'Filename: pool/%s_%s.deb\\nSize: %s\\nSHA256: %s\\n\\n' "$name" "$version" \\
    "$(stat -c %s "$archive/pool/\${name}_\${version}.deb")" "$(sha256sum "$archive/pool/\${name}_\${version}.deb" | cut -d' ' -f1)"; } >> "$archive/packages"
  rm -rf "$build"
done
cd "$archive/dists/stable"
mv "$archive/packages" main/binary-all/Packages
cp main/binary-all/Packages main/binary-all/Packages.copy
mkdir main/binary-amd64; mv main/binary-all/Packages.copy main/binary-amd64/Packages
{ printf 'Origin: Test\\nLabel: %s\\nSuite: %s\\nCodename: stable\\nDate: %s\\nArchitectures: all amd64\\nComponents: main\\n%sSHA256:\\n' "$label" "$SUITE" "$(date -Ru)" "$VALID_UNTIL"
  for file in main/binary-all/Packages main/binary-amd64/Packages; do
    printf ' %s %s %s\\n' "$(sha256sum "$file" | cut -d' ' -f1)" "$(stat -c %s "$file")" "$file"; done; } > Release
`;

const archive = (machine: Machine, name: string, label: string, packages: readonly string[], validUntil = "") =>
  machine.mustRun(["sh", "-euc", makeArchive, "sh", `/srv/${name}`, label, ...packages], {
    environment: {
      SUITE: label === "Test" ? "stable" : "stable-security",
      VALID_UNTIL: validUntil === "" ? "" : `Valid-Until: ${validUntil}\n`,
    },
  });

/** A computer with five programs of ours, and two archives that have newer ones of four of them. */
async function machineWithUpdates(): Promise<Machine> {
  const machine = await bootMachine();
  await archive(machine, "old", "Test", ["hw-plain=1.0", "hw-hole=1.0", "hw-held=1.0", "hw-fresh=1.0", "hw-point=1.0"]);
  await machine.mustRun(["sh", "-euc", "dpkg --install /srv/old/pool/*.deb; echo hw-held hold | dpkg --set-selections"]);
  await archive(machine, "main", "Test", ["hw-plain=1.1", "hw-hole=1.0", "hw-held=1.0", "hw-fresh=1.0", "hw-point=1.2"]);
  await archive(machine, "security", "Debian-Security", ["hw-hole=1.0+deb12u1", "hw-held=1.0+deb12u1", "hw-point=1.0+deb12u1"]);
  const sources = ["main", "security"].map((name) => `deb [trusted=yes] file:/srv/${name} stable main\n`).join("");
  await machine.writeFile("/etc/apt/sources.list", sources);
  await machine.mustRun(["sh", "-euc", "rm -rf /etc/apt/sources.list.d/* /var/lib/apt/lists/*"]);
  return machine;
}

async function measureAt(machine: Machine, memory: Memory = { values: new Map(), kept: {} }) {
  using os = osOf(machine);
  const selection = patchStatus.selection.parse({});
  const context = { system: "linux" as const, selection, instance: "", os, signal: new AbortController().signal, now: () => Date.now() };
  const answer = await collectors[0]!.collect(context, memory);
  if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
  return answer.ok;
}

testOnMachine(
  "apt says what is missing, held and of security, and nothing is written while it is asked",
  async () => {
    await using machine = await machineWithUpdates();
    expect(await measureAt(machine)).toMatchObject({
      listsState: "never-fetched",
      listsAgeSeconds: null,
      missingCount: 0,
      sources: [{ state: "never-fetched" }, { state: "never-fetched" }],
    });

    await machine.mustRun(["apt-get", "update"]);
    const footprint = () => machine.mustRun(["sh", "-c", "find /var/lib/apt /var/lib/dpkg /var/cache/apt -printf '%p %T@ %s\\n' | sort"]);
    await machine.mustRun(["rm", "-f", "/var/cache/apt/pkgcache.bin", "/var/cache/apt/srcpkgcache.bin"]);
    const before = await footprint();
    const sample = await measureAt(machine);
    expect(await footprint()).toBe(before);
    expect(sample).toMatchObject({
      method: "apt",
      listsState: "usable",
      listsRefreshedBy: "other",
      securitySource: "present",
      automaticUpdates: "off",
      systemId: "debian",
      missingCount: 4,
      securityCount: 3,
      heldCount: 1,
    });
    expect(sample.listsAgeSeconds).toBeLessThan(3_600);
    expect(
      sample.updates.map(({ name, installedVersion, availableVersion, isSecurity, state }) => [
        name,
        installedVersion,
        availableVersion,
        isSecurity,
        state,
      ]),
    ).toEqual([
      ["hw-held", "1.0", "1.0+deb12u1", true, "held"],
      ["hw-hole", "1.0", "1.0+deb12u1", true, "available"],
      ["hw-plain", "1.0", "1.1", false, "available"],
      // A security update came first, and then a point release.
      ["hw-point", "1.0", "1.2", true, "available"],
    ]);
    expect(sample.sources.map(({ name, state }) => [name, state])).toEqual([
      ["file:/srv/main stable", "usable"],
      ["file:/srv/security stable", "usable"],
    ]);
  },
  120_000,
);

testOnMachine(
  "a source whose list has expired, lists that are old, and apt in trouble are told",
  async () => {
    await using machine = await machineWithUpdates();
    await machine.mustRun(["apt-get", "update"]);
    const release = "/var/lib/apt/lists/_srv_security_dists_stable_Release";
    await machine.mustRun(["sed", "-i", "s/^Date: .*/&\\nValid-Until: Fri, 02 Jan 2026 00:00:00 UTC/", release]);
    expect((await measureAt(machine)).sources.at(-1)).toMatchObject({
      state: "expired",
      problem: "Its list was valid until 2026-01-02T00:00:00.000Z.",
    });

    await machine.mustRun(["touch", "-d", "20 days ago", "/var/lib/apt/lists"]);
    expect(Math.round((await measureAt(machine)).listsAgeSeconds! / 86_400)).toBe(20);

    await machine.writeFile("/etc/apt/sources.list", "nonsense\n");
    await expect(measureAt(machine)).rejects.toMatchObject({ code: "COLLECT_UNREADABLE" });
  },
  120_000,
);

testOnMachine(
  "a schedule that reaches no source does not make the lists younger",
  async () => {
    await using machine = await machineWithUpdates();
    const serveArchive = (port: number) =>
      Bun.serve({
        hostname: "127.0.0.1",
        port,
        fetch: async ({ url }) => {
          const file = Bun.file(`${machine.root}/srv${new URL(url).pathname}`);
          return (await file.exists()) ? new Response(file) : new Response("", { status: 404 });
        },
      });
    const server = serveArchive(0);
    const port = server.port!;
    await machine.writeFile("/etc/apt/sources.list", `deb [trusted=yes] http://127.0.0.1:${port}/security stable main\n`);
    await machine.writeFile(
      "/etc/apt/apt.conf.d/99-test",
      'APT::Periodic::Update-Package-Lists "always";\nAcquire::http::Proxy "false";\n',
    );
    const schedule = () => machine.mustRun(["/usr/lib/apt/apt.systemd.daily", "update"]);
    await schedule();
    expect(await measureAt(machine)).toMatchObject({ listsState: "usable", listsRefreshedBy: "schedule", securityCount: 3 });

    await server.stop(true);
    await machine.mustRun(["touch", "-d", "20 days ago", "/var/lib/apt/lists", "/var/lib/apt/periodic/update-stamp"]);
    await schedule();
    const { stdout } = await machine.run(["find", "/var/lib/apt/periodic/update-stamp", "-mmin", "-5"]);
    expect(stdout).toContain("update-stamp");
    const blocked = await measureAt(machine);
    expect([Math.round(blocked.listsAgeSeconds! / 86_400), blocked.listsRefreshedBy]).toEqual([20, "unknown"]);
  },
  120_000,
);

testOnMachine(
  "MON-7: a missing security update alarms by mail, and is well when it was installed",
  async () => {
    await using machine = await machineWithUpdates();
    await machine.mustRun(["apt-get", "update"]);
    using os = osOf(machine);
    await using house = await checkHouse({ collectors: collectors as never, judged, os });
    await house.setPolicy([{ check: "patch-status", settings: { securityWarningDays: 0, heldCounts: false } }]);
    const missing = await house.waitForCheck("patch-status", "", ({ state }) => state === "warning");
    expect(missing.subjects.find(({ code }) => code === "security-missing")?.evidence).toMatchObject({
      missingUpdates: 2,
      names: "hw-hole, hw-point",
    });
    const alarm = await house.mails.waitForMail(({ message }) => message.subject?.includes("Sicherheitsaktualisierungen fehlen") ?? false);
    expect(alarm.message.text).toContain("hw-hole");
    expect(alarm.message.text).toContain("PC-EMPFANG");

    await machine.mustRun(["apt-get", "--yes", "upgrade"]);
    await house.measureNow();
    await house.waitForCheck("patch-status", "", ({ state }) => state === "ok");
    const { items } = await house.server.api("listFindings", { query: { state: "all" } });
    expect(items.map(({ code, closedAt }) => [code, closedAt !== null])).toEqual([["security-missing", true]]);
  },
  180_000,
);
