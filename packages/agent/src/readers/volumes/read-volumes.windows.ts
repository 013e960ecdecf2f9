import { OsError, type Os } from "../../os/os.ts";
import type { WindowsCalls, WindowsVolume } from "../../os/windows/calls.ts";
import type { ReadVolumes } from "./volume.ts";
import { chooseWindowsVolumes, isPluggedDevice, windowsMountPoints } from "./windows-volumes.ts";

export const readVolumes: ReadVolumes = async ({ os, selection }) => {
  const windows = await os.windows();
  const volumes = await windows.volumes();
  const plugged = await pluggedVolumes(os, windows, volumes);
  return {
    ok: { volumes: chooseWindowsVolumes(volumes, selection, ({ id }) => plugged.has(id)), mountPoints: windowsMountPoints(volumes) },
  };
};

/** By volume: whether it was plugged in. Asked once, when it is first seen. */
const known = new WeakMap<Os, Map<string, boolean>>();

async function pluggedVolumes(os: Os, windows: WindowsCalls, volumes: readonly WindowsVolume[]): Promise<ReadonlySet<string>> {
  const before = known.get(os);
  const now = new Map<string, boolean>();
  for (const { id, kind, paths } of volumes)
    if (kind === "fixed" && paths.length > 0) now.set(id, before?.get(id) ?? (await isPlugged(windows, id)));
  known.set(os, now);
  return new Set([...now].flatMap(([id, isOne]) => (isOne ? id : [])));
}

/** IOCTL_STORAGE_QUERY_PROPERTY with an empty STORAGE_PROPERTY_QUERY asks for STORAGE_DEVICE_DESCRIPTOR. */
const queryProperty = 0x2d1400;
const queryBytes = 12;
const descriptorBytes = 1_024;

/** A device that does not tell (a volume over several disks, for example) counts as built in, so that its going is told. */
async function isPlugged({ devices }: WindowsCalls, id: string): Promise<boolean> {
  try {
    return isPluggedDevice(await devices.control(id.replace(/\\$/, ""), queryProperty, new Uint8Array(queryBytes), descriptorBytes));
  } catch (error) {
    if (error instanceof OsError) return false;
    throw error;
  }
}
