import { OsError, type FileSystemSize } from "../../os/os.ts";
import { clip, subjectLimit, textLimit } from "../clip.ts";
import { chooseVolumes, isPlugged, parseMountInfo, type Mount } from "./mount-table.ts";
import type { ReadVolumes, Volume, VolumeReading } from "./volume.ts";

/** statfs(2) on a network volume whose server is gone can hang for ever. */
const answerWithinMs = 5_000;

export const readVolumes: ReadVolumes = async (reading) => {
  const mounts = parseMountInfo(await reading.os.readFile("/proc/self/mountinfo"));
  const volumes = await Promise.all(chooseVolumes(mounts, reading.selection).map((mount) => measure(reading, mount)));
  return { ok: { volumes, mountPoints: new Set(mounts.map(({ mountPoint }) => mountPoint)) } };
};

async function measure({ os, waiting }: VolumeReading, mount: Mount): Promise<Volume> {
  const about = {
    mount: clip(mount.mountPoint, subjectLimit),
    device: clip(mount.source, textLimit),
    fileSystem: mount.fileSystem,
    removable: isPlugged(mount.mountPoint),
  };
  if (waiting.has(mount.mountPoint)) return { ...about, size: undefined, problem: "The volume has not answered an earlier question yet." };
  waiting.add(mount.mountPoint);
  const asked = os.fileSystemSize(mount.mountPoint).finally(() => waiting.delete(mount.mountPoint));
  try {
    const size = await within(asked, answerWithinMs);
    if (size.totalBytes > 0) return { ...about, size, problem: "" };
    return { ...about, size: undefined, problem: "The volume says that it has no size." };
  } catch (error) {
    if (error instanceof OsError) return { ...about, size: undefined, problem: clip(`${error.code}: ${error.message}`, textLimit) };
    throw error;
  }
}

async function within(asked: Promise<FileSystemSize>, milliseconds: number): Promise<FileSystemSize> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OsError("COLLECT_TIMED_OUT", `No answer within ${milliseconds / 1_000} s.`)), milliseconds);
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
