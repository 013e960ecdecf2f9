/**
 * Linux's mount table (/proc/self/mountinfo, see proc_pid_mountinfo(5)) and the choice of the volumes in it that a person
 * would call a disk.
 */
import { fitsAny } from "../names.ts";
import type { VolumeSelection } from "./volume.ts";

export interface Mount {
  /** major:minor of the file system's device; the same for all mounts of one file system. */
  readonly deviceNumber: string;
  /** Folder within the file system that is mounted; "/" when it is the whole of it. */
  readonly root: string;
  readonly mountPoint: string;
  readonly fileSystem: string;
  readonly source: string;
  /** Whether the file system as a whole takes no writes. A sandbox may make a single mount read-only; that says nothing about the disk. */
  readonly readOnly: boolean;
}

const diskFileSystems = new Set(
  "ext2 ext3 ext4 xfs btrfs zfs f2fs jfs reiserfs nilfs2 bcachefs vfat msdos exfat ntfs ntfs3 fuseblk hfs hfsplus apfs ufs udf iso9660 ocfs2 gfs2".split(
    " ",
  ),
);
const networkFileSystems = new Set(
  "nfs nfs4 cifs smb3 smbfs ncpfs ceph afs lustre gpfs beegfs glusterfs 9p virtiofs vboxsf vmhgfs davfs fuse.sshfs fuse.rclone fuse.s3fs fuse.glusterfs fuse.ceph fuse.vmhgfs-fuse fuse.davfs2 fuse.curlftpfs fuse.cifs".split(
    " ",
  ),
);
/** Never a disk, even as the root: they live in memory or in a file on another volume. */
const neverDisks = new Set("tmpfs ramfs rootfs devtmpfs squashfs erofs cramfs".split(" "));

/** Where the system and container programs mount for themselves. */
const ownPlaces = [
  "/proc/",
  "/sys/",
  "/dev/",
  "/run/",
  "/snap/",
  "/var/lib/docker/",
  "/var/lib/containers/",
  "/var/lib/containerd/",
  "/var/lib/kubelet/",
  "/var/snap/",
];
const pluggedPlaces = ["/media/", "/run/media/"];

/** Undoes the kernel's writing of blanks, tabs, line ends and backslashes as three octal digits. */
export function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

/** Reads the mount table, in the order in which things were mounted. Lines that are not one are left out. */
export function parseMountInfo(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [before, after] = line.split(" - ");
    const [, , deviceNumber, root, mountPoint] = before?.split(" ") ?? [];
    const [fileSystem, source, superOptions] = after?.split(" ") ?? [];
    if (!deviceNumber || !root || !mountPoint || !fileSystem || source === undefined) return [];
    return {
      deviceNumber,
      root: unescapeOctal(root),
      mountPoint: unescapeOctal(mountPoint),
      fileSystem,
      source: unescapeOctal(source),
      readOnly: fileSystem === "iso9660" || (superOptions ?? "").split(",").includes("ro"),
    };
  });
}

export const isPlugged = (mountPoint: string): boolean => pluggedPlaces.some((place) => mountPoint.startsWith(place));

export const isNetwork = ({ fileSystem }: Pick<Mount, "fileSystem">): boolean => networkFileSystems.has(fileSystem);

/** A disk, or what serves as one: a container's or a live system's root may be an overlay. */
function isVolume({ fileSystem, mountPoint }: Mount): boolean {
  if (neverDisks.has(fileSystem)) return false;
  return diskFileSystems.has(fileSystem) || networkFileSystems.has(fileSystem) || mountPoint === "/";
}

function isInOwnPlace({ mountPoint, root }: Mount): boolean {
  if (isPlugged(mountPoint)) return false;
  // Container engines mount single files of the host there: hosts, hostname, resolv.conf.
  if (mountPoint.startsWith("/etc/") && root !== "/") return true;
  return ownPlaces.some((place) => mountPoint.startsWith(place));
}

/** Whether the settings mean the volume at this place. */
export function isSelectedName({ include, exclude }: Pick<VolumeSelection, "include" | "exclude">, mountPoint: string): boolean {
  return !fitsAny(exclude, mountPoint) && (include.length === 0 || fitsAny(include, mountPoint));
}

function isSelected(selection: VolumeSelection, mount: Mount): boolean {
  if (!isSelectedName(selection, mount.mountPoint)) return false;
  // Who writes a volume's full name into the settings means it, whatever its kind.
  if (selection.include.includes(mount.mountPoint)) return true;
  if (mount.mountPoint !== "/" && isNetwork(mount) && !selection.networkVolumes) return false;
  if (isPlugged(mount.mountPoint) && !selection.removableVolumes) return false;
  return !mount.readOnly || selection.readOnlyVolumes;
}

/** Mounts with the same key share their space. The datasets of a ZFS pool have device numbers of their own. */
function spaceKey({ fileSystem, source, deviceNumber }: Mount): string {
  return fileSystem === "zfs" ? `zfs ${source.split("/")[0]}` : deviceNumber;
}

/** The root first, then whole file systems before parts of them, then short names: the mount that a person would name. */
function compareMounts(one: Mount, other: Mount): number {
  const rank = (mount: Mount) => (mount.mountPoint === "/" ? 0 : mount.root === "/" ? 1 : 2);
  return rank(one) - rank(other) || one.mountPoint.length - other.mountPoint.length || (one.mountPoint < other.mountPoint ? -1 : 1);
}

/** The volumes that the selection means: each file system once, sorted by mount point. */
export function chooseVolumes(mounts: readonly Mount[], selection: VolumeSelection): Mount[] {
  // What was mounted last at a place hides what was there before.
  const visible = [...new Map(mounts.map((mount) => [mount.mountPoint, mount])).values()];
  const candidates = visible.filter((mount) => isVolume(mount) && !isInOwnPlace(mount) && isSelected(selection, mount)).sort(compareMounts);
  const bySpace = new Map<string, Mount>();
  for (const mount of candidates) {
    const key = spaceKey(mount);
    if (!bySpace.has(key)) bySpace.set(key, mount);
  }
  return [...bySpace.values()].sort((one, other) => (one.mountPoint < other.mountPoint ? -1 : 1));
}
