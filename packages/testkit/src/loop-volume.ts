/** A small ext4 volume of its own, on a loop device, that a test can fill up and free again. Needs root. */
import { mkdtemp, open, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, runCommand } from "./command.ts";

export interface LoopVolumeOptions {
  /** Size of the device; 64 MiB when not given. ext4 keeps some of it for itself. */
  readonly sizeBytes?: number;
}

/** Makes, formats and mounts a volume. `await using` unmounts and removes it. */
export async function makeLoopVolume(options: LoopVolumeOptions = {}): Promise<LoopVolume> {
  const folder = await mkdtemp(join(tmpdir(), "hauswart-volume-"));
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
    await rm(folder, { recursive: true, force: true });
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
    const { exitCode } = await runCommand("umount", [this.mountPoint]);
    // A program that still has files open must not keep the volume in the way; the kernel lets go of it with the last one.
    if (exitCode !== 0) await mustRun("umount", ["--lazy", this.mountPoint]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
