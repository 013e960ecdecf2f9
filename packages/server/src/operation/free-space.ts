import { statfs } from "node:fs/promises";

/** Free space of the volume that holds a folder, bytes, as an unprivileged user has it. Throws what the system says. */
export async function freeSpaceBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
