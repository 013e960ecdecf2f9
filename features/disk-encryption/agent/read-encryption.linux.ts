import type { Os } from "@hauswart/agent/os/os.ts";
import { clip, subjectLimit } from "@hauswart/agent/readers/clip.ts";
import { listIfThere, readIfThere } from "@hauswart/agent/readers/if-there.ts";
import { chooseVolumes, parseMountInfo, type Mount } from "@hauswart/agent/readers/volumes/mount-table.ts";
import type { EncryptedVolume, ReadEncryption } from "./encrypted-volume.ts";

const blockDevices = "/sys/class/block";
/** Deeper than LVM on RAID on LUKS ever is. */
const deepestStack = 8;
/** The computer's own disks, that something is written to. */
const ownVolumes = { include: [], exclude: [], networkVolumes: false, removableVolumes: false, readOnlyVolumes: false };

export const readEncryption: ReadEncryption = async (os) => {
  const mounts = chooseVolumes(parseMountInfo(await os.readFile("/proc/self/mountinfo")), ownVolumes);
  // Nothing can be secret that lies here in plain: the boot loader reads it before there is a key.
  const volumes = mounts.filter(({ mountPoint }) => !["/boot", "/boot/efi", "/efi"].includes(mountPoint));
  return Promise.all(volumes.map((mount) => volumeOf(os, mount)));
};

async function volumeOf(os: Os, mount: Mount): Promise<EncryptedVolume> {
  const name = clip(mount.mountPoint, subjectLimit);
  if (mount.fileSystem === "zfs")
    return { name, state: "not-told", method: "", detail: "ZFS encrypts by itself, and tells only its own program." };
  const device = await deviceName(os, mount);
  if (device === undefined)
    return { name, state: "not-told", method: "", detail: `${mount.source.slice(0, 100)} is no disk of this computer.` };
  return (await isEncrypted(os, device, 0))
    ? { name, state: "encrypted", method: "LUKS", detail: "" }
    : { name, state: "not-encrypted", method: "", detail: "" };
}

/** sda1, dm-0. File systems over several disks (Btrfs) have a number of their own; their source names one of the disks. */
async function deviceName(os: Os, { deviceNumber, source }: Mount): Promise<string | undefined> {
  const byNumber = deviceNumber.startsWith("0:") ? undefined : await os.readLink(`/sys/dev/block/${deviceNumber}`);
  const path = byNumber ?? (source.startsWith("/dev/") ? ((await os.readLink(source)) ?? source) : undefined);
  return path?.slice(path.lastIndexOf("/") + 1) || undefined;
}

/** Device mapper devices of cryptsetup have a UUID that begins with CRYPT; what lies on several disks is encrypted when all of them are. */
async function isEncrypted(os: Os, device: string, depth: number): Promise<boolean> {
  const uuid = await readIfThere(os, `${blockDevices}/${device}/dm/uuid`);
  if (uuid?.startsWith("CRYPT-")) return true;
  const below = (await listIfThere(os, `${blockDevices}/${device}/slaves`)) ?? [];
  if (below.length === 0 || depth >= deepestStack) return false;
  for (const name of below) if (!(await isEncrypted(os, name, depth + 1))) return false;
  return true;
}
