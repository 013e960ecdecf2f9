import { measureVolume } from "./measure-volume.ts";
import { chooseVolumes, isPlugged, parseMountInfo } from "./mount-table.ts";
import type { ReadVolumes } from "./volume.ts";

export const readVolumes: ReadVolumes = async (reading) => {
  const mounts = parseMountInfo(await reading.os.readFile("/proc/self/mountinfo"));
  const chosen = chooseVolumes(mounts, reading.selection);
  const volumes = await Promise.all(
    chosen.map(({ mountPoint, source, fileSystem }) =>
      measureVolume(reading, { mount: mountPoint, device: source, fileSystem, removable: isPlugged(mountPoint) }),
    ),
  );
  return { ok: { volumes, mountPoints: new Set(mounts.map(({ mountPoint }) => mountPoint)) } };
};
