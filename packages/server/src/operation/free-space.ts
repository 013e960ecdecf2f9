import { statfs } from "node:fs/promises";
import { clusterHome } from "../database/embedded/find-running.ts";

/** Room on the volume of a folder. */
export interface VolumeSpace {
  readonly folder: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/**
 * The scarcer one of the volumes that the server writes to: that of the data folder and that of the embedded database, which may lie
 * elsewhere. @throws the error of the system where the data folder cannot be read
 */
export async function scarcestVolume(dataDirectory: string): Promise<VolumeSpace> {
  const data = await spaceOf(dataDirectory);
  const home = clusterHome(dataDirectory);
  // The server's own account may not be let into a folder that is PostgreSQL's alone.
  const cluster = home === dataDirectory ? data : await spaceOf(home).catch(() => data);
  return cluster.freeBytes < data.freeBytes ? cluster : data;
}

async function spaceOf(folder: string): Promise<VolumeSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { folder, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
