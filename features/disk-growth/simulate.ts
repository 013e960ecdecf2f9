import { simulatedCheck } from "@hauswart/simulator/simulated-check.ts";
import type { diskGrowth } from "./protocol.ts";

export default [
  simulatedCheck<typeof diskGrowth>({
    check: "disk-growth",
    version: 1,
    sample: (computer, atMs) => ({
      volumes: computer.volumes.map((volume, index) => ({
        mount: volume.name,
        device: `/dev/sda${index + 1}`,
        fileSystem: volume.fileSystem,
        problem: "",
        totalBytes: volume.totalBytes,
        usedBytes: volume.totalBytes - volume.availableBytes(atMs),
      })),
      folders: [],
    }),
  }),
];
