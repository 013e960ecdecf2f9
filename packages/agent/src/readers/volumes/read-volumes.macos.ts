import { macosCalls, type MacosMount } from "../../os/macos/calls.ts";
import { OsError, type Os } from "../../os/os.ts";
import { chooseMounts, mayBePlugged } from "./macos-mounts.ts";
import { measureVolume } from "./measure-volume.ts";
import type { ReadVolumes } from "./volume.ts";

export const readVolumes: ReadVolumes = async (reading) => {
  const mounts = (await macosCalls(reading.os)).mounts();
  const plugged = await pluggedDevices(reading.os, mounts.filter(mayBePlugged));
  const chosen = chooseMounts(mounts, reading.selection, ({ source }) => plugged.has(source));
  const volumes = await Promise.all(
    chosen.map(({ mountPoint, source, fileSystem, removable }) =>
      measureVolume(reading, { mount: mountPoint, device: source, fileSystem, removable }),
    ),
  );
  return { ok: { volumes, mountPoints: new Set(mounts.map(({ mountPoint }) => mountPoint)) } };
};

/** By device and mount point: whether it was plugged in. Asked once, when it is first seen. */
const known = new WeakMap<Os, Map<string, boolean>>();

async function pluggedDevices(os: Os, mounts: readonly MacosMount[]): Promise<ReadonlySet<string>> {
  const before = known.get(os);
  const now = new Map<string, boolean>();
  for (const { source, mountPoint } of mounts) {
    const key = `${source} ${mountPoint}`;
    now.set(key, before?.get(key) ?? (await isPlugged(os, source)));
  }
  known.set(os, now);
  return new Set(mounts.filter(({ source, mountPoint }) => now.get(`${source} ${mountPoint}`)).map(({ source }) => source));
}

/** As diskutil(8) tells. A device that it does not know counts as built in, so that its going is told. */
async function isPlugged(os: Os, device: string): Promise<boolean> {
  const { plistFlag, runForPlist } = await import("../../os/macos/plist.ts");
  try {
    const info = await runForPlist(os, "diskutil", ["info", "-plist", device]);
    return plistFlag(info, "RemovableMediaOrExternalDevice") ?? plistFlag(info, "Internal") === false;
  } catch (error) {
    if (error instanceof OsError) return false;
    throw error;
  }
}
