/** The choice of the volumes that a person would call a disk, among those that Windows lists. Pure. */
import type { WindowsVolume } from "../../os/windows/calls.ts";
import { clip, subjectLimit, textLimit } from "../clip.ts";
import { fitsAny } from "../names.ts";
import type { Volume, VolumeSelection } from "./volume.ts";

/** C:\ is C: to people, D:\Data\ is D:\Data. */
const nameOf = (path: string): string => path.replace(/\\+$/, "");

const isDriveLetter = (name: string): boolean => /^[A-Z]:$/i.test(name);

/** The place that a person would name: a drive letter before a folder, short before long; undefined for what is mounted nowhere. */
export function mountOf({ paths }: Pick<WindowsVolume, "paths">): string | undefined {
  const rank = (name: string) => (isDriveLetter(name) ? 0 : 1);
  return paths
    .map(nameOf)
    .filter(Boolean)
    .sort((one, other) => rank(one) - rank(other) || one.length - other.length || (one < other ? -1 : 1))[0];
}

/** Windows does not tell capitals from small letters; and people write C:\ as well as C:. */
const folded = (patterns: readonly string[]): string[] => patterns.map((pattern) => nameOf(pattern).toLowerCase());

function isSelected(volume: WindowsVolume, mount: string, isPlugged: boolean, selection: VolumeSelection): boolean {
  const name = mount.toLowerCase();
  const include = folded(selection.include);
  if (fitsAny(folded(selection.exclude), name)) return false;
  // Who writes a volume's full name into the settings means it, whatever its kind.
  if (include.includes(name)) return true;
  if (include.length > 0 && !fitsAny(include, name)) return false;
  if (volume.kind === "network" && !selection.networkVolumes) return false;
  if (isPlugged && !selection.removableVolumes) return false;
  return !volume.isReadOnly || selection.readOnlyVolumes;
}

const isMedium = ({ kind }: WindowsVolume) => kind === "removable" || kind === "optical";

/** Whether there is something to look at: an empty card reader is no volume, and neither is a drive that Windows cannot name. */
function isThere(volume: WindowsVolume): boolean {
  return volume.totalBytes > 0 || !(isMedium(volume) || volume.kind === "unknown");
}

const notReady =
  "Windows cannot read its file system: the volume is locked (BitLocker), not formatted or damaged, or its computer does not answer.";

/**
 * The volumes that the selection means, sorted by name.
 * @param isPlugged whether a person plugs it in, though Windows calls it fixed: disks on USB
 */
export function chooseWindowsVolumes(
  volumes: readonly WindowsVolume[],
  selection: VolumeSelection,
  isPlugged: (volume: WindowsVolume) => boolean,
): Volume[] {
  return volumes
    .flatMap((volume) => {
      const mount = mountOf(volume);
      const removable = isMedium(volume) || isPlugged(volume);
      if (mount === undefined || !isThere(volume) || !isSelected(volume, mount, removable, selection)) return [];
      return rowOf(volume, mount, removable);
    })
    .sort((one, other) => (one.mount < other.mount ? -1 : 1));
}

function rowOf({ id, label, fileSystem, totalBytes, availableBytes, freeBytes }: WindowsVolume, mount: string, removable: boolean): Volume {
  return {
    mount: clip(mount, subjectLimit),
    device: clip(label === "" ? id : `${label} ${id}`, textLimit),
    fileSystem: fileSystem.toLowerCase(),
    removable,
    // Windows limits no number of files.
    size: totalBytes > 0 ? { totalBytes, availableBytes, freeBytes, totalInodes: 0, freeInodes: 0 } : undefined,
    problem: totalBytes > 0 ? "" : notReady,
  };
}

/** Every place where something is mounted. */
export const windowsMountPoints = (volumes: readonly WindowsVolume[]): Set<string> =>
  new Set(volumes.flatMap(({ paths }) => paths.map(nameOf)));

/** BusTypeUsb, BusType1394 and BusTypeSd of STORAGE_BUS_TYPE (winioctl.h). Memory cards that are soldered in call themselves MMC. */
const pluggedBuses: readonly number[] = [7, 4, 12];

/** Reads STORAGE_DEVICE_DESCRIPTOR: whether the device hangs on a cable or sits in a slot. */
export function isPluggedDevice(descriptor: Uint8Array): boolean {
  if (descriptor.length < 32) return false;
  return pluggedBuses.includes(new DataView(descriptor.buffer, descriptor.byteOffset, descriptor.length).getUint32(28, true));
}
