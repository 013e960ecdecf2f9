/** A small ext4 volume of its own, on a loop device, that a test can fill up and free again. Needs root. */
import { mkdtemp, open, readdir, readFile, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, runCommand } from "./command.ts";
import { noteOwner, takeOver } from "./owner.ts";

export interface LoopVolumeOptions {
  /** Size of the device; 64 MiB when not given. ext4 keeps some of it for itself. */
  readonly sizeBytes?: number;
}

const prefix = "hauswart-volume-";

/** Makes, formats and mounts a volume. `await using` unmounts and removes it. */
export async function makeLoopVolume(options: LoopVolumeOptions = {}): Promise<LoopVolume> {
  await sweepVolumes();
  const folder = await mkdtemp(join(tmpdir(), prefix));
  noteOwner(folder);
  try {
    const image = join(folder, "image");
    const mountPoint = join(folder, "mount");
    await mustRun("truncate", ["--size", String(options.sizeBytes ?? 64 * 1024 * 1024), image]);
    // No blocks for root alone and no lazy initialisation: what statfs says then changes by the test's own writes only.
    await mustRun("mkfs.ext4", ["-q", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", image]);
    await mustRun("mkdir", [mountPoint]);
    // The kernel frees the loop device by itself once the volume is unmounted.
    await mustRun("mount", ["-o", "loop", image, mountPoint]);
    return new LoopVolume(folder, mountPoint);
  } catch (error) {
    await removeVolume(folder);
    throw error;
  }
}

export class LoopVolume {
  /** Where the volume is mounted. */
  readonly mountPoint: string;
  readonly #folder: string;

  constructor(folder: string, mountPoint: string) {
    this.#folder = folder;
    this.mountPoint = mountPoint;
  }

  /** Sizes as any program sees them. */
  async size(): Promise<{ totalBytes: number; availableBytes: number }> {
    const { bsize, blocks, bavail } = await statfs(this.mountPoint);
    return { totalBytes: bsize * blocks, availableBytes: bsize * bavail };
  }

  /** Fills the volume until about `availableBytes` are left (none by default). May be called again to fill further. */
  async fill(availableBytes = 0): Promise<void> {
    const file = await open(join(this.mountPoint, "filling"), "a");
    try {
      for (;;) {
        const rest = (await this.size()).availableBytes - availableBytes;
        if (rest < 4096) return;
        await file.write(Buffer.alloc(Math.min(rest, 1024 * 1024), 1));
        await file.sync();
      }
    } catch (error) {
      // Full to the brim is what was asked for: the last blocks may go to the file's own bookkeeping.
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC" || availableBytes > 0) throw error;
    } finally {
      await file.close();
    }
  }

  /** Takes back what `fill` wrote. */
  async free(): Promise<void> {
    await rm(join(this.mountPoint, "filling"), { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeVolume(this.#folder);
  }
}

async function removeVolume(folder: string): Promise<void> {
  const mountPoint = join(folder, "mount");
  const isMounted = (await readFile("/proc/self/mounts", "utf8")).includes(` ${mountPoint} `);
  const { exitCode } = isMounted ? await runCommand("umount", [mountPoint]) : { exitCode: 0 };
  // A program that still has files open must not keep the volume in the way; the kernel lets go of it with the last one.
  if (exitCode !== 0) await mustRun("umount", ["--lazy", mountPoint]);
  await rm(folder, { recursive: true, force: true });
}

/** Removes what test processes left that were killed. */
async function sweepVolumes(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (name.startsWith(prefix) && takeOver(folder)) await removeVolume(folder);
  }
}
