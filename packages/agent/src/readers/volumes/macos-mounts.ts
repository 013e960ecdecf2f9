/**
 * macOS' mounted file systems, and the choice of those that a person would call a disk. Volumes of one APFS container share its space,
 * so a container counts once, under the name of the volume that a person would name.
 */
import type { MacosMount } from "../../os/macos/calls.ts";
import { isSelectedName } from "./mount-table.ts";
import type { VolumeSelection } from "./volume.ts";

/** sys/mount.h */
const readOnly = 0x1;
const removableMedium = 0x200;
const notShown = 0x10_0000;
const snapshot = 0x4000_0000;

const diskFileSystems = new Set(["apfs", "hfs", "msdos", "exfat", "ntfs", "ufsd_NTFS", "tuxera_ntfs", "udf", "cd9660"]);
const networkFileSystems = new Set(["smbfs", "nfs", "afpfs", "webdav", "ftp", "cifs", "macfuse", "osxfuse"]);

export interface ChosenMount extends MacosMount {
  /** A medium that can be taken out. */
  readonly removable: boolean;
}

/** Mounts with the same key share their space: /dev/disk3s1s1 and /dev/disk3s5 lie in the container disk3. */
export function spaceKey({ fileSystem, source, mountPoint }: MacosMount): string {
  const container = fileSystem === "apfs" ? /^\/dev\/(disk\d+)s/.exec(source)?.[1] : undefined;
  return container ?? (source || mountPoint);
}

/** Where macOS mounts for itself: parts of the start volume, snapshots of Time Machine, simulators of developers, moved programs. */
function isOwnPlace({ mountPoint, flags, source }: MacosMount): boolean {
  if (mountPoint === "/") return false;
  if ((flags & (notShown | snapshot)) !== 0 || source.startsWith("com.apple.")) return true;
  return /^\/(System|private|dev|Library|Network)\//.test(mountPoint) || /^\/Volumes\/(com\.apple\.|\.timemachine)/.test(mountPoint);
}

/**
 * The volumes that the selection means: each container once, sorted by mount point.
 * @param isPlugged whether a device was plugged in by a person
 */
export function chooseMounts(
  mounts: readonly MacosMount[],
  selection: VolumeSelection,
  isPlugged: (mount: MacosMount) => boolean,
): ChosenMount[] {
  const writable = new Set(mounts.filter(({ flags }) => (flags & readOnly) === 0).map(spaceKey));
  const candidates = mounts
    .filter((mount) => isVolume(mount) && !isOwnPlace(mount))
    .map((mount) => ({ ...mount, removable: (mount.flags & removableMedium) !== 0 || isPlugged(mount) }))
    .filter((mount) => isSelected(selection, mount, writable.has(spaceKey(mount))))
    .sort((one, other) => rank(one) - rank(other) || (one.mountPoint < other.mountPoint ? -1 : 1));
  const bySpace = new Map<string, ChosenMount>();
  for (const mount of candidates) if (!bySpace.has(spaceKey(mount))) bySpace.set(spaceKey(mount), mount);
  return [...bySpace.values()].sort((one, other) => (one.mountPoint < other.mountPoint ? -1 : 1));
}

const rank = ({ mountPoint }: MacosMount) => (mountPoint === "/" ? 0 : mountPoint.length);
const isVolume = ({ fileSystem }: MacosMount) => diskFileSystems.has(fileSystem) || networkFileSystems.has(fileSystem);

function isSelected(selection: VolumeSelection, mount: ChosenMount, isWritable: boolean): boolean {
  if (!isSelectedName(selection, mount.mountPoint)) return false;
  // Who writes a volume's full name into the settings means it, whatever its kind.
  if (selection.include.includes(mount.mountPoint)) return true;
  if (networkFileSystems.has(mount.fileSystem) && !selection.networkVolumes) return false;
  if (mount.removable && !selection.removableVolumes) return false;
  // The start volume of a modern macOS is sealed; what people write lies beside it, in the same container.
  return isWritable || selection.readOnlyVolumes;
}

/** Whether it is worth asking who plugged a device in: a local disk that is not part of the start volume's container. */
export const mayBePlugged = (mount: MacosMount): boolean =>
  mount.source.startsWith("/dev/disk") && mount.mountPoint !== "/" && isVolume(mount) && !isOwnPlace(mount);
