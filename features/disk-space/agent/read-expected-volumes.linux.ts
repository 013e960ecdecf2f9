import { isNetwork, isPlugged, isSelectedName, unescapeOctal } from "@hauswart/agent/readers/volumes/mount-table.ts";
import type { Os } from "@hauswart/agent/os/os.ts";
import { readIfThere } from "@hauswart/agent/readers/if-there.ts";
import type { ExpectedVolume, ReadExpectedVolumes } from "./expected-volumes.ts";

/** Not there at each start, or not a place of its own (fstab(5), systemd.mount(5)). */
const looseOptions = ["noauto", "nofail", "bind", "rbind", "x-systemd.automount", "comment=systemd.automount"];
const notVolumes = new Set([
  "swap",
  "none",
  "tmpfs",
  "ramfs",
  "proc",
  "sysfs",
  "devpts",
  "devtmpfs",
  "cgroup",
  "cgroup2",
  "overlay",
  "squashfs",
  "debugfs",
  "tracefs",
  "hugetlbfs",
  "mqueue",
  "configfs",
  "securityfs",
  "efivarfs",
]);

/** Reads fstab(5). */
export function parseFstab(text: string): (ExpectedVolume & { readonly options: readonly string[] })[] {
  return text.split("\n").flatMap((line) => {
    const [device, mount, fileSystem, options = "defaults"] = line.trim().split(/\s+/);
    if (!device || device.startsWith("#") || !mount?.startsWith("/") || !fileSystem) return [];
    return { device: unescapeOctal(device), mount: unescapeOctal(mount), fileSystem, options: options.split(",") };
  });
}

export const readExpectedVolumes: ReadExpectedVolumes = async (os, selection) => {
  const entries = parseFstab(await readFstab(os));
  return entries
    .filter(({ mount, fileSystem, options }) => {
      if (notVolumes.has(fileSystem) || options.some((option) => looseOptions.includes(option))) return false;
      if (isNetwork({ fileSystem }) && !selection.networkVolumes) return false;
      if (isPlugged(mount) && !selection.removableVolumes) return false;
      return isSelectedName(selection, mount);
    })
    .map(({ mount, device, fileSystem }) => ({ mount, device, fileSystem }));
};

/** A computer without fstab (an image that mounts by other means) expects nothing. */
const readFstab = async (os: Os) => (await readIfThere(os, "/etc/fstab")) ?? "";
