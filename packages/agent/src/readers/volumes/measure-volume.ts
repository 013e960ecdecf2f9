/** Measures one volume within a time limit of its own, so that one dead network server does not hide the rest. */
import { OsError, type FileSystemSize } from "../../os/os.ts";
import { clip, subjectLimit, textLimit } from "../clip.ts";
import { waitAtMost } from "../wait-at-most.ts";
import type { Volume, VolumeReading } from "./volume.ts";

/** statfs(2) on a network volume whose server is gone can hang for ever. */
const answerWithinMs = 5_000;

/** @param about the volume as the mount table tells of it */
export async function measureVolume(
  { os, waiting }: VolumeReading,
  about: Pick<Volume, "mount" | "device" | "fileSystem" | "removable">,
): Promise<Volume> {
  const place = about.mount;
  const told = { ...about, mount: clip(place, subjectLimit), device: clip(about.device, textLimit) };
  if (waiting.has(place)) return { ...told, size: undefined, problem: "The volume has not answered an earlier question yet." };
  waiting.add(place);
  const asked = os.fileSystemSize(place).finally(() => waiting.delete(place));
  try {
    const size = await within(asked, answerWithinMs);
    if (size.totalBytes > 0) return { ...told, size, problem: "" };
    return { ...told, size: undefined, problem: "The volume says that it has no size." };
  } catch (error) {
    if (error instanceof OsError) return { ...told, size: undefined, problem: clip(`${error.code}: ${error.message}`, textLimit) };
    throw error;
  }
}

async function within(asked: Promise<FileSystemSize>, milliseconds: number): Promise<FileSystemSize> {
  const size = await waitAtMost(asked, milliseconds);
  if (size !== "late") return size;
  throw new OsError("COLLECT_TIMED_OUT", `No answer within ${milliseconds / 1_000} s.`, `took-too-long: ${milliseconds / 1_000} s`);
}
