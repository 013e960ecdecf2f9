/** Missing updates of a Linux computer, by the package manager that its kind of system brings. */
import type { Os } from "@hauswart/agent/os/os.ts";
import { parseLinuxRelease, type LinuxRelease } from "./os-release.ts";
import type { UpdateReader } from "./updates.ts";

const isOf = ({ families }: LinuxRelease, ...names: readonly string[]) => names.some((name) => families.includes(name));

async function releaseOf(os: Os): Promise<LinuxRelease> {
  return parseLinuxRelease(await os.readFile("/etc/os-release"));
}

export const reader: UpdateReader = {
  reuseForMs: 10 * 60_000,
  read: async (os, nowMs) => {
    const release = await releaseOf(os);
    if (isOf(release, "debian", "ubuntu")) return { ok: await (await import("./apt.linux.ts")).readApt(os, release.identity, nowMs) };
    if (isOf(release, "rhel", "fedora", "centos")) return { ok: await (await import("./dnf.linux.ts")).readDnf(os, release.identity) };
    if (isOf(release, "suse", "opensuse", "sles"))
      return { ok: await (await import("./zypper.linux.ts")).readZypper(os, release.identity) };
    if (isOf(release, "alpine")) return { ok: await (await import("./apk.linux.ts")).readApk(os, release.identity) };
    const name = release.identity.systemId || "without a name";
    return { failed: "COLLECT_UNSUPPORTED", detail: `unknown-package-manager: ${name}` };
  },
  traces: async (os) => {
    const release = await releaseOf(os);
    if (isOf(release, "debian", "ubuntu")) return (await import("./apt.linux.ts")).aptTraces(os);
    // Databases of rpm and apk: they change when something is installed.
    const paths = ["/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/rpm/Packages", "/lib/apk/db/installed"];
    return (await Promise.all(paths.map((path) => os.fileInfo(path)))).map((file) => file?.modifiedAtMs ?? 0).join(" ");
  },
};
