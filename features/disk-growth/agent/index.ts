import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { readVolumes } from "@hauswart/agent/readers/volumes/index.ts";
import type { VolumeList } from "@hauswart/agent/readers/volumes/volume.ts";
import { findWrittenFolders } from "@hauswart/agent/readers/volumes/written-folders.ts";
import { waitAtMost } from "@hauswart/agent/readers/wait-at-most.ts";
import type { NoDataCodeOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { diskGrowth } from "../protocol.ts";
import { GrowingVolumes } from "./growing.ts";

type Check = typeof diskGrowth;

async function collect(context: CollectContext<Check>, memory: Memory): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
  const { system, selection, os } = context;
  const read = await readVolumes(system, os, selection, memory);
  if (!("ok" in read)) return read;
  const { volumes } = read.ok;
  if (volumes.length === 0) return { noData: "no-volume-fits" };
  return {
    ok: {
      volumes: volumes.map(({ mount, device, fileSystem, size, problem }) => ({
        mount,
        device,
        fileSystem,
        problem,
        totalBytes: size?.totalBytes ?? null,
        usedBytes: size ? size.totalBytes - size.freeBytes : null,
      })),
      folders: context.onlyLook ? [] : await writtenFolders(context, read.ok, memory),
    },
  };
}

/** Where much was written, as far as it is known by now. */
async function writtenFolders(
  { os, selection, now, signal }: CollectContext<Check>,
  { volumes, mountPoints }: VolumeList,
  memory: Memory,
): Promise<NonNullable<SampleOf<Check>["folders"]>> {
  const growing = (memory.values.get("growing") as GrowingVolumes | undefined) ?? new GrowingVolumes();
  memory.values.set("growing", growing);
  growing.keepOnly(new Set(volumes.map(({ mount }) => mount)));
  for (const volume of volumes) {
    const walk = (sinceMs: number) => findWrittenFolders({ os, mount: volume.mount, mountPoints, sinceMs });
    growing.note({ volume, nowMs: now(), fromBytes: selection.foldersFromBytes, walk });
  }
  await waitAtMost(growing.settled(), patienceMs, signal);
  return volumes.flatMap(({ mount }) => {
    const found = growing.foundOn(mount);
    return (found?.folders ?? []).map(({ path, bytes, files }) => ({
      mount,
      path: path.slice(0, longestPath),
      writtenBytes: bytes,
      fileCount: files,
      isPartial: found!.isPartial,
    }));
  });
}

const patienceMs = 10_000;

/** Of a text in a sample. */
const longestPath = 1_000;

export default [collector<Check>({ check: "disk-growth", version: 1, collect })];
