/**
 * Which volumes grow, and where: what the agent remembers of each of them for a day. Only one that has grown is walked through, at most
 * every six hours. The measurement waits a little for the answer, so that the first alarm has it; a longer walk goes on beside it. The answer
 * is in all samples until the volume has stopped growing.
 */
import type { Volume } from "@hauswart/agent/readers/volumes/volume.ts";
import type { WrittenFolders } from "@hauswart/agent/readers/volumes/written-folders.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const walkAgainMs = 6 * hourMs;

interface Growing {
  /** One an hour, the oldest first. */
  points: { readonly atMs: number; readonly usedBytes: number }[];
  walkedAtMs: number | undefined;
  found: WrittenFolders | undefined;
}

export interface NotedVolume {
  readonly volume: Volume;
  readonly nowMs: number;
  /** Growth within a day that is worth a walk, bytes; 0 = none is. */
  readonly fromBytes: number;
  /** Walks through the volume. Must not throw. */
  readonly walk: (sinceMs: number) => Promise<WrittenFolders>;
}

/** Of one instance of the check; lives as long as the process. */
export class GrowingVolumes {
  private readonly byMount = new Map<string, Growing>();
  /** One walk at a time, whatever grows. */
  private walking: Promise<void> | undefined;

  /** Remembers a measurement, and begins a walk when the volume has grown. */
  note({ volume: { mount, size }, nowMs, fromBytes, walk }: NotedVolume): void {
    if (!size) return;
    const usedBytes = size.totalBytes - size.freeBytes;
    const known = this.byMount.get(mount) ?? { points: [], walkedAtMs: undefined, found: undefined };
    this.byMount.set(mount, known);
    known.points = known.points.filter(({ atMs }) => atMs > nowMs - dayMs && atMs <= nowMs);
    const last = known.points.at(-1);
    if (!last || nowMs - last.atMs >= hourMs) known.points.push({ atMs: nowMs, usedBytes });
    const lowest = known.points.reduce((one, other) => (other.usedBytes <= one.usedBytes ? other : one));
    if (fromBytes === 0 || usedBytes - lowest.usedBytes < fromBytes) {
      known.found = undefined;
      known.walkedAtMs = undefined;
      return;
    }
    const isDue = known.walkedAtMs === undefined || nowMs - known.walkedAtMs >= walkAgainMs;
    if (isDue && !this.walking) {
      known.walkedAtMs = nowMs;
      this.walking = walk(lowest.atMs).then((found) => {
        known.found = found;
        this.walking = undefined;
      });
    }
  }

  /** What the last walk found, while the volume grows. */
  foundOn(mount: string): WrittenFolders | undefined {
    return this.byMount.get(mount)?.found;
  }

  /** Those that are no longer there are forgotten. */
  keepOnly(mounts: ReadonlySet<string>): void {
    for (const mount of this.byMount.keys()) if (!mounts.has(mount)) this.byMount.delete(mount);
  }

  /** Waits for the walk under way, if there is one. */
  async settled(): Promise<void> {
    await this.walking;
  }
}
