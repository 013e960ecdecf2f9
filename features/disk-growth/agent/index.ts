import { collector, type CollectContext, type Memory } from "@hauswart/agent/collector.ts";
import { readVolumes } from "@hauswart/agent/readers/volumes/index.ts";
import type { NoDataCodeOf, SampleOf } from "@hauswart/protocol/check.ts";
import type { Collected } from "@hauswart/protocol/outcome.ts";
import type { diskGrowth } from "../protocol.ts";

type Check = typeof diskGrowth;

async function collect(
  { system, selection, os }: CollectContext<Check>,
  memory: Memory,
): Promise<Collected<SampleOf<Check>, NoDataCodeOf<Check>>> {
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
    },
  };
}

export default [collector<Check>({ check: "disk-growth", version: 1, collect })];
