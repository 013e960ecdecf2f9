import type { Os } from "@hauswart/agent/os/os.ts";
import { listIfThere, readIfThere } from "@hauswart/agent/readers/if-there.ts";
import type { Cause, ReadCauses } from "./causes.ts";

export const readCauses: ReadCauses = async (os) => {
  // Readable on every Linux: without it nothing is known, and the failure is told.
  const running = (await os.readFile("/proc/sys/kernel/osrelease")).trim();
  const kernel = await newerKernel(os, running);
  const packages = await packagesThatAsk(os);
  const causes: Cause[] = [];
  if (kernel !== undefined) causes.push({ cause: "kernel", detail: kernel });
  if (packages !== undefined) causes.push({ cause: "packages", detail: packages });
  return causes;
};

/**
 * Debian and Ubuntu put these files down when a package needs a restart (update-notifier, unattended-upgrades), SUSE another
 * one (libzypp's plug-in).
 */
async function packagesThatAsk(os: Os): Promise<string | undefined> {
  if ((await readIfThere(os, "/run/reboot-required")) === undefined)
    return (await readIfThere(os, "/run/reboot-needed")) === undefined ? undefined : "";
  const names = ((await readIfThere(os, "/run/reboot-required.pkgs")) ?? "").split("\n").map((line) => line.trim());
  return [...new Set(names.filter(Boolean))].sort().join(", ");
}

/**
 * The kernel that the next start will take, if it is another one. Told only where the running kernel lies in the same folder: one that was handed in from outside (some virtual computers) is not replaced by a restart.
 */
async function newerKernel(os: Os, running: string): Promise<string | undefined> {
  const images = await listIfThere(os, "/boot");
  if (!images) return undefined;
  const next = (await byLink(os)) ?? (await byBootLoader(os));
  if (next !== undefined && next !== running && images.includes(`vmlinuz-${running}`) && images.includes(`vmlinuz-${next}`)) return next;
  return (await isTakenAway(os, running, images)) ? "" : undefined;
}

/** Debian, SUSE. */
async function byLink(os: Os): Promise<string | undefined> {
  const target = (await os.readLink("/vmlinuz")) ?? (await os.readLink("/boot/vmlinuz"));
  return /vmlinuz-(.+)$/.exec(target ?? "")?.[1];
}

/** Fedora and its kin: grubenv names the entry of the next start, which ends with the kernel's version. */
async function byBootLoader(os: Os): Promise<string | undefined> {
  const environment = await readIfThere(os, "/boot/grub2/grubenv");
  return /^saved_entry=[0-9a-f]{32}-(\S+)$/m.exec(environment ?? "")?.[1];
}

/** Arch replaces the running kernel and its modules: until the restart no further module can be loaded. */
async function isTakenAway(os: Os, running: string, images: readonly string[]): Promise<boolean> {
  // Only there images carry no version. Elsewhere a kernel without modules is one that was handed in from outside.
  if (!images.some((name) => /^vmlinuz-linux(-[a-z]+)?$/.test(name))) return false;
  const modules = await listIfThere(os, "/usr/lib/modules");
  return modules !== undefined && modules.length > 0 && !modules.includes(running);
}
